// A vault with a history to be thinned out, and what must hold before and after. For the tests of this folder.
#pragma once

#include "compact_lab.h"
#include "vault/pins.h"
#include "vault/prune.h"

namespace backstock::vault {

inline constexpr std::int64_t kDay = 86'400'000;

inline RetentionPolicy keep_days(int days, unsigned daily = 0) {
  RetentionPolicy policy;
  policy.fallback.keep_all = std::chrono::days(days);
  policy.fallback.daily = daily;
  policy.fallback.min_versions = 1;
  return policy;
}

inline PruneOptions small_prune() {
  PruneOptions how;
  how.packing = small_compaction();
  return how;
}

inline Pruned prune_all(testing::VaultWorld& world, const RetentionPolicy& policy) {
  Pruned done = testing::must(prune(world.options, policy, small_prune()));
  for (const std::string& finding : done.findings) FAIL_CHECK(finding);
  return done;
}

inline Unpruned undo_all(testing::VaultWorld& world) {
  Unpruned done = testing::must(undo_prune(world.options, small_compaction()));
  for (const std::string& finding : done.findings) FAIL_CHECK(finding);
  return done;
}

inline std::vector<std::string> names_in(testing::VaultWorld& world, const sys::Path& folder) {
  std::vector<std::string> names;
  const auto entries = world.fs.list(folder);
  if (!entries) return names;
  for (const sys::Entry& entry : *entries) names.push_back(entry.name);
  return names;
}

// Rows alone: what a rebuild from packs that hold no more than them must give.
inline std::vector<std::uint32_t> numbers_of(VaultReader& reader, const std::string& type, const std::string& id) {
  std::vector<std::uint32_t> numbers;
  for (const index::VersionRow& row : testing::must(reader.items().history(type, id))) numbers.push_back(row.version);
  return numbers;
}

// One version a day of each of so many items, from day 1 on; the clock stands at noon of the last day. Few enough, as
// a run that changes many looks wrong.
struct Aged : testing::VaultWorld {
  SeededRandom words{5};
  int days;

  explicit Aged(int of_days = 20, int items = 15, std::size_t size = 900) : days(of_days) {
    options.frame_size = 3000;
    options.pack_size = 60'000;
    const auto writer = open();
    for (int day = 1; day <= days; ++day) fill_day(*writer, day, items, size);
    testing::must(writer->end_pack());
  }
  void fill_day(VaultWriter& writer, int day, int items, std::size_t size) {
    clock.set_now(from_ms(day * kDay + kDay / 2));
    const std::string run = "01RUN" + std::to_string(100 + day);
    for (int i = 0; i < items; ++i) {
      VersionMeta meta = testing::meta_of(i % 3 == 0 ? "pages" : "products", std::to_string(i), day * kDay + i);
      meta.run = run;
      const std::string item = article(words, size);
      meta.hash = testing::hash_of(item);
      testing::must(writer.append(meta, {item}, {}));
    }
    put_run(writer, run, day * kDay + 1000);
    testing::must(writer.flush());
  }
};

}  // namespace backstock::vault
