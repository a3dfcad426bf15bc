#include "http/api_search.h"

#include "http/api_answer.h"
#include "http/api_lookup.h"
#include "http/search_desk.h"

namespace backstock::http {

Result<Response> get_search(const Serving& serving, const ApiRequest& request) {
  const StoreDoor::Store* store = TRY(find_store(serving, request));
  vault::TextQuery query;
  query.text = TRY(request.needed_text("q"));
  if (request.text("type")) query.types.emplace_back(TRY(find_type(request))->name);
  query.newest_only = TRY(request.choice("versions", {"newest", "all"})) == "newest";
  query.any_case = !TRY(request.flag("match_case"));
  query.at = TRY(request.time("at"));
  query.most_hits = static_cast<std::uint64_t>(TRY(request.number("limit", 1, 1000, 200)));
  Response response{.content_type = "text/event-stream", .headers = {{"Cache-Control", "no-store"}}};
  if (request.http().method == "HEAD") return response;
  const std::string who = request.caller().key;
  response.stream = serving.searches->start(who, store->vault, std::move(query), [&accounts = serving.accounts, who] {
    return still_valid(accounts, who).value_or(false);
  });
  if (response.stream) return response;
  return problem({503, "Busy", "the search cannot begin", "another search runs, and one at a time is enough",
                  "wait until it has ended"});
}

}  // namespace backstock::http
