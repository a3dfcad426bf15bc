// What items are searched by: a sorted set of (how a label begins, item), for each content type.
//
// A label counts in lower case and by its first bytes; who searches for more looks at the labels themselves. Neighbours
// begin alike, so they stand many in a row, each as what differs from the one before: a third of what a row for each
// takes.
//
// Promise: the set follows from what was added and removed, not from the order; the rows do not.
// Errors: corrupt when a row cannot be read. Threads: those of the connection, which outlives everything here.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "index/connection.h"

namespace backstock::index {

inline constexpr std::size_t kSearchedBytes = 15;

// The texts under which an item with these labels is found.
std::set<std::string> search_texts(const std::vector<std::string>& labels);

struct SearchKey {
  std::string text;
  std::int64_t item = 0;
  auto operator<=>(const SearchKey&) const = default;
};

class SearchKeys {
 public:
  static Result<SearchKeys> open(Connection& connection);

  // What is there already stays, what is not there is not missed.
  Result<> add(std::int64_t type, const SearchKey& key);
  Result<> remove(std::int64_t type, const SearchKey& key);

 private:
  struct Block {
    bool there = false;
    SearchKey name;  // of its row
    std::vector<SearchKey> keys;
  };
  SearchKeys(Connection& connection, Statement before, Statement first, Statement set, Statement drop)
      : connection_(&connection),
        before_(std::move(before)),
        first_(std::move(first)),
        set_(std::move(set)),
        drop_(std::move(drop)) {}
  // The block where the key stands or would stand.
  Result<Block> find(std::int64_t type, const SearchKey& key);
  // In one row, or in two. `in_order`: the last key is the one that is new.
  Result<> write(std::int64_t type, const std::vector<SearchKey>& keys, bool in_order);
  Connection* connection_;
  Statement before_;
  Statement first_;
  Statement set_;
  Statement drop_;
};

// Items with a text that begins with `prefix`, which is in lower case and has no more than kSearchedBytes; each once
// for each such text.
Result<std::vector<std::int64_t>> find_by_text(Connection& connection, std::int64_t type, std::string_view prefix);
// All there are, in order.
Result<> for_each_search_key(Connection& connection,
                             const std::function<void(std::int64_t type, const SearchKey& key)>& take);

}  // namespace backstock::index
