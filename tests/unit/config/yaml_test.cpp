// What is refused before any setting is read: text that is not YAML, or more of YAML than a config needs.
#include <catch2/catch.hpp>

#include "config/yaml_tree.h"
#include "config_sources.h"

using namespace backstock;
using namespace backstock::config;
using namespace backstock::config::testing;

namespace {

bool tells(const std::string& text, int line, const std::string& message, const std::string& hint) {
  for (const Problem& problem : load_here(text).problems)
    if (problem.line == line && problem.message.find(message) != std::string::npos &&
        problem.hint.find(hint) != std::string::npos)
      return true;
  UNSCOPED_INFO(text.substr(0, 200) << "\n" << format(load_here(text).problems));
  return false;
}

}  // namespace

TEST_CASE("an empty file is told apart from a wrong one") {
  for (const char* text : {"", "\n\n", "# nothing here\n", "---\n", "~\n"}) {
    const Loaded loaded = load_here(text);
    INFO(text);
    REQUIRE(loaded.problems.size() == 1);
    CHECK(loaded.problems[0].message.find("empty") != std::string::npos);
    CHECK(loaded.problems[0].hint.find("example") != std::string::npos);
  }
}

TEST_CASE("a YAML error names its line and what to look for") {
  CHECK(tells("log: info\nadmin: {listen: 1\n", 3, "not YAML", "check this line"));
  CHECK(tells("log: info\n  data_dir: /x\n", 2, "not YAML", "check this line"));
  CHECK(tells("log: a: b\n", 1, "not YAML", "check this line"));
  CHECK(tells("log: ]\n", 1, "not YAML", ""));
  CHECK(tells("log: \"\\q\"\n", 1, "not YAML", ""));
}

TEST_CASE("a quote that is not closed is found where it was opened") {
  CHECK(tells("log: \"info\n", 1, "quote that is not closed", "closing quote"));
  CHECK(tells("log: 'info\n", 1, "quote that is not closed", "closing quote"));
  CHECK(tells("log: 'it''s\ndata_dir: 'x'\n", 1, "quote that is not closed", "closing quote"));
  CHECK(load_here("log: \"info\nstores: []\n").problems.size() == 1);  // not also "stores is missing"
  CHECK(tells("log: \"in\\\"\ndata_dir: /x\n", 1, "quote that is not closed", "closing quote"));
  CHECK(tells("# caf\xc3\xa9\nlog: \"info\n", 2, "quote that is not closed", "closing quote"));
  CHECK(tells("\xef\xbb\xbflog: \"info\n", 1, "quote that is not closed", "closing quote"));
  CHECK(tells("log: info\r\ndata_dir: \"/x\r\n", 2, "quote that is not closed", "closing quote"));
  CHECK(load_here("log: 'info'\nadmin: {hosts: [\"nas\", 'b']}\nstores: [{name: \"acme\", store_hash: 'abc123', "
                  "access_token: {\"file\": \"/t/acme\"}}]\n")
            .config.has_value());
}

TEST_CASE("tabs, control characters and other encodings are named by their place") {
  CHECK(tells("admin:\n\tlisten: x\n", 2, "a tab", "spaces"));
  CHECK(tells("admin:\n  \tlisten: x\n", 2, "a tab", "spaces"));
  CHECK(tells("log: info\nname: \"caf\xe9\"\n", 2, "0xe9 is not UTF-8", "UTF-8"));
  CHECK(tells("log: \xed\xa0\x80\n", 1, "not UTF-8", "UTF-8"));
  CHECK(tells("log: \xc0\xaf\n", 1, "not UTF-8", "UTF-8"));
  CHECK(tells(std::string("\xff\xfel\0o\0g\0", 8), 1, "not UTF-8", "UTF-8"));
  CHECK(tells(std::string("log: in\0fo\n", 11), 1, "control character 0x00", "remove"));
  CHECK(tells("log: in\x1b[31mfo\n", 1, "control character 0x1b", "remove"));
  CHECK(load_here("stores: [{name: acme, store_hash: abc123,\taccess_token: {file: /t/acme}}]").config.has_value());
}

