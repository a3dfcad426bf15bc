// An answer that goes on after its head: the gate writes what there is, as it comes, until either side ends it.
#pragma once

#include <memory>
#include <string>

namespace backstock::http {

// One listener's end of it. What is kept for a slow reader is the stream's own affair: of a status the newest, of a
// search all. One that does not read at all is dropped when its write time is over.
//
// Threads: called by the gate's thread, once per Gate::stir() and every now and then.
class Stream {
 public:
  virtual ~Stream() = default;
  // What this listener has not been given yet; null: nothing.
  virtual std::shared_ptr<const std::string> take() = 0;
  // True once nothing more will come and all was taken: the gate hangs up.
  virtual bool ended() const = 0;
};

}  // namespace backstock::http
