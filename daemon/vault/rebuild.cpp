#include "vault/rebuild.h"

#include "index/item_queries.h"
#include "index/migrate.h"
#include "vault/pack_chain.h"

namespace backstock::vault {
namespace {

Result<std::unique_ptr<index::Connection>> open_index_at(const Options& options, const sys::Path& path) {
  auto connection = TRY(index::Connection::open(path, index::Access::write));
  TRY(index::migrate(*options.fs, *connection, index::released_migrations()));
  index::Statement pin =
      TRY(connection->prepare("INSERT INTO meta (key, value) VALUES ('store_hash', ?1) ON CONFLICT (key) DO NOTHING"));
  TRY(pin.bind(options.store_hash).run());
  index::Statement pinned = TRY(connection->prepare("SELECT value FROM meta WHERE key='store_hash'"));
  const bool row = TRY(pinned.step());
  if (!row || pinned.text(0) != options.store_hash)
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
  return {};
}

struct Listed {
  std::vector<std::pair<std::unique_ptr<pack::PackReader>, std::uint64_t>> packs;  // with their sizes
  std::uint64_t bytes = 0;
};

// All packs of ours. One that a compaction was to remove is read like any other while it is there.
Result<Listed> list_packs(const Options& options, const PackChain& chain, std::vector<std::string>& findings) {
  Listed listed;
  for (const sys::Entry& entry : TRY(options.fs->list(options.packs()))) {
    const auto number = pack::parse_pack_name(entry.name);
    if (!number) continue;
    auto reader = pack::PackReader::open(*options.fs, options.packs(), *number);
    if (!reader && reader.error().kind != ErrorKind::corrupt) return std::move(reader).error();
    if (!reader) {
      if (!chain.is_never_begun(options, *number, entry.size))
        findings.push_back("pack " + entry.name + ": " + reader.error().message);
      continue;
    }
    if (!(*reader)->header_damaged() && (*reader)->header().store_hash != options.store_hash) {
      findings.push_back("pack " + entry.name + " belongs to store " + (*reader)->header().store_hash +
                         " and was passed over");
      continue;
    }
    listed.packs.emplace_back(std::move(*reader), entry.size);
    listed.bytes += entry.size;
  }
  for (const std::uint64_t number : chain.missing()) {
    findings.push_back("pack " + pack::pack_name(number) + " is missing");
  }
  return listed;
}

void report(const PackState& state, const PackChain& chain, std::vector<std::string>& findings) {
  const std::string subject = "pack " + pack::pack_name(state.header.number);
  for (const pack::Damage& damage : state.damage) {
    if (chain.is_torn_tail(damage, 0)) continue;  // what a crash leaves
    findings.push_back(subject + " is damaged at byte " + std::to_string(damage.offset) + ": " + damage.what);
  }
  if (is_cut_off(state.header, state.sealed) && state.damage.empty()) findings.push_back(subject + ": " + kNoSeal);
  const auto told = chain.told_of(state.header.number);
  if (!told) return;
  const std::string later = "pack " + pack::pack_name(told->by);
  if (told->identity != state.header.identity) {
    findings.push_back(subject + " is not the file that " + later + " was begun after");
  } else if (state.end < told->end) {
    findings.push_back(subject + " ended at byte " + std::to_string(told->end) + " when " + later +
                       " was begun, now at " + std::to_string(state.end));
  }
}

}  // namespace

Result<std::unique_ptr<index::Connection>> open_index(const Options& options) {
  return open_index_at(options, options.index());
}

Result<Rebuilt> rebuild_index(const Options& options, const ByteProgress& progress) {
  Rebuilt rebuilt;
  const sys::Path beside = options.index() + ".rebuilding";
  TRY(remove_index_files(*options.fs, beside));
  const PackChain chain = TRY(PackChain::read(options));
  const Listed listed = TRY(list_packs(options, chain, rebuilt.findings));
  {
    const auto connection = TRY(open_index_at(options, beside));
    // Nobody reads this file before it is whole and in place: syncing each step would only cost time.
    TRY(connection->execute("PRAGMA synchronous=OFF"));
    std::uint64_t bytes = 0;
    for (const auto& [reader, size] : listed.packs) {
      const std::string name = pack::pack_name(reader->header().number);
      const PackState state = TRY(apply_pack(options, *connection, *reader, 0, 0).context("reading pack " + name));
      ++rebuilt.packs;
      rebuilt.versions += state.versions;
      report(state, chain, rebuilt.findings);
      bytes += size;
      if (progress) progress(bytes, listed.bytes);
    }
    TRY(connection->execute("PRAGMA synchronous=FULL; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE"));
  }
  const auto file = TRY(options.fs->open_append(beside));
  TRY(file->sync());
  const bool there = TRY(sys::exists(*options.fs, options.index()));
  if (there) TRY(keep_aside(*options.fs, options.index(), options.index() + ".before-rebuild"));
  // Left by a crash half-way through the line above, or by whoever removed the index alone: SQLite would read a WAL
  // that stands beside the new index into it.
  TRY(remove_index_files(*options.fs, options.index()));
  TRY(options.fs->rename(beside, options.index()));
  TRY(options.fs->sync_folder(options.folder));
  return rebuilt;
}

Result<Rebuilt> rebuild_index_locked(const Options& options, const ByteProgress& progress) {
  const auto lock = TRY(options.fs->lock(options.lock()).context("rebuilding the index of " + options.folder));
  return rebuild_index(options, progress);
}

}  // namespace backstock::vault
