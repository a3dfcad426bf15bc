#include "config/yaml_tree.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>

#include "config/yaml_text.h"

namespace backstock::config {
namespace {

// Leaves the parser early; never leaves this file.
struct StopReading {};

Mark mark_of(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, const std::string& file, YamlTree& tree) : text_(text), file_(file), tree_(tree) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 1) return;
    complain(mark_of(mark), "",
             "found a second document (after a line ---, or after the end of the first), one is allowed",
             "keep one, remove the other; check the brackets");
    // Not only unwanted: for `a: [ *a]a` yaml-cpp 0.7 begins empty documents for ever.
    throw StopReading();
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { leaf(mark, anchor, "", {}); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    complain(mark_of(mark), path(), "found an alias (*name): anchors are not supported", kNoAnchors);
    Node node;
    node.kind = Node::Kind::refused;
    node.at = mark_of(mark);
    add(std::move(node));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node;
    node.kind = Node::Kind::text;
    node.text = value;
    node.quoted = tag == "!";
    if (node.quoted && mark.pos >= 0 && !quote_is_closed(text_, static_cast<std::size_t>(mark.pos))) {
      complain(mark_of(mark), path(), "found a quote that is not closed on its line",
               "add the closing quote; every value stands on one line");
      throw StopReading();  // what follows was read as part of the value: complaints about it would mislead
    }
    leaf(mark, anchor, tag, std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Node::Kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Node::Kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  static constexpr const char* kNoAnchors = "write the value out at each place; quote a value that begins with * or &";

  static constexpr std::size_t kMostProblems = 100;

  // A list or map that is being read. `key` waits for its value.
  struct Open {
    Node node;
    bool has_key = false;
    bool keep = true;  // false for what stands under a key that was refused
    std::string key;
    Mark key_at;
  };

  void complain(Mark at, std::string path, std::string message, std::string hint) {
    tree_.problems.push_back({file_, at.line, at.column, std::move(path), std::move(message), std::move(hint)});
    if (tree_.problems.size() >= kMostProblems) throw StopReading();  // nobody reads on; the file is something else
  }

  std::string path() const {
    std::string text;
    for (const Open& open : open_) {
      if (open.node.kind == Node::Kind::list) text += fmt::format("[{}]", open.node.items.size());
      if (open.node.kind == Node::Kind::map && open.has_key) text += (text.empty() ? "" : ".") + found_name(open.key);
    }
    return text;
  }

  void check_frills(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) complain(mark_of(mark), path(), "found an anchor (&name): anchors are not supported", kNoAnchors);
    if (!tag.empty() && tag != "?" && tag != "!")
      complain(mark_of(mark), path(), "found a tag (!name): tags are not supported", "remove it, or quote the value");
  }

  void leaf(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& tag, Node node) {
    check_frills(mark, tag, anchor);
    node.at = mark_of(mark);
    add(std::move(node));
  }

  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    check_frills(mark, tag, anchor);
    if (open_.size() >= kMaxDepth) {
      complain(mark_of(mark), "", fmt::format("found more than {} levels of nesting", kMaxDepth),
               "no setting lies that deep; look for brackets that are not closed");
      throw StopReading();
    }
    Open opened;
    opened.node.kind = kind;
    opened.node.at = mark_of(mark);
    open_.push_back(std::move(opened));
  }

  void close() {
    Node node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node));
  }

  void add(Node node) {
    if (open_.empty()) {
      if (documents_ == 1) tree_.root = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.items.size() + parent.node.entries.size() >= kMaxChildren) {
      complain(node.at, "", fmt::format("found more than {} keys or elements in one place", kMaxChildren),
               "check that --config names a config and not, say, a log");
      throw StopReading();
    }
    if (parent.node.kind == Node::Kind::list) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.has_key) {
      take_key(parent, std::move(node));
    } else {
      // An empty value's own mark is that of the next token, which can be lines below.
      if (node.kind == Node::Kind::nothing) node.at = parent.key_at;
      parent.has_key = false;
      if (parent.keep) parent.node.entries.push_back({std::move(parent.key), parent.key_at, std::move(node)});
    }
  }

  void take_key(Open& parent, Node node) {
    parent.keep = node.kind == Node::Kind::text;
    if (!parent.keep && node.kind != Node::Kind::refused)
      complain(node.at, path(), "found a key that is not a word",
               "write keys as plain words, each followed by a colon");
    if (const Entry* first = parent.keep ? parent.node.find(node.text) : nullptr; first != nullptr) {
      const std::string above = path();
      complain(node.at, above.empty() ? found_name(node.text) : above + "." + found_name(node.text),
               fmt::format("the key is here twice, first in line {}", first->at.line), "keep one of the two");
      parent.keep = false;
    }
    parent.has_key = true;
    parent.key = std::move(node.text);
    parent.key_at = node.at;
  }

  const std::string_view text_;
  const std::string& file_;
  YamlTree& tree_;
  int documents_ = 0;
  std::vector<Open> open_;
};

}  // namespace

const Entry* Node::find(std::string_view key) const {
  const auto entry = std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.key == key; });
  return entry == entries.end() ? nullptr : &*entry;
}

YamlTree read_yaml(std::string_view text, const std::string& file) {
  YamlTree tree;
  tree.problems = check_text(text, file);
  tree.complete = tree.problems.empty();
  if (!tree.complete) return tree;
  // A byte order mark is allowed; without it the parser's positions are ours.
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    TreeBuilder builder(text, file, tree);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const StopReading&) {
    tree.complete = false;
  } catch (const YAML::Exception& e) {
    tree.complete = false;
    // Of the parser's messages, those with a colon repeat what was typed.
    const Mark at = e.mark.is_null() ? Mark{1, 1} : mark_of(e.mark);
    tree.problems.push_back({file, at.line, at.column, "", "this is not YAML: " + e.msg.substr(0, e.msg.find(':')),
                             syntax_hint(text, at.line)});
  } catch (const std::exception& e) {
    tree.complete = false;
    tree.problems.push_back({file, 0, 0, "", std::string("the YAML parser gave up: ") + e.what(),
                             "compare the file with backstock.example.yaml"});
  }
  if (!tree.complete) tree.root = Node();
  return tree;
}

}  // namespace backstock::config
