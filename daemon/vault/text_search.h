// A text in all fields of all versions, by reading all frames: several threads take one after the other, and what is
// found is told at once.
//
// Promise: the vault as it is when the search begins, each version looked at once, wherever compaction moves it
// meanwhile. What cannot be read is told at the end and ends nothing. Memory: some frames per thread. The index's
// write-ahead log does not shrink while a search runs.
//
// Threads: `on_hit` and `on_progress` are called by the search's threads, one call at a time. Lifetime: what Options
// point to outlives the call.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "vault/vault_options.h"

namespace backstock::vault {

struct TextQuery {
  std::string text;                // not empty
  bool any_case = true;            // upper and lower case mean the same
  std::vector<std::string> types;  // none: all
  // Of each item the newest version that has content, also where the item is gone; else all of them.
  bool newest_only = true;
  std::optional<TimePoint> at;     // what was there then: the newest captured by then, or all captured by then
  std::uint64_t most_hits = 1000;  // then the search ends
};

// One field of one version.
struct TextHit {
  std::string type;
  std::string id;
  std::uint32_t version = 0;
  std::int64_t at = 0;
  std::string path;     // "variants[2].sku"
  std::string excerpt;  // at most 120 characters around the first place in the field
};

struct SearchProgress {
  ByteCount done = 0;  // stored bytes
  ByteCount total = 0;
  std::uint64_t hits = 0;
};

struct Searched {
  std::uint64_t hits = 0;
  std::uint64_t frames = 0;           // read
  ByteCount bytes = 0;                // of lines looked through
  bool limited = false;               // ended at `most_hits`: there may be more
  bool stopped = false;               // by the stop token: not all was read
  std::uint64_t unreadable = 0;       // frames
  std::vector<std::string> findings;  // the first of them, in sentences
};

using OnTextHit = std::function<void(const TextHit& hit)>;
using OnSearchProgress = std::function<void(const SearchProgress& progress)>;

// bad_input for an empty text; not_found when there is no vault. `threads` 0: two, or the one there is.
Result<Searched> search_text(const Options& options, const TextQuery& query, unsigned threads, const OnTextHit& on_hit,
                             const OnSearchProgress& on_progress, const std::stop_token& stop);

}  // namespace backstock::vault
