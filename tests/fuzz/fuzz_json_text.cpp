// libFuzzer: what a store might send. Whatever passes check() is cut, walked, hashed and compared; nothing may be read
// outside the text, and the rules that the vault leans on must hold.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json_text.h"
#include "content/compare.h"
#include "content/fingerprint.h"
#include "content/registry.h"

using namespace backstock;

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

bool inside(std::string_view slice, std::string_view text) {
  return slice.data() >= text.data() && slice.data() + slice.size() <= text.data() + text.size();
}

void walk(std::string_view value) {
  json_text::for_each_element(value, [&](std::string_view element) {
    demand(inside(element, value) && json_text::check(element).has_value());
    walk(element);
    return true;
  });
  json_text::for_each_field(value, [&](std::string_view key, std::string_view inner) {
    demand(inside(key, value) && inside(inner, value) && json_text::as_string(key).has_value());
    demand(json_text::check(inner).has_value());
    walk(inner);
    return true;
  });
  if (json_text::is_string(value)) demand(json_text::as_string(value).has_value());
}

void walk_unchecked(std::string_view text) {
  json_text::for_each_element(text, [&](std::string_view element) {
    demand(inside(element, text));
    return true;
  });
  json_text::for_each_field(text, [&](std::string_view key, std::string_view inner) {
    demand(inside(key, text) && inside(inner, text));
    return true;
  });
  (void)json_text::first_value(text);
  (void)json_text::as_string(text);
  (void)json_text::as_label(text);
  (void)json_text::find_path(text, "a.b");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 4096) return 0;  // walk() checks every value again: quadratic in depth
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const content::ContentType& type = *content::find_type("products");
  walk_unchecked(text);

  const auto found = json_text::check(text);
  if (!found) {
    (void)content::canonical(type, text, {});  // on anything, nothing outside is read
    return 0;
  }
  const auto value = json_text::first_value(text);
  demand(value.has_value() && inside(*value, text));
  walk(*value);

  // The canonical text is JSON again, and its own canonical text.
  const std::string canonical = content::canonical(type, *value, {});
  const auto again = json_text::check(canonical);
  demand(again.has_value() && !again->control_in_string && (again->valid_utf8 || !found->valid_utf8));
  demand(content::canonical(type, canonical, {}) == canonical);

  // One line holds what the value held.
  if (!found->control_in_string) {
    std::string line;
    json_text::append_one_line(line, *value);
    demand(line.size() == value->size() && line.find('\n') == line.npos);
    demand(content::canonical(type, line, {}) == canonical);
  }

  // A version differs from another exactly where the hash says so: the first two elements of a list are two versions.
  demand(content::compare(type, *value, {}, *value, {}).empty());
  if (json_text::is_array(*value) && json_text::count_elements(*value) >= 2) {
    std::string_view pair[2];
    std::size_t count = 0;
    json_text::for_each_element(*value, [&](std::string_view element) {
      pair[count++] = element;
      return count < 2;
    });
    bool differs = false;
    for (const auto& difference : content::compare(type, pair[0], {}, pair[1], {})) differs |= !difference.is_volatile;
    demand(differs == (content::fingerprint(type, pair[0], {}) != content::fingerprint(type, pair[1], {})));
  }
  return 0;
}
