// Our own JSON objects (control records, API answers, reports): nlohmann's ordered form, read without exceptions.
// Never for what a store sent: no JSON library keeps `19.9900`. For that: base/json_text.h.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace backstock {

using Json = nlohmann::ordered_json;

// `what` names the text in the error.
inline Result<Json> parse_json(std::string_view text, std::string_view what) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return make_error(ErrorKind::corrupt, std::string(what) + " is not JSON");
  return json;
}

// One line; bytes that are not UTF-8 become U+FFFD, so it never fails.
inline std::string to_text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace backstock
