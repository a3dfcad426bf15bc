#include "base/json.h"

namespace backstock {
namespace {

// Null unless it is there.
const Json* find(const Json& json, const char* key) {
  if (!json.is_object()) return nullptr;
  const auto found = json.find(key);
  return found == json.end() ? nullptr : &*found;
}

}  // namespace

std::string string_at(const Json& json, const char* key, std::string otherwise) {
  const Json* value = find(json, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : otherwise;
}

std::int64_t integer_at(const Json& json, const char* key, std::int64_t otherwise) {
  const Json* value = find(json, key);
  return value != nullptr && value->is_number_integer() ? value->get<std::int64_t>() : otherwise;
}

std::uint64_t count_at(const Json& json, const char* key) {
  const std::int64_t value = integer_at(json, key);
  return value < 0 ? 0 : static_cast<std::uint64_t>(value);
}

double number_at(const Json& json, const char* key) {
  const Json* value = find(json, key);
  return value != nullptr && value->is_number() ? value->get<double>() : 0;
}

bool flag_at(const Json& json, const char* key) {
  const Json* value = find(json, key);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

std::vector<std::string> strings_at(const Json& json, const char* key) {
  std::vector<std::string> strings;
  for (const Json& value : array_at(json, key)) {
    if (value.is_string()) strings.push_back(value.get<std::string>());
  }
  return strings;
}

const Json& array_at(const Json& json, const char* key) {
  static const Json kNone = Json::array();
  const Json* value = find(json, key);
  return value != nullptr && value->is_array() ? *value : kNone;
}

}  // namespace backstock
