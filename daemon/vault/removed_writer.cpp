#include "vault/removed_writer.h"

#include <algorithm>
#include <set>

#include "index/pin_rows.h"
#include "pack/pack_reader.h"
#include "vault/new_pack.h"
#include "vault/removed_packs.h"

namespace backstock::vault {
namespace {

constexpr std::size_t kFrame = 256_KiB;        // of lines: nobody reads single ones, and large ones pack better
constexpr std::size_t kRowsPerPack = 200'000;  // kept in memory until the pack is in its place
constexpr std::size_t kRowsPerCommit = 2'000;  // so that no append waits long

}  // namespace

Result<> RemovedWriter::add(const std::string& type, const std::string& id, std::int64_t item_key,
                            std::uint32_t version, std::string_view line) {
  if (!raw_.empty() && raw_.size() + line.size() >= kFrame) TRY(write_frame());
  const bool full = pack_ != nullptr && pack_->end() >= options_.pack_size;
  if (full || going_.size() >= kRowsPerPack) TRY(finish());
  type_ = type;
  going_.push_back({id, item_key, version, static_cast<std::uint32_t>(line.size())});
  raw_ += line;
  raw_ += '\n';
  ++lines_;
  return {};
}

Result<> RemovedWriter::open_pack() {
  if (pack_ != nullptr) return {};
  TRY(options_.fs->make_folder(options_.removed()));
  // Numbers of its own: nothing points at them, so that one may come back when its pack is gone.
  std::uint64_t number = 1;
  for (const RemovedPack& pack : TRY(list_removed_packs(options_))) number = std::max(number, pack.number + 1);
  pack::PackHeader header = new_header(options_);
  header.compacted = true;
  header.replaces = copies_in_;
  pack_ = TRY(with_free_number(number, header, [&] {
    return pack::PackWriter::create_beside(*options_.fs, options_.removed(), header, {how_.level});
  }));
  return {};
}

Result<> RemovedWriter::write_frame() {
  if (raw_.empty()) return {};
  TRY(open_pack());
  pack::FrameHeader header;
  header.kind = pack::FrameKind::versions;
  header.content_type = type_;
  header.lines = lines_;
  frames_.push_back(TRY(pack_->append(header, raw_)));
  const ByteCount lines = raw_.size();
  raw_.clear();
  if (raw_.capacity() > 4 * kFrame) raw_.shrink_to_fit();
  lines_ = 0;
  return tell_(lines);
}

Result<> RemovedWriter::finish() {
  TRY(write_frame());
  if (pack_ == nullptr) return {};
  TRY(pack_->seal());
  const auto reader = TRY(pack::PackReader::open(*options_.fs, options_.removed(), pack_->number()));
  for (const pack::FramePlace& place : frames_)
    TRY(reader->read_stored(place).context("reading back a pack of removed versions"));
  TRY(remove_rows());
  pack_.reset();
  frames_.clear();
  going_.clear();
  return {};
}

// A pin that was set since the versions were chosen is seen here: it was committed before, or waits for this commit and
// finds its version gone. With it stays what follows in its item: a tombstone may have been needless without it.
Result<> RemovedWriter::remove_rows() {
  std::size_t at = 0;
  while (at < going_.size()) {
    index::Transaction transaction = TRY(index::Transaction::begin(connection_));
    std::set<std::pair<std::string, std::uint32_t>> pinned;
    for (index::PinRow& pin : TRY(index::pins(connection_, type_))) pinned.emplace(std::move(pin.id), pin.version);
    std::uint64_t versions = 0;
    ByteCount bytes = 0;
    for (std::size_t taken = 0; at < going_.size() && taken < kRowsPerCommit; ++at, ++taken) {
      const Going& one = going_[at];
      if (pinned.count({one.id, one.version}) != 0) held_item_ = one.item_key;
      if (held_item_ == one.item_key) continue;
      TRY(rows_.remove_version(one.item_key, one.version));
      ++versions;
      bytes += one.size;
    }
    if (at == going_.size()) TRY(rows_.settle_counts());
    TRY(transaction.commit());
    versions_ += versions;
    bytes_ += bytes;
  }
  return {};
}

}  // namespace backstock::vault
