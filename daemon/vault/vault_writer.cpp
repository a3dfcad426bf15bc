#include "vault/vault_writer.h"

#include <algorithm>

#include "base/stop_point.h"
#include "index/migrate.h"
#include "index/run_rows.h"
#include "vault/disk_room.h"
#include "vault/new_pack.h"
#include "vault/pack_chain.h"
#include "vault/rebuild.h"
#include "vault/scratch.h"

namespace backstock::vault {
namespace {

constexpr ByteCount kPackedBeside = 512_KiB;  // of lines that may wait to be packed, beside whoever appends
constexpr ByteCount kKeptRoom = 1_MiB;        // of a batch: what a giant needed is given back

std::string damage_sentence(const pack::Damage& damage) {
  return "pack " + pack::pack_name(damage.pack) + " is damaged at byte " + std::to_string(damage.offset) + ": " +
         damage.what;
}

}  // namespace

VaultWriter::~VaultWriter() = default;

Result<std::unique_ptr<VaultWriter>> VaultWriter::open(const Options& options, std::string_view asked_by,
                                                       const Opening& how) {
  std::unique_ptr<VaultWriter> writer(new VaultWriter(options));
  TRY(options.fs->make_folder(options.packs()));
  writer->lock_ = TRY(options.fs->lock(options.lock()).context("opening the vault " + options.folder + " for writing"));
  TRY(writer->check_store());
  TRY(remove_old_scratch(options));
  TRY(remove_unfinished_packs(options));
  TRY(writer->take_index(asked_by, how));
  TRY(remove_unfinished_rebuild(options));
  return writer;
}

// Before anything is touched. Among packs of ours, one of another store is a stray file and only reported.
Result<> VaultWriter::check_store() {
  std::string other;
  for (const sys::Entry& entry : TRY(options_.fs->list(options_.packs()))) {
    const auto number = pack::parse_pack_name(entry.name);
    if (!number) continue;
    const auto reader = pack::PackReader::open(*options_.fs, options_.packs(), *number);
    if (!reader || (*reader)->header_damaged()) continue;
    if ((*reader)->header().store_hash == options_.store_hash) return {};
    other = (*reader)->header().store_hash;
  }
  if (other.empty()) return {};
  return make_error(ErrorKind::conflict,
                    "the vault " + options_.folder + " belongs to store " + other + ", not to " + options_.store_hash,
                    "set the right store_hash, or another data_dir");
}

// Opens the index; a damaged or missing one is made again from the packs, the damaged one kept aside.
Result<> VaultWriter::take_index(std::string_view asked_by, const Opening& how) {
  const bool there = TRY(sys::exists(*options_.fs, options_.index()));
  const bool packs = !TRY(options_.fs->list(options_.packs())).empty();
  const Result<> usable = there || !packs ? use_index() : make_error(ErrorKind::corrupt, "the index is missing");
  if (usable || usable.error().kind != ErrorKind::corrupt || !how.may_rebuild) return usable;
  rows_.reset();
  items_.reset();
  connection_.reset();
  Rebuilt rebuilt = TRY(rebuild_index(options_, how.progress, how.stop));
  opened_ = Opened{true, rebuilt.versions, std::move(rebuilt.findings)};
  opened_.findings.push_back(usable.error().message + "; it was made again from the packs for " +
                             std::string(asked_by));
  return use_index();
}

Result<> VaultWriter::use_index() {
  connection_ = TRY(open_index(options_));
  // Rows are not worth a second sync: what a power cut takes of them is read from the packs again, here below. A commit
  // of compaction, after which packs are removed, is synced, and all before it with it.
  TRY(connection_->execute("PRAGMA synchronous=NORMAL"));
  items_ = TRY(index::ItemQueries::open(*connection_));
  rows_ = TRY(index::ItemWriter::open(*connection_));
  TRY(roll_forward());
  lost_ = TRY(index::lost_numbers(*connection_));
  return {};
}

VaultWriter::LastPack VaultWriter::sealed_pack(const index::PackRow& row) {
  LastPack last;
  last.header.number = row.pack;
  std::copy_n(row.identity.begin(), std::min(row.identity.size(), last.header.identity.size()),
              last.header.identity.begin());
  last.end = row.known_end;
  last.frames = static_cast<std::uint32_t>(row.frames);
  return last;
}

// Every whole synced frame exists, row or no row: what a crash kept from the index is read from the packs' tails.
Result<> VaultWriter::roll_forward() {
  last_pack_.reset();
  next_number_ = 1;
  std::map<std::uint64_t, index::PackRow> known;
  for (index::PackRow& row : TRY(items_->packs())) {
    // The name of a missing pack is never given away: rows point at it.
    next_number_ = row.pack + 1;
    known.emplace(row.pack, std::move(row));
  }
  for (const sys::Entry& entry : TRY(options_.fs->list(options_.packs()))) {
    const auto number = pack::parse_pack_name(entry.name);
    if (!number) continue;
    next_number_ = std::max(next_number_, *number + 1);
    std::optional<index::PackRow> row;
    if (auto found = known.extract(*number)) row = std::move(found.mapped());
    TRY(roll_forward_pack(*number, entry, row));
  }
  return report_missing(known);
}

// An index from before a compaction knows packs that are gone for good.
Result<> VaultWriter::report_missing(const std::map<std::uint64_t, index::PackRow>& missing) {
  if (missing.empty()) return {};
  const PackChain chain = TRY(PackChain::read(options_));
  index::Transaction transaction = TRY(index::Transaction::begin(*connection_));
  for (const auto& [number, row] : missing) {
    if (chain.is_replaced(number) && rows_->drop_pack(number)) continue;
    opened_.findings.push_back("pack " + pack::pack_name(number) +
                               " is missing; `backstock verify` names what it held");
  }
  return transaction.commit();
}

// Whatever is wrong with a pack that the index knows: the next pack's header tells that one as it was, so that the
// damage shows even when the index is gone.
Result<> VaultWriter::roll_forward_pack(std::uint64_t number, const sys::Entry& entry,
                                        const std::optional<index::PackRow>& row) {
  const auto reader = pack::PackReader::open(*options_.fs, options_.packs(), number);
  // Those stand outside the chain of packs that were appended to, one after the other.
  const bool compacted = reader && (*reader)->header().compacted;
  if (last_pack_ && !compacted) last_pack_->can_resume = false;
  if (row && !compacted) last_pack_ = sealed_pack(*row);
  if (row && entry.size < row->known_end) {
    opened_.findings.push_back("pack " + entry.name + " is " + std::to_string(row->known_end - entry.size) +
                               " bytes shorter than it was; `backstock verify` names what is missing");
    return {};
  }
  if (row && row->sealed) return {};
  if (!reader) {
    if (reader.error().kind != ErrorKind::corrupt) return reader.error();
    // A new pack's header that a crash cut off: nothing was ever in it.
    if (row || entry.size > header_only_size(options_))
      opened_.findings.push_back("pack " + entry.name + ": " + reader.error().message);
    return {};
  }
  const pack::PackHeader& header = (*reader)->header();
  const bool damaged = (*reader)->header_damaged();
  if (!damaged && header.store_hash != options_.store_hash) {
    opened_.findings.push_back("pack " + entry.name + " belongs to store " + header.store_hash +
                               " and was passed over");
    return {};
  }
  if (row && row->identity != view(header.identity)) {
    opened_.findings.push_back("pack " + entry.name +
                               " is not the file that was written under this name; `backstock verify` names what is "
                               "missing");
    return {};
  }
  const PackState state = TRY(apply_pack(options_, *connection_, **reader, row ? row->known_end : 0,
                                         row ? static_cast<std::uint32_t>(row->frames) : 0));
  opened_.rolled_forward += state.versions;
  for (const pack::Damage& damage : state.damage) {
    // A torn tail of the newest pack is what a crash leaves: nobody was told of those bytes.
    if (!damage.at_end) opened_.findings.push_back(damage_sentence(damage));
  }
  if (!compacted)
    last_pack_ = LastPack{state.header, state.end, state.frames, state.clean && !state.sealed && !damaged};
  return {};
}

// Between two flushes the index is asked thousands of times, and nobody else appends: one transaction for all.
Result<> VaultWriter::begin_reading() {
  if (reading_) return {};
  TRY(connection_->execute("BEGIN"));
  reading_ = true;
  return {};
}

Result<> VaultWriter::end_reading() {
  asked_.reset();
  if (!reading_) return {};
  reading_ = false;
  return connection_->execute("COMMIT");
}

Result<std::optional<Current>> VaultWriter::current(std::string_view type, std::string_view id) {
  if (const auto found = pending_.find({std::string(type), std::string(id)}); found != pending_.end()) {
    return std::optional<Current>(found->second);
  }
  if (asked_ && asked_->type == type && asked_->id == id) return asked_->known;
  TRY(begin_reading());
  const auto row = TRY(items_->find_item(type, id));
  std::optional<Current> known;
  if (row) {
    known = Current{row->version, row->gone, {}, row->scheme};
    if (row->hash.size() == known->hash.size())
      std::copy(row->hash.begin(), row->hash.end(), reinterpret_cast<char*>(known->hash.data()));
  }
  asked_ = Asked{std::string(type), std::string(id), known};
  return known;
}

// The item as it is known, and the number that its next version takes. A number that has a row already means that the
// index is damaged (SQLite does not notice a flipped bit in a row): two versions under one number would lose one.
Result<std::pair<std::optional<Current>, std::uint32_t>> VaultWriter::next_version(std::string_view type,
                                                                                   std::string_view id) {
  auto known = TRY(current(type, id));
  std::uint32_t next = known ? known->version + 1 : 1;
  // A number that was given to a version which a repair could not save is used up.
  if (const auto lost = lost_.find({std::string(type), std::string(id)}); lost != lost_.end())
    next = std::max(next, lost->second + 1);
  if (known && TRY(items_->find_version(type, id, next))) {
    return make_error(ErrorKind::corrupt,
                      "the index does not agree with itself about " + std::string(type) + " " + std::string(id),
                      "run `backstock rebuild`; it makes the index again from the packs");
  }
  return std::pair(std::move(known), next);
}

Result<std::uint32_t> VaultWriter::append(VersionMeta meta, const RawText& item, std::span<const NamedText> parts) {
  if (broken_) return *broken_;
  auto numbered = next_version(meta.type, meta.id);
  if (!numbered) {
    broken_ = numbered.error();
    return *broken_;
  }
  const std::optional<Current>& known = numbered->first;
  meta.version = numbered->second;
  Batch& batch = batches_[meta.type];
  // A frame of its own for what is larger than a frame: then only its own size can be too much.
  if (!batch.raw.empty() && item.bytes.size() >= options_.frame_size)
    end_batch(pack::FrameKind::versions, meta.type, batch);
  const std::size_t before = batch.raw.size();
  append_version_line(batch.raw, meta, item, parts);
  if (batch.raw.size() > pack::kMaxRawFrame) {
    const std::size_t size = batch.raw.size() - before;
    batch.raw.resize(before);
    batch.raw.shrink_to_fit();
    return make_error(ErrorKind::too_large, meta.type + " " + meta.id + " has " + std::to_string(size) +
                                                " bytes, more than a version may have");
  }
  ++batch.lines;
  pending_bytes_ += batch.raw.size() - before;
  pending_[{meta.type, meta.id}] = {meta.version, meta.gone, meta.gone && known ? known->hash : meta.hash,
                                    meta.gone && known ? known->scheme : meta.scheme};
  const std::uint32_t version = meta.version;
  const std::string type = meta.type;
  Appended appended{std::move(meta),
                    {},
                    static_cast<std::uint32_t>(before),
                    static_cast<std::uint32_t>(batch.raw.size() - before - 1)};
  if (!appended.meta.gone && options_.labels) appended.labels = options_.labels(appended.meta.type, item.bytes);
  batch.versions.push_back(std::move(appended));
  if (batch.raw.size() >= options_.frame_size) {
    end_batch(pack::FrameKind::versions, type, batch);
    if (auto appended_frames = append_packed(kPackedBeside); !appended_frames) {
      broken_ = appended_frames.error();
      return *broken_;
    }
  }
  if (pending_bytes_ >= options_.flush_size) TRY(flush());
  return version;
}

Result<> VaultWriter::set_hash(std::string_view type, std::string_view id, const Hash& hash, int scheme) {
  if (broken_) return *broken_;
  hashes_.emplace_back(type, id, hash, scheme);
  return {};
}

Result<> VaultWriter::append_control(const Json& record) {
  if (broken_) return *broken_;
  control_.raw += to_text(record) + "\n";
  ++control_.lines;
  control_records_.push_back(record);
  return {};
}

void VaultWriter::set_checkpoint(std::string_view run, std::string_view type, std::string state) {
  checkpoints_[{std::string(run), std::string(type)}] = std::move(state);
}

Result<> VaultWriter::open_pack() {
  if (pack_ != nullptr) return {};
  if (last_pack_ && last_pack_->can_resume) {
    pack_ = TRY(pack::PackWriter::resume(*options_.fs, options_.packs(), last_pack_->header, last_pack_->end,
                                         last_pack_->frames, options_.level));
    pack_frames_ = last_pack_->frames;
    return {};
  }
  pack::PackHeader header = new_header(options_);
  if (last_pack_ && TRY(is_known(last_pack_->header.number)))
    header.predecessor = pack::Predecessor{last_pack_->header.number, last_pack_->header.identity, last_pack_->end};
  pack_ = TRY(with_free_number(next_number_, header, [&] {
    return pack::PackWriter::create(*options_.fs, options_.packs(), header, {options_.level});
  }));
  pack_frames_ = 0;
  return {};
}

// Not one that compaction has removed meanwhile, which nobody would have to miss.
Result<bool> VaultWriter::is_known(std::uint64_t pack) {
  const auto packs = TRY(items_->packs());
  return std::any_of(packs.begin(), packs.end(), [&](const index::PackRow& row) { return row.pack == pack; });
}

// Its lines are a frame from now on, packed by another thread if that gets to it before append_packed() does.
void VaultWriter::end_batch(pack::FrameKind kind, const std::string& type, Batch& batch) {
  if (batch.raw.empty()) return;
  pack::FrameHeader header;
  header.kind = kind;
  header.content_type = type;
  header.lines = batch.lines;
  packing_bytes_ += batch.raw.size();
  packing_.push_back({packer_.begin(std::move(header), std::move(batch.raw)), std::move(batch.versions)});
  batch = {};
  batch.raw = std::move(spare_);
  batch.raw.clear();
}

// Oldest first, until no more than so many bytes of lines are left to pack.
Result<> VaultWriter::append_packed(ByteCount left) {
  while (!packing_.empty() && packing_bytes_ > left) {
    PackingFrame packing = std::move(packing_.front());
    packing_.pop_front();
    TRY(check_room(options_));
    TRY(open_pack());
    auto packed = packer_.finish(packing.frame);
    packing_bytes_ -= packing.frame->raw.size();
    const pack::FramePlace place = TRY(pack_->append(TRY(std::move(packed))));
    ++pack_frames_;
    written_.push_back({place, std::move(packing.versions)});
    if (packing.frame->raw.capacity() <= kKeptRoom) spare_ = std::move(packing.frame->raw);
  }
  return {};
}

Result<> VaultWriter::flush() {
  if (broken_) return *broken_;
  auto flushed = flush_now();
  if (!flushed) broken_ = flushed.error();
  return flushed;
}

// The order is the promise: bytes, sync, rows. See README.md.
Result<> VaultWriter::flush_now() {
  TRY(end_reading());
  for (auto& [type, batch] : batches_) end_batch(pack::FrameKind::versions, type, batch);
  TRY(append_packed(0));
  if (!control_.raw.empty() && !written_.empty()) {
    // A disk may write the bytes of one sync in any order: "this type is done" must not survive what it speaks of.
    TRY(pack_->sync());
  }
  end_batch(pack::FrameKind::control, "", control_);
  TRY(append_packed(0));
  if (!written_.empty()) {
    stop_point("before_sync");
    TRY(pack_->sync());
    stop_point("after_sync");
  }
  if (!written_.empty() || !checkpoints_.empty() || !hashes_.empty()) TRY(commit_rows());
  stop_point("after_commit");
  written_.clear();
  pending_.clear();
  control_records_.clear();
  checkpoints_.clear();
  hashes_.clear();
  pending_bytes_ = 0;
  if (pack_ != nullptr && pack_->end() >= options_.pack_size) TRY(seal_pack());
  return {};
}

Result<> VaultWriter::seal_pack() {
  const std::uint64_t end = pack_->end();
  TRY(pack_->seal());
  last_pack_ = LastPack{pack_->header(), end, pack_frames_, false};
  TRY(rows_->set_pack({pack_->number(), std::string(view(pack_->header().identity)), end, pack_frames_, true}));
  pack_.reset();
  return {};
}

ByteCount VaultWriter::open_pack_size() const {
  if (pack_ != nullptr) return pack_->end();
  return last_pack_ && last_pack_->can_resume ? last_pack_->end : 0;
}

Result<> VaultWriter::end_pack() {
  TRY(flush());
  // One that an earlier process left without a seal is gone on with, only to be sealed.
  if (pack_ == nullptr && last_pack_ && last_pack_->can_resume) {
    auto opened = open_pack();
    if (!opened) broken_ = opened.error();
    TRY(std::move(opened));
  }
  if (pack_ == nullptr) return {};
  auto sealed = seal_pack();
  if (!sealed) broken_ = sealed.error();
  return sealed;
}

Result<> VaultWriter::commit_rows() {
  index::Transaction transaction = TRY(index::Transaction::begin(*connection_));
  if (pack_ != nullptr && !written_.empty()) {
    TRY(rows_->set_pack(
        {pack_->number(), std::string(view(pack_->header().identity)), pack_->end(), pack_frames_, false}));
  }
  for (const auto& [type, id, hash, scheme] : hashes_) TRY(rows_->set_hash(type, id, view(hash), scheme));
  for (const WrittenFrame& frame : written_) {
    if (frame.versions.empty()) continue;
    const std::int64_t frame_key =
        TRY(rows_->add_frame({frame.place.pack, frame.place.offset, frame.place.header_size, frame.place.stored_size}));
    for (const Appended& version : frame.versions) TRY(add_row(version, frame_key));
  }
  for (const Json& record : control_records_) TRY(index::apply_control(*connection_, record));
  for (const auto& [key, state] : checkpoints_) TRY(index::set_checkpoint(*connection_, key.first, key.second, state));
  stop_point("before_commit");
  return transaction.commit();
}

Result<> VaultWriter::add_row(const Appended& version, std::int64_t frame_key) {
  const VersionMeta& meta = version.meta;
  index::NewVersionRow row;
  row.type = meta.type;
  row.id = meta.id;
  row.version = meta.version;
  row.at = meta.at;
  row.gone = meta.gone;
  row.source = meta.source;
  row.run = meta.run;
  if (!meta.gone) {
    row.hash = view(meta.hash);
    row.scheme = meta.scheme;
  }
  row.frame_key = frame_key;
  row.at_byte = version.at_byte;
  row.size = version.size;
  row.labels = version.labels;
  if (TRY(rows_->add_version(row)) == index::Added::fresh) return {};
  return make_error(ErrorKind::corrupt,
                    "the index knew version " + std::to_string(meta.version) + " of " + meta.type + " " + meta.id +
                        " before it was written",
                    "run `backstock rebuild`; it makes the index again from the packs");
}

}  // namespace backstock::vault
