#include "vault/prune.h"

#include <algorithm>
#include <numeric>

#include "index/prune_rows.h"
#include "vault/dictionary_choice.h"
#include "vault/rebuild.h"
#include "vault/record_pack.h"
#include "vault/retire.h"
#include "vault/rewriting.h"
#include "vault/type_rewriter.h"

namespace backstock::vault {
namespace {

constexpr std::size_t kMostPacks = 8000;  // more do not fit into the header of a pack in `removed/`

bool is_worth_it(const PlannedType& type, bool thorough) {
  if (type.going == 0) return false;
  return thorough || type.going_bytes >= kWorthBytes ||
         static_cast<double>(type.going_bytes) >= kWorthShare * static_cast<double>(type.bytes);
}

class Pruning {
 public:
  Pruning(const Options& options, const RetentionPolicy& policy, const PruneOptions& how,
          const OnCompactProgress& progress, std::stop_token stop)
      : options_(options),
        policy_(policy),
        how_(how),
        meter_("pruning", how.packing, progress, std::move(stop)),
        cache_(options_, kRewriteCache) {}

  Result<Pruned> run() {
    done_.before = TRY(size());
    connection_ = TRY(open_index(options_));
    plan_ = TRY(plan_prune_in(*connection_, options_, policy_, how_.force_clock, {}));
    rows_ = TRY(index::ItemWriter::open(*connection_));
    next_number_ = TRY(first_free_number(options_, *connection_));
    choose_packs();
    if (!emptied_.empty()) TRY(write_again());
    TRY(keep_record());
    // Or one that was stopped has left packs that it had emptied.
    if (!emptied_.empty() || TRY(has_empty_packs(*connection_, cache_))) TRY(remove_packs());
    TRY(delete_for_good());
    done_.after = TRY(size());
    return std::move(done_);
  }

 private:
  Result<ByteCount> size() {
    return TRY(folder_size(*options_.fs, options_.packs())) + TRY(folder_size(*options_.fs, options_.removed()));
  }

  // Those that hold what goes; and those that keep packs in `removed/` from being deleted.
  void choose_packs() {
    for (const PlannedDeletion& removed : plan_.removed)
      emptied_.insert(removed.waits_for.begin(), removed.waits_for.end());
    for (const PlannedType& type : plan_.types) {
      if (!is_worth_it(type, how_.thorough)) continue;
      for (const auto& [pack, bytes] : type.going_from) {
        emptied_.insert(pack);
        going_from_[type.type].insert(pack);
      }
    }
  }

  // All versions leave these packs: some for `removed/`, the others for new packs.
  Result<> write_again() {
    facts_ = TRY(PruneFacts::read(*connection_));
    std::map<std::string, ByteCount> raw;
    std::vector<TypeState> states = TRY(read_type_states(*connection_, cache_));
    for (const TypeState& state : states) {
      for (const auto& [pack, bytes] : state.packs) {
        if (emptied_.count(pack) != 0) raw[state.type] += bytes;
      }
    }
    meter_.set_total(std::accumulate(raw.begin(), raw.end(), ByteCount{0},
                                     [](ByteCount sum, const auto& one) { return sum + one.second; }));
    for (const TypeState& state : states) {
      if (raw.count(state.type) != 0) TRY(write_type(state, raw[state.type]).context("pruning " + state.type));
    }
    return {};
  }

  Result<> write_type(const TypeState& state, ByteCount raw) {
    const std::string& type = state.type;
    meter_.begin(type);
    TRY(check_space(options_, "pruning " + type, raw, how_.packing.reserve));
    const auto tell = [&](ByteCount lines) { return meter_.written(lines); };
    const std::set<std::uint64_t>& from = going_from_[type];
    auto copies_in = TRY(packs_that_may_hold(type));
    const RetentionRules& rules = policy_.of(type);
    const TypeRewriter::Decide decide = [&](std::span<const index::ScannedVersion> item,
                                            std::span<Fate> fates) -> Result<> {
      const auto verdicts = apply_retention(facts_.of(type, item), rules, policy_.offset_at, plan_.now);
      for (std::size_t i = 0; i < item.size(); ++i) {
        const std::uint64_t pack = item[i].version.frame.pack;
        if (emptied_.count(pack) == 0)
          fates[i] = Fate::stay;
        else if (!verdicts[i].keep && from.count(pack) != 0)
          fates[i] = Fate::remove;
      }
      return {};
    };
    RemovedWriter removed(options_, how_.packing, *connection_, *rows_, std::move(copies_in), tell);
    TypeRewriter rewriter(options_, how_.packing, *connection_, *rows_, cache_, next_number_, tell);
    auto dictionary = TRY(dictionary_for(state));
    const auto written = rewriter.rewrite(type, std::move(dictionary), done_.findings, &decide, &removed);
    // What is finished stays so, whatever came then.
    if (removed.versions() > 0) done_.types.push_back({type, removed.versions(), removed.bytes()});
    if (!written) return written.error();
    return {};
  }

