#include "http/gate_loop.h"

#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/log.h"

namespace backstock::http {
namespace {

using namespace std::chrono_literals;

// In the events' place of a connection's id.
constexpr ConnectionId kListener = ~ConnectionId{0};
constexpr ConnectionId kWake = kListener - 1;

// Over the limit so many more are taken in to be told so; the rest is closed without a word.
constexpr std::size_t kToldTooMany = 32;
constexpr auto kStopGrace = 500ms;

Result<> watch(int epoll, int operation, int socket, std::uint32_t events, ConnectionId id) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = id;
  if (::epoll_ctl(epoll, operation, socket, &event) != 0) return os_error(errno, "epoll");
  return {};
}

std::string address_text(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* raw = address.ss_family == AF_INET6
                        ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr)
                        : static_cast<const void*>(&reinterpret_cast<const sockaddr_in&>(address).sin_addr);
  const char* done = ::inet_ntop(address.ss_family, raw, text.data(), text.size());
  return done == nullptr ? std::string() : std::string(done);
}

}  // namespace

Result<> Gate::Loop::start(RequestHandler& handler) {
  epoll_ = Descriptor(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll_) return os_error(errno, "epoll");
  wake_ = Descriptor(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!wake_) return os_error(errno, "eventfd");
  TRY(watch(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), EPOLLIN, kWake));
  TRY(watch(epoll_.get(), EPOLL_CTL_ADD, listener_.socket.get(), EPOLLIN, kListener));
  workers_ = std::make_unique<WorkerPool>(options_.workers, handler, options_.headers, [this](Answer answer) {
    answers_.lock()->push_back(std::move(answer));
    wake();
  });
  thread_ = std::jthread([this] { run(); });
  return {};
}

void Gate::Loop::stop() {
  stopping_ = true;
  if (thread_.joinable()) {
    wake();
    thread_.join();
  }
  if (workers_) workers_->stop();
  listener_.socket.reset();
}

void Gate::Loop::stir() {
  stirred_ = true;
  wake();
}

void Gate::Loop::wake() const {
  const std::uint64_t one = 1;
  (void)!::write(wake_.get(), &one, sizeof one);  // it can only fail by being awake already
}

void Gate::Loop::run() {
  name_this_thread("http-gate");
  std::array<epoll_event, 64> events;
  for (;;) {
    SteadyTime now = std::chrono::steady_clock::now();
    if (stopping_ && winding_up(now)) break;
    const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), wait_ms(now));
    now = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i) {
      const ConnectionId id = events[static_cast<std::size_t>(i)].data.u64;
      if (id == kListener) {
        accept_all(now);
      } else if (id == kWake) {
        std::uint64_t ignored = 0;
        (void)!::read(wake_.get(), &ignored, sizeof ignored);
        take_answers(now);
        if (stirred_.exchange(false)) look_at_streams(now);
      } else if (const auto at = connections_.find(id); at != connections_.end() && !at->second.answering()) {
        serve(at, now);  // ids are never used twice, so an event of a dropped connection finds nothing
      }
    }
    expire_all(now);
  }
  connections_.clear();
}

// True when the thread can end: nothing is under way any more, or time is up.
bool Gate::Loop::winding_up(SteadyTime now) {
  if (stop_by_ == SteadyTime::max()) {
    stop_by_ = now + kStopGrace;
    watch_listener(false);
  }
  std::erase_if(connections_, [](const auto& entry) { return !entry.second.busy(); });
  return connections_.empty() || now >= stop_by_;
}

int Gate::Loop::wait_ms(SteadyTime now) const {
  SteadyTime first = std::min(accept_again_, stop_by_);
  for (const auto& [id, connection] : connections_) first = std::min(first, connection.deadline());
  if (first == SteadyTime::max()) return -1;
  // Up to the next whole millisecond, else the last fraction of one would spin.
  return static_cast<int>(
      std::chrono::ceil<std::chrono::milliseconds>(std::max(first - now, SteadyTime::duration())).count());
}

