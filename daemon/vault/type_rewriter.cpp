#include "vault/type_rewriter.h"

#include "vault/new_pack.h"

namespace backstock::vault {
namespace {

constexpr std::size_t kRowsAtOnce = 20'000;      // of the index, so that no read transaction is long
constexpr std::size_t kMovesPerPack = 500'000;   // kept in memory until the pack is in its place
constexpr std::size_t kMovesPerCommit = 20'000;  // so that an append waits for some ten ms at most
// An item with many versions has frames that are this much larger: in each the first version stands alone.
constexpr std::size_t kLongHistory = 4;

}  // namespace

Result<CompactedType> TypeRewriter::rewrite(const std::string& type, std::shared_ptr<const pack::Dictionary> dictionary,
                                            std::vector<std::string>& findings, const Decide* decide,
                                            RemovedWriter* removed) {
  dictionary_ = std::move(dictionary);
  decide_ = decide;
  removed_ = removed;
  result_ = {type, 0, 0, 0, dictionary_ == nullptr ? 0 : dictionary_->number()};
  after_id_.clear();
  while (TRY(next_rows(type))) {
    TRY(decide_fates());
    TRY(tell_(0));  // where nothing is written for long, too
    for (std::size_t nth = 0; nth < scanned_.size(); ++nth) TRY(take_version(type, nth, findings));
  }
  TRY(write_frame(type));
  TRY(finish_pack());
  if (removed_ != nullptr) TRY(removed_->finish());
  return std::move(result_);
}

// Whole items, and the scan is closed again before anything is written.
Result<bool> TypeRewriter::next_rows(const std::string& type) {
  scanned_.clear();
  auto scan = TRY(index::VersionScan::open(connection_, type, after_id_));
  while (auto row = TRY(scan.next())) {
    if (scanned_.size() >= kRowsAtOnce && row->item_key != scanned_.back().item_key) break;
    scanned_.push_back(std::move(*row));
  }
  if (!scanned_.empty()) after_id_ = scanned_.back().id;
  return !scanned_.empty();
}

Result<> TypeRewriter::decide_fates() {
  fates_.assign(scanned_.size(), Fate::move);
  if (decide_ == nullptr) return {};
  for (std::size_t begin = 0; begin < scanned_.size();) {
    std::size_t end = begin + 1;
    while (end < scanned_.size() && scanned_[end].item_key == scanned_[begin].item_key) ++end;
    const auto item = std::span(scanned_).subspan(begin, end - begin);
    TRY((*decide_)(item, std::span(fates_).subspan(begin, end - begin)));
    begin = end;
  }
  return {};
}

Result<> TypeRewriter::take_version(const std::string& type, std::size_t nth, std::vector<std::string>& findings) {
  const index::ScannedVersion& row = scanned_[nth];
  if (fates_[nth] == Fate::stay) return {};
  const auto line = cache_.line(type, row.id, row.version);
  if (!line) {
    findings.push_back(type + " " + row.id + " version " + std::to_string(row.version.version) +
                       " stays in its pack, as it cannot be read: " + line.error().message);
    return {};
  }
  if (fates_[nth] == Fate::remove) return removed_->add(type, row.id, row.item_key, row.version.version, *line);
  const bool same_item = row.item_key == last_item_;
  const std::size_t limit = same_item ? how_.frame_size * kLongHistory : how_.frame_size;
  if (!raw_.empty() && raw_.size() + line->size() >= limit) TRY(write_frame(type));
  last_item_ = row.item_key;
  moves_.push_back({row.item_key, row.version.version, static_cast<std::uint32_t>(raw_.size())});
  raw_ += *line;
  raw_ += '\n';
  ++result_.versions;
  return {};
}

Result<> TypeRewriter::write_frame(const std::string& type) {
  if (raw_.empty()) return {};
  TRY(open_pack());
  pack::FrameHeader header;
  header.kind = pack::FrameKind::versions;
  header.content_type = type;
  header.lines = static_cast<std::uint32_t>(moves_.size());
  const pack::FramePlace place = TRY(pack_->append(header, raw_));
  const ByteCount lines = raw_.size();
  result_.raw += lines;
  moves_in_pack_ += moves_.size();
  frames_.push_back({place, std::move(moves_)});
  moves_.clear();
  raw_.clear();
  if (raw_.capacity() > 8 * how_.frame_size * kLongHistory) raw_.shrink_to_fit();
  if (pack_->end() >= options_.pack_size || moves_in_pack_ >= kMovesPerPack) TRY(finish_pack());
  return tell_(lines);
}

Result<> TypeRewriter::open_pack() {
  if (pack_ != nullptr) return {};
  pack::PackHeader header = new_header(options_);
  header.compacted = true;
  pack_ = TRY(with_free_number(next_number_, header, [&] {
    return pack::PackWriter::create_beside(*options_.fs, options_.packs(), header, {how_.level, dictionary_});
  }));
  return {};
}

// Whole, synced and in its place before a row points into it; read back, too, before that.
Result<> TypeRewriter::finish_pack() {
  if (pack_ == nullptr) return {};
  TRY(pack_->seal());
  TRY(check_pack());
  TRY(move_rows());
  result_.stored += pack_->end() + pack::kSealSize;
  pack_.reset();
  frames_.clear();
  moves_in_pack_ = 0;
  return {};
}

Result<> TypeRewriter::check_pack() {
  const pack::PackReader* reader = TRY(cache_.packs().get(pack_->number()));
  for (const NewFrame& frame : frames_) {
    TRY(reader->read_stored(frame.place).context("reading back a pack that was just written"));
  }
  return {};
}

Result<> TypeRewriter::move_rows() {
  const index::PackRow row{pack_->number(), std::string(view(pack_->header().identity)), pack_->end(), frames_.size(),
                           true};
  std::size_t at = 0;
  while (at < frames_.size()) {
    index::Transaction transaction = TRY(index::Transaction::begin(connection_));
    TRY(rows_.set_pack(row));
    for (std::size_t moved = 0; at < frames_.size() && moved < kMovesPerCommit; ++at) {
      const NewFrame& frame = frames_[at];
      const std::int64_t key = TRY(
          rows_.add_frame({frame.place.pack, frame.place.offset, frame.place.header_size, frame.place.stored_size}));
      for (const Move& move : frame.moves) TRY(rows_.move_version(move.item_key, move.version, key, move.at_byte));
      moved += frame.moves.size();
    }
    TRY(transaction.commit());
  }
  return {};
}

}  // namespace backstock::vault
