// What the handlers of /api/v1 about stores have in common: finding what a request names, and small pieces of answers.
//
// Threads: any. Lifetime: what is given out points into Serving and the registry.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/json.h"
#include "content/content_type.h"
#include "http/routes.h"
#include "http/store_door.h"
#include "vault/vault_reader.h"

namespace backstock::http {

// With what could not be done.
Error about(std::string what, Error error);

// not_found errors, which never repeat what was asked for.
Result<const StoreDoor::Store*> find_store(const Serving& serving, const ApiRequest& request);
Result<const content::ContentType*> find_type(const ApiRequest& request);

// Null when nothing was backed up yet. One per request: opening costs less than a millisecond, and a reader that was
// kept would go on with the old index after a rebuild.
Result<std::unique_ptr<vault::VaultReader>> open_reader(const StoreDoor::Store& store);

// An item that a request names by store, type and id, and the reader that found it, in one state for the whole answer.
struct FoundItem {
  const content::ContentType* type;
  std::unique_ptr<vault::VaultReader> reader;
  index::Snapshot snapshot;
  index::ItemRow item;
};
Result<FoundItem> find_item(const Serving& serving, const ApiRequest& request);

// RFC 3339 in UTC.
Json time_json(std::int64_t at);
Json time_json(std::optional<std::int64_t> at);
// Null for an empty text.
Json text_or_null(std::string_view text);

}  // namespace backstock::http
