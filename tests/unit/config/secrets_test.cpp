// Credentials: where they may be kept, and that nothing of them is ever told.
#include <catch2/catch.hpp>

#include "config_sources.h"

using namespace backstock;
using namespace backstock::config;
using namespace backstock::config::testing;

namespace {

std::string with_token(const std::string& place) {
  return "stores:\n  - name: acme\n    store_hash: abc123\n    access_token: " + place + "\n";
}

Problem only(FakeMachine& here, const std::string& text) {
  const Loaded loaded = load_text(text, "b.yaml", here.sources(), Secrets::check);
  INFO(text);
  INFO(format(loaded.problems));
  REQUIRE(loaded.problems.size() == 1);
  CHECK(loaded.problems[0].line == 4);
  CHECK_FALSE(loaded.problems[0].hint.empty());
  CHECK_FALSE(loaded.config.has_value());
  return loaded.problems[0];
}

Problem only(const std::string& text) {
  FakeMachine here = machine();
  return only(here, text);
}

using Catch::Contains;

}  // namespace

TEST_CASE("a token written into the config is refused and not repeated") {
  for (const char* literal : {"sesame", "\"sesame\"", "'sesame'", "|\n      sesame"}) {
    const Problem problem = only(with_token(literal));
    CHECK(problem.key_path == "stores[0].access_token");
    CHECK_THAT(problem.message, Contains("may be the secret itself"));
    CHECK_THAT(problem.hint, Contains("access_token: {file: /path/to/it}") && Contains("access_token: {credential:"));
    CHECK(format({problem}).find("sesame") == std::string::npos);
  }
}

TEST_CASE("restore_token and client_secret are held to the same rules") {
  for (const char* key : {"restore_token", "client_secret"}) {
    const std::string text = with_token("{file: /t/acme}") + "    " + key + ": ";
    const Loaded literal = load_here(text + "sesame\n");
    REQUIRE(literal.problems.size() == 1);
    CHECK(literal.problems[0].line == 5);
    CHECK(literal.problems[0].key_path == std::string("stores[0].") + key);
    CHECK(format(literal.problems).find("sesame") == std::string::npos);
    const Loaded missing = load_here(text + "{file: /t/none}\n");
    REQUIRE(missing.problems.size() == 1);
    CHECK_THAT(missing.problems[0].message, Contains("/t/none does not exist"));
    CHECK(load_here(text + "{file: /t/other}\n").config.has_value());
  }
}

TEST_CASE("a secret has exactly one place") {
  CHECK_THAT(only(with_token("{}")).message, Contains("neither file nor credential"));
  CHECK_THAT(only(with_token("{file: /t/acme, credential: x}")).message, Contains("both"));
  CHECK_THAT(only(with_token("[/t/acme]")).message, Contains("found a list"));
  CHECK_THAT(only(with_token("")).message, Contains("found nothing"));
  CHECK_THAT(only(with_token("{file: }")).message, Contains("found nothing"));
  CHECK_THAT(only(with_token("{file: acme.token}")).message, Contains("path that begins with /"));
  CHECK_THAT(only(with_token("{credential: a/b}")).message, Contains("name of letters"));
  CHECK_THAT(only(with_token("{credential: ..}")).message, Contains("name of letters"));
}

TEST_CASE("a token file that is missing, closed, open to others, empty or odd is refused with the command to run") {
  FakeMachine here = machine();
  struct Row {
    FakeMachine::File file;
    const char* message;
    const char* hint;
  };
  const Row rows[] = {
      {{"sesame", 0600, false}, "Permission denied", "chown backstock /t/x"},
      {{"sesame", 0644}, "mode 0644", "chmod 600 /t/x"},
      {{"sesame", 0640}, "mode 0640", "chmod 600 /t/x"},
      {{"sesame", 0604}, "mode 0604", "chmod 600 /t/x"},
      {{"sesame", 0620}, "mode 0620", "chmod 600 /t/x"},
      {{"sesame", 0100644}, "mode 0644", "chmod 600 /t/x"},
      {{""}, "is empty", "one line"},
      {{"\n"}, "is empty", "one line"},
      {{"  \n\n"}, "is empty", "one line"},
      {{"sesame open\n"}, "white space", "one line"},
      {{"sesame\n\n"}, "white space", "one line"},
      {{" sesame\n"}, "white space", "one line"},
      {{"sesame\nopen\n"}, "white space", "one line"},
      {{"ses\tame"}, "white space", "one line"},
      {{"\xef\xbb\xbfsesame"}, "characters that no secret has", "one line"},
      {{std::string("ses\0ame", 7)}, "characters that no secret has", "one line"},
      {{std::string(4097, 's')}, "too large", "the token alone"},
  };
  for (const Row& row : rows) {
    here.files["/t/x"] = row.file;
    const Problem problem = only(here, with_token("{file: /t/x}"));
    CHECK(problem.key_path == "stores[0].access_token");
    CHECK_THAT(problem.message, Contains("/t/x") && Contains(row.message));
    CHECK_THAT(problem.hint, Contains(row.hint));
    CHECK(format({problem}).find("sesame") == std::string::npos);
  }
  here.files.erase("/t/x");
  const Problem missing = only(here, with_token("{file: /t/x}"));
  CHECK_THAT(missing.message, Contains("/t/x does not exist"));
  CHECK_THAT(missing.hint, Contains("chmod 600 /t/x"));
  for (const unsigned mode : {0400U, 0600U, 0700U}) {
    here.files["/t/x"] = {"sesame", mode};
    CHECK(load_text(with_token("{file: /t/x}"), "b.yaml", here.sources(), Secrets::check).config.has_value());
  }
}

