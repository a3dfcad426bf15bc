// Bytes in, whole requests out, under limits: the only thing that looks at what a client sent before it is complete.
//
// Each line is judged as it ends, so junk is refused at once and not at a deadline. Once refused, a reader stays so:
// after a framing error nobody knows where the next request begins, and the connection must end.
// Memory: at most the head and body limits plus one fed piece.
//
// Threads: one at a time.
#pragma once

#include <optional>
#include <string>

#include "http/body_reader.h"

namespace backstock::http {

class RequestReader {
 public:
  enum class Progress { nothing, head, body, complete, refused };

  // The limits outlive the reader.
  explicit RequestReader(const Limits& limits) : limits_(&limits) {}

  // Says how many bytes it took; fewer than given means complete or refused.
  std::size_t feed(ByteView bytes);
  Progress progress() const { return progress_; }
  const Refusal& refusal() const { return refusal_; }
  bool expects_continue() const { return progress_ == Progress::body && head_.head().expects_continue; }
  bool wants_close() const { return head_.head().close; }

  // The complete request; the reader is then ready for the next one. `path` and `query` are still empty.
  Request take();

 private:
  std::size_t feed_head(ByteView bytes);
  void end_line();
  void refuse(const Refusal& refusal);

  const Limits* limits_;
  Progress progress_ = Progress::nothing;
  std::string line_;  // as far as it has come
  std::size_t head_bytes_ = 0;
  HeadReader head_;
  BodyReader body_;
  Refusal refusal_;
};

}  // namespace backstock::http
