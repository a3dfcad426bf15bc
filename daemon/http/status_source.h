// What the page and /api/v1/status show; app/ implements it.
//
// status() gives the object that API.md describes: fields are always present, null when there is nothing to say.
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