void Gate::Loop::accept_all(SteadyTime now) {
  for (;;) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    Descriptor socket(
        ::accept4(listener_.socket.get(), reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) {
      welcome(std::move(socket), address_text(address), now);
      continue;
    }
    if (errno == EINTR || errno == ECONNABORTED) continue;
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      // The listener would stay readable and turn this thread into a spinner: look again in a moment.
      log_warn("http", "no descriptors or memory left for another connection");
      watch_listener(false);
      accept_again_ = now + 200ms;
    }
    return;
  }
}

void Gate::Loop::welcome(Descriptor socket, std::string remote_addr, SteadyTime now) {
  const bool refused = connections_.size() >= options_.limits.connections && !make_room();
  if (refused && connections_.size() >= options_.limits.connections + kToldTooMany) return;
  const ConnectionId id = next_id_++;
  const int fd = socket.get();
  const auto at =
      connections_.try_emplace(id, std::move(socket), std::move(remote_addr), options_.limits, options_.headers, now)
          .first;
  if (refused) at->second.refuse({503, "Too busy", "there are too many connections; try again in a moment"}, now);
  if (!watch(epoll_.get(), EPOLL_CTL_ADD, fd, EPOLLONESHOT, id)) {
    connections_.erase(at);
    return;
  }
  serve(at, now);
}

bool Gate::Loop::make_room() {
  auto oldest = connections_.end();
  for (auto at = connections_.begin(); at != connections_.end(); ++at) {
    if (at->second.idle() && (oldest == connections_.end() || at->second.deadline() < oldest->second.deadline()))
      oldest = at;
  }
  if (oldest == connections_.end()) return false;
  connections_.erase(oldest);
  return true;
}

void Gate::Loop::serve(Connections::iterator at, SteadyTime now) {
  auto& [id, connection] = *at;
  const Waits waits = connection.advance(now);
  // One shot: while a worker has the request, not even a hang-up is reported, which would come again and again.
  if (waits == Waits::read || waits == Waits::write) {
    const std::uint32_t events = waits == Waits::read ? EPOLLIN : EPOLLOUT;
    if (watch(epoll_.get(), EPOLL_CTL_MOD, connection.socket(), events | EPOLLONESHOT, id)) return;
  } else if (waits == Waits::answer) {
    const bool close = connection.closes();
    workers_->submit({id, connection.take_request(), close});
    return;
  }
  connections_.erase(at);
}

void Gate::Loop::take_answers(SteadyTime now) {
  std::vector<Answer> answers;
  answers_.lock()->swap(answers);
  for (Answer& answer : answers) {
    const auto at = connections_.find(answer.connection);
    if (at == connections_.end()) continue;
    at->second.answer(std::move(answer.made), now);
    serve(at, now);
  }
}

void Gate::Loop::look_at_streams(SteadyTime now) {
  std::vector<ConnectionId> streaming;
  for (const auto& [id, connection] : connections_) {
    if (connection.streaming()) streaming.push_back(id);
  }
  for (const ConnectionId id : streaming) serve(connections_.find(id), now);
}

void Gate::Loop::expire_all(SteadyTime now) {
  if (now >= accept_again_) {
    accept_again_ = SteadyTime::max();
    if (!stopping_) watch_listener(true);
  }
  std::vector<ConnectionId> due;
  for (const auto& [id, connection] : connections_) {
    if (now >= connection.deadline()) due.push_back(id);
  }
  for (const ConnectionId id : due) {
    const auto at = connections_.find(id);
    at->second.expire(now);
    serve(at, now);
  }
}

void Gate::Loop::watch_listener(bool on) {
  const auto watched = watch(epoll_.get(), EPOLL_CTL_MOD, listener_.socket.get(), on ? EPOLLIN : 0U, kListener);
  if (!watched) log_error("http", "the listener cannot be watched", {{"error", watched.error().sentence()}});
}

}  // namespace backstock::http
