#include "http/api_answer.h"

namespace backstock::http {
namespace {

struct Meaning {
  int status;
  std::string_view title;
};

Meaning meaning_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_input:
      return {400, "Bad request"};
    case ErrorKind::not_found:
      return {404, "Not found"};
    case ErrorKind::conflict:
      return {409, "Conflict"};
    case ErrorKind::too_large:
      return {422, "Too large"};
    case ErrorKind::no_space:
      return {507, "No space left"};
    case ErrorKind::refused:
    case ErrorKind::forbidden:
    case ErrorKind::rate_limited:
    case ErrorKind::unreachable:
    case ErrorKind::rejected:
      return {502, "The store did not answer as it should"};
    case ErrorKind::cancelled:
      return {503, "Stopping"};
    case ErrorKind::corrupt:
      return {500, "Damaged data"};
    case ErrorKind::failed:
      break;
  }
  return {500, "Internal error"};
}

}  // namespace

Response json_answer(const Json& object, int status) {
  return {.status = status,
          .content_type = "application/json",
          .body = to_text(object) + '\n',
          .headers = {{"Cache-Control", "no-store"}}};
}

Response problem_of(const Error& error) {
  const Meaning meaning = meaning_of(error.kind);
  std::string what;
  for (auto at = error.context.rbegin(); at != error.context.rend(); ++at) what += (what.empty() ? "" : ": ") + *at;
  if (what.empty()) what = meaning.status < 500 ? "the request was refused" : "the request could not be served";
  return problem({meaning.status, meaning.title, what, error.message, error.hint});
}

}  // namespace backstock::http
