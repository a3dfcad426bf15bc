#include "vault/rebuild.h"

#include <algorithm>
#include <map>

#include "base/stop_point.h"
#include "index/item_queries.h"
#include "index/migrate.h"
#include "vault/pack_chain.h"
#include "vault/rebuild_notes.h"

namespace backstock::vault {
namespace {

Result<> check_store(const Options& options, index::Connection& connection) {
  index::Statement pinned = TRY(connection.prepare("SELECT value FROM meta WHERE key='store_hash'"));
  const bool row = TRY(pinned.step());
  if (row && pinned.text(0) == options.store_hash) return {};
  return make_error(ErrorKind::corrupt, "the index " + connection.path() + " is that of another store");
}

Result<std::unique_ptr<index::Connection>> open_index_at(const Options& options, const sys::Path& path) {
  auto connection = TRY(index::Connection::open(path, index::Access::write));
  TRY(index::migrate(*options.fs, *connection, index::released_migrations()));
  index::Statement pin =
      TRY(connection->prepare("INSERT INTO meta (key, value) VALUES ('store_hash', ?1) ON CONFLICT (key) DO NOTHING"));
  TRY(pin.bind(options.store_hash).run());
  TRY(check_store(options, *connection));
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

sys::Path beside_index(const Options& options) { return options.index() + ".rebuilding"; }

class Rebuild {
 public:
  Rebuild(const Options& options, const ByteProgress& progress, const std::stop_token& stop)
      : options_(options), progress_(progress), stop_(stop) {}

  Result<Rebuilt> run() {
    chain_ = TRY(PackChain::read(options_));
    listed_ = TRY(list_packs(options_, chain_, rebuilt_.findings));
    if (!go_on()) TRY(begin());
    // Readers come when the file is whole and in its place: a power cut may take some of the last commits, never their
    // order, and a sync for each would only cost time.
    TRY(connection_->execute("PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=16384"));
    rebuilt_.taken_over = notes_->packs().size();
    for (const auto& [reader, size] : listed_.packs) TRY(take(*reader, size));
    rebuilt_.versions =
        static_cast<std::uint64_t>(TRY(connection_->query_integer("SELECT ifnull(sum(versions), 0) FROM type_counts")));
    TRY(notes_->end());
    TRY(connection_->execute("PRAGMA synchronous=FULL; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE"));
    notes_.reset();
    connection_.reset();
    return std::move(rebuilt_);
  }

 private:
  Result<> begin() {
    notes_.reset();
    connection_.reset();
    TRY(remove_index_files(*options_.fs, beside_index(options_)));
    connection_ = TRY(open_index_at(options_, beside_index(options_)));
    notes_ = TRY(RebuildNotes::begin(*connection_));
    return {};
  }

  // What an interrupted rebuild left, if all that it has read is still there and the same.
  Result<> go_on() {
    const bool there = TRY(sys::exists(*options_.fs, beside_index(options_)));
    if (!there) return make_error(ErrorKind::not_found, "there is no unfinished rebuild");
    connection_ = TRY(index::Connection::open(beside_index(options_), index::Access::write));
    TRY(index::check_schema(*connection_, index::released_migrations()));
    notes_ = TRY(RebuildNotes::take_up(*connection_));
    TRY(check_store(options_, *connection_));
    std::map<std::uint64_t, std::pair<std::string, std::uint64_t>> there_now;
    for (const auto& [reader, size] : listed_.packs)
      there_now[reader->header().number] = {std::string(view(reader->header().identity)), size};
    const auto changed = [] { return make_error(ErrorKind::conflict, "the packs are not what they were"); };
    for (const auto& [number, pack] : notes_->packs()) {
      const auto found = there_now.find(number);
      if (found == there_now.end() || found->second != std::pair(pack.identity, pack.size)) return changed();
    }
    // The one that was being read is read again from its beginning.
    const auto items = TRY(index::ItemQueries::open(*connection_));
    for (const index::PackRow& row : TRY(items->packs())) {
      const auto found = there_now.find(row.pack);
      if (found == there_now.end() || found->second.first != row.identity || found->second.second < row.known_end)
        return changed();
    }
    return {};
  }

  Result<> take(const pack::PackReader& reader, std::uint64_t size) {
    const std::uint64_t number = reader.header().number;
    ++rebuilt_.packs;
    const auto finished = notes_->packs().find(number);
    if (finished == notes_->packs().end()) {
      const ApplyWatch watch{[&](std::uint64_t at) { tell(at, size); }, stop_};
      const PackState state = TRY(
          apply_pack(options_, *connection_, reader, 0, 0, watch).context("reading pack " + pack::pack_name(number)));
      FinishedPack pack{std::string(view(reader.header().identity)), size, {}};
      report(state, chain_, pack.findings);
      rebuilt_.findings.insert(rebuilt_.findings.end(), pack.findings.begin(), pack.findings.end());
      TRY(notes_->add(number, std::move(pack)));
      stop_point("rebuilt_pack");
    } else {
      const auto& findings = finished->second.findings;
      rebuilt_.findings.insert(rebuilt_.findings.end(), findings.begin(), findings.end());
    }
    bytes_ += size;
    tell(0, size);
    return {};
  }

  // Only forward: a tail of one pack is no step back.
  void tell(std::uint64_t at, std::uint64_t size) {
    const std::uint64_t now = bytes_ + std::min(at, size);
    if (!progress_ || now <= told_) return;
    told_ = now;
    progress_(now, listed_.bytes);
  }

  const Options& options_;
  const ByteProgress& progress_;
  const std::stop_token& stop_;
  PackChain chain_;
  Listed listed_;
  std::unique_ptr<index::Connection> connection_;
  std::optional<RebuildNotes> notes_;
  std::uint64_t bytes_ = 0;
  std::uint64_t told_ = 0;
  Rebuilt rebuilt_;
};

}  // namespace

Result<std::unique_ptr<index::Connection>> open_index(const Options& options) {
  return open_index_at(options, options.index());
}

Result<Rebuilt> rebuild_index(const Options& options, const ByteProgress& progress, const std::stop_token& stop) {
  const sys::Path beside = beside_index(options);
  Rebuilt rebuilt = TRY(Rebuild(options, progress, stop).run());
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

Result<Rebuilt> rebuild_index_locked(const Options& options, const ByteProgress& progress,
                                     const std::stop_token& stop) {
  const auto lock = TRY(options.fs->lock(options.lock()).context("rebuilding the index of " + options.folder));
  return rebuild_index(options, progress, stop);
}

Result<> remove_unfinished_rebuild(const Options& options) {
  return remove_index_files(*options.fs, beside_index(options));
}

}  // namespace backstock::vault
