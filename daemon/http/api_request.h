// What a handler of /api/v1 gets: the query and the JSON body, taken apart and checked.
//
// Promise: the query holds only parameters that the route's row names, each at most once, and the body only fields that
// it names; anything else was refused before the handler ran. What a getter refuses is an ErrorKind::bad_input that
// names the parameter or field, says what it may be, and never repeats what was sent: TRY() hands it on.
//
// Threads: one at a time. Lifetime: the Request outlives it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "http/caller.h"
#include "http/message.h"

namespace backstock::http {

class ApiRequest {
 public:
  // `parameters` and `fields` are names with a space between, as in a Route. A body is asked for where there are
  // fields, and refused where there are none.
  static Result<ApiRequest> read(const Request& request, std::string_view parameters, std::string_view fields);

  const Request& http() const { return *request_; }
  const Caller& caller() const { return caller_; }
  void set_caller(Caller caller) { caller_ = std::move(caller); }

  // Parameters of the query. Absent and empty are the same.
  std::optional<std::string> text(std::string_view name) const;
  Result<std::string> needed_text(std::string_view name) const;
  Result<std::int64_t> number(std::string_view name, std::int64_t least, std::int64_t most,
                              std::int64_t otherwise) const;
  Result<std::optional<std::int64_t>> optional_number(std::string_view name, std::int64_t least,
                                                      std::int64_t most) const;
  Result<std::int64_t> needed_number(std::string_view name, std::int64_t least, std::int64_t most) const;
  // 0 or 1.
  Result<bool> flag(std::string_view name) const;
  // Absent: the first.
  Result<std::string> choice(std::string_view name, std::initializer_list<std::string_view> words) const;
  // RFC 3339.
  Result<std::optional<TimePoint>> time(std::string_view name) const;

  // Fields of the body. A text's length is counted in characters.
  Result<std::string> text_field(std::string_view name, std::size_t least, std::size_t most) const;
  Result<bool> flag_field(std::string_view name, bool otherwise) const;
  Result<std::string> choice_field(std::string_view name, std::initializer_list<std::string_view> words) const;
  // Absent: empty.
  Result<std::vector<std::string>> texts_field(std::string_view name, std::size_t most_texts,
                                               std::size_t most_characters) const;

 private:
  explicit ApiRequest(const Request& request) : request_(&request) {}
  const std::string* find(std::string_view name) const;

  const Request* request_;
  Caller caller_;
  Json body_ = Json::object();
};

}  // namespace backstock::http
