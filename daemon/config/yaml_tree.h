// YAML text as a tree that still knows where each key and value stood, read strictly.
//
// The only file that knows yaml-cpp. It listens to the parser's events instead of asking for its tree, because that
// tree keeps only the first of two equal keys and expands aliases.
//
// Refused, each with its line: two equal keys, anchors and aliases, tags, a second document, keys that are not plain
// text, quotes not closed on their line, tabs before the first word of a line, control characters, text that is not
// UTF-8, more than kMaxDepth levels or kMaxChildren children. Text has no type here: `true`, `010` and `abc` are words,
// and the reader of a key says what it allows. Only an empty value, `~` and `null` are `nothing`.
//
// Threads: pure. Errors: problems, all that can be told before the text makes no sense any more.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/problem.h"

namespace backstock::config {

inline constexpr int kMaxDepth = 16;
inline constexpr std::size_t kMaxChildren = 1000;  // of one list or map: equal keys are looked for one by one

struct Mark {
  int line = 0;    // from 1
  int column = 0;  // from 1
};

struct Entry;

struct Node {
  enum class Kind {
    nothing,
    text,
    list,
    map,
    refused  // already complained about: to be passed over in silence
  };
  Kind kind = Kind::nothing;
  Mark at;
  std::string text;
  bool quoted = false;
  std::vector<Node> items;
  std::vector<Entry> entries;

  const Entry* find(std::string_view key) const;
};

struct Entry {
  std::string key;
  Mark at;
  Node value;
};

// The root is `nothing` for a text without a document, and when a problem made reading on impossible (`complete` is
// false then).
struct YamlTree {
  Node root;
  std::vector<Problem> problems;
  bool complete = true;
};

YamlTree read_yaml(std::string_view text, const std::string& file);

}  // namespace backstock::config
