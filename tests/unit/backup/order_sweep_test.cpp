// Parts that change without a trace in their order: whole runs against a scripted store, on a clock that the test
// moves.
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "backup/backup_run.h"
#include "capture/list_request.h"
#include "support/scripted_transport.h"
#include "support/vault_world.h"

using namespace backstock;
using namespace backstock::testing;
using std::chrono::hours;

namespace {

constexpr hours kDay{24};

struct Order {
  std::string created;
  std::string modified;
  std::vector<std::string> messages;
};

// What a store answers about its orders, and a vault that is backed up from it.
struct World {
  VaultWorld vault;
  ScriptedTransport transport;
  store_api::StoreClient client{
      store_api::Options{.store_name = "acme", .store_hash = "abc123", .token = Secret("t0ken")}, transport,
      vault.clock, vault.random};
  std::unique_ptr<vault::VaultWriter> writer = vault.open();
  std::map<int, Order> orders;
  std::multiset<int> read;  // orders whose messages were asked for
  bool list_of_recent_fails = false;

  World() {
    transport.on("/v2/orders/count", json_reply(200, R"({"count":0})"));
    transport.on("/v3/orders/metafields", json_reply(200, R"({"data":[],"meta":{"cursor_pagination":{"count":0}}})"));
    transport.on(
        "/payment_actions/refunds",
        json_reply(
            200,
            R"({"data":[],"meta":{"pagination":{"total":0,"count":0,"per_page":250,"current_page":1,"total_pages":0}}})"));
    transport.on("/messages?", [this](const net::HttpRequest& request) { return messages_of(request); });
    transport.on("/v2/orders/", plain_reply(204, ""));
    transport.on("/transactions", plain_reply(204, ""));
    transport.on("/v2/orders?", [this](const net::HttpRequest& request) { return list(request); });
  }

  std::string now() const { return capture::filter_instant(to_ms(vault.clock.now())); }
  void place(int id, hours ago = hours(0)) {
    const std::string at = capture::filter_instant(to_ms(vault.clock.now() - ago));
    orders[id] = {at, at, {}};
  }
  void backup(bool full = false, const std::string& outcome = "done") {
    read.clear();
    backup::RunRequest request;
    request.types = {"orders"};
    request.full = full;
    const auto report = must(backup::run_backup(request, {client, *writer, vault.clock, vault.random}, {}));
    INFO(report.message);
    REQUIRE(report.outcome == outcome);
    must(writer->flush());
  }
  std::uint32_t version(int id) { return must(writer->current("orders", std::to_string(id)))->version; }

 private:
  Result<net::HttpReply> messages_of(const net::HttpRequest& request) {
    const std::string path(url_path(request.url));
    const int id = std::stoi(path.substr(path.find("/v2/orders/") + 11));
    read.insert(id);
    std::string rows;
    for (const std::string& text : orders.at(id).messages)
      rows += (rows.empty() ? "" : ",") + std::string(R"({"id":1,"message":")") + text + "\"}";
    return rows.empty() ? plain_reply(204, "") : json_reply(200, "[" + rows + "]");
  }

  Result<net::HttpReply> list(const net::HttpRequest& request) {
    const auto asked = [&](std::string_view name) { return query_value(request.url, name); };
    if (!asked("is_deleted").empty() || !asked("status_id").empty()) return plain_reply(204, "");
    if (list_of_recent_fails && !asked("min_date_created").empty()) return plain_reply(500, "");
    std::string rows;
    for (auto order = orders.rbegin(); order != orders.rend(); ++order) {
      const auto& [id, one] = *order;
      if (!asked("max_id").empty() && id > std::stoi(asked("max_id"))) continue;
      // Of one form, so that text sorts as time does.
      if (one.modified < asked("min_date_modified") || one.created < asked("min_date_created")) continue;
      rows += (rows.empty() ? "" : ",") + std::string(R"({"id":)") + std::to_string(id) + R"(,"date_created":")" +
              one.created + R"(","date_modified":")" + one.modified + "\"}";
    }
    return rows.empty() ? plain_reply(204, "") : json_reply(200, "[" + rows + "]");
  }
};

World& with_orders(World& w, int count) {
  for (int id = 100; id < 100 + count; ++id) w.place(id, kDay * 3);
  w.backup(true);
  CHECK(w.read.size() == w.orders.size());
  w.vault.clock.advance(hours(1));
  w.backup();
  CHECK(w.read.empty());
  return w;
}

}  // namespace

TEST_CASE(
    "a message that leaves no trace in its order is found within a week of daily runs, each order being read once") {
  World w;
  with_orders(w, 30);
  w.orders[117].messages = {"Where is it?"};
  std::multiset<int> all;
  for (int day = 0; day < 7; ++day) {
    w.vault.clock.advance(kDay);
    w.backup(day == 3);  // a full run is no more than its share either
    CHECK((w.read.size() == 4 || w.read.size() == 5));
    all.merge(w.read);
  }
  CHECK(w.version(117) == 2);
  std::multiset<int> each;
  for (const auto& [id, order] : w.orders) {
    each.insert(id);
    if (id != 117) CHECK(w.version(id) == 1);
  }
  CHECK(all == each);
  const auto line = must(w.vault.reader()->read_version("orders", "117", 2));
  REQUIRE(line.parts.size() == 1);
  CHECK(line.parts[0].bytes.find("Where is it?") != std::string::npos);
}

TEST_CASE("several runs a day sweep no order twice, a pause is made up for, a long one by each order once") {
  World w;
  with_orders(w, 28);
  w.vault.clock.advance(kDay);
  w.backup();
  CHECK(w.read.size() == 4);
  for (int hour = 0; hour < 3; ++hour) {
    w.vault.clock.advance(hours(2));
    w.backup();
    CHECK(w.read.empty());
  }
  w.vault.clock.advance(kDay * 3);
  w.backup();
  CHECK(w.read.size() == 12);
  w.vault.clock.advance(kDay * 30);
  w.backup();
  CHECK(w.read.size() == 28);
  CHECK(std::set<int>(w.read.begin(), w.read.end()).size() == 28);
}

TEST_CASE("orders that are older than the window are left to changes of their own") {
  World w;
  w.place(50, kDay * 91);
  with_orders(w, 7);
  w.orders[50].messages = {"After all this time"};
  for (int day = 0; day < 8; ++day) {
    w.vault.clock.advance(kDay);
    w.backup();
    CHECK(w.read.count(50) == 0);
  }
  CHECK(w.version(50) == 1);
  w.orders[50].modified = w.now();
  w.vault.clock.advance(hours(1));
  w.backup();
  CHECK(w.read == std::multiset<int>{50});
  CHECK(w.version(50) == 2);
}

TEST_CASE("a sweep whose list could not be read is due again") {
  World w;
  with_orders(w, 14);
  w.list_of_recent_fails = true;
  w.vault.clock.advance(kDay);
  w.backup(false, "failed");
  CHECK(w.read.empty());
  w.list_of_recent_fails = false;
  w.vault.clock.advance(hours(1));
  w.backup();
  CHECK(w.read.size() == 2);
}

TEST_CASE("an order that is new is read once on its first day and has its turn in the sweeps like the others") {
  World w;
  with_orders(w, 7);
  w.place(200);
  w.vault.clock.advance(hours(1));
  w.backup();
  CHECK(w.read == std::multiset<int>{200});
  std::multiset<int> all;
  for (int day = 0; day < 7; ++day) {
    w.vault.clock.advance(kDay);
    w.backup();
    all.merge(w.read);
  }
  CHECK(all.count(200) == 1);
  CHECK(all.size() == 8);
}
