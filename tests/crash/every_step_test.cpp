// A scripted sequence, stopped or failed at each of its operations in turn. Whatever happens, afterwards: nothing that
// was acknowledged is missing or altered, verify finds nothing, and the next run goes on.
//
// Packs are in memory and forget what was not synced; the index is SQLite's own, and a row it committed stays.

#include "support/vault_world.h"

namespace backstock::testing {
namespace {

using Key = std::pair<std::string, std::string>;

// What was acknowledged, and what may or may not be there besides: appended, and then the flush failed.
struct Ledger {
  struct Known {
    std::string item;  // empty: a tombstone
    bool acknowledged = false;
  };
  std::map<Key, std::map<std::uint32_t, std::vector<Known>>> items;  // per number: all that was ever tried

  void tried(const std::string& type, const std::string& id, std::uint32_t version, const std::string& item) {
    items[{type, id}][version].push_back({item, false});
  }
  void acknowledge() {
    for (auto& [key, versions] : items) {
      for (auto& [number, tries] : versions) {
        if (!tries.empty()) tries.back().acknowledged = true;
      }
    }
  }
  // Tries that a failed flush left stay possible, but a later open has decided which of them is there.
  void check(vault::VaultReader& reader) const {
    for (const auto& [key, versions] : items) {
      for (const auto& [number, tries] : versions) {
        INFO(key.first << " " << key.second << " version " << number);
        const auto back = reader.read_version(key.first, key.second, number);
        const bool acknowledged =
            std::any_of(tries.begin(), tries.end(), [](const Known& known) { return known.acknowledged; });
        if (!back) {
          INFO(back.error().sentence());
          REQUIRE_FALSE(acknowledged);
          REQUIRE(back.error().kind == ErrorKind::not_found);
          continue;
        }
        // Once acknowledged, that one and no other.
        const bool fits = std::any_of(tries.begin(), tries.end(), [&](const Known& known) {
          return known.item == back->item && (!acknowledged || known.acknowledged);
        });
        REQUIRE(fits);
      }
    }
  }
};

struct Script {
  VaultWorld& world;
  Ledger& ledger;
  int runs = 0;

  Result<> put_one(vault::VaultWriter& writer, const std::string& type, const std::string& id, bool gone) {
    const std::string item = gone ? "" : product(type + id + " run " + std::to_string(runs));
    vault::VersionMeta meta = meta_of(type, id, 1000 * runs);
    meta.gone = gone;
    meta.hash = hash_of(item);
    // Asked before: an append that fails half-way may yet have written it.
    const auto known = TRY(writer.current(type, id));
    ledger.tried(type, id, known ? known->version + 1 : 1, item);
    TRY(writer.append(meta, {item}, {}));
    return {};
  }

  Result<> flush(vault::VaultWriter& writer) {
    TRY(writer.flush());
    ledger.acknowledge();
    return {};
  }

  // One run: begin, items of two types in several frames and flushes, a tombstone, a checkpoint, end.
  Result<> run() {
    ++runs;
    const std::string name = "01RUN" + std::to_string(runs);
    const auto writer = TRY(vault::VaultWriter::open(world.options, "a crash test"));
    TRY(writer->append_control(Json{{"control", "run_begin"}, {"run", name}, {"at", runs}}));
    TRY(flush(*writer));
    for (int i = 0; i < 6; ++i) {
      TRY(put_one(*writer, "products", std::to_string(i), false));
      if (i % 2 == 0) TRY(put_one(*writer, "orders", "o" + std::to_string(i), false));
      if (i == 3) {
        writer->set_checkpoint(name, "products", "3");
        TRY(flush(*writer));
      }
    }
    TRY(put_one(*writer, "products", "1", true));
    TRY(writer->append_control(Json{{"control", "type_end"},
                                    {"run", name},
                                    {"type", "products"},
                                    {"at", runs},
                                    {"started", runs},
                                    {"outcome", "done"},
                                    {"complete", true},
                                    {"full", true}}));
    TRY(writer->append_control(Json{{"control", "run_end"}, {"run", name}, {"at", runs}, {"outcome", "done"}}));
    return flush(*writer);
  }

