#include "http/api_status.h"

#include "http/api_answer.h"

namespace backstock::http {

void offer_status(const StatusSource& source, EventFeed& events) {
  const Json status = source.status();
  // It says what time it is, which alone is no change.
  Json timeless = status;
  timeless.erase("now");
  events.offer("status", status, to_text(timeless));
}

Result<Response> get_status(const Serving& serving, const ApiRequest&) { return json_answer(serving.status.status()); }

Result<Response> get_events(const Serving& serving, const ApiRequest& request) {
  Response response{.content_type = "text/event-stream", .headers = {{"Cache-Control", "no-store"}}};
  if (request.http().method == "HEAD") return response;
  // First, so that the listener does not begin with what was the newest when the last one left.
  offer_status(serving.status, serving.events);
  response.stream = serving.events.listen(request.caller().key);
  if (response.stream) return response;
  return problem({503, "Too many listeners", "no events can be sent", "too many pages listen already",
                  "close some of them; /api/v1/status gives the same when asked"});
}

}  // namespace backstock::http
