#include "vault/retire.h"

#include <algorithm>
#include <map>

#include "index/item_queries.h"
#include "vault/new_pack.h"
#include "vault/pack_chain.h"
#include "vault/pack_to_index.h"
#include "vault/record_pack.h"
#include "vault/removed_packs.h"

namespace backstock::vault {
namespace {

constexpr std::uint64_t kLargeRecords = 4_MiB;

struct EmptyPacks {
  std::set<std::uint64_t> numbers;
  std::map<std::uint64_t, index::PackRow> known;      // all packs of the index
  std::map<std::uint64_t, pack::PackHeader> headers;  // of those that can be read
};

// What a torn tail is told from damage by: a pack that tells where an unsealed one which stays had ended.
bool is_needed_witness(const EmptyPacks& packs, const std::set<std::uint64_t>& going, const pack::PackHeader& header) {
  if (!header.predecessor || going.count(header.predecessor->number) != 0) return false;
  const auto told = packs.known.find(header.predecessor->number);
  return told != packs.known.end() && !told->second.sealed;
}

// Packs of ours that no row points into, but for the one that is being appended to.
Result<EmptyPacks> find_empty_packs(index::ItemQueries& items, FrameCache& cache) {
  EmptyPacks packs;
  // In this order: a pack that is sealed by now has all its rows.
  for (index::PackRow& row : TRY(items.packs())) packs.known.emplace(row.pack, std::move(row));
  std::set<std::uint64_t> used;
  for (const index::PackUse& use : TRY(items.pack_use())) {
    if (use.versions > 0) used.insert(use.pack);
  }
  std::optional<std::uint64_t> appended_to;
  std::set<std::uint64_t> records_only;
  for (const auto& [number, row] : packs.known) {
    const auto reader = cache.packs().get(number);
    if (!reader || (*reader)->header_damaged()) continue;  // left to verify and repair
    packs.headers.emplace(number, (*reader)->header());
    const bool compacted = (*reader)->header().compacted;
    if (!compacted) appended_to = row.sealed ? std::nullopt : std::optional(number);
    if (used.count(number) != 0) continue;
    const auto first = (*reader)->first_frame();
    const bool records = compacted && first && (!*first || (*first)->kind == pack::FrameKind::control);
    if (!records) {
      packs.numbers.insert(number);
    } else if (row.known_end < kLargeRecords) {
      records_only.insert(number);
    }
  }
  if (appended_to) packs.numbers.erase(*appended_to);
  // Upwards, as one that stays may be what keeps the next.
  for (const auto& [number, header] : packs.headers) {
    if (is_needed_witness(packs, packs.numbers, header)) packs.numbers.erase(number);
  }
  // Their records go into the new pack of records, if there is to be one. A large one is left as it is, or the history
  // of all runs would be written again every night.
  if (!packs.numbers.empty()) packs.numbers.insert(records_only.begin(), records_only.end());
  return packs;
}

class Retirement {
 public:
  Retirement(const Options& options, index::Connection& connection, index::ItemWriter& rows, FrameCache& cache,
             std::uint64_t& next_number, const WorkMeter& meter)
      : options_(options),
        connection_(connection),
        rows_(rows),
        cache_(cache),
        next_number_(next_number),
        meter_(meter) {}

  Result<Retired> run() {
    items_ = TRY(index::ItemQueries::open(connection_));
    packs_ = TRY(find_empty_packs(*items_, cache_));
    chain_ = TRY(PackChain::read(options_));
    for (const std::uint64_t number : packs_.numbers) {
      TRY(meter_.check_stop());
      const std::set<std::uint64_t> going(retired_.packs.begin(), retired_.packs.end());
      if (is_needed_witness(packs_, going, packs_.headers.at(number))) continue;
      if (TRY(is_found_elsewhere(number))) retired_.packs.push_back(number);
    }
    if (!retired_.packs.empty()) {
      TRY(keep_control_records());
      TRY(forget_and_remove());
    }
    TRY(remove_dictionaries());
    return std::move(retired_);
  }

 private:
  // Reads the whole pack. Every version in it must stand in a pack that stays, line by line; its control records are
  // collected on the way.
  Result<bool> is_found_elsewhere(std::uint64_t number) {
    const std::string name = "pack " + pack::pack_name(number);
    const auto stays = [&](const std::string& why) {
      retired_.findings.push_back(name + " holds nothing that the index knows and is kept: " + why);
      return false;
    };
    const auto reader =
        TRY(pack::PackReader::open(*options_.fs, options_.packs(), number, cache_.packs().dictionaries()));
    pack::PackWalk walk(*reader, reader->header_size());
    std::string control;
    bool torn = false;
    while (true) {
      TRY(meter_.check_stop());
      const auto next = walk.next();
      if (!next) return stays(next.error().message);
      const auto& step = *next;
      if (!step) break;
      if (step->damage && chain_.is_torn_tail(*step->damage, packs_.known.at(number).known_end)) {
        torn = true;  // nobody was ever told of these bytes
        continue;
      }
      if (step->damage) return stays(step->damage->what);
      if (step->frame->header.kind == pack::FrameKind::control) {
        control += step->frame->raw;
        continue;
      }
      std::string why;
      for_each_line(step->frame->raw, [&](std::string_view line, std::size_t) {
        if (why.empty()) why = missing_elsewhere(line);
      });
      if (!why.empty()) return stays(why);
    }
    if (!torn && !walk.sealed() && walk.end() != TRY(reader->file_size()))
      return stays("bytes at its end cannot be read");
    control_ += control;
    return true;
  }

