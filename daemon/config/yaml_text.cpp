#include "config/yaml_text.h"

#include <fmt/format.h>

namespace backstock::config {
namespace {

// The length of the UTF-8 character at the start, 0 if there is none. As Unicode table 3-7: no surrogates, nothing
// overlong.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    if ((first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f)) return 0;
    return follows(1) && follows(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if ((first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) > 0x8f)) return 0;
    return follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7f;
}

std::string_view line_of(std::string_view text, int line) {
  for (; line > 1; --line) {
    const auto end = text.find('\n');
    if (end == text.npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

}  // namespace

std::vector<Problem> check_text(std::string_view text, const std::string& file) {
  std::vector<Problem> problems;
  bool told_encoding = false;
  bool told_control = false;
  bool told_tab = false;
  bool indenting = true;
  int line = 1;
  int column = 1;
  for (std::size_t i = 0; i < text.size(); ++column) {
    const char c = text[i];
    const std::size_t length = character_length(text.substr(i));
    if (length == 0 && !told_encoding) {
      told_encoding = true;
      problems.push_back({file, line, column, "",
                          fmt::format("the byte 0x{:02x} is not UTF-8", static_cast<unsigned char>(c)),
                          "save the file in the encoding UTF-8"});
    }
    if (is_control(c) && !told_control) {
      told_control = true;
      problems.push_back({file, line, column, "",
                          fmt::format("found the control character 0x{:02x}", static_cast<unsigned char>(c)),
                          "remove it; retype the line if it cannot be seen"});
    }
    if (c == '\t' && indenting && !told_tab) {
      told_tab = true;
      problems.push_back({file, line, column, "", "found a tab at the start of the line, allowed are spaces",
                          "replace each tab by two spaces"});
    }
    if (c != ' ' && c != '\t') indenting = false;
    if (c == '\n') {
      ++line;
      column = 0;
      indenting = true;
    }
    i += length == 0 ? 1 : length;
  }
  return problems;
}

bool quote_is_closed(std::string_view text, std::size_t at) {
  if (at >= text.size() || (text[at] != '"' && text[at] != '\'')) return true;
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size() && text[i] != '\n'; ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '"' || i + 1 >= text.size() || text[i + 1] != quote) return true;
      ++i;  // '' is one quote, not the end
    }
  }
  return false;
}

std::string syntax_hint(std::string_view text, int line) {
  std::string_view rest = line_of(text, line);
  while (!rest.empty()) {
    const auto colon = rest.find(": ");
    if (colon == rest.npos) break;
    rest.remove_prefix(colon + 2);
    const auto start = rest.find_first_not_of(' ');
    if (start != rest.npos && std::string_view("*@&!%`").find(rest[start]) != std::string_view::npos)
      return fmt::format("put a value that begins with {} in quotes, such as \"*/30 * * * *\" or \"@daily\"",
                         rest[start]);
  }
  return "check this line and the one above it: indentation by spaces, a space after each colon, closed quotes and "
         "brackets";
}

}  // namespace backstock::config
