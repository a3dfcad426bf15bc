// What is wrong with a config, one thing each, for the person who edits it.
//
// Promise: messages and hints hold no credential. What was typed is repeated only if it cannot be one (see found()).
// Threads: values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace backstock::config {

struct Problem {
  std::string file;
  int line = 0;          // from 1; 0 when it is about the file as a whole
  int column = 0;        // from 1, in characters
  std::string key_path;  // "stores[0].api_share"; empty when it is about the text as a whole
  std::string message;   // what was found and what is allowed; one sentence without a full stop
  std::string hint;      // did you mean, or the next step; never empty
};

// One line each: "file:line: key: sentence - hint".
std::string format(const std::vector<Problem>& problems);

// A complaint before it is known where it stands.
struct Complaint {
  std::string message;
  std::string hint;
};

// `"text"`, cut and printable; or "24 characters" for what might be a pasted token.
std::string found(std::string_view text);
// The same without quotes, for keys and names: `text`, or "(24 characters)".
std::string found_name(std::string_view text);

// The known name that `typed` was probably meant to be; empty if none is near.
std::string_view nearest(std::string_view typed, const std::vector<std::string_view>& known);

// `did you mean "name"?`, or else the names that there are.
std::string did_you_mean(std::string_view typed, const std::vector<std::string_view>& known);

}  // namespace backstock::config
