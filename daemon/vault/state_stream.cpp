#include "vault/state_stream.h"

#include <algorithm>
#include <condition_variable>
#include <thread>

#include "base/guarded.h"
#include "index/item_scans.h"
#include "vault/frame_cache.h"
#include "vault/vault_reader.h"

namespace backstock::vault {
namespace {

// Known ahead, and put into the order of the packs among themselves. Few at first: reading need not wait for them.
constexpr std::size_t kFirstItems = 250;
constexpr std::size_t kItemsAtOnce = 4000;
constexpr ByteCount kCache = 1_MiB;  // each batch reads a frame once; what neighbours share is at its edges

struct Wanted {
  std::string id;
  index::VersionRow row;
};
using Batch = std::vector<Wanted>;

bool stands_before(const Wanted& a, const Wanted& b) {
  return std::tuple(a.row.frame.pack, a.row.frame.offset, a.row.at_byte) <
         std::tuple(b.row.frame.pack, b.row.frame.offset, b.row.at_byte);
}

// One batch, handed from the thread that asks the index to the one that reads packs.
class Handover {
 public:
  // False: nobody wants more.
  bool put(Batch batch) {
    auto slot = slot_.lock();
    changed_.wait(slot.lock(), [&] { return !slot->batch || slot->closed; });
    if (slot->closed) return false;
    slot->batch = std::move(batch);
    changed_.notify_all();
    return true;
  }
  // Nothing: there is no more, for the reason given.
  std::optional<Batch> get(Result<>& outcome) {
    auto slot = slot_.lock();
    changed_.wait(slot.lock(), [&] { return slot->batch || slot->closed; });
    std::optional<Batch> batch = std::move(slot->batch);
    slot->batch.reset();
    if (!batch) outcome = slot->outcome;
    changed_.notify_all();
    return batch;
  }
  void close(Result<> outcome) {
    auto slot = slot_.lock();
    if (!slot->closed) slot->outcome = std::move(outcome);
    slot->closed = true;
    changed_.notify_all();
  }

 private:
  struct Slot {
    std::optional<Batch> batch;
    bool closed = false;
    Result<> outcome;
  };
  Guarded<Slot> slot_;
  std::condition_variable changed_;
};

// A batch's worth of items behind `after`, each as it was then.
Result<Batch> next_batch(index::Connection& connection, const std::string& type, std::int64_t at,
                         std::size_t items_at_once, std::string& after) {
  Batch batch;
  while (batch.empty()) {
    auto scan = TRY(index::VersionScan::open(connection, type, after));
    std::optional<Wanted> then;
    std::int64_t item = 0;
    std::size_t items = 0;
    const auto end_item = [&] {
      if (then && !then->row.gone) batch.push_back(std::move(*then));
      then.reset();
    };
    auto row = TRY(scan.next());
    if (!row) return batch;
    for (; row; row = TRY(scan.next())) {
      if (row->item_key != item) {
        if (++items > items_at_once) break;
        end_item();
        item = row->item_key;
        after = row->id;
      }
      // A later number counts, whatever the clock said.
      if (row->version.at <= at) then = Wanted{std::move(row->id), std::move(row->version)};
    }
    end_item();
  }
  std::sort(batch.begin(), batch.end(), stands_before);
  return batch;
}

Result<> ask_ahead(const Options& options, const std::string& type, std::int64_t at, Handover& handover) {
  const auto reader = TRY(VaultReader::open(options));
  std::string after;
  for (std::size_t items = kFirstItems;; items = std::min(2 * items, kItemsAtOnce)) {
    Batch batch = TRY(next_batch(reader->connection(), type, at, items, after));
    if (batch.empty() || !handover.put(std::move(batch))) return {};
  }
}

}  // namespace

Result<StreamedState> stream_state(const Options& options, std::string_view type, TimePoint at, const TakeState& take,
                                   const TakeLost& lost, const std::stop_token& stop) {
  StreamedState state;
  const auto reader = TRY(VaultReader::open(options));  // for what compaction moves meanwhile
  FrameCache cache(options, kCache);
  Handover handover;
  std::jthread ahead([&, name = std::string(type)] { handover.close(ask_ahead(options, name, to_ms(at), handover)); });
  struct Closing {  // the thread ends before what it uses
    Handover& handover;
    std::jthread& thread;
    ~Closing() {
      handover.close({});
      thread.join();
    }
  } const closing{handover, ahead};
  Result<> outcome;
  while (auto batch = handover.get(outcome)) {
    for (const Wanted& wanted : *batch) {
      if (stop.stop_requested())
        return make_error(ErrorKind::cancelled, "reading " + std::string(type) + " was stopped");
      auto line = cache.line(type, wanted.id, wanted.row);
      std::string moved;
      if (!line) {
        auto again = reader->read_version(type, wanted.id, wanted.row.version);
        if (again) moved = std::move(again->line), line = std::string_view(moved);
      }
      if (!line) {
        ++state.lost;
        lost(wanted.id, wanted.row.version, line.error());
        continue;
      }
      ++state.items;
      state.bytes += line->size() + 1;
      if (!take({wanted.id, wanted.row.version, wanted.row.at, *line})) return state;
    }
  }
  TRY(std::move(outcome));
  return state;
}

}  // namespace backstock::vault
