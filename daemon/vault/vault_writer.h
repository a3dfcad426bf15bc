// Appends versions and control records to one store's vault. There is one writer per vault, by a lock.
//
// An append is acknowledged by the next flush() that succeeds, not before: then its bytes are synced in a pack, the
// rows that point at them are committed, in that order, and every reader sees them. append() flushes by itself after
// some MiB. After the first failure the writer is finished and repeats that error; what was flushed before stays, and
// the next open() finds whatever was synced (see README.md). open() reads pack tails that the index does not know,
// makes a missing or damaged index anew, and refuses the vault of another store. It changes no pack. A version over the
// size of a frame (pack::kMaxRawFrame) is refused with too_large and changes nothing. A disk with little room
// (disk_room.h) is refused with no_space before a frame is written; that too ends the writer.
//
// Threads: one at a time. Lifetime: what Options point to outlives it.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "base/json.h"
#include "index/item_queries.h"
#include "index/item_writer.h"
#include "index/lost_rows.h"
#include "pack/frame_packer.h"
#include "pack/pack_reader.h"
#include "pack/pack_writer.h"
#include "vault/pack_to_index.h"
#include "vault/vault_options.h"
#include "vault/version_line.h"

namespace backstock::vault {

// What is known of an item, appends that are not flushed yet included.
struct Current {
  std::uint32_t version = 0;
  bool gone = false;
  Hash hash{};
  int scheme = 0;
};

// What open() had to do: for the log and the operator.
struct Opened {
  bool rebuilt_index = false;
  std::uint64_t rolled_forward = 0;   // versions that the index had not known
  std::vector<std::string> findings;  // damage, in sentences
};

// How open() goes about an index that has to be made again.
struct Opening {
  bool may_rebuild = true;     // false: such an index is `corrupt`
  ByteProgress progress = {};  // of making it
  std::stop_token stop = {};   // `cancelled`: the next open goes on behind the packs that were finished
};

class VaultWriter {
 public:
  static Result<std::unique_ptr<VaultWriter>> open(const Options& options, std::string_view asked_by,
                                                   const Opening& how = {});
  ~VaultWriter();

  const Opened& opened() const { return opened_; }

  Result<std::optional<Current>> current(std::string_view type, std::string_view id);
  // `meta.version` is filled in: the next number of the item. Gives that number.
  Result<std::uint32_t> append(VersionMeta meta, const RawText& item, std::span<const NamedText> parts);
  // The same content hashed by newer rules: no version, only the index learns it (with the next flush).
  Result<> set_hash(std::string_view type, std::string_view id, const Hash& hash, int scheme);
  // {"control": kind, ...}; durable and visible after the next flush.
  Result<> append_control(const Json& record);
  // Seals the pack that is being appended to, if any: compaction takes sealed packs only. Flushes first.
  Result<> end_pack();
  // Bytes of that pack; 0 without one.
  ByteCount open_pack_size() const;

  // Committed with the next flush, so that a resumed run stands exactly where its stored versions end.
  void set_checkpoint(std::string_view run, std::string_view type, std::string state);
  Result<> flush();

  // Committed rows only.
  index::ItemQueries& items() { return *items_; }
  index::Connection& connection() { return *connection_; }
  const Options& options() const { return options_; }

 private:
  // A version on its way into a frame: what its row will be.
  struct Appended {
    VersionMeta meta;
    std::vector<std::string> labels;
    std::uint32_t at_byte = 0;
    std::uint32_t size = 0;
  };
  struct Batch {  // one frame in the making
    std::string raw;
    std::uint32_t lines = 0;
    std::vector<Appended> versions;
  };
  struct PackingFrame {
    std::shared_ptr<pack::FramePacker::Frame> frame;
    std::vector<Appended> versions;
  };
  struct WrittenFrame {
    pack::FramePlace place;
    std::vector<Appended> versions;
  };
  struct LastPack {
    pack::PackHeader header;
    std::uint64_t end = 0;
    std::uint32_t frames = 0;
    bool can_resume = false;
  };
  explicit VaultWriter(Options options) : options_(std::move(options)), packer_(options_.level) {}
  static LastPack sealed_pack(const index::PackRow& row);
  Result<> check_store();
  Result<> take_index(std::string_view asked_by, const Opening& how);
  Result<> use_index();
  Result<> roll_forward();
  Result<> roll_forward_pack(std::uint64_t number, const sys::Entry& entry, const std::optional<index::PackRow>& row);
  Result<std::pair<std::optional<Current>, std::uint32_t>> next_version(std::string_view type, std::string_view id);
  Result<> report_missing(const std::map<std::uint64_t, index::PackRow>& missing);
  Result<> open_pack();
  Result<bool> is_known(std::uint64_t pack);
  Result<> seal_pack();
  void end_batch(pack::FrameKind kind, const std::string& type, Batch& batch);
  Result<> append_packed(ByteCount left);
  Result<> begin_reading();
  Result<> end_reading();
  Result<> flush_now();
  Result<> commit_rows();
  Result<> add_row(const Appended& version, std::int64_t frame_key);

  Options options_;
  std::unique_ptr<sys::Lock> lock_;
  std::unique_ptr<index::Connection> connection_;
  std::unique_ptr<index::ItemQueries> items_;
  std::unique_ptr<index::ItemWriter> rows_;
  Opened opened_;

  // The pack being appended to; none until something is written.
  std::unique_ptr<pack::PackWriter> pack_;
  std::uint32_t pack_frames_ = 0;
  std::optional<LastPack> last_pack_;
  std::uint64_t next_number_ = 1;

  // Since the last flush. A version is in a batch, then in a frame that is being packed, then in one that is written.
  std::map<std::string, Batch, std::less<>> batches_;
  std::deque<PackingFrame> packing_;
  ByteCount packing_bytes_ = 0;  // of their lines
  Batch control_;
  ByteCount pending_bytes_ = 0;
  std::vector<WrittenFrame> written_;
  std::vector<Json> control_records_;  // of control_
  std::map<std::pair<std::string, std::string>, Current> pending_;
  std::map<std::pair<std::string, std::string>, std::string> checkpoints_;
  std::vector<std::tuple<std::string, std::string, Hash, int>> hashes_;
  index::LostNumbers lost_;
  std::optional<Error> broken_;
  // Who appends an item has asked for it just before.
  struct Asked {
    std::string type;
    std::string id;
    std::optional<Current> known;
  };
  std::optional<Asked> asked_;  // of committed rows
  bool reading_ = false;        // a transaction that only reads, from one flush to the next
  std::string spare_;           // room of a batch that is over
  pack::FramePacker packer_;
};

}  // namespace backstock::vault
