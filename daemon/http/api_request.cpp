#include "http/api_request.h"

#include <algorithm>
#include <charconv>

namespace backstock::http {
namespace {

std::vector<std::string_view> words_of(std::string_view list) {
  std::vector<std::string_view> words;
  while (!list.empty()) {
    const std::size_t space = std::min(list.find(' '), list.size());
    if (space > 0) words.push_back(list.substr(0, space));
    list.remove_prefix(std::min(space + 1, list.size()));
  }
  return words;
}

template <class Words>
std::string listed(const Words& words) {
  std::string text;
  for (const std::string_view word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

Error bad(std::string message, std::string hint = {}) {
  return make_error(ErrorKind::bad_input, std::move(message), std::move(hint));
}

Error bad_parameter(std::string_view name, const std::string& must_be) {
  return bad("the parameter " + std::string(name) + " is not " + must_be);
}

Error bad_field(std::string_view name, const std::string& must_be) {
  return bad("the field " + std::string(name) + " of the body is not " + must_be);
}

Result<> check_query(const Request& request, std::string_view parameters) {
  if (parameters == "*") return {};
  const std::vector<std::string_view> known = words_of(parameters);
  for (std::size_t i = 0; i < request.query.size(); ++i) {
    const std::string& name = request.query[i].first;
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return bad("the query holds a parameter that this address does not know",
                 known.empty() ? "leave the query away" : "it knows " + listed(known));
    }
    const auto same = [&](const auto& other) { return other.first == name; };
    if (std::count_if(request.query.begin(), request.query.end(), same) > 1)
      return bad("the parameter " + name + " stands in the query more than once", "name it once");
  }
  return {};
}

Result<Json> read_body(const Request& request, std::string_view fields) {
  const std::vector<std::string_view> known = words_of(fields);
  if (known.empty()) {
    if (!request.body.empty()) return bad("this address takes no body", "send none");
    return Json::object();
  }
  // Also a lock: a form on a foreign page can send text and forms across sites, but not this type.
  std::string_view type = request.header("Content-Type").value_or("");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  if (!same_name(type, "application/json"))
    return bad("the body is not marked as JSON", "send it with the header Content-Type: application/json");
  auto body = parse_json(request.body, "the body");
  if (!body || !body->is_object()) return bad("the body is not a JSON object", "send an object with " + listed(known));
  std::size_t place = 0;
  for (const auto& field : body->items()) {
    ++place;
    if (std::find(known.begin(), known.end(), field.key()) == known.end())
      return bad("field " + std::to_string(place) + " of the body is not known here", "it may hold " + listed(known));
  }
  return std::move(*body);
}

// UTF-8 that the JSON parser has accepted.
std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

Result<ApiRequest> ApiRequest::read(const Request& request, std::string_view parameters, std::string_view fields) {
  TRY(check_query(request, parameters));
  ApiRequest made(request);
  made.body_ = TRY(read_body(request, fields));
  return made;
}

const std::string* ApiRequest::find(std::string_view name) const {
  for (const auto& [key, value] : request_->query) {
    if (key == name && !value.empty()) return &value;
  }
  return nullptr;
}

std::optional<std::string> ApiRequest::text(std::string_view name) const {
  const std::string* value = find(name);
  return value == nullptr ? std::nullopt : std::optional(*value);
}

Result<std::string> ApiRequest::needed_text(std::string_view name) const {
  const std::string* value = find(name);
  if (value == nullptr) return bad("the parameter " + std::string(name) + " is missing");
  return *value;
}

Result<std::optional<std::int64_t>> ApiRequest::optional_number(std::string_view name, std::int64_t least,
                                                                std::int64_t most) const {
  const std::string* value = find(name);
  if (value == nullptr) return std::optional<std::int64_t>();
  std::int64_t number = 0;
  const char* end = value->data() + value->size();
  const auto [at, error] = std::from_chars(value->data(), end, number);
  if (error != std::errc{} || at != end || number < least || number > most)
    return bad_parameter(name, "a number from " + std::to_string(least) + " to " + std::to_string(most));
  return std::optional(number);
}

Result<std::int64_t> ApiRequest::number(std::string_view name, std::int64_t least, std::int64_t most,
                                        std::int64_t otherwise) const {
  const std::optional<std::int64_t> number = TRY(optional_number(name, least, most));
  return number.value_or(otherwise);
}

Result<std::int64_t> ApiRequest::needed_number(std::string_view name, std::int64_t least, std::int64_t most) const {
  const std::optional<std::int64_t> number = TRY(optional_number(name, least, most));
  if (!number) return bad("the parameter " + std::string(name) + " is missing");
  return *number;
}

Result<bool> ApiRequest::flag(std::string_view name) const { return TRY(choice(name, {"0", "1"})) == "1"; }

Result<std::string> ApiRequest::choice(std::string_view name, std::initializer_list<std::string_view> words) const {
  const std::string* value = find(name);
  if (value == nullptr) return std::string(*words.begin());
  if (std::find(words.begin(), words.end(), *value) == words.end())
    return bad_parameter(name, "one of " + listed(words));
  return *value;
}

Result<std::optional<TimePoint>> ApiRequest::time(std::string_view name) const {
  const std::string* value = find(name);
  if (value == nullptr) return std::optional<TimePoint>();
  // Only what parse_time() reads without knowing what time it is now.
  const auto time = value->find('T') == value->npos ? Result<TimePoint>(bad("")) : parse_time(*value, TimePoint());
  if (!time) return bad_parameter(name, "a time such as 2026-11-21T14:05:00Z");
  return std::optional(*time);
}

Result<std::string> ApiRequest::text_field(std::string_view name, std::size_t least, std::size_t most) const {
  const auto found = body_.find(name);
  if (found == body_.end()) return bad("the field " + std::string(name) + " is missing in the body");
  const std::string must_be = "a text of " + std::to_string(least) + " to " + std::to_string(most) + " characters";
  if (!found->is_string()) return bad_field(name, must_be);
  const auto& text = found->get_ref<const std::string&>();
  const std::size_t length = count_characters(text);
  if (length < least || length > most) return bad_field(name, must_be);
  return text;
}

Result<bool> ApiRequest::flag_field(std::string_view name, bool otherwise) const {
  const auto found = body_.find(name);
  if (found == body_.end()) return otherwise;
  if (!found->is_boolean()) return bad_field(name, "true or false");
  return found->get<bool>();
}

Result<std::string> ApiRequest::choice_field(std::string_view name,
                                             std::initializer_list<std::string_view> words) const {
  const auto found = body_.find(name);
  if (found == body_.end()) return bad("the field " + std::string(name) + " is missing in the body");
  if (!found->is_string() || std::find(words.begin(), words.end(), found->get_ref<const std::string&>()) == words.end())
    return bad_field(name, "one of " + listed(words));
  return found->get<std::string>();
}

Result<std::vector<std::string>> ApiRequest::texts_field(std::string_view name, std::size_t most_texts,
                                                         std::size_t most_characters) const {
  std::vector<std::string> texts;
  const auto found = body_.find(name);
  if (found == body_.end()) return texts;
  const std::string must_be = "a list of at most " + std::to_string(most_texts) + " texts of at most " +
                              std::to_string(most_characters) + " characters";
  if (!found->is_array() || found->size() > most_texts) return bad_field(name, must_be);
  for (const Json& one : *found) {
    if (!one.is_string() || count_characters(one.get_ref<const std::string&>()) > most_characters)
      return bad_field(name, must_be);
    texts.push_back(one.get<std::string>());
  }
  return texts;
}

}  // namespace backstock::http
