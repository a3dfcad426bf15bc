// Repair, cut off or failed at each operation in turn. Whatever happens, the next one ends it: what was whole is as it
// was, the damaged file is somewhere as it was, and no number is given twice.
#include "compact_lab.h"
#include "vault/repair.h"

namespace backstock::vault {
namespace {

using namespace testing;

// Two damaged packs and a missing one.
struct Damaged : VaultWorld {
  std::map<Place, std::string> before;
  std::set<std::string> lost;
  std::map<std::string, std::string> bad;  // bytes of damaged files, by the name of the pack

  Damaged() {
    options.frame_size = 300;
    options.pack_size = 700;
    {
      const auto writer = open();
      for (int round = 0; round < 6; ++round) {
        for (int i = 0; i < 10; ++i)
          put(*writer, "products", std::to_string(i), product("round " + std::to_string(round) + " " + text()));
        must(writer->append_control(
            Json{{"control", "run_begin"}, {"run", "01R" + std::to_string(round)}, {"kind", "full"}, {"at", round}}));
        must(writer->flush());
      }
      must(writer->end_pack());
    }
    before = all_versions(*reader());
    const auto packs = must(reader()->items().packs());
    REQUIRE(packs.size() >= 4);
    hit(must(reader()->items().find_version("products", "3", 1))->frame);
    hit(must(reader()->items().find_version("products", "3", 6))->frame);
    must(memory.remove(pack(packs[packs.size() / 2].pack)));
    must(memory.sync_folder(options.packs()));
    for (const Finding& finding : verify().findings) lost.insert(finding.lost.begin(), finding.lost.end());
    REQUIRE(lost.size() > 3);
    REQUIRE(bad.size() == 2);
  }
  std::string text() {
    std::string text;
    for (int c = 0; c < 30; ++c) text += static_cast<char>('a' + random.next() % 26);
    return text;
  }
  void hit(const index::FrameRow& frame) {
    flip(frame.pack, frame.offset + frame.header_size + 9);
    bad[pack::pack_name(frame.pack)] = bytes(frame.pack);
  }
};

void check_ended(Damaged& world, bool index_kept) {
  const auto done = repair(world.options, {});
  if (!done) FAIL(done.error().sentence());
  CHECK(done->left.empty());
  check_verify(world);
  auto left = world.before;
  std::erase_if(left, [&](const auto& one) {
    const auto& [type, id, version] = one.first;
    return world.lost.count(type + " " + id + " version " + std::to_string(version)) != 0;
  });
  CHECK(difference(left, all_versions(*world.reader())) == "");
  check_rebuild(world);
  std::map<std::string, std::string> kept = world.bad;
  for (const sys::Entry& entry : must(world.fs.list(sys::join(world.options.folder, "damaged")))) {
    const auto found = kept.find(entry.name.substr(0, entry.name.find(".zst.") + 4));
    if (found == kept.end()) continue;
    CHECK(world.memory.bytes_of(world.options.folder + "/damaged/" + entry.name) == found->second);
    kept.erase(found);
  }
  CHECK(kept.empty());
  for (const std::string& name : names_in_packs(world)) CHECK(name.find(".new") == std::string::npos);
  for (const auto& [line, times] : lines_in_packs(world)) CHECK(times == 1);
  if (!index_kept) return;
  const auto writer = world.open();
  for (int i = 0; i < 10; ++i) CHECK(put(*writer, "products", std::to_string(i), product("anew")) > 6);
}

std::uint64_t operations_of_repair() {
  Damaged world;
  const std::uint64_t before = world.memory.operations();
  must(repair(world.options, {}));
  return world.memory.operations() - before;
}

TEST_CASE("a power cut after each operation of a repair: the next one ends it") {
  const std::uint64_t operations = operations_of_repair();
  REQUIRE(operations > 30);
  const std::uint64_t seed = seed_from_environment(SystemRandom().next());
  for (std::uint64_t cut = 0; cut < operations; cut += kThinned) {
    Damaged world;
    world.memory.cut_after(cut);
    REQUIRE_FALSE(repair(world.options, {}));
    const bool by_chance = cut % 2 == 1;
    const bool keep_index = cut % 3 != 2;
    INFO("cut after operation " << cut << " of " << operations << (by_chance ? ", by chance" : "")
                                << (keep_index ? "" : ", index lost"));
    if (by_chance) {
      world.memory.crash(seed + cut);
    } else {
      world.memory.crash();
    }
    if (!keep_index) world.drop_index();
    check_ended(world, keep_index);
  }
}

TEST_CASE("each call that fails once, or from then on, while repairing: the next repair ends it") {
  const auto fault = GENERATE(Fault::once, Fault::from_then_on);
  for (const Call call : {Call::create, Call::append, Call::sync, Call::rename, Call::remove, Call::sync_folder,
                          Call::list, Call::make_folder, Call::open_append}) {
    for (std::uint64_t nth = 1;; nth += kThinned) {
      Damaged world;
      const std::uint64_t before = world.fs.calls(call);
      world.fs.fail(call, nth, EIO, fault);
      const auto done = repair(world.options, {});
      const bool reached = world.fs.calls(call) >= before + nth;
      world.fs.heal();
      INFO("call kind " << static_cast<int>(call) << " number " << nth);
      check_ended(world, true);
      if (!reached) break;
    }
  }
}

TEST_CASE("a repair that is stopped anywhere is ended by the next one") {
  for (std::uint64_t nth = 1;; nth += 3) {
    Damaged world;
    std::stop_source stop;
    std::uint64_t told = 0;
    const auto progress = [&](std::string_view, std::uint64_t, std::uint64_t) {
      if (++told == nth) stop.request_stop();
    };
    const auto done = repair(world.options, {}, progress, stop.get_token());
    INFO("stopped when told for the " << nth << ". time");
    if (!done) CHECK(done.error().kind == ErrorKind::cancelled);
    check_ended(world, true);
    if (told < nth) break;
  }
}

}  // namespace
}  // namespace backstock::vault
