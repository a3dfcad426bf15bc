#include "base/json_text.h"

#include <charconv>

namespace backstock::json_text {
namespace {

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t skip_space(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

// Past the closing quote of the string that opens at `at`; npos if it never closes.
std::size_t skip_string(std::string_view text, std::size_t at) {
  // Most strings are long and without escapes (descriptions): find the quote, then see whether it is escaped.
  const std::size_t first = ++at;
  while (at < text.size()) {
    const std::size_t quote = text.find('"', at);
    if (quote == text.npos) return text.npos;
    std::size_t slashes = 0;
    while (quote - slashes > first && text[quote - slashes - 1] == '\\') ++slashes;
    if (slashes % 2 == 0) return quote + 1;
    at = quote + 1;
  }
  return text.npos;
}

// Past the value that starts at `at` (no white space before it); npos if it does not end. Text passed check(), so
// counting brackets outside strings is enough.
std::size_t skip_value(std::string_view text, std::size_t at) {
  if (at >= text.size()) return text.npos;
  if (text[at] == '"') return skip_string(text, at);
  if (text[at] == '{' || text[at] == '[') {
    int depth = 0;
    while (at < text.size()) {
      const char c = text[at];
      if (c == '"') {
        at = skip_string(text, at);
        if (at == text.npos) return text.npos;
        continue;
      }
      ++at;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return at;
    }
    return text.npos;
  }
  const std::size_t start = at;
  while (at < text.size() && !is_space(text[at]) && text[at] != ',' && text[at] != ']' && text[at] != '}') ++at;
  return at == start ? text.npos : at;
}

// Length of the well-formed UTF-8 sequence at `at`, 0 if there is none (RFC 3629: no overlong forms, no surrogates).
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U; };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned b0 = byte(0);
  if (b0 < 0x80) return 1;
  if (b0 >= 0xC2 && b0 <= 0xDF) return continues(1) ? 2 : 0;
  if (b0 >= 0xE0 && b0 <= 0xEF) {
    if (!continues(1) || !continues(2)) return 0;
    if (b0 == 0xE0 && byte(1) < 0xA0) return 0;
    if (b0 == 0xED && byte(1) > 0x9F) return 0;
    return 3;
  }
  if (b0 >= 0xF0 && b0 <= 0xF4) {
    if (!continues(1) || !continues(2) || !continues(3)) return 0;
    if (b0 == 0xF0 && byte(1) < 0x90) return 0;
    if (b0 == 0xF4 && byte(1) > 0x8F) return 0;
    return 4;
  }
  return 0;
}

// A validating walk over one document.
class Checker {
 public:
  explicit Checker(std::string_view text) : text_(text) {}

  Result<Findings> run() {
    at_ = skip_space(text_, 0);
    if (!value(0)) return complaint();
    at_ = skip_space(text_, at_);
    if (at_ != text_.size()) return complaint("more text after the value");
    return findings_;
  }

 private:
  Error complaint(const char* why = nullptr) {
    if (why != nullptr) why_ = why;
    return make_error(ErrorKind::rejected, "not JSON at byte " + std::to_string(at_) + ": " + why_);
  }
  bool fail(const char* why) {
    why_ = why;
    return false;
  }

  bool literal(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return fail("unknown word");
    at_ += word.size();
    return true;
  }

  bool number() {
    const std::size_t start = at_;
    if (text_[at_] == '-') ++at_;
    const std::size_t digits = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    if (at_ == digits) return fail("a number without digits");
    if (text_[digits] == '0' && at_ > digits + 1) return fail("a number with a leading zero");
    if (at_ < text_.size() && text_[at_] == '.') {
      const std::size_t fraction = ++at_;
      while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
      if (at_ == fraction) return fail("a number that ends in a point");
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      const std::size_t exponent = at_;
      while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
      if (at_ == exponent) return fail("a number with an empty exponent");
    }
    return at_ > start;
  }

