// One answer of a list, cut into its items without touching a byte.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "base/result.h"
#include "store_api/store_client.h"

namespace backstock::store_api {

// Movable; `items` are views into `body` and stay valid as long as the page lives, wherever it is moved.
struct Page {
  std::unique_ptr<const std::string> body;
  std::vector<std::string_view> items;  // raw JSON values
  json_text::Findings findings;         // of the whole body: check an item by json_text::check() where it matters
};

// What an answer says about its place in the list, in all the spellings that BigCommerce uses.
struct PagingFacts {
  bool pagination = false;  // meta.pagination is there
  std::optional<std::uint64_t> total;
  std::optional<std::uint64_t> per_page;
  std::optional<std::uint64_t> current_page;
  std::optional<std::uint64_t> total_pages;
  bool cursor_pagination = false;         // meta.cursor_pagination is there
  std::optional<std::string> end_cursor;  // not null, not empty
  bool links = false;                     // either pagination has a `links` object
  bool next_link = false;                 // and it names a next page
  std::optional<std::uint64_t> count;     // rows of this answer
};

struct CutReply {
  Page page;
  PagingFacts facts;
};

// V3 (`data`: rows or one object), V2 (a bare list or object), 204. Anything else: rejected.
Result<CutReply> cut_reply(Reply reply);

}  // namespace backstock::store_api