TEST_CASE("a credential is found in the folder that systemd names") {
  FakeMachine here = machine();
  const std::string text = with_token("{credential: acme}");
  CHECK_THAT(only(here, text).message, Contains("$CREDENTIALS_DIRECTORY is not set"));
  CHECK_THAT(only(here, text).hint, Contains("LoadCredential=acme:"));
  here.environment["CREDENTIALS_DIRECTORY"] = "/run/c";
  CHECK_THAT(only(here, text).message, Contains("was given no credential \"acme\""));
  CHECK_THAT(only(here, text).hint, Contains("LoadCredential=acme:"));
  here.files["/run/c/acme"] = {"", 0440};
  CHECK_THAT(only(here, text).message, Contains("/run/c/acme is empty"));
  here.files["/run/c/acme"] = {"sesame\n", 0440};
  CHECK(load_text(text, "b.yaml", here.sources(), Secrets::check).config.has_value());
}

TEST_CASE("a token pasted anywhere in the config is never repeated") {
  const std::string token = kToken;
  const std::string store = "stores:\n  - name: acme\n    store_hash: abc123\n";
  const std::string sound = store + "    access_token: {file: /t/acme}\n";
  const std::string texts[] = {
      with_token(token),
      with_token("{file: " + token + "}"),
      with_token("{credential: " + token + "}"),
      with_token("{" + token + "}"),
      with_token("{" + token + ": x, " + token + ": x}"),
      with_token("{value: " + token + "}"),
      with_token("[" + token + "]"),
      with_token("*" + token),
      with_token("&" + token + " x"),
      with_token("!" + token + " x"),
      with_token("\"" + token),
      with_token("{file: " + token),
      with_token(token + ": " + token + ": x"),
      with_token("\"\\" + token + "\""),
      store + "    access_tokn: " + token + "\n",
      sound + "    " + token + ": x\n",
      sound + "    " + token + ": x\n    " + token + ": y\n",
      sound + "    timezone: " + token + "\n",
      sound + "    api_url: " + token + "\n",
      sound + "    api_url: https://" + token + "@x\n",
      sound + "    api_url: https://x/" + token + "\n",
      sound + "    api_url: http://" + token + "\n",
      sound + "    api_url: https://x:" + token + "\n",
      sound + "    api_share: " + token + "\n",
      sound + "    api_share: \"" + token + "\"\n",
      sound + "    schedule: " + token + "\n",
      sound + "    schedule: {default: " + token + "}\n",
      sound + "    schedule: {default: \"" + token + " * * * *\"}\n",
      sound + "    schedule: {" + token + ": manual}\n",
      sound + "log: " + token + "\n",
      sound + "log: info," + token + "=debug\n",
      sound + "log: " + token + "=debug\n",
      sound + "data_dir: " + token + "\n",
      sound + "admin: {listen: " + token + "}\n",
      sound + "admin: {listen: \"127.0.0.1:" + token + "\"}\n",
      sound + "admin: {hosts: [\"" + token + "/\"]}\n",
      "stores:\n  - name: acme\n    store_hash: " + token + "\n    access_token: {file: /t/acme}\n",
      "stores:\n  - name: 1" + token + "\n    store_hash: abc123\n    access_token: {file: /t/acme}\n",
      token,
  };
  for (const std::string& text : texts) {
    const Loaded loaded = load_here(text);
    INFO(text);
    CHECK_FALSE(loaded.problems.empty());
    for (const Problem& problem : loaded.problems) {
      const std::string all = problem.key_path + ' ' + problem.message + ' ' + problem.hint;
      // Not even most of it.
      CHECK(all.find(token.substr(0, 12)) == std::string::npos);
      CHECK(all.find(token.substr(12)) == std::string::npos);
    }
  }
}