  Result<> all() {
    TRY(run());
    TRY(run());
    TRY(vault::rebuild_index_locked(world.options, {}));
    return run();
  }
};

void set_sizes(VaultWorld& world) {
  world.options.frame_size = 400;
  world.options.pack_size = 1000;  // each run fills more than one
}

// A run that says its type is whole and done must have all that it speaks of.
void check_runs(vault::VaultReader& reader) {
  const auto good = must(index::last_good(reader.connection(), "products", true));
  if (!good) return;
  for (int i = 0; i < 6; ++i) must(reader.read_newest("products", std::to_string(i)));
}

void check_vault(VaultWorld& world, Ledger& ledger, Script& script) {
  {
    const auto writer = world.open();
    for (const std::string& finding : writer->opened().findings) {
      INFO(finding);
      REQUIRE(finding.find("it was made again from the packs") != std::string::npos);
    }
  }
  const auto check = [&] {
    const auto reader = world.reader();
    ledger.check(*reader);
    check_runs(*reader);
    const vault::Verified verified = world.verify();
    INFO(all_of(verified));
    REQUIRE(verified.findings.empty());
  };
  check();
  must(script.run());
  check();
  // And the packs alone tell the same.
  const std::string before = world.dump();
  must(vault::rebuild_index_locked(world.options, {}));
  REQUIRE(world.dump() == before);
}

std::uint64_t operations_of_all() {
  VaultWorld world;
  set_sizes(world);
  Ledger ledger;
  Script script{world, ledger};
  const std::uint64_t before = world.memory.operations();
  must(script.all());
  REQUIRE(must(world.reader()->items().packs()).size() >= 3);
  return world.memory.operations() - before;
}

TEST_CASE("a power cut after each operation loses nothing that was acknowledged") {
  const std::uint64_t operations = operations_of_all();
  REQUIRE(operations > 50);
  for (std::uint64_t cut = 0; cut <= operations; ++cut) {
    VaultWorld world;
    set_sizes(world);
    Ledger ledger;
    Script script{world, ledger};
    world.memory.cut_after(cut);
    const auto worked = script.all();
    INFO("cut after operation " << cut << " of " << operations);
    REQUIRE(worked.has_value() == (cut == operations));
    world.memory.crash();
    check_vault(world, ledger, script);
  }
}

TEST_CASE("the same when chance keeps some of what was not synced") {
  const std::uint64_t operations = operations_of_all();
  const std::uint64_t seed = seed_from_environment(20261121);
  for (std::uint64_t cut = 0; cut < operations; ++cut) {
    for (std::uint64_t variant = 0; variant < 4; ++variant) {
      VaultWorld world;
      set_sizes(world);
      Ledger ledger;
      Script script{world, ledger};
      world.memory.cut_after(cut);
      REQUIRE_FALSE(script.all());
      INFO("cut after operation " << cut << ", variant " << variant);
      world.memory.crash(seed + cut * 1000 + variant);
      check_vault(world, ledger, script);
    }
  }
}

TEST_CASE("a second power cut, while what the first one left is read again, loses nothing either") {
  const std::uint64_t operations = operations_of_all();
  for (std::uint64_t cut = 3; cut < operations; cut += 3) {
    for (std::uint64_t second = 0;; ++second) {
      VaultWorld world;
      set_sizes(world);
      Ledger ledger;
      Script script{world, ledger};
      world.memory.cut_after(cut);
      REQUIRE_FALSE(script.all());
      world.memory.crash(cut);
      world.memory.cut_after(second);
      const bool opened = vault::VaultWriter::open(world.options, "again").has_value();
      world.memory.crash(second);
      INFO("cut after operation " << cut << ", then after " << second);
      check_vault(world, ledger, script);
      if (opened) break;
    }
  }
}

// Each call of a kind fails, and the process goes on to close; the next one finds the files as they are.
void fail_each_call(Call call, int code, Fault fault) {
  for (std::uint64_t nth = 1;; ++nth) {
    VaultWorld world;
    set_sizes(world);
    Ledger ledger;
    Script script{world, ledger};
    world.fs.fail(call, nth, code, fault);
    const auto worked = script.all();
    const bool reached = world.fs.calls(call) >= nth;
    world.fs.heal();
    INFO("call kind " << static_cast<int>(call) << " number " << nth << " error " << code
                      << (worked ? "" : ": " + worked.error().sentence()));
    check_vault(world, ledger, script);
    if (nth % 2 == 0) {  // and then the power goes
      world.memory.crash();
      check_vault(world, ledger, script);
    }
    if (!reached) {
      REQUIRE(worked);
      return;
    }
  }
}

// The next open() reads what a power cut left, and is itself told of an error at each of its calls.
TEST_CASE("a call that fails while what a power cut left is read again loses nothing") {
  const std::uint64_t operations = operations_of_all();
  for (std::uint64_t cut = 5; cut < operations; cut += 9) {
    for (std::size_t kind = 0; kind < kCallKinds; ++kind) {
      const Call call = static_cast<Call>(kind);
      for (std::uint64_t nth = 1;; ++nth) {
        VaultWorld world;
        set_sizes(world);
        Ledger ledger;
        Script script{world, ledger};
        world.memory.cut_after(cut);
        REQUIRE_FALSE(script.all());
        world.memory.crash(cut);
        const bool index_lost = (cut + nth) % 2 == 0;  // then it is made again under the same errors
        if (index_lost) world.drop_index();
        const std::uint64_t before = world.fs.calls(call);
        world.fs.fail(call, nth, nth % 3 == 0 ? ENOSPC : EIO, nth % 2 == 0 ? Fault::once : Fault::from_then_on);
        const bool opened = vault::VaultWriter::open(world.options, "again").has_value();
        const bool reached = world.fs.calls(call) >= before + nth;
        world.fs.heal();
        INFO("cut after operation " << cut << ", then call kind " << kind << " number " << nth
                                    << (index_lost ? ", index lost" : ""));
        if (!reached) REQUIRE(opened);
        check_vault(world, ledger, script);
        if (!reached) break;
      }
    }
  }
}

// Only calls that write can find the disk full.
std::vector<int> errors_of(Call call) {
  switch (call) {
    case Call::open_read:
    case Call::open_append:
    case Call::read_at:
    case Call::size:
    case Call::list:
    case Call::remove:
    case Call::free_space:
    case Call::total_space:
      return {EIO};
    default:
      return {ENOSPC, EIO};
  }
}

TEST_CASE("each file system call failing once loses nothing and leaves no trace") {
  for (std::size_t kind = 0; kind < kCallKinds; ++kind) {
    for (const int code : errors_of(static_cast<Call>(kind)))
      fail_each_call(static_cast<Call>(kind), code, Fault::once);
  }
}

TEST_CASE("each file system call failing from then on loses nothing and leaves no trace") {
  for (std::size_t kind = 0; kind < kCallKinds; ++kind) {
    for (const int code : errors_of(static_cast<Call>(kind)))
      fail_each_call(static_cast<Call>(kind), code, Fault::from_then_on);
  }
}

TEST_CASE("each write cut short at any place loses nothing and leaves no damage") {
  for (std::uint64_t nth = 1;; ++nth) {
    bool reached = true;
    for (const std::size_t written : {std::size_t{0}, std::size_t{1}, std::size_t{100}, std::size_t{200}}) {
      VaultWorld world;
      set_sizes(world);
      Ledger ledger;
      Script script{world, ledger};
      world.fs.short_write(nth, written);
      const auto worked = script.all();
      reached = world.fs.calls(Call::append) >= nth;
      world.fs.heal();
      INFO("append " << nth << " writes " << written << " bytes");
      if (reached) REQUIRE(worked.error().kind == ErrorKind::no_space);
      check_vault(world, ledger, script);
      if (!reached) break;
    }
    if (!reached) break;
  }
}

}  // namespace
}  // namespace backstock::testing
