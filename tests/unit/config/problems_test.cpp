// Every complaint of the config: its line, its key, its words, and a next step.
#include <catch2/catch.hpp>

#include "config_sources.h"

using namespace backstock;
using namespace backstock::config;
using namespace backstock::config::testing;

namespace {

// A sound store, to put a fault beside: lines 1-4.
const std::string kStore =
    "stores:\n"
    "  - name: acme\n"
    "    store_hash: abc123\n"
    "    access_token: {file: /t/acme}\n";

struct Row {
  std::string text;
  int line;
  const char* key;
  const char* message;  // a part of it
  const char* hint;     // a part of it
};

// Exactly one problem, and that one.
void check(const Row& row) {
  const Loaded loaded = load_here(row.text);
  INFO(row.text);
  INFO(format(loaded.problems));
  CHECK_FALSE(loaded.config.has_value());
  CHECK(loaded.shown.empty());
  REQUIRE(loaded.problems.size() == 1);
  const Problem& problem = loaded.problems[0];
  CHECK(problem.file == "b.yaml");
  CHECK(problem.line == row.line);
  CHECK(problem.key_path == row.key);
  CHECK_THAT(problem.message, Catch::Contains(row.message));
  CHECK_THAT(problem.hint, Catch::Contains(row.hint));
  CHECK_FALSE(problem.hint.empty());
}

void check_all(const std::vector<Row>& rows) {
  for (const Row& row : rows) check(row);
}

}  // namespace

TEST_CASE("unknown keys are refused, with the one that was meant") {
  check_all({
      {kStore + "data_dri: /x\n", 5, "data_dri", "not known", "did you mean \"data_dir\"?"},
      {kStore + "Log: info\n", 5, "Log", "not known", "did you mean \"log\"?"},
      {kStore + "admin: {listn: 127.0.0.1:1}\n", 5, "admin.listn", "not known", "did you mean \"listen\"?"},
      {kStore + "    time_zone: UTC\n", 5, "stores[0].time_zone", "not known", "did you mean \"timezone\"?"},
      {kStore + "    acess_tokn: {file: /x}\n", 5, "stores[0].acess_tokn", "not known",
       "did you mean \"access_token\""},
      {kStore + "colour: blue\n", 5, "colour", "not known", "allowed here: data_dir, admin, stores, log"},
      {kStore + "timezone: UTC\n", 5, "timezone", "not known", "it belongs under stores[]"},
      {kStore + "    data_dir: /x\n", 5, "stores[0].data_dir", "not known", "left edge"},
      {kStore + "    restore_token: {path: /t/other, file: /t/other}\n", 5, "stores[0].restore_token.path", "not known",
       "file"},
  });
}

TEST_CASE("keys of later versions are named as such") {
  for (const char* key : {"webhooks", "exports", "notify", "metrics", "encryption"})
    check({kStore + key + ": {a: 1}\n", 5, key, "not supported yet", "remove the key"});
  for (const char* key : {"exports", "notify", "realtime"})
    check({kStore + "    " + key + ": [1]\n", 5, (std::string("stores[0].") + key).c_str(), "not supported yet",
           "remove the key"});
}

TEST_CASE("a key that is there twice is refused with both lines") {
  check_all({
      {kStore + "log: info\nlog: warn\n", 6, "log", "twice, first in line 5", "keep one"},
      {kStore + "    name: b\n", 5, "stores[0].name", "twice, first in line 2", "keep one"},
      {kStore + "    schedule: {brands: manual, brands: manual}\n", 5, "stores[0].schedule.brands", "twice",
       "keep one"},
      {kStore + "\"log\": info\nlog: warn\n", 6, "log", "twice, first in line 5", "keep one"},
  });
}

TEST_CASE("missing required keys are named at their store") {
  check_all({
      {"data_dir: /x\n", 1, "stores", "the key stores is missing", "example"},
      {"stores:\n  - store_hash: abc123\n    access_token: {file: /t/acme}\n", 2, "stores[0].name", "missing",
       "example"},
      {"stores:\n  - name: acme\n    access_token: {file: /t/acme}\n", 2, "stores[0].store_hash", "missing", "example"},
      {"stores:\n  - name: acme\n    store_hash: abc123\n", 2, "stores[0].access_token", "missing", "example"},
      {"stores: []\n", 1, "stores", "at least one store", "example"},
  });
}

