// Reads JSON that a store sent without changing a byte of it: everything here gives slices of the text it was given.
//
// Why not a library: numbers must keep their text (`19.9900`, `1e2`, 30 digits), duplicate keys must stay, and a page
// with one invalid UTF-8 byte must still be cut into items (simdjson refuses such a page whole).
//
// check() comes first, on everything from outside; the other functions expect text that passed it, and give nothing on
// other text rather than reading past its end. Depth is capped at kMaxDepth.
//
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace backstock::json_text {

inline constexpr int kMaxDepth = 256;

struct Findings {
  bool valid_utf8 = true;
  bool control_in_string = false;  // a raw control character inside a string: not JSON, but kept
};

// Is this one JSON value and nothing else? The error names the byte offset.
Result<Findings> check(std::string_view text);

// First and last character of the value that starts at text[0] or after white space there; nullopt if there is none.
std::optional<std::string_view> first_value(std::string_view text);

// Calls with each raw element; stops when the function gives false. Does nothing on what is not an array.
void for_each_element(std::string_view array, const std::function<bool(std::string_view element)>& take);

// Calls with each raw key (quotes included) and raw value, in their order, duplicates too.
void for_each_field(std::string_view object,
                    const std::function<bool(std::string_view raw_key, std::string_view value)>& take);

// The value of `key`, the last one if it stands there twice (as JSON readers do).
std::optional<std::string_view> find(std::string_view object, std::string_view key);
// The same along keys joined by dots: "meta.pagination.total".
std::optional<std::string_view> find_path(std::string_view object, std::string_view dotted);
// Of several, in one reading of the object.
std::vector<std::optional<std::string_view>> find_paths(std::string_view object,
                                                        std::span<const std::string_view> dotted);

// A string's text without quotes and escapes; nullopt if the value is no string. Lone surrogates become U+FFFD.
std::optional<std::string> as_string(std::string_view value);
std::optional<std::int64_t> as_int(std::string_view value);
// Strings unescaped, all else as written: for ids and labels.
std::string as_label(std::string_view value);
std::size_t count_elements(std::string_view array);

inline bool is_object(std::string_view value) { return !value.empty() && value.front() == '{'; }
inline bool is_array(std::string_view value) { return !value.empty() && value.front() == '['; }
inline bool is_string(std::string_view value) { return !value.empty() && value.front() == '"'; }

// Line breaks between tokens become spaces, so that the value fits one NDJSON line; nothing else changes.
// Text with control characters inside strings is not to be passed here (see Findings): it is kept in base64.
void append_one_line(std::string& out, std::string_view value);

// Appends `text` as a quoted JSON string.
void append_quoted(std::string& out, std::string_view text);

}  // namespace backstock::json_text