  bool string() {
    ++at_;
    while (at_ < text_.size()) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '"') {
        ++at_;
        return true;
      }
      if (c == '\\') {
        if (!escape()) return false;
      } else if (c < 0x20) {
        findings_.control_in_string = true;
        ++at_;
      } else if (c < 0x80) {
        ++at_;
      } else {
        const std::size_t length = utf8_length(text_, at_);
        if (length == 0) findings_.valid_utf8 = false;
        at_ += length == 0 ? 1 : length;
      }
    }
    return fail("a string that never ends");
  }

  bool escape() {
    if (at_ + 1 >= text_.size()) return fail("a string that never ends");
    const char c = text_[at_ + 1];
    if (c == 'u') {
      for (std::size_t i = 2; i < 6; ++i) {
        const char h = at_ + i < text_.size() ? text_[at_ + i] : '\0';
        if (!is_digit(h) && !(h >= 'a' && h <= 'f') && !(h >= 'A' && h <= 'F')) return fail("a broken \\u escape");
      }
      at_ += 6;
      return true;
    }
    if (std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos) return fail("an unknown escape");
    at_ += 2;
    return true;
  }

  bool container(int depth, char close) {
    if (depth >= kMaxDepth) return fail("nested too deeply");
    const bool object = close == '}';
    ++at_;
    at_ = skip_space(text_, at_);
    if (at_ < text_.size() && text_[at_] == close) {
      ++at_;
      return true;
    }
    while (true) {
      if (object) {
        if (at_ >= text_.size() || text_[at_] != '"') return fail("a key was expected");
        if (!string()) return false;
        at_ = skip_space(text_, at_);
        if (at_ >= text_.size() || text_[at_] != ':') return fail("a colon was expected");
        at_ = skip_space(text_, at_ + 1);
      }
      if (!value(depth + 1)) return false;
      at_ = skip_space(text_, at_);
      if (at_ >= text_.size()) return fail("the text ends inside an object or a list");
      const char c = text_[at_++];
      if (c == close) return true;
      if (c != ',') {
        --at_;
        return fail("a comma was expected");
      }
      at_ = skip_space(text_, at_);
    }
  }

  bool value(int depth) {
    if (at_ >= text_.size()) return fail("the text ends where a value was expected");
    switch (text_[at_]) {
      case '{':
        return container(depth, '}');
      case '[':
        return container(depth, ']');
      case '"':
        return string();
      case 't':
        return literal("true");
      case 'f':
        return literal("false");
      case 'n':
        return literal("null");
      default:
        return text_[at_] == '-' || is_digit(text_[at_]) ? number() : fail("a value was expected");
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  const char* why_ = "";
  Findings findings_;
};

std::optional<unsigned> read_hex4(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + 4, value, 16);
  if (error != std::errc{} || end != text.data() + at + 4) return std::nullopt;
  return value;
}

void append_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | (code >> 6U));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0U | (code >> 12U));
    out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  } else {
    out += static_cast<char>(0xF0U | (code >> 18U));
    out += static_cast<char>(0x80U | ((code >> 12U) & 0x3FU));
    out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  }
}

// Appends the character of the \u escape at `at` (on the backslash) and gives where it ends.
std::size_t append_unicode_escape(std::string& out, std::string_view text, std::size_t at) {
  constexpr unsigned kReplacement = 0xFFFD;
  const unsigned first = read_hex4(text, at + 2).value_or(kReplacement);
  at += 6;
  if (first >= 0xD800 && first < 0xDC00 && text.substr(at, 2) == "\\u") {
    const unsigned second = read_hex4(text, at + 2).value_or(0);
    if (second >= 0xDC00 && second < 0xE000) {
      append_utf8(out, 0x10000 + ((first - 0xD800) << 10U) + (second - 0xDC00));
      return at + 6;
    }
  }
  append_utf8(out, first >= 0xD800 && first < 0xE000 ? kReplacement : first);
  return at;
}

bool is_key(std::string_view raw_key, std::string_view key) {
  const std::string_view inner = raw_key.substr(1, raw_key.size() - 2);
  return inner.find('\\') == inner.npos ? inner == key : as_string(raw_key) == key;
}

std::string_view head_of(std::string_view dotted) { return dotted.substr(0, dotted.find('.')); }

std::string_view behind_head(std::string_view dotted) {
  const auto dot = dotted.find('.');
  return dot == dotted.npos ? std::string_view() : dotted.substr(dot + 1);
}

}  // namespace

Result<Findings> check(std::string_view text) { return Checker(text).run(); }

std::optional<std::string_view> first_value(std::string_view text) {
  const std::size_t start = skip_space(text, 0);
  const std::size_t end = skip_value(text, start);
  if (end == text.npos || end > text.size()) return std::nullopt;
  return text.substr(start, end - start);
}

