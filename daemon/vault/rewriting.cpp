#include "vault/rewriting.h"

#include <algorithm>

#include "index/item_queries.h"
#include "index/type_use.h"

namespace backstock::vault {
namespace {

constexpr ByteCount kTidiedIndex = 256_MiB;  // a larger one would keep writers waiting for seconds
// What lines are taken to need on disk at most while they are written again; text packs far better than that.
constexpr ByteCount kPackedShare = 3;

}  // namespace

Result<std::vector<TypeState>> read_type_states(index::Connection& connection, FrameCache& cache) {
  std::vector<TypeState> states;
  for (const index::TypeUse& use : TRY(index::type_use(connection))) {
    if (states.empty() || states.back().type != use.type) states.push_back({use.type, 0, 0, 0, {}});
    TypeState& state = states.back();
    state.raw += use.bytes;
    state.packs[use.pack] += use.bytes;
    const auto pack = cache.packs().get(use.pack);
    if (pack && (*pack)->header().compacted) {
      const auto first = (*pack)->first_frame();
      if (first && *first) state.dictionary = (*first)->dictionary;
    } else {
      state.loose += use.bytes;
    }
  }
  return states;
}

Result<std::uint64_t> first_free_number(const Options& options, index::Connection& connection) {
  std::uint64_t number = 1;
  // The name of a missing pack is never given away: rows point at it.
  const auto items = TRY(index::ItemQueries::open(connection));
  for (const index::PackRow& row : TRY(items->packs())) number = std::max(number, row.pack + 1);
  for (const sys::Entry& entry : TRY(options.fs->list(options.packs()))) {
    if (const auto taken = pack::parse_pack_name(entry.name)) number = std::max(number, *taken + 1);
    // A dictionary's number comes from the same counter: so it is never used again either, even when it is gone.
    if (const auto taken = pack::parse_dictionary_name(entry.name))
      number = std::max<std::uint64_t>(number, *taken - pack::kFirstDictionary + 1);
  }
  return number;
}

Result<ByteCount> folder_size(sys::Fs& fs, const sys::Path& folder) {
  ByteCount size = 0;
  const auto entries = fs.list(folder);
  if (!entries && entries.error().kind == ErrorKind::not_found) return size;
  if (!entries) return entries.error();
  for (const sys::Entry& entry : *entries) size += entry.size;
  return size;
}

Result<> check_space(const Options& options, const std::string& doing, ByteCount raw, ByteCount reserve) {
  const ByteCount free = TRY(options.fs->free_space(options.packs()));
  const ByteCount needed = raw / kPackedShare + reserve;
  if (free >= needed) return {};
  return make_error(ErrorKind::no_space,
                    doing + " may need " + std::to_string(needed / 1_MiB) + " MiB of the disk for a while, " +
                        std::to_string(free / 1_MiB) + " MiB are free",
                    "free some space; nothing was changed, and backups go on");
}

void tidy_index(index::Connection& connection) {
  const auto size = connection.query_integer("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
  if (!size || static_cast<ByteCount>(*size) > kTidiedIndex) return;
  [[maybe_unused]] const auto tidied = connection.execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
}

void WorkMeter::begin(std::string doing) {
  doing_ = std::move(doing);
  tell();
}

Result<> WorkMeter::written(ByteCount lines) {
  done_ += lines;
  tell();
  if (how_.rest) how_.rest();
  return check_stop();
}

Result<> WorkMeter::check_stop() const {
  if (!stop_.stop_requested()) return {};
  return make_error(ErrorKind::cancelled, subject_ + " was stopped", "what was finished stays; it goes on next time");
}

void WorkMeter::tell() const {
  // Versions may come in meanwhile.
  if (progress_) progress_({doing_, std::min(done_, total_), total_});
}

}  // namespace backstock::vault
