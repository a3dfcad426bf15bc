#include "vault/compact.h"

#include <algorithm>
#include <map>

#include "index/item_queries.h"
#include "index/type_use.h"
#include "vault/dictionary_choice.h"
#include "vault/rebuild.h"
#include "vault/retire.h"
#include "vault/type_rewriter.h"

namespace backstock::vault {
namespace {

constexpr ByteCount kCache = 64_MiB;         // of unpacked frames
constexpr ByteCount kLeastRaw = 64_KiB;      // of a type outside compacted packs: less is not worth a pack of its own
constexpr ByteCount kSmallType = 8_MiB;      // of lines: written along with others, so that its rows hold no old pack
constexpr ByteCount kTidiedIndex = 256_MiB;  // a larger one would keep writers waiting for seconds
// What a type is taken to need on disk at most while it is written again; text packs far better than that.
constexpr ByteCount kPackedShare = 3;

// A type as it stands in the packs.
struct TypeState {
  std::string type;
  ByteCount raw = 0;
  ByteCount loose = 0;           // of it, in packs that were appended to
  std::uint32_t dictionary = 0;  // of its newest compacted pack
};

bool pays(const TypeState& state, const CompactOptions& how) {
  return state.loose >= kLeastRaw &&
         static_cast<double>(state.loose) > how.loose_share * static_cast<double>(state.raw);
}

class Compaction {
 public:
  Compaction(const Options& options, const CompactOptions& how, const OnCompactProgress& progress, std::stop_token stop)
      : options_(options), how_(how), progress_(progress), stop_(std::move(stop)), cache_(options_, kCache) {}

  Result<bool> find_work() {
    connection_ = TRY(open_index(options_));
    for (const index::TypeUse& use : TRY(index::type_use(*connection_))) {
      if (states_.empty() || states_.back().type != use.type) states_.push_back({use.type});
      TypeState& state = states_.back();
      state.raw += use.bytes;
      const auto pack = cache_.packs().get(use.pack);
      if (pack && (*pack)->header().compacted) {
        const auto first = (*pack)->first_frame();
        if (first && *first) state.dictionary = (*first)->dictionary;
      } else {
        state.loose += use.bytes;
      }
    }
    const bool any =
        std::any_of(states_.begin(), states_.end(), [&](const TypeState& state) { return pays(state, how_); });
    std::erase_if(states_, [&](const TypeState& state) {
      return !any || state.loose == 0 || (!pays(state, how_) && state.raw > kSmallType);
    });
    for (const TypeState& state : states_) total_ += state.raw;
    // Or one that was stopped has left packs that it had emptied.
    return !states_.empty() || TRY(has_empty_packs(*connection_, cache_));
  }

  Result<Compacted> run() {
    Compacted done;
    done.before = TRY(folder_size());
    const bool work = TRY(find_work());
    rows_ = TRY(index::ItemWriter::open(*connection_));
    std::uint64_t next_number = TRY(first_free_number());
    TypeRewriter rewriter(options_, how_, *connection_, *rows_, cache_, next_number,
                          [&](ByteCount lines) { return written(lines); });
    for (const TypeState& state : states_) {
      doing_ = state.type;
      TRY(check_space(state));
      auto dictionary =
          TRY(choose_dictionary(how_, *connection_, cache_, state.type, state.raw, state.dictionary, next_number));
      done.types.push_back(
          TRY(rewriter.rewrite(state.type, std::move(dictionary), done.findings).context("compacting " + state.type)));
    }
    if (work) {
      doing_ = {};
      tell();
      Retired retired =
          TRY(retire_packs(options_, *connection_, *rows_, cache_, next_number, stop_).context("removing old packs"));
      done.removed = std::move(retired.packs);
      std::move(retired.findings.begin(), retired.findings.end(), std::back_inserter(done.findings));
      tidy_index();
    }
    done.after = TRY(folder_size());
    return done;
  }

 private:
  Result<ByteCount> folder_size() {
    ByteCount size = 0;
    for (const sys::Entry& entry : TRY(options_.fs->list(options_.packs()))) size += entry.size;
    return size;
  }

  // Rows that came in the order of runs leave pages half full. Not worth a failure: the file is only larger without it.
  void tidy_index() {
    const auto size =
        connection_->query_integer("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
    if (!size || static_cast<ByteCount>(*size) > kTidiedIndex) return;
    [[maybe_unused]] const auto tidied = connection_->execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
  }

  Result<std::uint64_t> first_free_number() {
    std::uint64_t number = 1;
    // The name of a missing pack is never given away: rows point at it.
    const auto items = TRY(index::ItemQueries::open(*connection_));
    for (const index::PackRow& row : TRY(items->packs())) number = std::max(number, row.pack + 1);
    for (const sys::Entry& entry : TRY(options_.fs->list(options_.packs()))) {
      if (const auto taken = pack::parse_pack_name(entry.name)) number = std::max(number, *taken + 1);
      // A dictionary's number comes from the same counter: so it is never used again either, even when it is gone.
      if (const auto taken = pack::parse_dictionary_name(entry.name))
        number = std::max<std::uint64_t>(number, *taken - pack::kFirstDictionary + 1);
    }
    return number;
  }

  Result<> check_space(const TypeState& state) {
    const ByteCount free = TRY(options_.fs->free_space(options_.packs()));
    const ByteCount needed = state.raw / kPackedShare + how_.reserve;
    if (free >= needed) return {};
    return make_error(ErrorKind::no_space,
                      "compacting " + state.type + " may need " + std::to_string(needed / 1_MiB) +
                          " MiB of the disk for a while, " + std::to_string(free / 1_MiB) + " MiB are free",
                      "free some space; nothing was changed, and backups go on");
  }

  Result<> written(ByteCount lines) {
    done_ += lines;
    tell();
    if (how_.rest) how_.rest();
    if (stop_.stop_requested())
      return make_error(ErrorKind::cancelled, "compaction was stopped",
                        "what was finished stays; it goes on next time");
    return {};
  }

  void tell() {
    // Versions may come in meanwhile.
    if (progress_) progress_({doing_, std::min(done_, total_), total_});
  }

  const Options options_;
  const CompactOptions& how_;
  const OnCompactProgress& progress_;
  std::stop_token stop_;
  FrameCache cache_;
  std::unique_ptr<index::Connection> connection_;
  std::unique_ptr<index::ItemWriter> rows_;
  std::vector<TypeState> states_;
  std::string doing_;
  std::uint64_t done_ = 0;
  std::uint64_t total_ = 0;
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
