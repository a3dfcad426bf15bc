// `backstock check STORE`: does the token work, and for which content types?
#include <fmt/format.h>

#include "capture/list_request.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "content/item_id.h"
#include "content/registry.h"
#include "store_api/page.h"

namespace backstock::cli {
namespace {

// One row of the type's list. Where the list is below a parent: of the first one's, which may be nowhere; then that the
// parents can be read says that much of their items.
Result<store_api::CutReply> read_one(const content::ContentType& type, store_api::StoreClient& client,
                                     std::stop_token stop) {
  std::string parent;
  if (type.list_path.find("{parent}") != type.list_path.npos) {
    const content::ContentType& parents = *content::find_type(type.parent_type);
    store_api::CutReply first = TRY(read_one(parents, client, stop));
    if (first.page.items.empty()) return first;
    parent = content::item_id(parents, first.page.items.front());
  }
  store_api::ListSpec spec = capture::item_list(type, parent);
  if (type.paging != content::Paging::whole) spec.query.emplace_back("limit", "1");
  return store_api::cut_reply(
      TRY(client.get({.path = spec.path, .query = std::move(spec.query), .scope = type.scope_read}, stop)));
}

}  // namespace

Result<int> check_command(const CommonArguments& arguments, Surroundings& s) {
  const Setup setup = TRY(s.load(arguments.config));
  int code = 0;
  Json stores = Json::array();
  for (const StoreSetup& store : TRY(choose_stores(setup, arguments.store))) {
    const auto transport = s.make_transport();
    store_api::Options patience = TRY(with_token(store));
    patience.retry.tries = 2;  // somebody is waiting
    store_api::StoreClient client(patience, *transport, *s.clock, *s.random);
    std::vector<std::vector<std::string>> rows = {{"TYPE", "READABLE", ""}};
    Json types = Json::array();
    for (const content::ContentType& type : content::all_types()) {
      const auto reply = read_one(type, client, s.stop);
      // A wrong token or host is the same for every type: one sentence is enough.
      if (!reply && reply.error().kind == ErrorKind::not_found) {
        return make_error(ErrorKind::rejected, reply.error().message,
                          "check store_hash in the config: the store has no such list, or is no more");
      }
      if (!reply && reply.error().kind != ErrorKind::forbidden) return reply.error();
      if (!reply) code = 1;
      rows.push_back({std::string(type.name), reply ? "yes" : "no", reply ? "" : reply.error().sentence()});
      types.push_back(Json{{"type", type.name},
                           {"readable", reply.has_value()},
                           {"why_not", reply ? Json(nullptr) : Json(reply.error().sentence())}});
    }
    const store_api::RateState rate = client.usage().rate;
    if (arguments.json) {
      stores.push_back(Json{{"store", store.name},
                            {"types", std::move(types)},
                            {"quota", rate.quota ? Json(*rate.quota) : Json(nullptr)},
                            {"our_part", rate.quota ? Json(rate.our_part) : Json(nullptr)}});
      continue;
    }
    print(s.out, fmt::format("{}: store {} at {} answers.\n", store.name, store.vault.store_hash, store.api.api_url));
    print(s.out, rate.quota ? fmt::format("Quota: {} requests per window, of which Backstock uses at most {}.\n",
                                          *rate.quota, rate.our_part)
                            : "The store names no request quota.\n");
    print_table(s.out, rows);
  }
  if (arguments.json) print_json(s.out, Json{{"stores", std::move(stores)}});
  return code;
}

}  // namespace backstock::cli
