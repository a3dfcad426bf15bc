#include "support/scripted_transport.h"

#include <algorithm>
#include <charconv>

#include "net/outgoing_url.h"

namespace backstock::testing {
namespace {

std::string decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr == text.data() + i + 3) {
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

void ScriptedTransport::on(std::string url_part, Rule rule, Answer answer) {
  on([part =
          std::move(url_part)](const net::HttpRequest& request) { return request.url.find(part) != std::string::npos; },
     std::move(rule), std::move(answer));
}

void ScriptedTransport::on(std::string url_part, Rule rule, Result<net::HttpReply> answer) {
  on(std::move(url_part), std::move(rule),
     Answer([answer = std::move(answer)](const net::HttpRequest&) { return answer; }));
}

void ScriptedTransport::on(Matcher matcher, Rule rule, Answer answer) {
  Matcher full = [matcher = std::move(matcher), method = rule.method](const net::HttpRequest& request) {
    return (method.empty() || request.method == method) && matcher(request);
  };
  rules_.push_back({std::move(full), rule.times, std::move(answer)});
}

Result<net::HttpReply> ScriptedTransport::send(const net::HttpRequest& request, std::stop_token stop) {
  return std::move(send_many({&request, 1}, std::move(stop)).front());
}

std::vector<Result<net::HttpReply>> ScriptedTransport::send_many(std::span<const net::HttpRequest> requests,
                                                                 std::stop_token stop) {
  most_at_once_ = std::max(most_at_once_, requests.size());
  const auto answer_one = [&](const net::HttpRequest& request) -> Result<net::HttpReply> {
    if (stop.stop_requested()) return make_error(ErrorKind::cancelled, "stopped");
    TRY(net::check_outgoing_request(request));
    requests_.push_back(request);
    if (before_each_) before_each_(request);
    if (stop.stop_requested()) return make_error(ErrorKind::cancelled, "stopped");
    for (Scripted& rule : rules_) {
      if (rule.times_left == 0 || !rule.matcher(request)) continue;
      --rule.times_left;
      Result<net::HttpReply> answer = rule.answer(request);
      if (answer && answer->body.size() > request.max_body) {
        return make_error(ErrorKind::too_large,
                          "the scripted answer is larger than " + std::to_string(request.max_body) + " bytes");
      }
      if (answer && answer->wire_bytes == 0) answer->wire_bytes = answer->body.size();
      return answer;
    }
    return make_error(ErrorKind::failed, "no scripted answer for " + request.method + " " + request.url);
  };
  std::vector<Result<net::HttpReply>> results;
  results.reserve(requests.size());
  for (const net::HttpRequest& request : requests) results.push_back(answer_one(request));
  return results;
}

std::vector<std::string> ScriptedTransport::urls() const {
  std::vector<std::string> urls;
  for (const auto& request : requests_) urls.push_back(request.url);
  return urls;
}

net::HttpReply json_reply(int status, std::string body, net::HeaderList more_headers) {
  more_headers.add("Content-Type", "application/json");
  return plain_reply(status, std::move(body), std::move(more_headers));
}

net::HttpReply plain_reply(int status, std::string body, net::HeaderList headers) {
  net::HttpReply reply;
  reply.status = status;
  reply.body = std::move(body);
  reply.headers = std::move(headers);
  return reply;
}

std::string query_value(std::string_view url, std::string_view name) {
  const auto mark = url.find('?');
  if (mark == url.npos) return {};
  std::string_view rest = url.substr(mark + 1);
  while (!rest.empty()) {
    const auto amp = rest.find('&');
    const std::string_view pair = rest.substr(0, amp);
    const auto equals = pair.find('=');
    if (decode(pair.substr(0, equals)) == name) {
      return equals == pair.npos ? std::string() : decode(pair.substr(equals + 1));
    }
    rest = amp == rest.npos ? std::string_view() : rest.substr(amp + 1);
  }
  return {};
}

std::string_view url_path(std::string_view url) {
  const auto scheme = url.find("://");
  const auto slash = url.find('/', scheme == url.npos ? 0 : scheme + 3);
  if (slash == url.npos) return {};
  return url.substr(slash, url.find('?') == url.npos ? url.npos : url.find('?') - slash);
}

}  // namespace backstock::testing
