// Our own JSON objects (control records, API answers, reports): nlohmann's ordered form, read without exceptions.
// Never for what a store sent: no JSON library keeps `19.9900`. For that: base/json_text.h.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace backstock {

using Json = nlohmann::ordered_json;

// `what` names the text in the error.
inline Result<Json> parse_json(std::string_view text, std::string_view what) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return make_error(ErrorKind::corrupt, std::string(what) + " is not JSON");
  return json;
}

// A field by name, or the other value when it is absent or of another kind (nlohmann's own value() throws on that).
std::string string_at(const Json& json, const char* key, std::string otherwise = {});
std::int64_t integer_at(const Json& json, const char* key, std::int64_t otherwise = 0);
std::uint64_t count_at(const Json& json, const char* key);
double number_at(const Json& json, const char* key);
bool flag_at(const Json& json, const char* key);
std::vector<std::string> strings_at(const Json& json, const char* key);
// An empty array when there is none.
const Json& array_at(const Json& json, const char* key);

// One line; bytes that are not UTF-8 become U+FFFD, so it never fails.
inline std::string to_text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace backstock
