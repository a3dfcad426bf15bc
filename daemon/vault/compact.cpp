#include "vault/compact.h"

#include <algorithm>

#include "vault/dictionary_choice.h"
#include "vault/rebuild.h"
#include "vault/retire.h"
#include "vault/rewriting.h"
#include "vault/type_rewriter.h"

namespace backstock::vault {
namespace {

constexpr ByteCount kLeastRaw = 64_KiB;  // of a type outside compacted packs: less is not worth a pack of its own
constexpr ByteCount kSmallType = 8_MiB;  // of lines: written along with others, so that its rows hold no old pack

bool pays(const TypeState& state, const CompactOptions& how) {
  return state.loose >= kLeastRaw &&
         static_cast<double>(state.loose) > how.loose_share * static_cast<double>(state.raw);
}

class Compaction {
 public:
  Compaction(const Options& options, const CompactOptions& how, const OnCompactProgress& progress, std::stop_token stop)
      : options_(options),
        how_(how),
        meter_("compaction", how, progress, std::move(stop)),
        cache_(options_, kRewriteCache) {}

  Result<bool> find_work() {
    connection_ = TRY(open_index(options_));
    states_ = TRY(read_type_states(*connection_, cache_));
    const bool any =
        std::any_of(states_.begin(), states_.end(), [&](const TypeState& state) { return pays(state, how_); });
    std::erase_if(states_, [&](const TypeState& state) {
      return !any || state.loose == 0 || (!pays(state, how_) && state.raw > kSmallType);
    });
    ByteCount total = 0;
    for (const TypeState& state : states_) total += state.raw;
    meter_.set_total(total);
    // Or one that was stopped has left packs that it had emptied.
    return !states_.empty() || TRY(has_empty_packs(*connection_, cache_));
  }

  Result<Compacted> run() {
    Compacted done;
    done.before = TRY(folder_size(*options_.fs, options_.packs()));
    const bool work = TRY(find_work());
    rows_ = TRY(index::ItemWriter::open(*connection_));
    std::uint64_t next_number = TRY(first_free_number(options_, *connection_));
    TypeRewriter rewriter(options_, how_, *connection_, *rows_, cache_, next_number,
                          [&](ByteCount lines) { return meter_.written(lines); });
    for (const TypeState& state : states_) {
      meter_.begin(state.type);
      TRY(check_space(options_, "compacting " + state.type, state.raw, how_.reserve));
      auto dictionary =
          TRY(choose_dictionary(how_, *connection_, cache_, state.type, state.raw, state.dictionary, next_number));
      done.types.push_back(
          TRY(rewriter.rewrite(state.type, std::move(dictionary), done.findings).context("compacting " + state.type)));
    }
    if (work) {
      meter_.begin({});
      Retired retired =
          TRY(retire_packs(options_, *connection_, *rows_, cache_, next_number, meter_).context("removing old packs"));
      done.removed = std::move(retired.packs);
      std::move(retired.findings.begin(), retired.findings.end(), std::back_inserter(done.findings));
      tidy_index(*connection_);
    }
    done.after = TRY(folder_size(*options_.fs, options_.packs()));
    return done;
  }

 private:
  const Options options_;
  const CompactOptions& how_;
  WorkMeter meter_;
  FrameCache cache_;
  std::unique_ptr<index::Connection> connection_;
  std::unique_ptr<index::ItemWriter> rows_;
  std::vector<TypeState> states_;
};

}  // namespace

Result<Compacted> compact(const Options& options, const CompactOptions& how, const OnCompactProgress& progress,
                          std::stop_token stop) {
  return Compaction(options, how, progress, std::move(stop)).run();
}

Result<bool> would_compact(const Options& options, const CompactOptions& how) {
  return Compaction(options, how, {}, {}).find_work();
}

}  // namespace backstock::vault