TEST_CASE("a value of another kind is refused with what was found and what is allowed") {
  check_all({
      {kStore + "admin: 127.0.0.1:8420\n", 5, "admin", "found a single value, allowed is keys with values", "example"},
      {kStore + "admin: [1]\n", 5, "admin", "found a list", "example"},
      {kStore + "log: [info]\n", 5, "log", "found a list, allowed is a single value", "example"},
      {kStore + "log: {all: info}\n", 5, "log", "found keys with values", "example"},
      {kStore + "log:\n", 5, "log", "found nothing", "remove the key"},
      {kStore + "log: ~\n", 5, "log", "found nothing", "remove the key"},
      {kStore + "log: ''\n", 5, "log", "empty text", "example"},
      {kStore + "admin:\n", 5, "admin", "found nothing", "remove the key"},
      {kStore + "admin: {hosts: nas}\n", 5, "admin.hosts", "found a single value, allowed is a list", "example"},
      {kStore + "admin: {hosts: [[nas]]}\n", 5, "admin.hosts[0]", "found a list", "example"},
      {kStore + "    api_share: half\n", 5, "stores[0].api_share", "found \"half\", allowed is a number", "digits"},
      {kStore + "    api_share: \"0.5\"\n", 5, "stores[0].api_share", "found the text \"0.5\"", "without quotes"},
      {kStore + "    api_share: 50%\n", 5, "stores[0].api_share", "found \"50%\"", "%"},
      {kStore + "    api_share: [0.5]\n", 5, "stores[0].api_share", "found a list, allowed is a number", "example"},
      {kStore + "    api_share: 1e-1\n", 5, "stores[0].api_share", "found \"1e-1\"", "digits"},
      {kStore + "    api_share: .5\n", 5, "stores[0].api_share", "found \".5\"", "digits"},
      {kStore + "    api_share: 010\n", 5, "stores[0].api_share", "leading zero", "octal"},
      {kStore + "    deletion_brake: 0x1\n", 5, "stores[0].deletion_brake", "found \"0x1\"", "digits"},
      {kStore + "    timezone: [UTC]\n", 5, "stores[0].timezone", "found a list", "example"},
      {kStore + "    schedule: [manual]\n", 5, "stores[0].schedule", "found a list", "example"},
      {kStore + "    schedule: 0 3 * * *\n", 5, "stores[0].schedule", "found a single value",
       "{default: \"0 3 * * *\"}"},
      {kStore + "    schedule: {default: [manual]}\n", 5, "stores[0].schedule.default", "found a list", "example"},
      {kStore + "    schedule: {default: }\n", 5, "stores[0].schedule.default", "found nothing", "remove the key"},
      {"stores: {name: acme}\n", 1, "stores", "found keys with values, allowed is a list", "example"},
      {"stores: acme\n", 1, "stores", "found a single value", "example"},
      {"stores: [acme]\n", 1, "stores[0]", "found a single value, allowed is keys with values", "example"},
      {"- a\n", 1, "", "found a list, allowed is keys with values", "example"},
      {"hello\n", 1, "", "found a single value", "example"},
  });
}

TEST_CASE("single values outside their range are refused") {
  check_all({
      {kStore + "data_dir: backups\n", 5, "data_dir", "found \"backups\"", "whole path"},
      {kStore + "data_dir: ~/backups\n", 5, "data_dir", "found \"~/backups\"", "whole path"},
      {kStore + "log: verbose\n", 5, "log", "found the level \"verbose\"", "debug, info, warn, error"},
      {kStore + "log: inof\n", 5, "log", "found the level \"inof\"", "did you mean \"info\"?"},
      {kStore + "log: info,=debug\n", 5, "log", "found the room", "room=level"},
      {kStore + "log: info,\n", 5, "log", "found the level \"\"", "info"},
      {kStore + "    api_share: 0\n", 5, "stores[0].api_share", "found 0, allowed is more than 0", "0.5"},
      {kStore + "    api_share: 1.01\n", 5, "stores[0].api_share", "found 1.01", "0.5"},
      {kStore + "    api_share: 50\n", 5, "stores[0].api_share", "found 50", "0.5"},
      {kStore + "    deletion_brake: 2\n", 5, "stores[0].deletion_brake", "found 2, allowed is 0 to 1", "0.2"},
      {kStore + "    deletion_brake: -1\n", 5, "stores[0].deletion_brake", "found \"-1\"", "sign"},
      {kStore + "admin: {hosts: ['https://nas']}\n", 5, "admin.hosts", "found \"https://nas\"", "without https://"},
      {kStore + "admin: {hosts: ['nas:8420']}\n", 5, "admin.hosts", "found \"nas:8420\"", "port"},
  });
}