void for_each_element(std::string_view array, const std::function<bool(std::string_view)>& take) {
  if (!is_array(array)) return;
  std::size_t at = skip_space(array, 1);
  while (at < array.size() && array[at] != ']') {
    const std::size_t end = skip_value(array, at);
    if (end == array.npos || end > array.size()) return;
    if (!take(array.substr(at, end - at))) return;
    at = skip_space(array, end);
    if (at < array.size() && array[at] == ',') at = skip_space(array, at + 1);
  }
}

void for_each_field(std::string_view object, const std::function<bool(std::string_view, std::string_view)>& take) {
  if (!is_object(object)) return;
  std::size_t at = skip_space(object, 1);
  while (at < object.size() && object[at] == '"') {
    const std::size_t key_end = skip_string(object, at);
    if (key_end == object.npos || key_end > object.size()) return;
    const std::string_view key = object.substr(at, key_end - at);
    at = skip_space(object, key_end);
    if (at >= object.size() || object[at] != ':') return;
    at = skip_space(object, at + 1);
    const std::size_t end = skip_value(object, at);
    if (end == object.npos || end > object.size()) return;
    if (!take(key, object.substr(at, end - at))) return;
    at = skip_space(object, end);
    if (at < object.size() && object[at] == ',') at = skip_space(object, at + 1);
  }
}

std::optional<std::string_view> find(std::string_view object, std::string_view key) {
  std::optional<std::string_view> found;
  for_each_field(object, [&](std::string_view raw_key, std::string_view value) {
    if (is_key(raw_key, key)) found = value;
    return true;
  });
  return found;
}

std::optional<std::string_view> find_path(std::string_view object, std::string_view dotted) {
  std::optional<std::string_view> value = object;
  while (value && !dotted.empty()) {
    value = find(*value, head_of(dotted));
    dotted = behind_head(dotted);
  }
  return value;
}

std::vector<std::optional<std::string_view>> find_paths(std::string_view object,
                                                        std::span<const std::string_view> dotted) {
  std::vector<std::optional<std::string_view>> found(dotted.size());
  for_each_field(object, [&](std::string_view raw_key, std::string_view value) {
    for (std::size_t nth = 0; nth < dotted.size(); ++nth) {
      if (is_key(raw_key, head_of(dotted[nth]))) found[nth] = value;
    }
    return true;
  });
  for (std::size_t nth = 0; nth < dotted.size(); ++nth) {
    if (found[nth]) found[nth] = find_path(*found[nth], behind_head(dotted[nth]));
  }
  return found;
}

std::optional<std::string> as_string(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::nullopt;
  value = value.substr(1, value.size() - 2);
  std::string text;
  text.reserve(value.size());
  std::size_t at = 0;
  while (at < value.size()) {
    const auto slash = value.find('\\', at);
    text.append(value.substr(at, slash - at));
    if (slash == value.npos) break;
    const char c = slash + 1 < value.size() ? value[slash + 1] : '\\';
    at = slash + 2;
    switch (c) {
      case 'b':
        text += '\b';
        break;
      case 'f':
        text += '\f';
        break;
      case 'n':
        text += '\n';
        break;
      case 'r':
        text += '\r';
        break;
      case 't':
        text += '\t';
        break;
      case 'u':
        at = append_unicode_escape(text, value, slash);
        break;
      default:
        text += c;
    }
  }
  return text;
}

std::optional<std::int64_t> as_int(std::string_view value) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size()) return std::nullopt;
  return number;
}

std::string as_label(std::string_view value) {
  if (value == "null") return {};
  if (auto text = as_string(value)) return std::move(*text);
  return std::string(value);
}

std::size_t count_elements(std::string_view array) {
  std::size_t count = 0;
  for_each_element(array, [&](std::string_view) {
    ++count;
    return true;
  });
  return count;
}

void append_one_line(std::string& out, std::string_view value) {
  const std::size_t start = out.size();
  out.append(value);
  for (const char line_break : {'\r', '\n'}) {
    for (std::size_t at = start; (at = out.find(line_break, at)) != out.npos; ++at) out[at] = ' ';
  }
}

void append_quoted(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace backstock::json_text
