#include "vault/vault_reader.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "index/migrate.h"

namespace backstock::vault {
namespace {

constexpr std::size_t kKeptFrame = 1_MiB;

std::string item_name(std::string_view type, std::string_view id) { return std::string(type) + " " + std::string(id); }

constexpr const char* kRebuild = "run `backstock rebuild`; it makes the index again from the packs";

Error no_index(const Options& options) {
  const auto entries = options.fs->list(options.packs());
  const bool packs = entries && std::any_of(entries->begin(), entries->end(), [](const sys::Entry& entry) {
                       return pack::parse_pack_name(entry.name).has_value();
                     });
  const auto begun = sys::exists(*options.fs, options.index() + ".rebuilding");
  if (packs && begun && *begun)
    return make_error(ErrorKind::corrupt, "the index " + options.index() + " is being made again from the packs",
                      "wait until the daemon's log says that it has ended, or run `backstock rebuild` where no daemon "
                      "runs");
  return packs ? make_error(ErrorKind::corrupt, "the index " + options.index() + " is missing", kRebuild)
               : make_error(ErrorKind::not_found, "there is no backup in " + options.folder + " yet",
                            "run `backstock backup`");
}

Result<> check_pin(const Options& options, index::Connection& connection) {
  index::Statement pinned = TRY(connection.prepare("SELECT value FROM meta WHERE key='store_hash'"));
  const bool row = TRY(pinned.step());
  if (!row || pinned.text(0) == options.store_hash) return {};  // without a row it is just being made
  return make_error(ErrorKind::corrupt, "the index " + options.index() + " is that of another store", kRebuild);
}

}  // namespace

Result<std::unique_ptr<VaultReader>> VaultReader::open(const Options& options) {
  const bool there = TRY(sys::exists(*options.fs, options.index()));
  if (!there) return no_index(options);
  std::unique_ptr<VaultReader> reader(new VaultReader(options));
  reader->connection_ = TRY(index::Connection::open(options.index(), index::Access::read));
  const auto schema = index::check_schema(*reader->connection_, index::released_migrations());
  if (!schema && schema.error().kind == ErrorKind::not_found) return no_index(options);
  TRY(Result<>(schema));
  TRY(check_pin(options, *reader->connection_));
  reader->items_ = TRY(index::ItemQueries::open(*reader->connection_));
  return reader;
}

Result<StoredVersion> VaultReader::read_version(std::string_view type, std::string_view id, std::uint32_t version) {
  const auto row = TRY(items_->find_version(type, id, version));
  if (!row) {
    const auto item = TRY(items_->find_item(type, id));
    if (item) {
      return make_error(ErrorKind::not_found, item_name(type, id) + " has no version " + std::to_string(version),
                        "its newest is version " + std::to_string(item->version));
    }
  } else if (row->version != version) {
    // In a damaged page SQLite may find another row than the one that was asked for, and call it found.
    return make_error(
        ErrorKind::corrupt,
        "the index gives another version for " + item_name(type, id) + " version " + std::to_string(version), kRebuild);
  }
  return read_row(type, id, row);
}

Result<StoredVersion> VaultReader::read_version_at(std::string_view type, std::string_view id, TimePoint at) {
  const auto row = TRY(items_->find_version_at(type, id, to_ms(at)));
  if (!row) {
    const auto item = TRY(items_->find_item(type, id));
    if (item) {
      return make_error(ErrorKind::not_found, item_name(type, id) + " was not yet captured at " + format_rfc3339(at),
                        "its history begins at " + format_rfc3339(from_ms(item->first_at)));
    }
  }
  return read_row(type, id, row);
}

Result<StoredVersion> VaultReader::read_newest(std::string_view type, std::string_view id) {
  const auto item = TRY(items_->find_item(type, id));
  if (!item) return read_row(type, id, std::nullopt);
  return read_version(type, id, item->version);
}

Result<StoredVersion> VaultReader::read_row(std::string_view type, std::string_view id,
                                            const std::optional<index::VersionRow>& row) {
  if (!row) {
    return make_error(ErrorKind::not_found, "no item " + item_name(type, id) + " in this vault",
                      "`backstock items STORE " + std::string(type) + "` lists them");
  }
  index::VersionRow at = *row;
  while (true) {
    auto version = read_place(type, id, at);
    if (version || version.error().kind != ErrorKind::corrupt) return version;
    // Compaction may have moved it, and removed its former pack, since the row was read.
    auto now = TRY(items_->find_version(type, id, at.version));
    if (!now || (now->frame.pack == at.frame.pack && now->frame.offset == at.frame.offset)) return version;
    at = std::move(*now);
  }
}

Result<StoredVersion> VaultReader::read_place(std::string_view type, std::string_view id,
                                              const index::VersionRow& row) {
  const std::string subject = item_name(type, id) + " version " + std::to_string(row.version);
  TRY(read_frame(row.frame).context("reading " + subject));
  std::string& raw = last_frame_->raw;
  if (std::uint64_t{row.at_byte} + row.size > raw.size()) {
    return make_error(ErrorKind::corrupt, "the index points outside its frame for " + subject,
                      "run `backstock rebuild`");
  }
  // A large version has a frame of its own, which becomes its line: not one copy more than needed.
  const bool alone = row.at_byte == 0 && std::size_t{row.size} + 1 == raw.size() && raw.size() > kKeptFrame;
  std::string line = alone ? std::move(raw) : raw.substr(row.at_byte, row.size);
  if (alone) {
    line.pop_back();
    last_frame_.reset();
  }
  StoredVersion version = TRY(parse_version_line(std::move(line)).context("reading " + subject));
  // When it was captured, too: histories, and which version an instant shows, go by the row alone.
  if (version.meta.type != type || version.meta.id != id || version.meta.version != row.version ||
      version.meta.at != row.at || version.meta.gone != row.gone) {
    return make_error(ErrorKind::corrupt, "the index points at another item's bytes for " + subject,
                      "run `backstock rebuild`");
  }
  return version;
}

Result<StoredVersion> VaultReader::read(const WantedVersion& wanted) {
  return read_row(wanted.type, wanted.id, wanted.row);
}

void VaultReader::read_many(std::span<const WantedVersion> wanted,
                            const std::function<void(std::size_t nth, Result<StoredVersion> version)>& take) {
  std::vector<std::size_t> order(wanted.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto place = [&](std::size_t nth) {
    const index::VersionRow& row = wanted[nth].row;
    return std::tuple(row.frame.pack, row.frame.offset, row.at_byte);
  };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return place(a) < place(b); });
  for (const std::size_t nth : order) take(nth, read(wanted[nth]));
}

