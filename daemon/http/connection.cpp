#include "http/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace backstock::http {
namespace {

constexpr std::size_t kReadPiece = 16_KiB;
constexpr std::size_t kDrainMost = 64_MiB;

enum class Got { bytes, end, none, failed };

Got receive(int socket, std::array<char, kReadPiece>& buffer, std::size_t& size) {
  for (;;) {
    const ssize_t got = ::recv(socket, buffer.data(), buffer.size(), 0);
    size = got > 0 ? static_cast<std::size_t>(got) : 0;
    if (got > 0) return Got::bytes;
    if (got == 0) return Got::end;
    if (errno == EINTR) continue;
    return errno == EAGAIN || errno == EWOULDBLOCK ? Got::none : Got::failed;
  }
}

}  // namespace

Connection::Connection(Descriptor socket, std::string remote_addr, const Limits& limits,
                       const std::vector<Header>& headers, SteadyTime now)
    : socket_(std::move(socket)),
      remote_addr_(std::move(remote_addr)),
      limits_(&limits),
      headers_(&headers),
      deadline_(now + limits.head_time),
      reader_(limits) {
  const int on = 1;  // else each answer after the first on a kept connection waits 40 ms for the client's ACK
  ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Waits Connection::advance(SteadyTime now) {
  for (;;) {
    std::optional<Waits> waits;
    switch (state_) {
      case State::reading:
        waits = read(now);
        break;
      case State::answering:
        return Waits::answer;
      case State::writing:
        waits = write(now);
        break;
      case State::streaming:
        waits = stream(now);
        break;
      case State::draining:
        waits = drain();
        break;
      case State::over:
        return Waits::nothing;
    }
    if (waits) return *waits;
  }
}

std::optional<Waits> Connection::read(SteadyTime now) {
  if (!waiting_.empty()) {
    take_bytes(now);
    if (state_ != State::reading) return std::nullopt;
  }
  if (ended_) {
    if (idle()) {
      state_ = State::over;
    } else {
      refuse({400, "Bad request", "the request ends before it is complete"}, now);
    }
    return std::nullopt;
  }
  // One piece at a time, so that a client that sends without pause does not keep the others waiting.
  std::array<char, kReadPiece> buffer;
  std::size_t size = 0;
  switch (receive(socket_.get(), buffer, size)) {
    case Got::none:
      return Waits::read;
    case Got::failed:
      state_ = State::over;
      return std::nullopt;
    case Got::end:
      ended_ = true;
      return std::nullopt;
    case Got::bytes:
      waiting_.append(buffer.data(), size);
      take_bytes(now);
      return state_ == State::reading ? std::optional(Waits::read) : std::nullopt;
  }
  return std::nullopt;
}

void Connection::take_bytes(SteadyTime now) {
  using Progress = RequestReader::Progress;
  const Progress before = reader_.progress();
  waiting_.erase(0, reader_.feed(waiting_));
  const Progress after = reader_.progress();
  if (after == Progress::complete) {
    close_after_ = reader_.wants_close() || ++requests_ >= limits_->requests_per_connection;
    state_ = State::answering;
    deadline_ = SteadyTime::max();
  } else if (after == Progress::refused) {
    refuse(reader_.refusal(), now);
  } else if (after == Progress::body && before != Progress::body) {
    deadline_ = now + limits_->body_time;
  } else if (after == Progress::head && before == Progress::nothing && requests_ > 0) {
    deadline_ = now + limits_->head_time;  // the first request's time runs from the connect
  }
  if (after == Progress::body && reader_.expects_continue() && !continue_sent_) {
    continue_sent_ = true;
    constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    // Nothing else is on its way to the client, so it fits the socket's buffer; if not, the client sends anyway.
    (void)::send(socket_.get(), kContinue.data(), kContinue.size(), MSG_NOSIGNAL);
  }
}

Request Connection::take_request() {
  Request request = reader_.take();
  request.remote_addr = remote_addr_;
  continue_sent_ = false;
  return request;
}

void Connection::answer(AnswerBytes::Made made, SteadyTime now) {
  if (made.bytes.empty()) return refuse({500, "Internal error", "this is a bug; the daemon's log says more"}, now);
  stream_ = std::move(made.stream);
  start_writing(std::move(made.bytes), now);
}

void Connection::refuse(const Refusal& refusal, SteadyTime now) {
  close_after_ = true;
  start_writing(refusal_bytes(problem(refusal.status, refusal.title, refusal.detail), *headers_), now);
}

void Connection::start_writing(std::string bytes, SteadyTime now) {
  state_ = State::writing;
  out_ = std::move(bytes);
  sent_ = 0;
  deadline_ = now + limits_->write_time;
}

std::optional<Waits> Connection::write(SteadyTime now) {
  while (sent_ < out_.size()) {
    const ssize_t put = ::send(socket_.get(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
    if (put < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return Waits::write;
      state_ = State::over;
      return std::nullopt;
    }
    sent_ += static_cast<std::size_t>(put);
  }
  out_ = std::string();  // gives the memory of a large answer back
  if (stream_) {
    state_ = State::streaming;
    deadline_ = now + limits_->beat_time;
  } else if (!close_after_) {
    start_reading(now);
  } else {
    say_goodbye(now);
  }
  return std::nullopt;
}

std::optional<Waits> Connection::stream(SteadyTime now) {
  if (stream_->ended()) {
    stream_.reset();
    say_goodbye(now);
    return std::nullopt;
  }
  std::array<char, kReadPiece> buffer;
  std::size_t size = 0;
  const Got got = ended_ ? Got::end : receive(socket_.get(), buffer, size);
  if (got == Got::end || got == Got::failed) {
    state_ = State::over;
    return std::nullopt;
  }
  if (const auto bytes = stream_->take()) {
    start_writing(*bytes, now);
    return std::nullopt;
  }
  return Waits::read;
}

void Connection::say_goodbye(SteadyTime now) {
  // Closing with unread bytes would make the kernel send a reset, which can overtake the answer: say goodbye first,
  // then throw away what still comes, for a while.
  ::shutdown(socket_.get(), SHUT_WR);
  waiting_ = std::string();
  state_ = ended_ ? State::over : State::draining;
  deadline_ = now + limits_->drain_time;
}

void Connection::start_reading(SteadyTime now) {
  state_ = State::reading;
  deadline_ = now + (waiting_.empty() ? limits_->idle_time : limits_->head_time);
}

std::optional<Waits> Connection::drain() {
  std::array<char, kReadPiece> buffer;
  std::size_t size = 0;
  const Got got = receive(socket_.get(), buffer, size);
  if (got == Got::none) return Waits::read;
  drained_ += size;
  if (got == Got::bytes && drained_ < kDrainMost) return Waits::read;
  state_ = State::over;
  return std::nullopt;
}

void Connection::expire(SteadyTime now) {
  if (state_ == State::reading && !idle()) {
    refuse({408, "Too slow", "the request was not complete in time"}, now);
  } else if (state_ == State::streaming) {
    start_writing(":\n\n", now);
  } else if (state_ != State::answering) {
    state_ = State::over;
  }
}

}  // namespace backstock::http
