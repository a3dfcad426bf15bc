// Collects a request's body, by its length or chunk by chunk, never beyond the limit.
//
// Chunk extensions and trailers are refused: no client of ours sends them, and readers disagree about them.
//
// Threads: one at a time.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "http/request_head.h"

namespace backstock::http {

class BodyReader {
 public:
  BodyReader() = default;
  BodyReader(const Head& head, std::size_t limit);

  // Takes what belongs to this body and says how many bytes that was; the rest is the next request's.
  std::size_t feed(ByteView bytes);
  bool complete() const { return step_ == Step::complete; }
  const std::optional<Refusal>& refusal() const { return refusal_; }
  std::string take() { return std::move(body_); }

 private:
  enum class Step { content, chunk_size, chunk_content, chunk_end, last_end, complete };

  std::size_t take_content(ByteView bytes, Step after);
  std::size_t take_line(ByteView bytes);
  void end_line();
  void begin_chunk(std::string_view digits);

  Step step_ = Step::complete;
  std::size_t limit_ = 0;
  std::size_t left_ = 0;  // of the content or the current chunk
  std::string line_;      // of the chunk framing, as far as it has come
  std::string body_;
  std::optional<Refusal> refusal_;
};

}  // namespace backstock::http
