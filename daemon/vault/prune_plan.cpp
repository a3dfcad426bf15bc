#include "vault/prune_plan.h"

#include <numeric>

#include "index/item_queries.h"
#include "vault/vault_reader.h"

namespace backstock::vault {
namespace {

constexpr std::size_t kRowsAtOnce = 20'000;  // of the index, so that no read transaction is long

using Item = std::span<const index::ScannedVersion>;

// Calls with all versions of each item.
Result<> for_each_item(index::Connection& connection, const std::string& type,
                       const std::function<void(Item item)>& take) {
  std::vector<index::ScannedVersion> item;
  std::string after;
  bool more = true;
  while (more) {
    auto scan = TRY(index::VersionScan::open(connection, type, after));
    for (std::size_t rows = 0;; ++rows) {
      auto row = TRY(scan.next());
      if (!item.empty() && (!row || row->item_key != item.front().item_key)) {
        take(item);
        after = item.front().id;
        item.clear();
        if (row && rows >= kRowsAtOnce) break;
      }
      more = row.has_value();
      if (!more) break;
      item.push_back(std::move(*row));
    }
  }
  return {};
}

void plan_item(PlannedType& planned, Item item, const std::vector<Verdict>& verdicts, const EachGoing& each) {
  ++planned.items;
  for (std::size_t i = 0; i < item.size(); ++i) {
    const index::VersionRow& row = item[i].version;
    ++planned.versions;
    planned.bytes += row.size;
    if (verdicts[i].keep) {
      ++planned.kept[*verdicts[i].keep];
      continue;
    }
    ++planned.going;
    planned.going_bytes += row.size;
    planned.going_from[row.frame.pack] += row.size;
    if (each) each({planned.type, item[i].id, row.version, from_ms(row.at), row.gone, row.size});
  }
}

}  // namespace

std::uint64_t PrunePlan::going() const {
  return std::accumulate(types.begin(), types.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const PlannedType& type) { return sum + type.going; });
}

Result<std::vector<PlannedDeletion>> plan_deletions(index::Connection& connection, const Options& options,
                                                    std::chrono::milliseconds grace, TimePoint now) {
  std::vector<PlannedDeletion> deletions;
  std::set<std::uint64_t> asked;
  for (RemovedPack& pack : TRY(list_removed_packs(options))) {
    PlannedDeletion deletion{std::move(pack), std::nullopt};
    if (deletion.pack.removed_at) deletion.due = *deletion.pack.removed_at + grace;
    if (deletion.due && *deletion.due <= now)
      asked.insert(deletion.pack.copies_in.begin(), deletion.pack.copies_in.end());
    deletions.push_back(std::move(deletion));
  }
  const std::set<std::uint64_t> loose = TRY(packs_with_loose_lines(options, connection, asked));
  for (PlannedDeletion& deletion : deletions) {
    if (!deletion.due || *deletion.due > now) continue;
    for (const std::uint64_t number : deletion.pack.copies_in) {
      if (loose.count(number) != 0) deletion.waits_for.push_back(number);
    }
  }
  return deletions;
}

Result<PrunePlan> plan_prune_in(index::Connection& connection, const Options& options, const RetentionPolicy& policy,
                                bool force_clock, const EachGoing& each) {
  const ClockFacts clock = TRY(read_clock_facts(options, connection));
  PrunePlan plan{force_clock ? clock.evidence.now : TRY(trusted_now(clock.evidence)), clock.ahead, {}, {}};
  const PruneFacts facts = TRY(PruneFacts::read(connection));
  const auto items = TRY(index::ItemQueries::open(connection));
  for (const index::TypeCount& count : TRY(items->counts())) {
    PlannedType planned{count.type};
    const RetentionRules& rules = policy.of(count.type);
    TRY(for_each_item(connection, count.type, [&](Item item) {
      const auto verdicts = apply_retention(facts.of(count.type, item), rules, policy.offset_at, plan.now);
      plan_item(planned, item, verdicts, each);
    }));
    plan.types.push_back(std::move(planned));
  }
  plan.removed = TRY(plan_deletions(connection, options, policy.grace, plan.now));
  return plan;
}

Result<PrunePlan> plan_prune(const Options& options, const RetentionPolicy& policy, bool force_clock,
                             const EachGoing& each) {
  const auto reader = TRY(VaultReader::open(options));
  return plan_prune_in(reader->connection(), options, policy, force_clock, each);
}

}  // namespace backstock::vault
