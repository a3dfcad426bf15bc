// Walks everything that a content type's listing is made of: its list, further passes over it, or one list below each
// item of the parent type.
//
// Promise: an item is given once, by its id. completeness() is that of all walks together, and of the list of parents.
// A parent whose list the store does not have is named in unread_parents(): nothing may be concluded about its items.
// A further pass that the store refuses, or whose query it ignores, gives nothing and takes nothing away.
//
// Memory: one page, and the ids given. Threads: one at a time. Lifetime: type and client outlive it.
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <stop_token>
#include <string_view>

#include "capture/list_request.h"
#include "store_api/seen_ids.h"
#include "store_api/store_client.h"

namespace backstock::capture {

// A page of items of one parent; `parent` is empty where the type has none.
struct ListedPage {
  store_api::Page page;
  std::string parent;
};

class TypeListing {
 public:
  struct Ask {
    store_api::Query query = {};         // beside the registry's: a change filter, includes
    bool further_passes = true;          // also the registry's more_passes
    std::set<std::string> parents = {};  // only these; empty: all
  };
  TypeListing(const content::ContentType& type, store_api::StoreClient& client, Ask ask);

  // Empty at the end.
  Result<std::optional<ListedPage>> next(std::stop_token stop);
  store_api::Completeness completeness() const;
  const std::set<std::string>& unread_parents() const { return unread_; }
  // How many pages the list of parents had.
  std::uint64_t parent_pages() const { return parent_pages_; }
  // Rows to come in all, as far as the store has said: of the current walk, where there are several.
  std::optional<std::uint64_t> announced() const;

 private:
  struct Walk {
    std::string parent = {};
    const content::ListPass* pass = nullptr;  // null: the plain list
  };
  Result<> list_parents(std::stop_token stop);
  void begin(const Walk& walk);
  void end_walk();
  bool keep(store_api::Page& page);

  const content::ContentType* type_;
  store_api::StoreClient* client_;
  Ask ask_;
  std::deque<Walk> walks_;
  std::optional<Walk> walk_;
  std::optional<store_api::Listing> listing_;
  store_api::SeenIds given_;
  bool many_;  // more than one walk: rows may come twice
  bool planned_ = false;
  std::uint64_t parent_pages_ = 0;
  std::string why_not_;
  std::set<std::string> unread_;
};

// What the parent of items is called that have none, where others do.
inline constexpr std::string_view kNoParent = "global";

}  // namespace backstock::capture
