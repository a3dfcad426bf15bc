// A turn of the scrub reads what is due and keeps what it found where the status shows it.
#include "app/scrub_thread.h"

#include "app/status_report.h"
#include "support/vault_world.h"

namespace backstock::app {
namespace {

using namespace testing;
using std::chrono::hours;

struct Filled : VaultWorld {
  Filled() {
    clock.set_now(from_ms(1'700'000'000'000));
    const auto writer = open();
    for (int i = 0; i < 50; ++i) put(*writer, "products", std::to_string(i), product("item " + std::to_string(i)));
    must(writer->end_pack());
  }
};

TEST_CASE("a small vault is read in one turn, and then not again for 25 days") {
  Filled world;
  ScrubThread scrub("acme", world.options);
  CHECK(scrub.turn({}) == std::chrono::seconds(1));
  const auto ended = vault::read_scrub_state(world.options).last_ended;
  REQUIRE(ended);
  CHECK(backup::describe_scrub(must(backup::read_status("acme", world.options)), world.clock.now())
            .find("all as written") != std::string::npos);
  for (int hour = 0; hour < 25 * 24; ++hour) {
    CHECK(scrub.turn({}) == hours(1));
    CHECK(vault::read_scrub_state(world.options).last_ended == ended);
    world.clock.advance(hours(1));
  }
  CHECK(scrub.turn({}) == std::chrono::seconds(1));
  CHECK(vault::read_scrub_state(world.options).last_ended > ended);
}

TEST_CASE("damage found in a turn is the store's verdict, whatever its runs say") {
  Filled world;
  world.flip(1, world.bytes(1).size() / 2);
  ScrubThread scrub("acme", world.options);
  scrub.turn({});
  const auto status = backup::read_status("acme", world.options);
  REQUIRE(must(Result<backup::StoreStatus>(status)).scrub.findings.size() == 1);
  CHECK(backup::describe_damage(*status).find("Damage was found on 2023-11-14T22:13:20Z in packs/00000001.pack.zst") ==
        0);
  const Json json = store_json("acme", "abc123", status, {});
  CHECK(string_at(json["verdict"], "level") == "bad");
  CHECK(json["problems"].back() == backup::describe_damage(*status));
}

TEST_CASE("while its index is made again a store says how far that is, and that it is no failure") {
  Filled world;
  WorkerState worker;
  worker.rebuilding = 42;
  const Json json = store_json("acme", "abc123", backup::read_status("acme", world.options), worker);
  CHECK(string_at(json, "state") == "unavailable");
  CHECK(string_at(json["verdict"], "level") == "notice");
  CHECK(string_at(json["verdict"], "text").find("42 %") != std::string::npos);
}

TEST_CASE("a folder that is not there, and one that cannot be read, are asked for again in an hour") {
  VaultWorld world;
  ScrubThread scrub("acme", world.options);
  CHECK(scrub.turn({}) == hours(1));
  Filled filled;
  filled.fs.fail(Call::list, 1, EIO, Fault::from_then_on);
  ScrubThread other("acme", filled.options);
  CHECK(other.turn({}) == hours(1));
}

}  // namespace
}  // namespace backstock::app