void VaultReader::forget_large_frames() {
  if (last_frame_ && last_frame_->raw.size() > kKeptFrame) last_frame_.reset();
}

Result<> VaultReader::read_frame(const index::FrameRow& row) {
  if (last_frame_ && last_frame_->place.pack == row.pack && last_frame_->place.offset == row.offset) return {};
  const auto pack = packs_.get(row.pack);
  if (!pack && pack.error().kind == ErrorKind::not_found) {
    return make_error(ErrorKind::corrupt, "the pack " + pack::pack_name(row.pack) + " is missing",
                      "run `backstock verify` to see what else it held");
  }
  const pack::PackReader* reader = TRY(Result<const pack::PackReader*>(pack));
  std::string room;
  if (last_frame_) room = std::move(last_frame_->raw);
  last_frame_.reset();
  last_frame_ = TRY(reader->read({row.pack, row.offset, row.header_size, row.stored_size}, std::move(room)));
  return {};
}

Result<DiskUse> VaultReader::disk_use() const {
  DiskUse use;
  for (const sys::Entry& entry : TRY(options_.fs->list(options_.packs()))) {
    if (!pack::parse_pack_name(entry.name)) continue;
    ++use.packs;
    use.pack_bytes += entry.size;
  }
  return use;
}

}  // namespace backstock::vault
