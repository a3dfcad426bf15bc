#include "http/api_lookup.h"

#include <algorithm>

#include "content/registry.h"

namespace backstock::http {

Error about(std::string what, Error error) {
  error.context.push_back(std::move(what));
  return error;
}

Result<const StoreDoor::Store*> find_store(const Serving& serving, const ApiRequest& request) {
  const std::string name = TRY(request.needed_text("store"));
  for (const StoreDoor::Store& store : serving.stores->stores())
    if (store.name == name) return &store;
  return about("the store cannot be shown",
               make_error(ErrorKind::not_found, "there is no store of that name", "/api/v1/status names the stores"));
}

Result<const content::ContentType*> find_type(const ApiRequest& request) {
  const content::ContentType* type = content::find_type(TRY(request.needed_text("type")));
  if (type != nullptr) return type;
  return about("the content type cannot be shown",
               make_error(ErrorKind::not_found, "there is no content type of that name", "/api/v1/types names them"));
}

Result<std::unique_ptr<vault::VaultReader>> open_reader(const StoreDoor::Store& store) {
  auto reader = vault::VaultReader::open(store.vault);
  if (!reader && reader.error().kind == ErrorKind::not_found) return std::unique_ptr<vault::VaultReader>();
  return reader;
}

Result<FoundItem> find_item(const Serving& serving, const ApiRequest& request) {
  const StoreDoor::Store* store = TRY(find_store(serving, request));
  const content::ContentType* type = TRY(find_type(request));
  const std::string id = TRY(request.needed_text("id"));
  auto reader = TRY(open_reader(*store));
  if (reader != nullptr) {
    index::Snapshot snapshot = TRY(index::Snapshot::begin(reader->connection()));
    auto item = TRY(reader->items().find_item(type->name, id));
    if (item) return FoundItem{type, std::move(reader), std::move(snapshot), std::move(*item)};
  }
  return about("the item cannot be shown", make_error(ErrorKind::not_found, "there is no such item in the backup",
                                                      "/api/v1/items lists what there is"));
}

Json time_json(std::int64_t at) { return format_rfc3339(from_ms(at)); }

Json time_json(std::optional<std::int64_t> at) { return at ? time_json(*at) : Json(nullptr); }

Json text_or_null(std::string_view text) { return text.empty() ? Json(nullptr) : Json(text); }

}  // namespace backstock::http