TEST_CASE("anchors, aliases, tags, odd keys and second documents are refused") {
  CHECK(tells("log: &a info\n", 1, "anchors are not supported", "write the value out"));
  CHECK(tells("log: &a info\ndata_dir: *a\n", 2, "anchors are not supported", "write the value out"));
  CHECK(tells("log: !!str info\n", 1, "tags are not supported", "remove"));
  CHECK(tells("log: !secret info\n", 1, "tags are not supported", "remove"));
  CHECK(tells("? [a]\n: b\n", 1, "key that is not a word", "plain words"));
  CHECK(tells("? {a: b}\n: b\n", 1, "key that is not a word", "plain words"));
  CHECK(tells(": b\n", 1, "key that is not a word", "plain words"));
  CHECK(tells("log: info\n---\nlog: warn\n", 2, "second document", "keep one"));
  CHECK(tells("&bB* ,:a[ *a]a\n", 1, "second document", "keep one"));  // yaml-cpp 0.7 never came to an end of it
}

TEST_CASE("a bomb of aliases is refused without being blown up") {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 30; ++i) {
    const std::string below = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 9; ++j) text += below + ", ";
    text += below + "]\n";
  }
  CHECK(tells(text, 2, "anchors are not supported", "write the value out"));
}

TEST_CASE("nesting is cut at a depth that no setting needs") {
  for (const int depth : {17, 400, 200000}) {
    CHECK(tells("a: " + std::string(static_cast<std::size_t>(depth), '['), 1, "levels of nesting", "brackets"));
    std::string maps;
    for (int i = 0; i < depth; ++i) maps += "{a: ";
    CHECK(tells(maps, 1, "levels of nesting", "brackets"));
  }
}

TEST_CASE("a large file that is no config is given up early") {
  std::string keys;
  std::string elements;
  for (int i = 0; i < 60000; ++i) keys += "key" + std::to_string(i) + ": x\n";
  for (int i = 0; i < 200000; ++i) elements += "- x\n";
  CHECK(tells(keys, 1001, "more than 1000 keys", "not, say, a log"));
  std::string repeated;
  for (int i = 0; i < 100000; ++i) repeated += "log: x\n";
  CHECK(load_here(repeated).problems.size() == 100);
  CHECK(tells(elements, 1001, "more than 1000 keys", "not, say, a log"));
}

TEST_CASE("a file that is missing, unreadable or too large is told with the next step") {
  FakeMachine here = machine();
  here.files["/locked"] = {"", 0600, false};
  here.files["/large"] = {std::string(1_MiB + 1, '#')};
  const auto only = [&](const std::string& path) {
    const Loaded loaded = load(path, here.sources(), Secrets::check);
    CHECK_FALSE(loaded.config.has_value());
    REQUIRE(loaded.problems.size() == 1);
    CHECK(loaded.problems[0].file == path);
    CHECK(loaded.problems[0].line == 0);
    return loaded.problems[0];
  };
  CHECK(only("/nowhere").message == "the file does not exist");
  CHECK(only("/nowhere").hint.find("backstock.example.yaml") != std::string::npos);
  CHECK(only("/nowhere").hint.find("--config") != std::string::npos);
  CHECK(only("/locked").message.find("Permission denied") != std::string::npos);
  CHECK(only("/locked").hint.find("able to read") != std::string::npos);
  CHECK(only("/large").message.find("1048576 bytes") != std::string::npos);
  CHECK_FALSE(only("/large").hint.empty());
  CHECK(load_here(std::string(1_MiB + 1, '#')).problems.size() == 1);
}

TEST_CASE("the tree knows where each key and value stands") {
  const YamlTree tree = read_yaml("a: 1\nb:\n  - {c: \"2\"}\nd:\n\n\ne: x\n", "f");
  REQUIRE(tree.complete);
  REQUIRE(tree.problems.empty());
  const Entry* b = tree.root.find("b");
  REQUIRE(b != nullptr);
  CHECK(b->at.line == 2);
  const Entry* c = b->value.items.at(0).find("c");
  REQUIRE(c != nullptr);
  CHECK(c->at.line == 3);
  CHECK(c->at.column == 6);
  CHECK(c->value.at.column == 9);
  CHECK(c->value.quoted);
  CHECK_FALSE(tree.root.find("a")->value.quoted);
  CHECK(tree.root.find("d")->value.kind == Node::Kind::nothing);
  CHECK(tree.root.find("d")->value.at.line == 4);  // not where the next word stands
}