  // Empty when the line was found; else why not.
  std::string missing_elsewhere(std::string_view line) {
    const auto version = parse_version_line(line);
    if (!version) return version.error().message;
    const VersionMeta& meta = version->meta;
    const std::string subject = meta.type + " " + meta.id + " version " + std::to_string(meta.version);
    const auto row = items_->find_version(meta.type, meta.id, meta.version);
    if (!row) return row.error().message;
    if (!*row) return why_not_removed(subject, line);
    if (packs_.numbers.count((*row)->frame.pack) != 0) return subject + " stands in no other pack";
    const auto other = cache_.line(meta.type, meta.id, **row);
    if (!other) return other.error().message;
    return *other == line ? std::string() : subject + " is another line elsewhere";
  }

  // Of a line that the index does not know.
  std::string why_not_removed(const std::string& subject, std::string_view line) {
    if (!removed_) {
      auto lines = RemovedLines::read(options_, meter_.stop());
      if (!lines) return lines.error().message;
      removed_ = std::move(*lines);
    }
    return removed_->contains(line) ? std::string() : subject + " is neither in the index nor among removed versions";
  }

  // Before anything is removed: in a pack of their own, whose header says which packs may be gone.
  Result<> keep_control_records() {
    records_ = TRY(write_record_pack(options_, next_number_, control_, gone_for_good()));
    return {};
  }

  // Those of this time, and those of former times that some pack which stays still names as the one before it.
  std::vector<std::uint64_t> gone_for_good() const {
    std::set<std::uint64_t> gone(retired_.packs.begin(), retired_.packs.end());
    std::set<std::uint64_t> named;
    std::set<std::uint64_t> former;
    for (const auto& [number, header] : packs_.headers) {
      former.insert(header.replaces.begin(), header.replaces.end());
      if (header.predecessor && gone.count(number) == 0) named.insert(header.predecessor->number);
    }
    // The next pack that is begun may name the newest of them.
    if (!former.empty()) gone.insert(*former.rbegin());
    for (const std::uint64_t number : former) {
      if (named.count(number) != 0) gone.insert(number);
    }
    return {gone.begin(), gone.end()};
  }

  Result<> forget_and_remove() {
    index::Transaction transaction = TRY(index::Transaction::begin(connection_));
    TRY(rows_.set_pack(records_));
    for (const std::uint64_t number : retired_.packs) TRY(rows_.drop_pack(number));
    TRY(transaction.commit());
    for (const std::uint64_t number : retired_.packs) {
      cache_.packs().forget(number);
      TRY(options_.fs->remove(sys::join(options_.packs(), pack::pack_name(number))));
    }
    return options_.fs->sync_folder(options_.packs());
  }

  // A compacted pack has one dictionary for all its frames. With a pack that cannot be read, nothing is removed.
  Result<> remove_dictionaries() {
    std::set<std::uint32_t> needed;
    std::set<std::pair<std::uint32_t, std::string>> there;
    for (const sys::Entry& entry : TRY(options_.fs->list(options_.packs()))) {
      if (const auto number = pack::parse_dictionary_name(entry.name)) there.emplace(*number, entry.name);
      const auto pack = pack::parse_pack_name(entry.name);
      if (!pack || entry.size == 0) continue;
      if (chain_.is_never_begun(options_, *pack, entry.size)) continue;
      const auto dictionary = dictionary_of(*pack);
      if (!dictionary) return {};
      needed.insert(*dictionary);
    }
    for (const auto& [number, name] : there) {
      if (needed.count(number) == 0) TRY(options_.fs->remove(sys::join(options_.packs(), name)));
    }
    return {};
  }

  Result<std::uint32_t> dictionary_of(std::uint64_t number) {
    const auto reader = TRY(pack::PackReader::open(*options_.fs, options_.packs(), number));
    if (reader->header_damaged()) return make_error(ErrorKind::corrupt, "its header is damaged");
    if (!reader->header().compacted) return std::uint32_t{0};
    const auto first = TRY(reader->first_frame());
    return first ? first->dictionary : std::uint32_t{0};
  }

  const Options& options_;
  index::Connection& connection_;
  index::ItemWriter& rows_;
  FrameCache& cache_;
  std::uint64_t& next_number_;
  const WorkMeter& meter_;
  std::optional<RemovedLines> removed_;  // when first needed
  std::unique_ptr<index::ItemQueries> items_;
  EmptyPacks packs_;
  PackChain chain_;
  std::string control_;
  index::PackRow records_;
  Retired retired_;
};

}  // namespace

Result<bool> has_empty_packs(index::Connection& connection, FrameCache& cache) {
  const auto items = TRY(index::ItemQueries::open(connection));
  return !TRY(find_empty_packs(*items, cache)).numbers.empty();
}

Result<Retired> retire_packs(const Options& options, index::Connection& connection, index::ItemWriter& rows,
                             FrameCache& cache, std::uint64_t& next_number, const WorkMeter& meter) {
  return Retirement(options, connection, rows, cache, next_number, meter).run();
}

}  // namespace backstock::vault
