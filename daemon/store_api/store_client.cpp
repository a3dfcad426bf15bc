#include "store_api/store_client.h"

#include <fmt/format.h>

#include <algorithm>

#include "store_api/api_error.h"

namespace backstock::store_api {
namespace {

// Why a 2xx body is no use; empty if it is one JSON value, and then `findings` is set.
std::string unusable(const net::HttpReply& answer, json_text::Findings& findings) {
  const auto start = answer.body.find_first_not_of(" \t\r\n");
  if (start == std::string::npos) return "answered nothing where JSON was due";
  if (answer.body[start] == '<') {
    const bool xml = answer.body.compare(start, 5, "<?xml") == 0;
    return xml ? "answered XML instead of JSON" : "answered HTML instead of JSON";
  }
  const auto checked = json_text::check(answer.body);
  if (!checked) return "answered something that is " + checked.error().message;
  findings = *checked;
  return {};
}

Subject subject_of(const Options& options, const Call& call) {
  return {options.store_name, call.method, call.path, call.scope};
}

std::string with_tries(std::string text, unsigned tries) {
  return tries > 1 ? fmt::format("{}, tried {} times", std::move(text), tries) : text;
}

Call as_call(const Get& get) {
  return {.method = "GET",
          .path = get.path,
          .query = get.query,
          .max_body = get.max_body,
          .scope = get.scope,
          .safe_to_repeat = true};
}

}  // namespace

struct StoreClient::Pending {
  const Call* call;
  std::string counted_as;  // its path template
  unsigned tries = 0;
  RateBudget::Ticks not_before = RateBudget::Ticks::min();
  std::optional<Result<Reply>> result = std::nullopt;
};

StoreClient::StoreClient(Options options, net::HttpTransport& transport, Clock& clock, Random& random)
    : options_(std::move(options)),
      transport_(transport),
      clock_(clock),
      random_(random),
      budget_(options_.api_share),
      in_flight_limit_(std::max(1U, options_.max_in_flight)) {
  while (options_.api_url.ends_with('/')) options_.api_url.pop_back();
}

Result<Reply> StoreClient::get(const Get& get, std::stop_token stop) {
  const Call call = as_call(get);
  return std::move(run({&call, 1}, 1, std::move(stop)).front());
}

std::vector<Result<Reply>> StoreClient::get_many(std::span<const Get> gets, std::stop_token stop) {
  std::vector<Call> calls;
  calls.reserve(gets.size());
  for (const Get& get : gets) calls.push_back(as_call(get));
  return run(calls, std::max(1U, options_.max_in_flight), std::move(stop));
}

Result<Reply> StoreClient::send(const Call& call, std::stop_token stop) {
  return std::move(run({&call, 1}, 1, std::move(stop)).front());
}

Usage StoreClient::usage() const { return *usage_.lock(); }

std::vector<Result<Reply>> StoreClient::run(std::span<const Call> calls, unsigned at_once, std::stop_token stop) {
  std::vector<Pending> all;
  all.reserve(calls.size());
  for (const Call& call : calls) all.push_back({.call = &call, .counted_as = path_template(call.path)});

  while (!stop.stop_requested()) {
    const RateBudget::Ticks now = clock_.ticks();
    std::vector<Pending*> ready;
    auto next_retry = RateBudget::Ticks::max();
    bool open = false;
    for (Pending& pending : all) {
      if (pending.result) continue;
      open = true;
      if (pending.not_before <= now) {
        ready.push_back(&pending);
      } else {
        next_retry = std::min(next_retry, pending.not_before);
      }
    }
    if (!open) break;
    if (ready.empty()) {
      if (!wait_until(next_retry, stop)) break;
      continue;
    }
    const std::size_t room = std::min<std::size_t>({ready.size(), at_once, in_flight_limit_, budget_.allowance(now)});
    if (room == 0) {
      if (!wait_until(budget_.next_chance(now), stop)) break;
      continue;
    }
    ready.resize(room);
    send_batch(ready, stop);
  }

  std::vector<Result<Reply>> results;
  results.reserve(all.size());
  for (Pending& pending : all) {
    if (pending.result) {
      results.push_back(std::move(*pending.result));
    } else {
      results.push_back(
          make_error(ErrorKind::cancelled, describe(subject_of(options_, *pending.call)) + " was stopped"));
    }
  }
  return results;
}

bool StoreClient::wait_until(RateBudget::Ticks until, std::stop_token stop) {
  publish_rate();
  const RateBudget::Ticks now = clock_.ticks();
  return clock_.sleep_for(std::max(until - now, RateBudget::Ticks(1)), std::move(stop));
}

void StoreClient::send_batch(std::span<Pending* const> batch, std::stop_token stop) {
  std::vector<net::HttpRequest> requests;
  requests.reserve(batch.size());
  for (const Pending* pending : batch) requests.push_back(make_request(*pending->call));
  const RateBudget::Ticks sent = clock_.ticks();
  budget_.on_sent(sent, static_cast<unsigned>(batch.size()));
  publish_rate();
  std::vector<Result<net::HttpReply>> answers = transport_.send_many(requests, std::move(stop));
  bool limited = false;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (settle(*batch[i], std::move(answers[i]), sent)) limited = true;
  }
  adapt_to(limited, batch.size());
  publish_rate();
}

