// One thread appends, one compacts and prunes, one pins, two read: no error, and no wrong byte. Mostly for the thread
// sanitizer.
#include <atomic>
#include <thread>

#include "base/guarded.h"
#include "prune_lab.h"
#include "vault/state_stream.h"

namespace backstock::vault {
namespace {

using namespace testing;

constexpr int kItems = 40;
constexpr std::uint32_t kKept = 8;  // newest versions of each item, which a prune leaves

// What was flushed so far, and until when. Empty: a tombstone.
struct Flushed {
  std::vector<std::vector<std::string>> versions = std::vector<std::vector<std::string>>(kItems);
  std::int64_t at = 0;
};

struct Shared {
  Guarded<Flushed> flushed;
  Guarded<std::set<std::pair<std::string, std::uint32_t>>> pinned;
  Guarded<std::vector<std::string>> wrong;  // assertions belong to one thread
  std::atomic<bool> done = false;

  void complain(std::string what) { wrong.lock()->push_back(std::move(what)); }
};

void append_rounds(VaultWriter& writer, Shared& shared, int rounds) {
  SeededRandom random(1);
  Flushed all;
  for (int round = 1; round <= rounds; ++round) {
    all.at = round;
    for (int i = 0; i < kItems; ++i) {
      VersionMeta meta = meta_of("products", std::to_string(i), round);
      meta.run =
          "01RUN" + std::to_string(round) + "-" + std::to_string(i / 10);  // not so many changes as to look wrong
      meta.gone = round % 4 == 0 && i % 9 == 0;
      const std::string item = meta.gone ? "" : article(random, 2000);
      meta.hash = hash_of(item);
      if (const auto number = writer.append(meta, {item}, {}); !number) shared.complain(number.error().sentence());
      all.versions[static_cast<std::size_t>(i)].push_back(item);
    }
    const auto flushed = round % 3 == 0 ? writer.end_pack() : writer.flush();
    if (!flushed) shared.complain(flushed.error().sentence());
    *shared.flushed.lock() = all;
  }
  shared.done = true;
}

void compact_until_done(const Options& options, Shared& shared, std::atomic<int>& removed,
                        std::atomic<std::uint64_t>& pruned) {
  CompactOptions how = small_compaction();
  how.frame_size = 8000;
  PruneOptions pruning;
  pruning.packing = how;
  pruning.force_clock = true;  // these versions are from 1970
  RetentionPolicy policy;
  policy.fallback.keep_all = std::chrono::milliseconds(0);
  policy.fallback.min_versions = kKept;
  for (bool last = false; !last;) {
    last = shared.done;
    const auto done = compact(options, how);
    if (!done) return shared.complain(done.error().sentence());
    for (const std::string& finding : done->findings) shared.complain(finding);
    removed += static_cast<int>(done->removed.size());
    const auto thinned = prune(options, policy, pruning);
    if (!thinned) return shared.complain(thinned.error().sentence());
    for (const std::string& finding : thinned->findings) shared.complain(finding);
    pruned += thinned->versions();
  }
}

void pin_until_done(const Options& options, Shared& shared) {
  SeededRandom random(3);
  while (!shared.done && shared.pinned.lock()->size() < 50) {
    const std::size_t item = random.next() % kItems;
    const std::size_t count = shared.flushed.lock()->versions[item].size();
    if (count == 0) continue;
    const std::string id = std::to_string(item);
    const auto number = static_cast<std::uint32_t>(1 + random.next() % count);
    const auto pin = change_pin(options, {true, "products", id, number, "a test"});
    if (pin) {
      shared.pinned.lock()->emplace(id, number);
    } else if (pin.error().kind != ErrorKind::not_found) {
      shared.complain(pin.error().sentence());
    }
  }
}

void read_some(VaultReader& reader, const Flushed& flushed, Random& random, Shared& shared) {
  for (int time = 0; time < 20; ++time) {
    const std::size_t item = random.next() % kItems;
    const auto& versions = flushed.versions[item];
    if (versions.empty()) continue;
    const std::size_t number = random.next() % versions.size();
    const auto back = reader.read_version("products", std::to_string(item), static_cast<std::uint32_t>(number + 1));
    if (!back) {
      const bool removed = back.error().kind == ErrorKind::not_found &&
                           shared.flushed.lock()->versions[item].size() >= number + 1 + kKept / 2;
      if (!removed) shared.complain(back.error().sentence());
    } else if (back->item != versions[number]) {
      shared.complain("wrong bytes of product " + std::to_string(item));
    }
  }
}

void read_state(const Options& options, const Flushed& flushed, Shared& shared) {
  std::size_t seen = 0;
  std::vector<std::string> wrong;
  const auto take = [&](const StateItem& item) {
    ++seen;
    const auto line = parse_version_line(item.line);
    const auto& versions = flushed.versions[std::stoul(std::string(item.id))];
    if (!line || versions.empty() || line->item != versions.back()) {
      wrong.push_back("wrong state of product " + std::string(item.id));
    }
    return true;
  };
  const auto lose = [&](std::string_view, std::uint32_t, const Error& why) { shared.complain(why.sentence()); };
  const auto streamed = stream_state(options, "products", from_ms(flushed.at), take, lose);
  if (!streamed) shared.complain(streamed.error().sentence());
  std::size_t present = 0;
  for (const auto& versions : flushed.versions) present += !versions.empty() && !versions.back().empty() ? 1 : 0;
  if (seen != present) wrong.push_back("a state of " + std::to_string(seen) + " items, not " + std::to_string(present));
  // Versions of an instant that is so long ago may have been removed.
  if (shared.flushed.lock()->at - flushed.at >= kKept / 2) return;
  for (std::string& what : wrong) shared.complain(std::move(what));
}

void read_until_done(const Options& options, std::uint64_t seed, Shared& shared) {
  SeededRandom random(seed);
  const auto reader = VaultReader::open(options);
  if (!reader) return shared.complain(reader.error().sentence());
  for (bool last = false; !last;) {
    last = shared.done;
    const Flushed flushed = *shared.flushed.lock();
    read_some(**reader, flushed, random, shared);
    if (random.next() % 4 == 0) read_state(options, flushed, shared);
  }
}

TEST_CASE(
    "appending, compacting, pruning, pinning and reading go on beside each other without an error or a wrong byte") {
  const std::uint64_t seed = seed_from_environment(20261121);
  VaultWorld world;
  SystemRandom random;  // two rooms begin packs at once
  world.options.random = &random;
  world.options.frame_size = 8000;
  world.options.pack_size = 100'000;
  Shared shared;
  std::atomic<int> removed = 0;
  std::atomic<std::uint64_t> pruned = 0;
  auto writer = world.open();
  {
    std::vector<std::jthread> threads;
    threads.emplace_back([&] { append_rounds(*writer, shared, 24); });
    threads.emplace_back([&] { compact_until_done(world.options, shared, removed, pruned); });
    threads.emplace_back([&] { pin_until_done(world.options, shared); });
    for (const std::uint64_t reader : {1U, 2U})
      threads.emplace_back([&, reader] { read_until_done(world.options, seed + reader, shared); });
  }
  const std::vector<std::string> wrong = *shared.wrong.lock();
  INFO((wrong.empty() ? std::string() : wrong.front()));
  CHECK(wrong.empty());
  CHECK(removed > 3);
  must(writer->end_pack());
  writer.reset();
  check_verify(world);
  check_rebuild(world);
  CHECK(pruned > 0);
  const auto pinned = *shared.pinned.lock();
  CHECK_FALSE(pinned.empty());
  for (const auto& [id, number] : pinned) CHECK(world.reader()->read_version("products", id, number));
  writer = world.open();
  undo_all(world);
  CHECK(all_versions(*world.reader()).size() == 24 * kItems);
}

}  // namespace
}  // namespace backstock::vault
