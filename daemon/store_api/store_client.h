// Talks to one store: signs, paces, retries, and turns every answer into a Reply or one Error.
//
// Promise: a Reply to a read is a 2xx whose body is one JSON value, untouched byte for byte (or a 204, empty). Reads
// are repeated on 408, 429, 500, 502, 503, 504, connection trouble, and on a body that is no JSON. Writes are sent
// once. All requests of one client keep within the store's share of the quota (rate_budget.h). In get_many a failing
// read leaves the others alone. Errors: refused (401), forbidden (403), not_found (404), too_large (body over max_body;
// 413, 414), rate_limited (429 after all patience), unreachable (408, 5xx, connection, not JSON), rejected (3xx, other
// 4xx), cancelled. The message names store, endpoint, status and the fields complained about; the store's own words are
// in Error::detail. Threads: calls by one thread at a time; usage() from any. Lifetimes: transport, clock and random
// outlive the client.
#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/guarded.h"
#include "base/json_text.h"
#include "base/random.h"
#include "base/secret.h"
#include "net/http_transport.h"
#include "store_api/query.h"
#include "store_api/rate_budget.h"
#include "store_api/retry.h"
#include "store_api/usage.h"

namespace backstock::store_api {

struct Options {
  std::string store_name = {};
  std::string store_hash = {};
  Secret token = {};
  std::string api_url = "https://api.bigcommerce.com";
  double api_share = 0.5;
  ByteCount max_body = 16_MiB;
  unsigned max_in_flight = 4;  // reads; writes go one after another
  RetryLimits retry = {};
  std::string user_agent = "Backstock";
  std::chrono::milliseconds timeout_total = std::chrono::minutes(5);
};

struct Get {
  std::string path;  // "/v3/catalog/products"
  Query query = {};
  ByteCount max_body = 0;       // 0: the client's
  std::string_view scope = {};  // the OAuth scope it needs, for the message of a 403
};

// Any call, for what is no plain read.
struct Call {
  std::string method;
  std::string path;
  Query query = {};
  std::string body = {};  // JSON
  ByteCount max_body = 0;
  std::string_view scope = {};
  bool safe_to_repeat = false;  // true only where doing it twice equals doing it once
};

struct Reply {
  int status = 0;
  std::string body;
  net::HeaderList headers;
  json_text::Findings findings;  // invalid UTF-8 is let through, and noted
};

class StoreClient {
 public:
  StoreClient(Options options, net::HttpTransport& transport, Clock& clock, Random& random);

  Result<Reply> get(const Get& get, std::stop_token stop);
  // At most max_in_flight at once; results in the order of the gets.
  std::vector<Result<Reply>> get_many(std::span<const Get> gets, std::stop_token stop);
  // For writes the body of the answer may be empty; after an error of kind unreachable the write may have happened.
  Result<Reply> send(const Call& call, std::stop_token stop);

  // A copy; may be called by another thread while requests run.
  Usage usage() const;
  const Options& options() const { return options_; }

 private:
  struct Pending;  // one call of a batch, with its tries so far
  std::vector<Result<Reply>> run(std::span<const Call> calls, unsigned at_once, std::stop_token stop);
  // False when a stop came first.
  bool wait_until(RateBudget::Ticks until, std::stop_token stop);
  void send_batch(std::span<Pending* const> batch, std::stop_token stop);
  // True if the store said 429.
  bool settle(Pending& pending, Result<net::HttpReply> answer, RateBudget::Ticks sent);
  Result<Reply> read_answer(const Call& call, net::HttpReply&& answer, unsigned tries, Fault& fault) const;
  net::HttpRequest make_request(const Call& call) const;
  void adapt_to(bool limited, std::size_t answers);
  void publish_rate();

  // Fixed.
  Options options_;
  net::HttpTransport& transport_;
  Clock& clock_;
  Random& random_;
  // The working thread's.
  RateBudget budget_;
  unsigned in_flight_limit_;  // lowered by 429, grows back with good answers
  std::size_t good_in_a_row_ = 0;
  // Shared with readers.
  mutable Guarded<Usage> usage_;
};

}  // namespace backstock::store_api
