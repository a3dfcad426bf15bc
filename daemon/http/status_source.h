// What the page and /api/v1/status show; app/ implements it.
//
// status() gives one object. Fields are always present, null when there is nothing to say; times are RFC 3339 in UTC;
// words are lower case:
//   { "version": "0.1.0", "now": TIME,
//     "stores": [ { "name": "acme", "state": "idle" | "running" | "paused",
//                   "items": 8123, "versions": 20411,
//                   "last_run": null | { "kind": "full", "outcome": "done" | "partial" | "failed" | "cancelled",
//                                        "started_at": TIME, "finished_at": TIME },
//                   "last_complete_at": null | TIME,      end of the last run in which every type succeeded
//                   "next_run_at": null | TIME,
//                   "running": null | { "kind": "full", "type": "products", "done": 1200, "total": null | 8123 },
//                   "problems": [ "one sentence each, for people" ] } ] }
//
// Threads: both are called from several http workers at once, and must answer from memory or the index, never from the
// network: the page asks every two seconds.
#pragma once

#include "base/json.h"

namespace backstock::http {

class StatusSource {
 public:
  virtual ~StatusSource() = default;
  virtual Json status() const = 0;
  // For /readyz: an error while the daemon is not yet, or no longer, able to back up.
  virtual Result<> ready() const { return {}; }
};

}  // namespace backstock::http
