// Pages of a content type's items, in each order.
//
// A page costs the same wherever it begins: it follows an index, in two walks (items that are there, items that are
// gone) merged where both are wanted. A search collects the keys of all labels with the prefix first; few are sorted,
// many are met on the walk. As a list was at an instant is found out item by item, which is why a page may be told how
// many to look at: it may then be short, and tell where to go on.
//
// Threads: those of the connection.
#pragma once

#include "index/connection.h"
#include "index/rows.h"

namespace backstock::index {

enum class Deleted { hide, only, include };

// By id: numbers first by value, then texts by their bytes. By change: the time of the newest version, youngest first.
enum class Order { by_id, by_id_backwards, by_change };

inline constexpr std::uint32_t kNoLimit = 0xFFFFFFFF;

struct ListQuery {
  std::string type;
  std::string prefix;  // of any label, whatever its case, or the whole id; empty: all
  Deleted deleted = Deleted::hide;
  std::optional<std::int64_t> at;  // as it was then: the newest version captured at or before; not by change
  std::string after_id;            // go on behind this item; empty: from the start
  std::uint32_t limit = 100;
  Order order = Order::by_id;
  std::int64_t after_change = 0;     // by change: the item's `last_at` when it was listed
  std::uint32_t look_at = kNoLimit;  // this many items at the most
};

struct ItemPage {
  std::vector<ItemRow> rows;
  // Where to go on: `after_id` and `after_change` of the next query. Nothing: the list ends here.
  struct Place {
    std::string id;
    std::int64_t changed = 0;
  };
  std::optional<Place> next;
};

Result<ItemPage> read_page(Connection& connection, const ListQuery& query);

}  // namespace backstock::index