TEST_CASE("store names and hashes have their letters") {
  const auto named = [](const std::string& name) {
    return "stores:\n  - name: " + name + "\n    store_hash: abc123\n    access_token: {file: /t/acme}\n";
  };
  const auto hashed = [](const std::string& hash) {
    return "stores:\n  - name: acme\n    store_hash: " + hash + "\n    access_token: {file: /t/acme}\n";
  };
  for (const char* name : {"1acme", "-a", "acme shop", "acme/shop", "../x", "acmé", "a.b", "\"a\\nb\""})
    check({named(name), 2, "stores[0].name", "allowed are up to 40 letters", "short name"});
  check({named(std::string(41, 'a')), 2, "stores[0].name", "allowed are up to 40 letters", "short name"});
  for (const char* hash : {"abc", "ABC123", "abc-123", "store-abc123", "abc.123"})
    check({hashed(hash), 3, "stores[0].store_hash", "4 to 20 small letters and digits", "control panel"});
  check({hashed(std::string(21, 'a')), 3, "stores[0].store_hash", "4 to 20", "control panel"});
  CHECK(load_here(named(std::string(40, 'a'))).config.has_value());
  CHECK(load_here(hashed(std::string(20, '1'))).config.has_value());
}

TEST_CASE("two stores with one name or one hash are refused") {
  const std::string second = "  - name: NAME\n    store_hash: HASH\n    access_token: {file: /t/other}\n";
  const auto with = [&](std::string name, std::string hash) {
    std::string text = second;
    text.replace(text.find("NAME"), 4, name);
    text.replace(text.find("HASH"), 4, hash);
    return kStore + text;
  };
  check({with("acme", "zzzz"), 5, "stores[1].name", "stores[0] in line 2 has the same name", "of its own"});
  check({with("ACME", "zzzz"), 5, "stores[1].name", "stores[0] in line 2 has the same name", "capital"});
  check({with("b", "abc123"), 6, "stores[1].store_hash", "stores[0] in line 3 has the same store_hash", "once"});
  CHECK(load_here(with("b", "zzzz")).config.has_value());
}

TEST_CASE("the API is reached over TLS, except on this machine") {
  const auto with = [](const std::string& url) { return kStore + "    api_url: \"" + url + "\"\n"; };
  for (const char* url :
       {"https://api.bigcommerce.com", "https://proxy.example.com:8443", "http://127.0.0.1:9000", "http://localhost",
        "http://localhost:1", "http://[::1]:9000", "http://127.1.2.3", "https://[2001:db8::1]"}) {
    INFO(url);
    CHECK(load_here(with(url)).config.has_value());
  }
  const std::pair<const char*, const char*> rows[] = {
      {"http://api.bigcommerce.com", "allowed to this machine only"},
      {"http://127.0.0.1.evil.com", "allowed to this machine only"},
      {"http://localhost.evil.com", "allowed to this machine only"},
      {"http://127.1", "allowed to this machine only"},
      {"http://0.0.0.0:1", "allowed to this machine only"},
      {"http://[::ffff:127.0.0.1]", "allowed to this machine only"},
      {"http://[::2]", "allowed to this machine only"},
      {"api.bigcommerce.com", "begins with https://"},
      {"HTTPS://api.bigcommerce.com", "begins with https://"},
      {"ftp://x", "begins with https://"},
      {"https://", "names no host"},
      {"https://:443", "names no host"},
      {"https://a b", "names no host"},
      {"https://[::1", "names no host"},
      {"https://[::g]", "names no host"},
      {"https://[::1]x", "names no host"},
      {"https://api.bigcommerce.com/", "after the host"},
      {"https://api.bigcommerce.com/stores", "after the host"},
      {"https://api.bigcommerce.com?x=1", "after the host"},
      {"https://api.bigcommerce.com:0", "1-65535"},
      {"https://api.bigcommerce.com:", "1-65535"},
      {"https://api.bigcommerce.com:65536", "1-65535"},
      {"https://api.bigcommerce.com:0443", "1-65535"},
      {"https://me:pass@api.bigcommerce.com", "a login in it"},
  };
  for (const auto& [url, message] : rows) check({with(url), 5, "stores[0].api_url", message, ""});
  CHECK(format(load_here(with("https://me:pass@x")).problems).find("pass") == std::string::npos);
}

