#include "http/message.h"

#include <algorithm>

#include "base/json.h"

namespace backstock::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const Header& header : headers) {
    if (same_name(header.name, name)) return header.value;
  }
  return std::nullopt;
}

Response problem(const Problem& problem) {
  std::string detail = problem.what + ": " + problem.why;
  if (!problem.next.empty()) detail += " - " + problem.next;
  const Json body = {{"type", "about:blank"}, {"title", problem.title}, {"status", problem.status}, {"detail", detail},
                     {"what", problem.what},  {"why", problem.why},     {"next", problem.next}};
  return {.status = problem.status,
          .content_type = "application/problem+json",
          .body = to_text(body) + '\n',
          .headers = {{"Cache-Control", "no-store"}}};
}

Response problem(int status, std::string_view title, std::string_view why) {
  return problem({status, title, "the request was refused", std::string(why)});
}

}  // namespace backstock::http
