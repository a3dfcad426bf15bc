// An HttpTransport that answers from a script and remembers every request.
//
//   ScriptedTransport store;
//   store.on("/v3/catalog/products?", json_reply(200, R"({"data":[]})"));
//   store.on("/v2/time", {.times = 1}, make_error(ErrorKind::unreachable, "no route"));
//   store.on("/v3/", [](const net::HttpRequest& request) -> Result<net::HttpReply> { ... });
//
// Rules are tried in the order they were added; the first that matches and is not used up answers. No rule: an error of
// kind failed that names the URL. Keeps the general promises of http_transport.h (URL and header rules, max_body,
// stop), so it passes the same conformance suite. send_many answers one after another, in order.
//
// Threads: one at a time, as every transport.
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_transport.h"

namespace backstock::testing {

class ScriptedTransport final : public net::HttpTransport {
 public:
  using Answer = std::function<Result<net::HttpReply>(const net::HttpRequest&)>;
  using Matcher = std::function<bool(const net::HttpRequest&)>;
  struct Rule {
    std::string method = {};  // empty: any
    std::size_t times = std::numeric_limits<std::size_t>::max();
  };

  // `url_part` stands anywhere in the URL.
  void on(std::string url_part, Answer answer) { on(std::move(url_part), Rule{}, std::move(answer)); }
  void on(std::string url_part, Rule rule, Answer answer);
  void on(std::string url_part, Result<net::HttpReply> answer) { on(std::move(url_part), Rule{}, std::move(answer)); }
  void on(std::string url_part, Rule rule, Result<net::HttpReply> answer);
  void on(Matcher matcher, Rule rule, Answer answer);
  void clear_rules() { rules_.clear(); }

  // Called before each answer: to let time pass, to ask for a stop.
  void before_each(std::function<void(const net::HttpRequest&)> call) { before_each_ = std::move(call); }

  Result<net::HttpReply> send(const net::HttpRequest& request, std::stop_token stop) override;
  std::vector<Result<net::HttpReply>> send_many(std::span<const net::HttpRequest> requests,
                                                std::stop_token stop) override;

  // What was asked, in order; those refused before sending are not in it.
  const std::vector<net::HttpRequest>& requests() const { return requests_; }
  std::vector<std::string> urls() const;
  // The most requests that one send_many was given.
  std::size_t most_at_once() const { return most_at_once_; }
  void forget_requests() {
    requests_.clear();
    most_at_once_ = 0;
  }

 private:
  struct Scripted {
    Matcher matcher;
    std::size_t times_left;
    Answer answer;
  };
  std::vector<Scripted> rules_;
  std::vector<net::HttpRequest> requests_;
  std::size_t most_at_once_ = 0;
  std::function<void(const net::HttpRequest&)> before_each_;
};

// With Content-Type: application/json, as BigCommerce sends it.
net::HttpReply json_reply(int status, std::string body, net::HeaderList more_headers = {});
net::HttpReply plain_reply(int status, std::string body, net::HeaderList headers = {});

// The decoded value of a query parameter; empty if absent.
std::string query_value(std::string_view url, std::string_view name);
// The path without scheme, host and query.
std::string_view url_path(std::string_view url);

}  // namespace backstock::testing