TEST_CASE("a listener has an address and a port") {
  const auto with = [](const std::string& listen) { return kStore + "admin: {listen: \"" + listen + "\"}\n"; };
  for (const char* listen : {"127.0.0.1:8420", "localhost:1", "[::]:65535", "0.0.0.0:80", "127.0.0.1:0"}) {
    INFO(listen);
    CHECK(load_here(with(listen)).config.has_value());
  }
  const std::pair<const char*, const char*> rows[] = {
      {"8420", "allowed is address:port"},    {"127.0.0.1", "allowed is address:port"},
      {"[::1]", "allowed is address:port"},   {":8420", "found the address \"\""},
      {"*:8420", "found the address \"*\""},  {"nas:8420", "found the address \"nas\""},
      {"::1:8420", "found the address \"\""}, {"127.0.0.256:1", "found the address"},
      {"127.0.0.1:65536", "found the port"},  {"127.0.0.1:010", "found the port \"010\""},
      {"127.0.0.1:", "found the port"},       {"127.0.0.1:http", "found the port"},
      {"127.0.0.1:-1", "found the port"},     {"http://127.0.0.1:1", "found the address"},
  };
  for (const auto& [listen, message] : rows) check({with(listen), 5, "admin.listen", message, "127.0.0.1:8420"});
}

TEST_CASE("an unknown time zone is refused, with the one that was meant") {
  const auto with = [](const std::string& zone) { return kStore + "    timezone: " + zone + "\n"; };
  check_all({
      {with("Europe/Berln"), 5, "stores[0].timezone", "found \"Europe/Berln\"", "did you mean \"Europe/Berlin\"?"},
      {with("europe/berlin"), 5, "stores[0].timezone", "found", "did you mean \"Europe/Berlin\"?"},
      {with("berlin"), 5, "stores[0].timezone", "found", "did you mean \"Europe/Berlin\"?"},
      {with("New_York"), 5, "stores[0].timezone", "found", "did you mean \"America/New_York\"?"},
      {with("localtime"), 5, "stores[0].timezone", "found", ""},
      {with("+02:00"), 5, "stores[0].timezone", "found", "IANA"},
      {with("/etc/passwd"), 5, "stores[0].timezone", "found", "IANA"},
  });
}

TEST_CASE("a schedule that cannot be read is refused at its place, field by field") {
  const auto with = [](const std::string& schedule) {
    return kStore + "    schedule:\n      default: manual\n      " + schedule + "\n";
  };
  check_all({
      {with("brands: \"61 * * * *\""), 7, "stores[0].schedule.brands", "minute: found \"61\", allowed is 0-59", "five"},
      {with("brands: 0 3 * *"), 7, "stores[0].schedule.brands", "found 4 fields", "five"},
      {with("brands: weekly"), 7, "stores[0].schedule.brands", "found 1 field", "@weekly"},
      {with("brands: 0 0 31 2 *"), 7, "stores[0].schedule.brands", "never comes", "1-28"},
      {with("brand: manual"), 7, "stores[0].schedule.brand", "no such content type", "did you mean \"brands\"?"},
      {with("produts: manual"), 7, "stores[0].schedule.produts", "no such content type", "did you mean \"products\"?"},
      {with("zebras: manual"), 7, "stores[0].schedule.zebras", "no such content type", "default, "},
      // The two slips of everybody who writes cron into YAML.
      {with("brands: */30 * * * *"), 7, "", "not YAML", "begins with * in quotes"},
      {with("brands: @daily"), 7, "", "not YAML", "begins with @ in quotes"},
  });
}

TEST_CASE("all problems are told at once, in the order of the lines") {
  const Loaded loaded = load_here(
      "log: loud\n"
      "admin: {listen: here}\n"
      "stores:\n"
      "  - store_hash: A\n"
      "    acces_token: {file: /t/acme}\n"
      "    timezone: Mars\n"
      "exports: []\n"
      "data_dir: x\n");
  std::vector<std::string> keys;
  int line = 0;
  for (const Problem& problem : loaded.problems) {
    CHECK(problem.line >= line);
    line = problem.line;
    keys.push_back(problem.key_path);
  }
  const std::vector<std::string> wanted = {"log",
                                           "admin.listen",
                                           "stores[0].name",
                                           "stores[0].access_token",
                                           "stores[0].store_hash",
                                           "stores[0].acces_token",
                                           "stores[0].timezone",
                                           "exports",
                                           "data_dir"};
  CHECK(keys == wanted);
}

TEST_CASE("problems are written one a line, for people") {
  const Problem about_file{"/etc/b.yaml", 0, 0, "", "the file does not exist", "make it"};
  const Problem about_key{"/etc/b.yaml", 12, 5, "stores[0].name", "found \"1\"", "choose"};
  CHECK(format({about_file, about_key}) ==
        "/etc/b.yaml: the file does not exist - make it\n"
        "/etc/b.yaml:12: stores[0].name: found \"1\" - choose\n");
}
