#include "http/request_reader.h"

namespace backstock::http {

std::size_t RequestReader::feed(ByteView bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && progress_ != Progress::complete && progress_ != Progress::refused) {
    if (progress_ == Progress::body) {
      used += body_.feed(bytes.substr(used));
      if (body_.refusal()) {
        refuse(*body_.refusal());
      } else if (body_.complete()) {
        progress_ = Progress::complete;
      }
    } else {
      progress_ = Progress::head;
      used += feed_head(bytes.substr(used));
    }
  }
  return used;
}

std::size_t RequestReader::feed_head(ByteView bytes) {
  const std::size_t newline = bytes.find('\n');
  const std::size_t size = newline == bytes.npos ? bytes.size() : newline + 1;
  head_bytes_ += size;
  if (head_bytes_ > limits_->head_bytes) {
    refuse({431, "Header too large", "the request head is over the limit"});
    return size;
  }
  line_.append(bytes.substr(0, size));
  // A TLS greeting or a binary protocol would otherwise be waited for until the deadline.
  if (head_.at_request_line() && !is_token_char(line_.front())) {
    refuse({400, "Bad request", "this is not HTTP/1.1"});
    return size;
  }
  if (newline != bytes.npos) end_line();
  return size;
}

void RequestReader::end_line() {
  if (!line_.ends_with("\r\n")) return refuse({400, "Bad request", "a line ends without a carriage return"});
  const auto refusal = head_.take_line(std::string_view(line_.data(), line_.size() - 2), *limits_);
  line_.clear();
  if (refusal) return refuse(*refusal);
  if (!head_.complete()) return;
  body_ = BodyReader(head_.head(), limits_->body_bytes);
  progress_ = body_.complete() ? Progress::complete : Progress::body;
}

void RequestReader::refuse(const Refusal& refusal) {
  refusal_ = refusal;
  progress_ = Progress::refused;
}

Request RequestReader::take() {
  Head& head = head_.head();
  Request request;
  request.method = std::move(head.method);
  request.target = std::move(head.target);
  request.headers = std::move(head.headers);
  request.body = body_.take();
  *this = RequestReader(*limits_);
  return request;
}

}  // namespace backstock::http
