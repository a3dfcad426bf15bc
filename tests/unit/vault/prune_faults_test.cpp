// Pruning and putting back, failed or cut off at each operation in turn. Whatever happens, afterwards: every version is
// in the index or comes back by an undo, byte for byte; verify finds nothing; the next prune finishes what this one
// began.
#include "prune_lab.h"

namespace backstock::vault {
namespace {

using namespace testing;

struct Small : Aged {
  RetentionPolicy policy = keep_days(4);
  std::map<Place, std::string> before;

  Small() : Aged(9, 6, 300) {
    options.frame_size = 1000;
    options.pack_size = 4000;
    policy.grace = std::chrono::days(2);
    before = all_versions(*reader());
  }

  // All that a policy leads to: what a former prune removed goes for good, other versions go and come back.
  Result<> all() {
    const auto writer = TRY(VaultWriter::open(options, "a crash test"));
    TRY(prune(options, policy, small_prune()));
    TRY(undo_prune(options, small_compaction()));
    TRY(prune(options, policy, small_prune()));
    return {};
  }

  void check() {
    {
      const auto writer = open();
      for (const std::string& finding : writer->opened().findings) {
        INFO(finding);
        REQUIRE(finding.find("it was made again from the packs") != std::string::npos);
      }
      check_verify(*this);
      // What the index tells of is what was written.
      for (const auto& [place, line] : all_versions(*reader())) REQUIRE(before.at(place) == line);
      undo_all(*this);
      CHECK(difference(before, all_versions(*reader())) == "");
      check_verify(*this);
      prune_all(*this, policy);
      CHECK(must(plan_prune(options, policy, false)).going() == 0);
    }
    check_verify(*this);
    check_rebuild(*this);
    // Gone for good when its time has come, and not a line earlier.
    clock.advance(std::chrono::days(3));
    RetentionPolicy later = policy;
    later.fallback.keep_all = *policy.fallback.keep_all + std::chrono::days(3);
    {
      const auto writer = open();
      prune_all(*this, later);
    }
    CHECK(names_in(*this, options.removed()).empty());
    check_verify(*this);
    check_rebuild(*this);
    for (const std::string& name : names_in_packs(*this)) CHECK(name.find(".new") == std::string::npos);
  }
};

std::uint64_t operations_of_all() {
  Small world;
  const std::uint64_t before = world.memory.operations();
  must(world.all());
  return world.memory.operations() - before;
}

TEST_CASE("a power cut after each operation of pruning and undoing loses nothing, with the index kept and lost") {
  const std::uint64_t operations = operations_of_all();
  REQUIRE(operations > 60);
  const std::uint64_t seed = seed_from_environment(SystemRandom().next());
  for (std::uint64_t cut = 0; cut <= operations; cut += kThinned) {
    Small world;
    world.memory.cut_after(cut);
    const auto worked = world.all();
    if (cut < operations) REQUIRE_FALSE(worked);
    INFO("cut after operation " << cut << " of " << operations << " of seed " << seed);
    // Chance keeps some of what was not synced, in half of the cases.
    cut % 2 == 0 ? world.memory.crash() : world.memory.crash(seed + cut);
    if (cut % 3 == 2) world.drop_index();
    world.check();
  }
}

void fail_each_call(Call call, Fault fault, std::uint64_t stride) {
  for (std::uint64_t nth = 1;; nth += stride * kThinned) {
    Small world;
    const std::uint64_t before = world.fs.calls(call);
    const int code = nth % 2 == 0 ? ENOSPC : EIO;
    world.fs.fail(call, nth, code, fault);
    const auto worked = world.all();
    const bool reached = world.fs.calls(call) >= before + nth;
    world.fs.heal();
    INFO("call kind " << static_cast<int>(call) << " number " << nth << " error " << code
                      << (worked ? "" : ": " + worked.error().sentence()));
    if (nth % 4 < 2) world.memory.crash();
    world.check();
    if (!reached) {
      REQUIRE(worked);
      return;
    }
  }
}

TEST_CASE("each call that fails once, or from then on, while pruning and undoing loses nothing") {
  const auto fault = GENERATE(Fault::once, Fault::from_then_on);
  for (const Call call : {Call::create, Call::rename, Call::remove, Call::free_space, Call::make_folder})
    fail_each_call(call, fault, 1);
  // The power cuts above stop at each of these, too.
  for (const Call call : {Call::append, Call::sync, Call::sync_folder, Call::list}) fail_each_call(call, fault, 5);
  for (const Call call : {Call::open_read, Call::read_at, Call::size}) fail_each_call(call, fault, 41);
}

TEST_CASE("an index from before a prune, or from its midst, is made good by a rebuild") {
  Small world;
  const std::string old = world.index_bytes();
  prune_all(world, world.policy);
  world.put_index(old);
  world.open().reset();
  const Rebuilt rebuilt = must(rebuild_index_locked(world.options, {}));
  CHECK(rebuilt.findings.empty());
  world.check();
}

}  // namespace
}  // namespace backstock::vault
