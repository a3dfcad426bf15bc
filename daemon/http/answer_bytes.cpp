#include "http/answer_bytes.h"

#include <httplib.h>

#include "base/log.h"

namespace backstock::http {
namespace {

// The request line in, the answer out.
class MemoryStream final : public httplib::Stream {
 public:
  explicit MemoryStream(std::string in) : in_(std::move(in)) {}
  std::string take() { return std::move(out_); }

  bool is_readable() const override { return at_ < in_.size(); }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, size_t size) override {
    const size_t count = in_.copy(to, size, at_);
    at_ += count;
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* from, size_t size) override {
    out_.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return INVALID_SOCKET; }

 private:
  std::string in_;
  size_t at_ = 0;
  std::string out_;
};

// 0.11.4 answers 400 to a second '?', which a query may well hold.
std::string with_one_question_mark(const std::string& target) {
  std::string text;
  bool seen = false;
  for (const char c : target) {
    if (c == '?' && seen) {
      text += "%3F";
    } else {
      text += c;
    }
    seen = seen || c == '?';
  }
  return text;
}

const char* reason(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 408:
      return "Request Timeout";
    case 413:
      return "Payload Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 431:
      return "Request Header Fields Too Large";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

std::string stream_head_bytes(const Response& response, const httplib::Headers& always) {
  std::string text = "HTTP/1.1 200 OK\r\nConnection: close\r\n";
  for (const auto& [name, value] : always) text += name + ": " + value + "\r\n";
  for (const Header& header : response.headers) text += header.name + ": " + header.value + "\r\n";
  return text + "Content-Type: " + response.content_type + "\r\n\r\n";
}

void fill(httplib::Response& to, Response&& from) {
  to.status = from.status;
  for (const Header& header : from.headers) to.set_header(header.name, header.value);
  if (from.content_type.empty()) return;
  to.set_header("Content-Type", from.content_type);
  to.body = std::move(from.body);  // set_content() would copy it
}

}  // namespace

class AnswerBytes::Server final : public httplib::Server {
 public:
  Server(RequestHandler& handler, const std::vector<Header>& headers) : handler_(&handler) {
    for (const Header& header : headers) always_.emplace(header.name, header.value);
    set_default_headers(always_);
    // Everything is answered here, before the library routes: its routes are regular expressions, and libstdc++'s
    // recurse once per character of a path that the client chooses.
    set_pre_routing_handler([this](const httplib::Request& parsed, httplib::Response& response) {
      request_->path = parsed.path;
      request_->query.assign(parsed.params.begin(), parsed.params.end());
      Response answer = handler_->answer(*request_);
      // The library knows no answer without a length, so the head of one that goes on is written here.
      if (answer.stream && request_->method != "HEAD") {
        streaming_.bytes = stream_head_bytes(answer, always_);
        streaming_.stream = std::move(answer.stream);
      }
      fill(response, std::move(answer));
      return HandlerResponse::Handled;
    });
    set_exception_handler([this](const httplib::Request&, httplib::Response& response, std::exception_ptr thrown) {
      response.headers = always_;
      report(thrown);
      fill(response, problem(500, "Internal error", "this is a bug; the daemon's log says more"));
    });
    // Only printed, in the Keep-Alive header: the gate keeps the time.
    set_keep_alive_timeout(30);
    set_keep_alive_max_count(1000);
  }

  Made make(Request& request, bool close) {
    request_ = &request;
    streaming_ = {};
    MemoryStream stream(request.method + ' ' + with_one_question_mark(request.target) + " HTTP/1.1\r\n\r\n");
    try {
      bool closed = close;
      const bool ran = run(*this, stream, close, closed);
      if (streaming_.stream) return std::move(streaming_);
      if (!ran) return {};
    } catch (...) {
      report(std::current_exception());
      return {};
    }
    return {stream.take()};
  }

 private:
  // process_request() got more parameters in 0.18 (Debian 13); a template, so that only the one that fits is compiled.
  template <class Self>
  static bool run(Self& self, MemoryStream& stream, bool close, bool& closed) {
    if constexpr (requires { self.process_request(stream, close, closed, nullptr); }) {
      return self.process_request(stream, close, closed, nullptr);
    } else {
      return self.process_request(stream, std::string(), 0, std::string(), 0, close, closed, nullptr);
    }
  }

  void report(std::exception_ptr thrown) const {
    std::string what = "not a std::exception";
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
      what = error.what();
    } catch (...) {
    }
    // The path only: a query may hold what a person searched for.
    log_error("http", "a handler threw", {{"path", request_->path}, {"what", what}});
  }

  RequestHandler* handler_;
  httplib::Headers always_;
  Request* request_ = nullptr;
  Made streaming_;
};

AnswerBytes::AnswerBytes(RequestHandler& handler, const std::vector<Header>& headers)
    : server_(std::make_unique<Server>(handler, headers)) {}

AnswerBytes::~AnswerBytes() = default;

AnswerBytes::Made AnswerBytes::make(Request& request, bool close) { return server_->make(request, close); }

std::string refusal_bytes(const Response& response, const std::vector<Header>& headers) {
  std::string text =
      "HTTP/1.1 " + std::to_string(response.status) + ' ' + reason(response.status) + "\r\nConnection: close\r\n";
  for (const auto* list : {&headers, &response.headers}) {
    for (const Header& header : *list) text += header.name + ": " + header.value + "\r\n";
  }
  text += "Content-Type: " + response.content_type + "\r\n";
  text += "Content-Length: " + std::to_string(response.body.size()) + "\r\n\r\n";
  return text + response.body;
}

}  // namespace backstock::http