  // A line may stand in a pack that its row has left, too, until that pack is removed: any that was appended to, and
  // all of this type.
  Result<std::vector<std::uint64_t>> packs_that_may_hold(const std::string& type) {
    std::vector<std::uint64_t> packs;
    for (const sys::Entry& entry : TRY(options_.fs->list(options_.packs()))) {
      const auto number = pack::parse_pack_name(entry.name);
      if (!number || entry.size == 0) continue;
      const auto reader = cache_.packs().get(*number);
      if (reader && !(*reader)->header_damaged() && (*reader)->header().compacted) {
        const auto first = (*reader)->first_frame();
        if (first && (!*first || (*first)->content_type != type)) continue;
      }
      packs.push_back(*number);
    }
    if (packs.size() <= kMostPacks) return packs;
    return make_error(ErrorKind::failed, "there are " + std::to_string(packs.size()) + " packs, too many to prune",
                      "run `backstock compact` first: it leaves few");
  }

  // The one in use: most of the type is packed with it already.
  Result<std::shared_ptr<const pack::Dictionary>> dictionary_for(const TypeState& state) {
    if (state.dictionary != 0) {
      if (auto known = cache_.packs().dictionaries()->get(state.dictionary)) return known;
    }
    return choose_dictionary(how_.packing, *connection_, cache_, state.type, state.raw, state.dictionary, next_number_);
  }

  bool any_deletion() const {
    return std::any_of(plan_.removed.begin(), plan_.removed.end(),
                       [&](const PlannedDeletion& one) { return plan_.is_due(one); });
  }

  // Before packs go, so that their records and this one come into one pack.
  Result<> keep_record() {
    if (done_.versions() == 0 && !any_deletion() && !how_.force_clock) return {};
    Json types = Json::object();
    for (const PrunedType& type : done_.types)
      types[type.type] = Json{{"versions", type.versions}, {"bytes", type.bytes}};
    return write_record(options_, Json{{"control", "prune"},
                                       {"at", to_ms(options_.clock->now())},
                                       {"forced", how_.force_clock},
                                       {"ahead", how_.force_clock ? plan_.ahead : 0},
                                       {"types", std::move(types)}});
  }

  Result<> remove_packs() {
    meter_.begin({});
    Retired retired =
        TRY(retire_packs(options_, *connection_, *rows_, cache_, next_number_, meter_).context("removing old packs"));
    done_.removed_packs = std::move(retired.packs);
    std::move(retired.findings.begin(), retired.findings.end(), std::back_inserter(done_.findings));
    tidy_index(*connection_);
    return {};
  }

  Result<> delete_for_good() {
    for (const PlannedDeletion& deletion : TRY(plan_deletions(*connection_, options_, policy_.grace, plan_.now))) {
      const std::string name = "removed/" + pack::pack_name(deletion.pack.number);
      if (deletion.pack.trouble) done_.findings.push_back(name + " is kept: " + *deletion.pack.trouble);
      if (!plan_.is_due(deletion)) continue;
      if (!deletion.waits_for.empty()) {
        done_.findings.push_back(name + " is kept beyond its grace: pack " +
                                 pack::pack_name(deletion.waits_for.front()) +
                                 ", which holds some of its versions, could not be removed");
        continue;
      }
      TRY(meter_.check_stop());
      TRY(options_.fs->remove(sys::join(options_.removed(), pack::pack_name(deletion.pack.number))));
      done_.deleted_packs.push_back(deletion.pack.number);
    }
    return done_.deleted_packs.empty() ? Result<>() : options_.fs->sync_folder(options_.removed());
  }

  const Options options_;
  const RetentionPolicy& policy_;
  const PruneOptions& how_;
  WorkMeter meter_;
  FrameCache cache_;
  std::unique_ptr<index::Connection> connection_;
  std::unique_ptr<index::ItemWriter> rows_;
  std::uint64_t next_number_ = 1;
  PrunePlan plan_;
  PruneFacts facts_;
  std::set<std::uint64_t> emptied_;  // packs that are to go
  std::map<std::string, std::set<std::uint64_t>> going_from_;
  Pruned done_;
};

}  // namespace

std::uint64_t Pruned::versions() const {
  return std::accumulate(types.begin(), types.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const PrunedType& type) { return sum + type.versions; });
}

Result<Pruned> prune(const Options& options, const RetentionPolicy& policy, const PruneOptions& how,
                     const OnCompactProgress& progress, std::stop_token stop) {
  if (policy.keeps_everything()) return Pruned{};
  return Pruning(options, policy, how, progress, std::move(stop)).run();
}

Result<bool> may_prune_unasked(const Options& options, const RetentionPolicy& policy) {
  if (policy.keeps_everything()) return false;
  const auto connection = TRY(open_index(options));
  const TimePoint now = options.clock->now();
  for (const index::PruneRow& row : TRY(index::prunes(*connection))) {
    const std::chrono::milliseconds pause = row.undo ? policy.grace : std::chrono::days(1);
    if (from_ms(row.at) <= now && now - from_ms(row.at) < pause) return false;
  }
  return true;
}

}  // namespace backstock::vault
