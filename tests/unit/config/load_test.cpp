// What a sound config becomes. What is refused: problems_test.cpp.
#include "config/load.h"

#include <catch2/catch.hpp>

#include "config_sources.h"

using namespace backstock;
using namespace backstock::config;
using namespace backstock::config::testing;

namespace {

const char* const kSmall = R"(stores:
  - name: acme
    store_hash: abc123
    access_token: {file: /t/acme}
)";

const char* const kFull = R"(data_dir: /srv/backstock
admin: {listen: "[::1]:9000", hosts: [backup.example.com, nas]}
log: warn,store_api=debug
stores:
  - name: acme
    store_hash: 0012345
    access_token: {file: /t/acme}
    restore_token: {file: /t/other}
    client_secret: {credential: acme-secret}
    api_url: http://127.0.0.1:9001
    api_share: 1
    timezone: Europe/Berlin
    schedule: {default: '@daily', brands: "*/30 * * * *", products: manual}
    deletion_brake: 0
  - name: Other_2
    store_hash: zzzz
    access_token:
      file: /t/other
)";

FakeMachine with_credential() {
  FakeMachine here = machine();
  here.environment["CREDENTIALS_DIRECTORY"] = "/run/credentials/backstock.service";
  here.files["/run/credentials/backstock.service/acme-secret"] = {"signing-secret\n", 0440};
  return here;
}

std::string value_of(const Loaded& loaded, const std::string& key) {
  for (const Shown& shown : loaded.shown)
    if (shown.key_path == key) return shown.value + " <- " + shown.source;
  return "absent";
}

}  // namespace

TEST_CASE("a config of the required keys alone has every default") {
  const Loaded loaded = load_here(kSmall);
  INFO(format(loaded.problems));
  REQUIRE(loaded.config.has_value());
  const Config& config = *loaded.config;
  CHECK(config.data_dir == "/var/lib/backstock");
  CHECK(config.admin.listen == ListenAddress{"127.0.0.1", 8420});
  CHECK(config.admin.hosts.empty());
  CHECK(config.log == "info");
  REQUIRE(config.stores.size() == 1);
  const Store& store = config.stores[0];
  CHECK(store.name == "acme");
  CHECK(store.store_hash == "abc123");
  CHECK(store.access_token == SecretPlace{"/t/acme", ""});
  CHECK_FALSE(store.restore_token.has_value());
  CHECK_FALSE(store.client_secret.has_value());
  CHECK(store.api_url == "https://api.bigcommerce.com");
  CHECK(store.api_share == 0.5);
  CHECK(store.timezone.name() == "UTC");
  CHECK(store.schedule.of("products").text == "0 3 * * *");
  CHECK(store.deletion_brake == 0.2);
}

TEST_CASE("every key is read into its place") {
  FakeMachine here = with_credential();
  const Loaded loaded = load_text(kFull, "b.yaml", here.sources(), Secrets::check);
  INFO(format(loaded.problems));
  REQUIRE(loaded.config.has_value());
  const Config& config = *loaded.config;
  CHECK(config.data_dir == "/srv/backstock");
  CHECK(config.admin.listen == ListenAddress{"::1", 9000});
  CHECK(config.admin.listen.text() == "[::1]:9000");
  CHECK(config.admin.hosts == std::vector<std::string>{"backup.example.com", "nas"});
  CHECK(config.log == "warn,store_api=debug");
  REQUIRE(config.stores.size() == 2);
  const Store& store = config.stores[0];
  CHECK(store.store_hash == "0012345");  // text, whatever it looks like
  CHECK(store.restore_token == SecretPlace{"/t/other", ""});
  CHECK(store.client_secret == SecretPlace{"", "acme-secret"});
  CHECK(store.api_url == "http://127.0.0.1:9001");
  CHECK(store.api_share == 1);
  CHECK(store.timezone.name() == "Europe/Berlin");
  CHECK(store.schedule.of("brands").text == "*/30 * * * *");
  CHECK(store.schedule.of("products").manual);
  CHECK(store.schedule.of("categories").text == "@daily");
  CHECK(store.deletion_brake == 0);
  CHECK(config.stores[1].access_token.file == "/t/other");
}

TEST_CASE("every value shows where it comes from, and secrets only where they are kept") {
  FakeMachine here = with_credential();
  const Loaded loaded = load_text(kFull, "b.yaml", here.sources(), Secrets::check);
  CHECK(value_of(loaded, "data_dir") == "/srv/backstock <- b.yaml:1");
  CHECK(value_of(loaded, "admin.listen") == "[::1]:9000 <- b.yaml:2");
  CHECK(value_of(loaded, "admin.hosts") == "[backup.example.com, nas] <- b.yaml:2");
  CHECK(value_of(loaded, "stores[0].access_token") == "(file /t/acme) <- b.yaml:7");
  CHECK(value_of(loaded, "stores[0].client_secret") == "(credential acme-secret) <- b.yaml:9");
  CHECK(value_of(loaded, "stores[0].timezone") == "Europe/Berlin <- b.yaml:12");
  CHECK(value_of(loaded, "stores[0].schedule.brands") == "*/30 * * * * <- b.yaml:13");
  CHECK(value_of(loaded, "stores[1].schedule.default") == "0 3 * * * <- default");
  CHECK(value_of(loaded, "stores[1].api_share") == "0.5 <- default");
  CHECK(value_of(loaded, "stores[1].restore_token") == "(not set) <- default");
  const Loaded small = load_here(kSmall);
  CHECK(value_of(small, "admin.listen") == "127.0.0.1:8420 <- default");
  CHECK(value_of(small, "log") == "info <- default");
  for (const Shown& shown : loaded.shown) CHECK(shown.value.find(kToken) == std::string::npos);
}

TEST_CASE("a secret is read from its place when it is asked for") {
  FakeMachine here = with_credential();
  const auto token = read_secret({"/t/acme", ""}, here.sources());
  REQUIRE(token.has_value());
  CHECK(token->reveal() == kToken);
  // systemd shows the access list of a credential as group bits: its mode is not looked at.
  const auto credential = read_secret({"", "acme-secret"}, here.sources());
  REQUIRE(credential.has_value());
  CHECK(credential->reveal() == "signing-secret");
  here.files["/t/crlf"] = {"abc\r\n"};
  CHECK(read_secret({"/t/crlf", ""}, here.sources()).value().reveal() == "abc");
}

TEST_CASE("commands that need no token do not look at token files") {
  FakeMachine nothing;
  const Loaded loaded = load_text(kFull, "b.yaml", nothing.sources(), Secrets::skip);
  INFO(format(loaded.problems));
  CHECK(loaded.config.has_value());
  CHECK(nothing.reads == 0);
}

TEST_CASE("a config is read from its file") {
  FakeMachine here = machine();
  here.files["/etc/backstock/backstock.yaml"] = {kSmall, 0644};
  CHECK(load("/etc/backstock/backstock.yaml", here.sources(), Secrets::check).config.has_value());
}

TEST_CASE("a byte order mark, DOS line ends and a document start are fine") {
  std::string dos;
  for (const char c : std::string(kSmall)) dos += c == '\n' ? std::string("\r\n") : std::string(1, c);
  for (const std::string& text : {std::string("\xef\xbb\xbf") + kSmall, dos, std::string("---\n") + kSmall,
                                  std::string(kSmall) + "...\n", "# first\n\n" + std::string(kSmall)}) {
    const Loaded loaded = load_here(text);
    INFO(format(loaded.problems));
    CHECK(loaded.config.has_value());
  }
}
