#include "http/api_backups.h"

#include <algorithm>

#include "base/log.h"
#include "content/registry.h"
#include "http/api_answer.h"
#include "http/api_lookup.h"

namespace backstock::http {
namespace {

constexpr std::size_t kMostTypes = 100;
constexpr std::size_t kMostCharacters = 100;

// The name of a store that there is.
Result<std::string> store_field(const Serving& serving, const ApiRequest& request) {
  std::string name = TRY(request.text_field("store", 1, kMostCharacters));
  const auto& stores = serving.stores->stores();
  if (std::any_of(stores.begin(), stores.end(), [&](const auto& store) { return store.name == name; })) return name;
  return make_error(ErrorKind::not_found, "there is no store of that name", "/api/v1/status names the stores");
}

Response accepted(const Serving& serving, const std::string& store) {
  return json_answer(Json{{"store", store}, {"waiting", serving.stores->work(store).waiting}}, 202);
}

}  // namespace

Result<Response> post_backups(const Serving& serving, const ApiRequest& request) {
  const std::string store = TRY(store_field(serving, request));
  backup::RunRequest run;
  run.types = TRY(request.texts_field("types", kMostTypes, kMostCharacters));
  run.full = TRY(request.flag_field("full", false));
  for (const std::string& type : run.types) {
    if (content::find_type(type) == nullptr)
      return make_error(ErrorKind::bad_input, "a content type is named that there is not", "/api/v1/types names them");
  }
  const std::size_t waiting = TRY(serving.stores->submit(store, std::move(run)));
  log_info("http", "backup asked for", {{"store", store}, {"by", request.caller().key}});
  return json_answer(Json{{"store", store}, {"waiting", waiting}}, 202);
}

Result<Response> post_backups_cancel(const Serving& serving, const ApiRequest& request) {
  const std::string store = TRY(store_field(serving, request));
  TRY(serving.stores->cancel(store));
  log_info("http", "backup cancelled", {{"store", store}, {"by", request.caller().key}});
  return accepted(serving, store);
}

}  // namespace backstock::http
