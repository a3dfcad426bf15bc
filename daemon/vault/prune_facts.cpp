#include "vault/prune_facts.h"

#include <algorithm>

#include "index/item_queries.h"
#include "index/pin_rows.h"
#include "index/prune_rows.h"
#include "pack/pack_reader.h"

namespace backstock::vault {
namespace {

constexpr std::uint32_t kRuns = 20'000;  // two months, with a run every five minutes

// When the newest pack was begun. Its number tells which that is, whatever the clock said.
Result<std::optional<std::int64_t>> last_pack(const Options& options) {
  const auto entries = TRY(options.fs->list(options.packs()));
  std::vector<std::uint64_t> numbers;
  for (const sys::Entry& entry : entries) {
    const auto number = pack::parse_pack_name(entry.name);
    if (number && entry.size > 0) numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end(), std::greater<>());
  for (const std::uint64_t number : numbers) {
    const auto reader = pack::PackReader::open(*options.fs, options.packs(), number);
    if (reader && !(*reader)->header_damaged()) return std::optional((*reader)->header().created_ms);
  }
  return std::optional<std::int64_t>();
}

// What a person has settled by saying that the clock is right.
class Settled {
 public:
  explicit Settled(const std::vector<index::PruneRow>& prunes) {
    for (const index::PruneRow& prune : prunes) {
      if (prune.forced) forced_.push_back(prune);
    }
    for (const index::PruneRow& prune : forced_) {
      if (!is_dismissed(prune.at)) vouched_ = std::max(vouched_.value_or(prune.at), prune.at);
    }
  }
  // It lay ahead then, and was no evidence.
  bool is_dismissed(std::int64_t at) const {
    return std::any_of(forced_.begin(), forced_.end(),
                       [&](const index::PruneRow& prune) { return prune.at < at && at <= prune.ahead; });
  }
  const std::optional<std::int64_t>& vouched() const { return vouched_; }

 private:
  std::vector<index::PruneRow> forced_;
  std::optional<std::int64_t> vouched_;
};

}  // namespace

Result<ClockFacts> read_clock_facts(const Options& options, index::Connection& connection) {
  const auto prunes = TRY(index::prunes(connection));
  const Settled settled(prunes);
  ClockFacts facts{{options.clock->now(), {}, {}, {}, {}}, 0};
  const std::int64_t now = to_ms(facts.evidence.now);
  const auto take = [&](std::int64_t at) -> std::optional<TimePoint> {
    if (at > now) facts.ahead = std::max(facts.ahead, at);
    return settled.is_dismissed(at) ? std::nullopt : std::optional(from_ms(at));
  };
  if (settled.vouched()) facts.evidence.finished_runs.push_back(from_ms(*settled.vouched()));
  for (const std::int64_t end : TRY(index::run_ends(connection, kRuns))) {
    const auto at = take(end);
    if (at && (!settled.vouched() || end > *settled.vouched())) facts.evidence.finished_runs.push_back(*at);
  }
  std::optional<std::int64_t> last_version;
  const auto items = TRY(index::ItemQueries::open(connection));
  for (const index::TypeCount& count : TRY(items->counts()))
    last_version = std::max(last_version.value_or(count.last_at), count.last_at);
  if (last_version) facts.evidence.last_version = take(*last_version);
  if (const auto created = TRY(last_pack(options))) facts.evidence.last_pack = take(*created);
  for (const index::PruneRow& prune : prunes) {
    if (const auto at = take(prune.at)) facts.evidence.last_prune = at;
  }
  return facts;
}

Result<PruneFacts> PruneFacts::read(index::Connection& connection) {
  PruneFacts facts;
  for (const index::PinRow& pin : TRY(index::pins(connection))) facts.pins_[{pin.type, pin.id}].insert(pin.version);
  auto doubtful = TRY(index::doubtful_runs(connection));
  facts.bad_ = std::move(doubtful.bad);
  facts.open_ = std::move(doubtful.open);
  std::map<std::string, std::uint64_t> items;
  const auto queries = TRY(index::ItemQueries::open(connection));
  for (const index::TypeCount& count : TRY(queries->counts())) items[count.type] = count.present + count.gone;
  for (const index::RunChanges& run : TRY(index::changes_by_run(connection))) {
    if (run.changed >= kUnusualChanges &&
        static_cast<double>(run.changed) > kUnusualShare * static_cast<double>(items[run.type]))
      facts.bad_.emplace(run.run, run.type);
  }
  return facts;
}

bool PruneFacts::is_suspicious(const std::string& type, const std::string& run) const {
  if (bad_.count({run, type}) != 0) return true;
  const auto open = open_.find(run);
  return open != open_.end() && open->second.count(type) == 0;
}

std::vector<VersionFacts> PruneFacts::of(const std::string& type, std::span<const index::ScannedVersion> item) const {
  const auto pins = pins_.find({type, item.front().id});
  std::vector<VersionFacts> facts;
  facts.reserve(item.size());
  for (const index::ScannedVersion& one : item) {
    const index::VersionRow& row = one.version;
    facts.push_back({row.version, from_ms(row.at), row.gone,
                     pins != pins_.end() && pins->second.count(row.version) != 0, is_suspicious(type, row.run)});
  }
  return facts;
}

}  // namespace backstock::vault
