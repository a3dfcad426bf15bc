#include "net/curl_transport.h"

#include <curl/curl.h>

#include <algorithm>
#include <csignal>

#include "net/curl_transfer.h"

namespace backstock::net {
namespace {

// Once per process, and never undone: other users of libcurl may be alive until the end.
bool set_up_curl() {
  static const bool done = [] {
    struct sigaction current {};
    if (sigaction(SIGPIPE, nullptr, &current) == 0 && current.sa_handler == SIG_DFL) {
      std::signal(SIGPIPE, SIG_IGN);
    }
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  }();
  return done;
}

Error stopped(const std::string& host) { return make_error(ErrorKind::cancelled, "stopped while talking to " + host); }

}  // namespace

struct CurlTransport::Multi {
  ~Multi() {
    if (handle != nullptr) curl_multi_cleanup(handle);
  }
  CURLM* handle = nullptr;
};

CurlTransport::CurlTransport(std::unique_ptr<Multi> multi) : multi_(std::move(multi)) {}
CurlTransport::~CurlTransport() = default;

Result<std::unique_ptr<CurlTransport>> CurlTransport::create() {
  auto multi = std::make_unique<Multi>();
  if (!set_up_curl() || (multi->handle = curl_multi_init()) == nullptr) {
    return make_error(ErrorKind::failed, "libcurl cannot be set up");
  }
  // Kept connections, to all hosts. By default curl keeps four per transfer that was ever added, which moves.
  curl_multi_setopt(multi->handle, CURLMOPT_MAXCONNECTS, 16L);
  return std::unique_ptr<CurlTransport>(new CurlTransport(std::move(multi)));
}

Result<HttpReply> CurlTransport::send(const HttpRequest& request, std::stop_token stop) {
  return std::move(send_many({&request, 1}, std::move(stop)).front());
}

std::vector<Result<HttpReply>> CurlTransport::send_many(std::span<const HttpRequest> requests, std::stop_token stop) {
  CURLM* multi = multi_->handle;
  // One place per request: its transfer while it runs, then its result.
  std::vector<std::unique_ptr<CurlTransfer>> running(requests.size());
  std::vector<std::optional<Result<HttpReply>>> settled(requests.size());
  std::vector<std::string> hosts(requests.size());
  std::size_t left = 0;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    auto target = check_outgoing_request(requests[i]);
    if (!target) {
      settled[i] = std::move(target).error();
      continue;
    }
    hosts[i] = target->host;
    if (stop.stop_requested()) {
      settled[i] = stopped(hosts[i]);
      continue;
    }
    auto transfer = std::make_unique<CurlTransfer>(requests[i], std::move(*target));
    if (transfer->handle() == nullptr || curl_multi_add_handle(multi, transfer->handle()) != CURLM_OK) {
      settled[i] = make_error(ErrorKind::failed, "libcurl cannot take another request");
      continue;
    }
    running[i] = std::move(transfer);
    ++left;
  }
  std::chrono::milliseconds nap{1000};  // at most: the stall check runs between naps
  for (const HttpRequest& request : requests) {
    if (request.timeout_stall.count() > 0)
      nap = std::clamp(request.timeout_stall / 2, std::chrono::milliseconds(10), nap);
  }
  const auto settle = [&](std::size_t i, Result<HttpReply> result) {
    curl_multi_remove_handle(multi, running[i]->handle());
    running[i].reset();
    settled[i] = std::move(result);
    --left;
  };

  // curl_multi_wakeup is the one call of curl that another thread may make.
  const std::stop_callback wake(stop, [multi] { curl_multi_wakeup(multi); });
  while (left > 0 && !stop.stop_requested()) {
    int active = 0;
    if (curl_multi_perform(multi, &active) != CURLM_OK) break;
    int queued = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &queued)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURL* easy = message->easy_handle;
      const CURLcode code = message->data.result;  // the message itself is gone once its handle is removed
      for (std::size_t i = 0; i < running.size(); ++i) {
        if (running[i] && running[i]->handle() == easy) settle(i, running[i]->finish(code));
      }
    }
    if (left > 0 && !stop.stop_requested()) curl_multi_poll(multi, nullptr, 0, static_cast<int>(nap.count()), nullptr);
  }
  for (std::size_t i = 0; i < running.size(); ++i) {
    if (!running[i]) continue;
    settle(i, stop.stop_requested() ? stopped(hosts[i]) : make_error(ErrorKind::failed, "libcurl gave up"));
  }

  std::vector<Result<HttpReply>> results;
  results.reserve(requests.size());
  for (auto& result : settled) results.push_back(std::move(*result));
  return results;
}

}  // namespace backstock::net
