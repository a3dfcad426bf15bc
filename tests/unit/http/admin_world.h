// A real admin server on a free loopback port, over a state.db and a vault in a folder of its own, and people and
// programs that ask it something.
#pragma once

#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <filesystem>
#include <fstream>

#include "base/guarded.h"
#include "http/admin_server.h"
#include "http/routes.h"
#include "http/store_door.h"
#include "raw_client.h"
#include "support/vault_world.h"
#include "sys/posix_fs.h"

namespace backstock::test {

using testing::must;

class FixedStatus final : public http::StatusSource {
 public:
  Json status() const override {
    {
      const std::scoped_lock lock(mutex);
      ++asked;
    }
    asked_again.notify_all();
    return {{"version", "1"},
            {"now", std::to_string(asked)},  // always another one, and no change
            {"stores", Json::array()},
            {"bytes", "bad \xff byte"},
            {"count", count.load()}};
  }
  Result<> ready() const override {
    if (starting) return make_error(ErrorKind::conflict, "the vault is being opened");
    return {};
  }
  std::atomic<bool> starting = false;
  std::atomic<int> count = 0;
  // Until it was asked so many times more.
  void wait_for(int more) const {
    std::unique_lock lock(mutex);
    const int wanted = asked + more;
    CHECK(asked_again.wait_for(lock, std::chrono::seconds(20), [&] { return asked >= wanted; }));
  }
  mutable std::atomic<int> asked = 0;
  mutable std::mutex mutex;
  mutable std::condition_variable asked_again;
};

// Notes what it is told to do.
class NotingStores final : public http::StoreDoor {
 public:
  const std::vector<Store>& stores() const override { return all; }
  Work work(const std::string&) const override { return {}; }
  Result<std::size_t> submit(const std::string&, backup::RunRequest) override { return ++done; }
  Result<> cancel(const std::string&) override {
    ++done;
    return {};
  }
  std::vector<Store> all;
  std::atomic<std::size_t> done = 0;
};

// What somebody adds to each request to say who they are.
struct Who {
  std::string headers = {};
  std::string csrf = {};
};

struct AdminWorld {
  static constexpr const char* kPassword = "the password of the tests";

  explicit AdminWorld(http::Limits limits = {}) : limits_(limits) {
    vault::Options options;
    options.fs = &fs;
    options.clock = &clock;
    options.random = &random;
    options.folder = folder.path() + "/stores/abc123";
    options.store_hash = "abc123";
    options.labels = [](std::string_view, std::string_view) { return std::vector<std::string>{"Sun hat"}; };
    must(fs.make_folder(options.folder));
    vault = must(vault::VaultWriter::open(options, "a test"));
    must(vault->append_control(Json{{"control", "run_begin"},
                                    {"run", "01RUN"},
                                    {"kind", "full"},
                                    {"origin", "manual"},
                                    {"at", 900},
                                    {"types", Json::array({"brands"})}}));
    testing::put(*vault, "brands", "7", testing::product("Sun hat"), 1000);
    testing::put(*vault, "brands", "7", testing::product("Sun hat", "17.50"), 2000);
    must(vault->flush());
    stores.all.push_back({"acme", options});
    start();
  }

  void start() {
    server.reset();
    accounts.reset();
    accounts = must(state::Accounts::open({&fs, &clock, &random, folder.path() + "/state.db"}));
    server = must(http::AdminServer::start({.port = 0, .extra_hosts = {"backup.example.com"}, .limits = limits_},
                                           {status, *accounts, clock, &stores}));
    port = server->port();
  }

  Reply ask(std::string_view method, const std::string& target, const std::string& headers = "",
            const std::string& body = "", const std::string& host = "") const {
    RawClient client(port);
    std::string text = std::string(method) + ' ' + target +
                       " HTTP/1.1\r\nHost: " + (host.empty() ? "127.0.0.1:" + std::to_string(port) : host) + "\r\n" +
                       headers;
    if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    client.send(text + "\r\n" + body);
    const auto reply = client.read_reply(method == "HEAD");
    REQUIRE(reply);
    return *reply;
  }
  Reply get(const std::string& target, const Who& who = {}) const { return ask("GET", target, who.headers); }
  // As the page does it.
  Reply send(std::string_view method, const std::string& target, const Who& who, const Json& body = nullptr) const {
    std::string headers = who.headers;
    if (!who.csrf.empty()) headers += "X-Backstock-CSRF: " + who.csrf + "\r\n";
    if (body.is_null()) return ask(method, target, headers);
    return ask(method, target, headers + kJson, to_text(body));
  }

  // Sets the password the first time.
  Who sign_in() {
    Reply reply;
    if (must(accounts->has_password())) {
      reply = send("POST", "/api/v1/session", {}, {{"password", kPassword}});
    } else {
      reply =
          send("POST", "/api/v1/setup", {}, {{"link", must(accounts->make_link()).reveal()}, {"password", kPassword}});
    }
    REQUIRE(reply.status == 200);
    return who_of(reply);
  }
  static Who who_of(const Reply& reply) {
    const std::string cookie = reply.header("set-cookie");
    return {"Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n", json_of(reply)["csrf"].get<std::string>()};
  }
  Who token(state::TokenAccess access) {
    return {"Authorization: Bearer " + must(accounts->make_token("test", access)).secret.reveal() + "\r\n"};
  }
  static Json json_of(const Reply& reply) { return must(parse_json(reply.body, "the answer")); }

  // Every byte that is kept, state.db and vault, and how often something was started or cancelled.
  std::string effects() const {
    std::string all = std::to_string(stores.done) + "\n";
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
      // Not the locks of SQLite's readers: no content.
      if (entry.is_regular_file() && !entry.path().string().ends_with("-shm")) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    for (const auto& path : files) {
      std::ifstream file(path, std::ios::binary);
      std::string bytes(std::filesystem::file_size(path), '\0');
      file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
      all += path.string() + "\n" + bytes;
    }
    return all;
  }

  static constexpr const char* kJson = "Content-Type: application/json\r\n";
  http::Limits limits_;
  testing::TempFolder folder;
  sys::PosixFs fs;
  testing::ManualClock clock;
  SeededRandom random{7};
  FixedStatus status;
  NotingStores stores;
  std::unique_ptr<vault::VaultWriter> vault;
  std::unique_ptr<state::Accounts> accounts;
  std::unique_ptr<http::AdminServer> server;
  std::uint16_t port = 0;
};

}  // namespace backstock::test
