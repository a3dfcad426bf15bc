#include "capture/type_listing.h"

#include <algorithm>

#include "base/json_text.h"
#include "content/item_id.h"
#include "content/registry.h"

namespace backstock::capture {
namespace {

// "is_deleted=true"
bool holds(std::string_view row, std::string_view what) {
  const auto equals = what.find('=');
  const auto value = json_text::find_path(row, what.substr(0, equals));
  return value && json_text::as_label(*value) == what.substr(equals + 1);
}

}  // namespace

TypeListing::TypeListing(const content::ContentType& type, store_api::StoreClient& client, Ask ask)
    : type_(&type),
      client_(&client),
      ask_(std::move(ask)),
      many_(!type.parent_type.empty() || (ask_.further_passes && !type.more_passes.empty())) {}

Result<> TypeListing::list_parents(std::stop_token stop) {
  planned_ = true;
  if (type_->parent_type.empty()) {
    walks_.push_back({});
    if (ask_.further_passes) {
      for (const content::ListPass& pass : type_->more_passes) walks_.push_back({{}, &pass});
    }
    return {};
  }
  const auto wanted = [&](const std::string& parent) { return ask_.parents.empty() || ask_.parents.contains(parent); };
  if (type_->has_orphans && wanted(std::string(kNoParent))) walks_.push_back({std::string(kNoParent), nullptr});
  // Asked anew: what the vault knows of the parents may be of another day.
  const content::ContentType& parents = *content::find_type(type_->parent_type);
  store_api::Listing listing(*client_, item_list(parents));
  while (const auto page = TRY(listing.next(stop))) {
    ++parent_pages_;
    for (const std::string_view row : page->items) {
      std::string parent = content::item_id(parents, row);
      if (wanted(parent)) walks_.push_back({std::move(parent), nullptr});
    }
  }
  const store_api::Completeness complete = listing.completeness();
  if (!complete.complete) why_not_ = "the list of " + std::string(parents.name) + " was not whole: " + complete.why_not;
  return {};
}

void TypeListing::begin(const Walk& walk) {
  store_api::ListSpec spec = item_list(*type_, walk.parent == kNoParent ? std::string_view() : walk.parent);
  for (const auto& pair : ask_.query) spec.query.push_back(pair);
  if (walk.pass != nullptr) {
    for (auto& pair : parse_query(walk.pass->query)) spec.query.push_back(std::move(pair));
  }
  walk_ = walk;
  listing_.emplace(*client_, std::move(spec));
}

void TypeListing::end_walk() {
  const store_api::Completeness complete = listing_->completeness();
  if (!complete.complete && why_not_.empty()) {
    why_not_ = complete.why_not;
    if (!walk_->parent.empty()) why_not_ = std::string(type_->parent_type) + " " + walk_->parent + ": " + why_not_;
  }
  listing_.reset();
}

// Takes out what was given before. False: this pass is not followed by the store.
bool TypeListing::keep(store_api::Page& page) {
  if (walk_->pass != nullptr && !walk_->pass->holds.empty()) {
    const auto follows = [&](std::string_view row) { return holds(row, walk_->pass->holds); };
    if (!std::all_of(page.items.begin(), page.items.end(), follows)) return false;
  }
  if (!many_) return true;
  std::erase_if(page.items, [&](std::string_view row) {
    const std::string id = content::item_id(*type_, row, walk_->parent);
    return !id.empty() && !given_.insert(id);
  });
  return true;
}

Result<std::optional<ListedPage>> TypeListing::next(std::stop_token stop) {
  if (!planned_) TRY(list_parents(stop));
  while (true) {
    if (!listing_) {
      if (walks_.empty()) return std::optional<ListedPage>();
      begin(walks_.front());
      walks_.pop_front();
    }
    auto page = listing_->next(stop);
    if (!page) {
      const ErrorKind kind = page.error().kind;
      const bool no_list = kind == ErrorKind::rejected || kind == ErrorKind::not_found;
      const bool one_of_many = walk_->pass != nullptr || (!walk_->parent.empty() && walk_->parent != kNoParent);
      if (!no_list || !one_of_many) return std::move(page).error();
      if (walk_->pass == nullptr) unread_.insert(walk_->parent);
      listing_.reset();
      continue;
    }
    if (!*page) {
      end_walk();
      continue;
    }
    if (!keep(**page)) {
      listing_.reset();
      continue;
    }
    return std::optional<ListedPage>({std::move(**page), walk_->parent});
  }
}

store_api::Completeness TypeListing::completeness() const {
  store_api::Completeness complete;
  complete.why_not = why_not_;
  complete.complete = planned_ && walks_.empty() && !listing_ && why_not_.empty();
  return complete;
}

std::optional<std::uint64_t> TypeListing::announced() const {
  return listing_ ? listing_->completeness().announced : std::nullopt;
}

}  // namespace backstock::capture
