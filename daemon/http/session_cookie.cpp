#include "http/session_cookie.h"

#include "base/crypto.h"

namespace backstock::http {
namespace {

constexpr std::string_view kName = "backstock_session";
constexpr std::size_t kMostValues = 8;

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

Header cookie(std::string_view value, std::string_view more) {
  return {"Set-Cookie",
          std::string(kName).append("=").append(value).append("; Path=/; HttpOnly; SameSite=Strict").append(more)};
}

}  // namespace

Header set_cookie(const Secret& value, bool secure) { return cookie(value.reveal(), secure ? "; Secure" : ""); }

Header clear_cookie() { return cookie("", "; Max-Age=0"); }

std::vector<Secret> read_cookies(const Request& request) {
  std::vector<Secret> values;
  for (const auto& [name, value] : request.headers) {
    if (!same_name(name, "Cookie")) continue;
    std::string_view rest = value;
    while (!rest.empty() && values.size() < kMostValues) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = trim(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (pair.size() > kName.size() && pair.starts_with(kName) && pair[kName.size()] == '=')
        values.emplace_back(std::string(pair.substr(kName.size() + 1)));
    }
  }
  return values;
}

std::string csrf_of(const Secret& cookie) { return to_hex(view(sha256("backstock csrf " + cookie.reveal()))); }

}  // namespace backstock::http
