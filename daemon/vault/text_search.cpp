#include "vault/text_search.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "pack/zstd_frame.h"
#include "vault/frame_queue.h"
#include "vault/text_match.h"

namespace backstock::vault {
namespace {

constexpr std::size_t kFindingsTold = 20;

class Search {
 public:
  Search(const TextQuery& query, FrameQueue& queue, const OnTextHit& on_hit, const OnSearchProgress& on_progress,
         const std::stop_token& stop)
      : query_(query),
        match_(query.text, query.any_case),
        queue_(queue),
        on_hit_(on_hit),
        on_progress_(on_progress),
        stop_(stop) {}

  Result<Searched> run(unsigned threads) {
    {
      std::vector<std::jthread> others;
      for (unsigned i = 1; i < threads; ++i) others.emplace_back([this] { work(); });
      work();
    }
    auto held = held_.lock();
    if (held->failed) return *std::move(held->failed);
    for (std::string& finding : queue_.findings()) add_finding(held->done, std::move(finding));
    held->done.stopped = !held->done.limited && stop_.stop_requested();
    return std::move(held->done);
  }

 private:
  struct Held {
    Searched done;
    SearchProgress progress;
    std::optional<Error> failed;
  };

  static void add_finding(Searched& done, std::string finding) {
    ++done.unreadable;
    if (done.findings.size() < kFindingsTold) done.findings.push_back(std::move(finding));
  }

  void work() {
    while (!ended_ && !stop_.stop_requested()) {
      auto searched = search_next();
      if (searched && !*searched) return;  // others may still be at their last frames
      if (searched) continue;
      ended_ = true;
      held_.lock()->failed = searched.error();
    }
  }

  bool is_wanted(const std::string& type) const {
    return query_.types.empty() || std::find(query_.types.begin(), query_.types.end(), type) != query_.types.end();
  }

  // The frame's lines; empty when nobody asked for its content type.
  Result<std::string> lines_of(const FrameQueue::Task& task) {
    const index::FrameRow& row = task.place;
    const auto stored = TRY(task.pack->read_stored({row.pack, row.offset, row.header_size, row.stored_size}));
    const pack::FrameHeader& header = stored.header;
    if (header.kind != pack::FrameKind::versions || !is_wanted(header.content_type)) return std::string();
    std::shared_ptr<const pack::Dictionary> dictionary;
    if (header.dictionary != 0) dictionary = TRY(queue_.dictionaries()->get(header.dictionary));
    return pack::decompress(stored.bytes, header.raw_size, dictionary.get());
  }

  // False: that was all.
  Result<bool> search_next() {
    const auto task = TRY(queue_.next());
    if (!task) return false;
    const auto raw = lines_of(*task);
    Result<> outcome;
    if (raw) {
      match_.for_each_candidate(*raw, [&](std::string_view line, std::size_t at) {
        outcome = search_line(*task, line, at);
        return outcome && !ended_ && !stop_.stop_requested();
      });
    }
    TRY(std::move(outcome));
    auto held = held_.lock();
    held->progress.done += task->place.header_size + task->place.stored_size;
    held->progress.total = std::max(queue_.total(), held->progress.done);
    held->progress.hits = held->done.hits;
    if (raw) {
      ++held->done.frames;
      held->done.bytes += raw->size();
    } else {
      add_finding(held->done, "pack " + pack::pack_name(task->place.pack) + ", frame at byte " +
                                  std::to_string(task->place.offset) + ": " + raw.error().message);
    }
    if (on_progress_) on_progress_(held->progress);
    return true;
  }

  Result<> search_line(const FrameQueue::Task& task, std::string_view line, std::size_t at) {
    const auto version = parse_version_line(line);
    if (!version) {
      auto held = held_.lock();
      add_finding(held->done, version.error().message);
      return {};
    }
    const VersionMeta& meta = version->meta;
    std::optional<bool> counts;  // asked for the first of its fields only
    Result<> outcome;
    match_.for_each_field(*version, [&](TextMatch::Field field) {
      if (!counts) {
        const auto asked = queue_.counts(task, at, meta, query_);
        if (!asked) outcome = asked.error();
        counts = asked && *asked;
      }
      return *counts &&
             tell({meta.type, meta.id, meta.version, meta.at, std::move(field.path), std::move(field.excerpt)});
    });
    return outcome;
  }

  // False: it is enough.
  bool tell(TextHit hit) {
    auto held = held_.lock();
    if (ended_ || stop_.stop_requested()) return false;
    if (held->done.hits == query_.most_hits) {
      held->done.limited = true;
      ended_ = true;
      return false;
    }
    ++held->done.hits;
    on_hit_(hit);
    return true;
  }

  const TextQuery& query_;
  const TextMatch match_;
  FrameQueue& queue_;
  const OnTextHit& on_hit_;
  const OnSearchProgress& on_progress_;
  const std::stop_token& stop_;
  std::atomic<bool> ended_ = false;  // there are enough hits, or something failed
  Guarded<Held> held_;
};

}  // namespace

Result<Searched> search_text(const Options& options, const TextQuery& query, unsigned threads, const OnTextHit& on_hit,
                             const OnSearchProgress& on_progress, const std::stop_token& stop) {
  if (query.text.empty())
    return make_error(ErrorKind::bad_input, "there is no text to search for", "give at least one character");
  const auto queue = TRY(FrameQueue::open(options));
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  return Search(query, *queue, on_hit, on_progress, stop).run(std::min(threads == 0 ? 2U : threads, cores));
}

}  // namespace backstock::vault
