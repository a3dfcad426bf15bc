// etc/backstock.example.yaml is documentation that cannot go stale.
#include <catch2/catch.hpp>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "config_sources.h"

using namespace backstock;
using namespace backstock::config;
using namespace backstock::config::testing;

namespace {

std::string example() {
  std::ifstream file(BACKSTOCK_SOURCE_DIR "/etc/backstock.example.yaml");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// With the settings that are off by default: `#key: value`.
std::string example_with_all() { return std::regex_replace(example(), std::regex("\n( *)#([a-z_]+:)"), "\n$1$2"); }

Loaded load_example(const std::string& text) {
  FakeMachine here;
  here.files["/etc/backstock/acme.token"] = {"token"};
  here.files["/etc/backstock/acme.restore.token"] = {"token"};
  here.environment["CREDENTIALS_DIRECTORY"] = "/run/c";
  here.files["/run/c/acme-client-secret"] = {"secret"};
  return load_text(text, "backstock.example.yaml", here.sources(), Secrets::check);
}

// stores[0].name -> stores[].name
std::string without_index(const std::string& key) { return std::regex_replace(key, std::regex("\\[[0-9]+\\]"), "[]"); }

}  // namespace

TEST_CASE("the example config loads as it is, and with every setting that is off by default") {
  for (const std::string& text : {example(), example_with_all()}) {
    const Loaded loaded = load_example(text);
    INFO(format(loaded.problems));
    REQUIRE(loaded.config.has_value());
  }
}

TEST_CASE("the example shows every setting there is") {
  std::set<std::string> written;
  for (const Shown& shown : load_example(example_with_all()).shown)
    if (shown.source != "default") written.insert(without_index(shown.key_path));
  const auto keys = all_keys();
  REQUIRE(keys.size() >= 17);
  for (const std::string& key : keys) {
    // Of a secret's two places one can be written at a time.
    const bool of_secret = key.ends_with(".file") || key.ends_with(".credential");
    INFO(key);
    CHECK(written.count(of_secret ? key.substr(0, key.rfind('.')) : key) == 1);
  }
}

TEST_CASE("every value in the example is the default, as it says") {
  Loaded example_loaded = load_example(example());
  const Loaded plain = load_here("stores: [{name: acme, store_hash: abc123, access_token: {file: /t/acme}}]");
  REQUIRE(plain.config.has_value());
  REQUIRE(example_loaded.config.has_value());
  std::map<std::string, std::string> defaults;
  for (const Shown& shown : plain.shown) defaults[shown.key_path] = shown.value;
  for (const Shown& shown : example_loaded.shown) {
    if (shown.key_path == "stores[0].access_token") continue;
    INFO(shown.key_path);
    CHECK(defaults[shown.key_path] == shown.value);
  }
}

TEST_CASE("every setting of the example has a comment above it") {
  std::istringstream lines(example());
  std::string line;
  std::string above;
  while (std::getline(lines, line)) {
    if (std::regex_search(line, std::regex("^ *(- )?#?[a-z_]+:( |$)"))) {
      INFO(line);
      CHECK(std::regex_search(above, std::regex("^ *# ")));
    }
    above = line;
  }
}
