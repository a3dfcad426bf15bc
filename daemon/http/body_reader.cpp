#include "http/body_reader.h"

#include <algorithm>
#include <charconv>

namespace backstock::http {
namespace {

constexpr std::size_t kChunkLine = 10;  // eight hex digits and the line end
constexpr Refusal kBadChunk = {400, "Bad request", "the chunked body is malformed"};

}  // namespace

BodyReader::BodyReader(const Head& head, std::size_t limit) : limit_(limit), left_(head.length) {
  if (head.framing == Framing::length) step_ = Step::content;
  if (head.framing == Framing::chunked) step_ = Step::chunk_size;
}

std::size_t BodyReader::feed(ByteView bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && !complete() && !refusal_) {
    const ByteView rest = bytes.substr(used);
    if (step_ == Step::content) {
      used += take_content(rest, Step::complete);
    } else if (step_ == Step::chunk_content) {
      used += take_content(rest, Step::chunk_end);
    } else {
      used += take_line(rest);
    }
  }
  return used;
}

std::size_t BodyReader::take_content(ByteView bytes, Step after) {
  const std::size_t size = std::min(bytes.size(), left_);
  body_.append(bytes.substr(0, size));
  left_ -= size;
  if (left_ == 0) step_ = after;
  return size;
}

std::size_t BodyReader::take_line(ByteView bytes) {
  const std::size_t newline = bytes.find('\n');
  const std::size_t size = newline == bytes.npos ? bytes.size() : newline + 1;
  if (line_.size() + size > kChunkLine) {
    refusal_ = kBadChunk;
    return 0;
  }
  line_.append(bytes.substr(0, size));
  if (newline != bytes.npos) end_line();
  return size;
}

void BodyReader::end_line() {
  if (!line_.ends_with("\r\n")) {
    refusal_ = kBadChunk;
    return;
  }
  const std::string_view text(line_.data(), line_.size() - 2);
  if (step_ == Step::chunk_size) {
    begin_chunk(text);
  } else if (!text.empty()) {  // behind a chunk, or a trailer
    refusal_ = kBadChunk;
  } else {
    step_ = step_ == Step::chunk_end ? Step::chunk_size : Step::complete;
  }
  line_.clear();
}

void BodyReader::begin_chunk(std::string_view digits) {
  const char* end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, left_, 16);
  if (digits.empty() || at != end || error != std::errc{}) {
    refusal_ = kBadChunk;
  } else if (left_ > limit_ - body_.size()) {  // before a byte of the chunk is kept
    refusal_ = Refusal{413, "Body too large", "the request body is over the limit"};
  } else {
    step_ = left_ == 0 ? Step::last_end : Step::chunk_content;
  }
}

}  // namespace backstock::http
