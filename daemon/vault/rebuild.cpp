#include "vault/rebuild.h"

#include <algorithm>
#include <set>

#include "index/item_queries.h"
#include "index/migrate.h"

namespace backstock::vault {
namespace {

Result<std::unique_ptr<index::Connection>> open_index_at(const sys::Path& path, const std::string& store_hash) {
  auto connection = TRY(index::Connection::open(path, index::Access::write));
  TRY(index::migrate(*connection, index::released_migrations()));
  index::Statement pin =
      TRY(connection->prepare("INSERT INTO meta (key, value) VALUES ('store_hash', ?1) ON CONFLICT (key) DO NOTHING"));
  TRY(pin.bind(store_hash).run());
  index::Statement pinned = TRY(connection->prepare("SELECT value FROM meta WHERE key='store_hash'"));
  const bool row = TRY(pinned.step());
  if (!row || pinned.text(0) != store_hash)
    return make_error(ErrorKind::corrupt, "the index " + path + " is that of another store");
  return connection;
}

Result<> remove_index_files(sys::Fs& fs, const sys::Path& path) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    const auto removed = fs.remove(path + suffix);
    if (!removed && removed.error().kind != ErrorKind::not_found) return removed.error();
  }
  return {};
}

// The WAL belongs to its index: it moves along, or its commits would be lost to whoever looks at the kept copy.
Result<> keep_aside(sys::Fs& fs, const sys::Path& path, const sys::Path& aside) {
  TRY(remove_index_files(fs, aside));
  for (const char* suffix : {"", "-wal"}) {
    const auto moved = fs.rename(path + suffix, aside + suffix);
    if (!moved && moved.error().kind != ErrorKind::not_found) return moved.error();
  }
  return remove_index_files(fs, path);
}

struct Listed {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> packs;  // number, size
  std::uint64_t bytes = 0;
};

// The packs that count: those that a compacted pack took over do not.
Result<Listed> list_packs(const Options& options, std::vector<std::string>& findings) {
  Listed listed;
  std::set<std::uint64_t> replaced;
  for (const sys::Entry& entry : TRY(options.fs->list(options.packs()))) {
    const auto number = pack::parse_pack_name(entry.name);
    if (!number) continue;
    const auto reader = pack::PackReader::open(*options.fs, options.packs(), *number);
    if (!reader && reader.error().kind != ErrorKind::corrupt) return reader.error();
    if (!reader) {
      findings.push_back(reader.error().message);
      continue;
    }
    if ((*reader)->header().store_hash != options.store_hash) {
      findings.push_back("pack " + entry.name + " belongs to store " + (*reader)->header().store_hash +
                         " and was passed over");
      continue;
    }
    replaced.insert((*reader)->header().replaces.begin(), (*reader)->header().replaces.end());
    listed.packs.emplace_back(*number, entry.size);
  }
  std::erase_if(listed.packs, [&](const auto& pack) { return replaced.count(pack.first) != 0; });
  for (const auto& [number, size] : listed.packs) listed.bytes += size;
  return listed;
}

}  // namespace

Result<std::unique_ptr<index::Connection>> open_index(const Options& options) {
  return open_index_at(options.index(), options.store_hash);
}

Result<Rebuilt> rebuild_index(const Options& options, const ByteProgress& progress) {
  Rebuilt rebuilt;
  const sys::Path beside = options.index() + ".rebuilding";
  TRY(remove_index_files(*options.fs, beside));
  const Listed listed = TRY(list_packs(options, rebuilt.findings));
  {
    const auto connection = TRY(open_index_at(beside, options.store_hash));
    // Nobody reads this file before it is whole and in place: syncing each step would only cost time.
    TRY(connection->execute("PRAGMA synchronous=OFF"));
    std::uint64_t bytes = 0;
    for (const auto& [number, size] : listed.packs) {
      const PackState state =
          TRY(apply_pack(options, *connection, number, 0, 0).context("reading pack " + pack::pack_name(number)));
      ++rebuilt.packs;
      rebuilt.versions += state.versions;
      const bool newest = number == listed.packs.back().first;
      for (const pack::Damage& damage : state.damage) {
        if (damage.at_end && newest) continue;  // what a crash leaves
        rebuilt.findings.push_back("pack " + pack::pack_name(number) + " is damaged at byte " +
                                   std::to_string(damage.offset) + ": " + damage.what);
      }
      bytes += size;
      if (progress) progress(bytes, listed.bytes);
    }
    TRY(connection->execute("PRAGMA synchronous=FULL; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE"));
  }
  const auto file = TRY(options.fs->open_append(beside));
  TRY(file->sync());
  const bool there = TRY(sys::exists(*options.fs, options.index()));
  if (there) TRY(keep_aside(*options.fs, options.index(), options.index() + ".before-rebuild"));
  TRY(options.fs->rename(beside, options.index()));
  TRY(options.fs->sync_folder(options.folder));
  return rebuilt;
}

Result<Rebuilt> rebuild_index_locked(const Options& options, const ByteProgress& progress) {
  const auto lock = TRY(options.fs->lock(options.lock()).context("rebuilding the index of " + options.folder));
  return rebuild_index(options, progress);
}

}  // namespace backstock::vault
