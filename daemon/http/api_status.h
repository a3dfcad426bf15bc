// How the backups stand: /api/v1/status, and the same as a stream of events.
#pragma once

#include "http/routes.h"

namespace backstock::http {

Result<Response> get_status(const Serving& serving, const ApiRequest& request);
Result<Response> get_events(const Serving& serving, const ApiRequest& request);

// Puts the status as it is now into the feed.
void offer_status(const StatusSource& source, EventFeed& events);

}  // namespace backstock::http
