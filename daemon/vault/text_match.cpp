#include "vault/text_match.h"

#include <string.h>

#include <algorithm>

#include "base/fold_case.h"
#include "base/json_text.h"

namespace backstock::vault {
namespace {

constexpr std::size_t kBefore = 40;  // characters of an excerpt before what was found

constexpr std::string_view kBase64Key = "_base64\":";

// memmem() where std::string_view::find() would go from one first letter to the next.
std::size_t find(std::string_view text, std::string_view wanted, std::size_t from = 0) {
  const void* found = ::memmem(text.data() + from, text.size() - from, wanted.data(), wanted.size());
  return found == nullptr ? text.npos : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// Around the found bytes; whole characters.
std::string excerpt_of(std::string_view text, std::size_t at) {
  std::size_t begin = at;
  for (std::size_t back = 0; begin > 0 && back < kBefore;) {
    --begin;
    if (!continues(text[begin])) ++back;
  }
  std::size_t end = begin;
  for (std::size_t characters = 0; end < text.size(); ++end)
    if (!continues(text[end]) && ++characters > TextMatch::kExcerpt) break;
  return std::string(text.substr(begin, end - begin));
}

// Depth first, with the path of each value. Depth is bounded by what a capture accepts (json_text::kMaxDepth).
bool walk(std::string_view value, std::string& path,
          const std::function<bool(std::string_view value, const std::string& path)>& leaf) {
  const std::size_t length = path.size();
  bool go_on = true;
  if (json_text::is_object(value)) {
    json_text::for_each_field(value, [&](std::string_view raw_key, std::string_view inner) {
      if (length != 0) path += '.';
      path += json_text::as_label(raw_key);
      go_on = walk(inner, path, leaf);
      path.resize(length);
      return go_on;
    });
  } else if (json_text::is_array(value)) {
    std::size_t nth = 0;
    json_text::for_each_element(value, [&](std::string_view inner) {
      path += "[" + std::to_string(nth++) + "]";
      go_on = walk(inner, path, leaf);
      path.resize(length);
      return go_on;
    });
  } else {
    go_on = leaf(value, path);
  }
  return go_on;
}

bool is_number(std::string_view value) {
  return !value.empty() && (value.front() == '-' || (value.front() >= '0' && value.front() <= '9'));
}

}  // namespace

TextMatch::TextMatch(std::string_view text, bool any_case)
    : needle_(any_case ? fold_case(text) : std::string(text)),
      any_case_(any_case),
      ascii_(std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })),
      escapable_(std::any_of(text.begin(), text.end(), [](char c) {
        return c == '"' || c == '\\' || c == '/' || static_cast<unsigned char>(c) < 0x20;
      })) {}

// As long as the text: one letter folds to one of as many bytes.
std::string TextMatch::folded(std::string_view text) const {
  if (!any_case_) return std::string(text);
  if (!ascii_) return fold_case(text);
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(c + (c >= 'A' && c <= 'Z' ? 32 : 0));
  return lower;
}

bool TextMatch::is_in(std::string_view line, std::string_view folded_line, bool any_base64) const {
  if (find(folded_line, needle_) != line.npos) return true;
  if (any_base64 && find(line, kBase64Key) != line.npos) return true;
  if (line.find('\\') == line.npos || (!escapable_ && find(line, "\\u") == line.npos)) return false;
  // All escapes at once, whatever they stand in: each string of the line is in there as people read it.
  const auto plain = json_text::as_string("\"" + std::string(line) + "\"");
  return plain && find(folded(*plain), needle_) != line.npos;
}

void TextMatch::for_each_candidate(std::string_view raw,
                                   const std::function<bool(std::string_view line, std::size_t at)>& take) const {
  const std::string lower = any_case_ ? folded(raw) : std::string();
  const std::string_view hay = any_case_ ? std::string_view(lower) : raw;
  const bool any_base64 = find(raw, kBase64Key) != raw.npos;
  const bool as_written = !any_base64 && (escapable_ ? raw.find('\\') : find(raw, "\\u")) == raw.npos;
  for (std::size_t at = 0; at < raw.size();) {
    if (as_written) {  // then only lines in which it stands matter
      const std::size_t found = find(hay, needle_, at);
      if (found == raw.npos) return;
      const std::size_t before = raw.rfind('\n', found);
      if (before != raw.npos && before >= at) at = before + 1;
    }
    const std::size_t end = std::min(raw.find('\n', at), raw.size());
    const std::string_view line = raw.substr(at, end - at);
    if ((as_written || is_in(line, hay.substr(at, end - at), any_base64)) && !take(line, at)) return;
    at = end + 1;
  }
}

void TextMatch::for_each_field(const StoredVersion& version, const std::function<bool(Field field)>& take) const {
  const auto leaf = [&](std::string_view value, const std::string& path) {
    if (!json_text::is_string(value) && !is_number(value)) return true;
    const std::string text = json_text::as_label(value);
    const std::size_t found = find(folded(text), needle_);
    return found == text.npos || take({path, excerpt_of(text, found)});
  };
  std::string path;
  if (!walk(version.item, path, leaf)) return;
  for (const StoredPart& part : version.parts) {
    path = part.name;
    if (!walk(part.bytes, path, leaf)) return;
  }
}

}  // namespace backstock::vault
