#include "vault/frame_queue.h"

#include <algorithm>

namespace backstock::vault {
namespace {

constexpr std::uint32_t kFramesAtOnce = 256;
// Compactions that may overtake one search.
constexpr std::size_t kMostStates = 5;

bool stands_at(const index::VersionRow& row, const index::FrameRow& place, std::size_t at_byte) {
  return row.frame.pack == place.pack && row.frame.offset == place.offset && row.at_byte == at_byte;
}

}  // namespace

FrameQueue::FrameQueue(const Options& options)
    : options_(options), dictionaries_(std::make_shared<pack::Dictionaries>(*options.fs, options.packs())) {}

Result<std::unique_ptr<FrameQueue>> FrameQueue::open(const Options& options) {
  std::unique_ptr<FrameQueue> queue(new FrameQueue(options));
  auto held = queue->held_.lock();
  TRY(queue->add_state(*held));
  queue->total_ = TRY(index::stored_size_of_frames(held->states.front().reader->connection()));
  return queue;
}

Result<> FrameQueue::add_state(Held& held) {
  State state;
  state.reader = TRY(VaultReader::open(options_));
  state.snapshot.emplace(TRY(index::Snapshot::begin(state.reader->connection())));
  for (const index::PackRow& row : TRY(state.reader->items().packs())) state.packs.insert(row.pack);
  for (const std::uint64_t number : state.packs) {
    const bool is_known = std::any_of(held.states.begin(), held.states.end(),
                                      [&](const State& before) { return before.packs.count(number) != 0; });
    if (!is_known) held.packs.push_back(number);
  }
  held.states.push_back(std::move(state));
  return {};
}

// With its dictionary, which goes when the pack goes: from then on neither can be taken away.
void FrameQueue::open_pack(Held& held) {
  held.number = held.packs.front();
  held.packs.pop_front();
  held.behind = 0;
  held.pack.reset();
  auto reader = pack::PackReader::open(*options_.fs, options_.packs(), held.number, dictionaries_);
  if (reader) {
    const auto first = (*reader)->first_frame();
    const bool needs_dictionary = first && *first && (*first)->dictionary != 0;
    // A dictionary that is gone while its pack is there is damage, which each frame tells.
    const bool is_whole = !needs_dictionary || dictionaries_->get((*first)->dictionary);
    const auto there = sys::exists(*options_.fs, sys::join(options_.packs(), pack::pack_name(held.number)));
    if (is_whole || (there && *there)) {
      held.pack = std::move(*reader);
      return;
    }
  }
  if (reader || reader.error().kind == ErrorKind::not_found)
    held.states.back().gone.insert(held.number);
  else
    held.findings.push_back(reader.error().message);
}

// Gone, and not by a compaction: the index of now still knows them.
void FrameQueue::note_missing(Held& held) {
  const State& last = held.states.back();
  for (State& state : held.states) {
    for (const std::uint64_t number : state.gone)
      if (last.packs.count(number) != 0 && held.missing.insert(number).second)
        held.findings.push_back("pack " + pack::pack_name(number) + " is missing");
  }
}

// False: there is nothing more.
Result<bool> FrameQueue::fill(Held& held) {
  while (held.frames.empty()) {
    if (held.pack == nullptr) {
      if (held.packs.empty()) {
        if (held.states.back().gone.empty() || held.states.size() == kMostStates) {
          note_missing(held);
          return false;
        }
        TRY(add_state(held));
        continue;
      }
      open_pack(held);
      continue;
    }
    auto rows =
        TRY(index::frames_of_pack(held.states.back().reader->connection(), held.number, held.behind, kFramesAtOnce));
    if (rows.empty()) {
      held.pack.reset();
      continue;
    }
    held.behind = rows.back().offset + 1;
    held.frames.assign(rows.begin(), rows.end());
  }
  return true;
}

Result<std::optional<FrameQueue::Task>> FrameQueue::next() {
  auto held = held_.lock();
  if (!TRY(fill(*held))) return std::optional<Task>();
  Task task{held->frames.front(), held->pack, held->states.size() - 1};
  held->frames.pop_front();
  return std::optional(std::move(task));
}

Result<bool> FrameQueue::counts(const Task& task, std::size_t at_byte, const VersionMeta& meta,
                                const TextQuery& query) {
  auto held = held_.lock();
  for (std::size_t i = 0; i <= task.state; ++i) {
    const auto row = TRY(held->states[i].reader->items().find_version(meta.type, meta.id, meta.version));
    // One that came after the search began has no row in the first state.
    if (!row) return false;
    if (i == task.state ? !stands_at(*row, task.place, at_byte) : held->states[i].gone.count(row->frame.pack) == 0)
      return false;
  }
  index::ItemQueries& items = held->states.front().reader->items();
  if (!query.newest_only) return !query.at || meta.at <= to_ms(*query.at);
  if (query.at) {
    const auto then = TRY(items.find_version_at(meta.type, meta.id, to_ms(*query.at)));
    return then && then->version == meta.version;
  }
  const auto item = TRY(items.find_item(meta.type, meta.id));
  if (!item) return false;
  const auto newest = TRY(items.newest_content(item->key, {}));
  return newest && newest->version == meta.version;
}

}  // namespace backstock::vault
