// Every frame of a vault, handed out one by one, and whether a line that was found is the one that counts. Only for
// this room.
//
// The index is looked at as it was when the queue was opened, so each version has one place. When a pack of that state
// is gone before it was opened (compaction has moved its versions), the packs that came since are handed out behind it,
// and a line there counts if its row stood in such a pack.
//
// Threads: any. Lifetime: the options outlive it.
#pragma once

#include <deque>
#include <memory>
#include <set>

#include "base/guarded.h"
#include "index/frame_scan.h"
#include "vault/text_search.h"
#include "vault/vault_reader.h"

namespace backstock::vault {

class FrameQueue {
 public:
  static Result<std::unique_ptr<FrameQueue>> open(const Options& options);

  struct Task {
    index::FrameRow place;
    std::shared_ptr<const pack::PackReader> pack;
    std::size_t state = 0;  // of the index in which it stands
  };
  // nullopt: that was all.
  Result<std::optional<Task>> next();
  // Is the line at that byte of the frame the version's, and does the query ask for that version?
  Result<bool> counts(const Task& task, std::size_t at_byte, const VersionMeta& meta, const TextQuery& query);

  const std::shared_ptr<pack::Dictionaries>& dictionaries() const { return dictionaries_; }
  ByteCount total() const { return total_; }
  // Packs that could not be opened, in sentences.
  std::vector<std::string> findings() const { return held_.lock()->findings; }

 private:
  struct State {
    std::unique_ptr<VaultReader> reader;
    std::optional<index::Snapshot> snapshot;
    std::set<std::uint64_t> packs;
    std::set<std::uint64_t> gone;  // of them, when they were to be opened
  };
  struct Held {
    std::vector<State> states;
    std::deque<std::uint64_t> packs;  // still to be opened
    std::deque<index::FrameRow> frames;
    std::uint64_t number = 0;  // of `pack`
    std::shared_ptr<const pack::PackReader> pack;
    std::uint64_t behind = 0;  // where its frames go on
    std::vector<std::string> findings;
    std::set<std::uint64_t> missing;  // told in them
  };
  explicit FrameQueue(const Options& options);
  Result<> add_state(Held& held);
  Result<bool> fill(Held& held);
  void open_pack(Held& held);
  static void note_missing(Held& held);

  const Options& options_;
  std::shared_ptr<pack::Dictionaries> dictionaries_;
  ByteCount total_ = 0;
  mutable Guarded<Held> held_;
};

}  // namespace backstock::vault