bool StoreClient::settle(Pending& pending, Result<net::HttpReply> answer, RateBudget::Ticks sent) {
  const Call& call = *pending.call;
  const RateBudget::Ticks now = clock_.ticks();
  const ByteCount bytes = answer ? answer->wire_bytes : 0;
  ++pending.tries;
  Fault fault;
  Result<Reply> result = make_error(ErrorKind::failed, "");
  if (answer) {
    fault.status = answer->status;
    fault.headers = read_rate_headers(answer->headers);
    budget_.on_reply(sent, now, fault.headers);
    result = read_answer(call, std::move(*answer), pending.tries, fault);
  } else {
    budget_.on_failure(now);
    Error error = std::move(answer).error();
    fault.no_answer = error.kind;
    error.message = with_tries(std::move(error.message), pending.tries);
    error.context.push_back(describe(subject_of(options_, call)));
    result = std::move(error);
  }

  const bool limited = fault.status == 429;
  std::optional<std::chrono::milliseconds> delay;
  if (!result) {
    delay = retry_delay(options_.retry, pending.tries, fault, random_.next());
    // Also where this request is not repeated: the next one must not run into the same wall.
    if (limited) {
      const auto pause = delay ? delay : retry_delay(options_.retry, 1, fault, random_.next());
      if (pause) budget_.hold_until(now + *pause);
      result.error().retry_after = pause;
    }
    if (!call.safe_to_repeat) delay.reset();
  }

  const bool failed = !result && !delay;
  {
    auto usage = usage_.lock();
    for (PathUsage* counts : {&usage->all, &usage->by_path[pending.counted_as]}) {
      ++counts->requests;
      counts->bytes += bytes;
      if (pending.tries > 1) ++counts->retries;
      if (limited) ++counts->limited;
      if (failed) ++counts->failed;
    }
  }
  if (delay) {
    pending.not_before = now + *delay;
  } else {
    pending.result = std::move(result);
  }
  return limited;
}

Result<Reply> StoreClient::read_answer(const Call& call, net::HttpReply&& answer, unsigned tries, Fault& fault) const {
  const Subject subject = subject_of(options_, call);
  if (answer.status < 200 || answer.status >= 300) return status_error(subject, answer, tries);
  json_text::Findings findings;
  // V2 says "empty list" by 204; and a write may have nothing to tell.
  const bool may_be_empty = answer.status == 204 || call.method != "GET";
  if (!(may_be_empty && answer.body.empty())) {
    if (std::string why = unusable(answer, findings); !why.empty()) {
      fault.unusable_body = true;
      return make_error(ErrorKind::unreachable, with_tries(fmt::format("{} {}", describe(subject), why), tries),
                        "check api_url and any proxy on the way; if they are right, the store's API has trouble");
    }
  }
  return Reply{answer.status, std::move(answer.body), std::move(answer.headers), findings};
}

net::HttpRequest StoreClient::make_request(const Call& call) const {
  net::HttpRequest request;
  request.method = call.method;
  request.url = fmt::format("{}/stores/{}{}{}", options_.api_url, encode_path(options_.store_hash),
                            encode_path(call.path), encode_query(call.query));
  request.headers = {
      {"X-Auth-Token", options_.token.reveal()}, {"Accept", "application/json"}, {"User-Agent", options_.user_agent}};
  if (!call.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  request.body = call.body;
  request.timeout_total = options_.timeout_total;
  request.max_body = call.max_body != 0 ? call.max_body : options_.max_body;
  return request;
}

// 429 can also mean too many at the same time on one resource, which no header tells: go narrower, and wider again
// slowly.
void StoreClient::adapt_to(bool limited, std::size_t answers) {
  constexpr std::size_t kGoodBeforeWider = 20;
  if (limited) {
    in_flight_limit_ = std::max(1U, in_flight_limit_ / 2);
    good_in_a_row_ = 0;
    return;
  }
  good_in_a_row_ += answers;
  if (good_in_a_row_ >= kGoodBeforeWider && in_flight_limit_ < options_.max_in_flight) {
    ++in_flight_limit_;
    good_in_a_row_ = 0;
  }
}

void StoreClient::publish_rate() {
  const RateState state = budget_.state(clock_.ticks());
  usage_.lock()->rate = state;
}

}  // namespace backstock::store_api
