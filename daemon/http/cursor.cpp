#include "http/cursor.h"

#include <algorithm>

#include "base/crypto.h"

namespace backstock::http {
namespace {

constexpr const char* kQuery = "q";

std::string mark_of(std::string_view query) { return to_hex(view(sha256(query))).substr(0, 16); }

}  // namespace

std::string make_cursor(std::string_view query, Json place) {
  place[kQuery] = mark_of(query);
  std::string text = to_base64(to_text(place));
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.erase(text.find_last_not_of('=') + 1);
  return text;
}

Result<Json> read_cursor(std::string_view query, std::string_view cursor) {
  std::string text(cursor);
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  text.append((4 - text.size() % 4) % 4, '=');
  std::string bytes;
  if (from_base64(text, bytes)) {
    auto place = parse_json(bytes, "the cursor");
    if (place && place->is_object() && string_at(*place, kQuery) == mark_of(query)) return std::move(*place);
  }
  return make_error(ErrorKind::bad_input, "the parameter after does not belong to this list",
                    "leave it away to begin at the start");
}

}  // namespace backstock::http
