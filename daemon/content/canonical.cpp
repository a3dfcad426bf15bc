#include "content/canonical.h"

#include <algorithm>
#include <vector>

#include "base/json_text.h"

namespace backstock::content {
namespace {

using Alive = VolatilePaths::Alive;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// Bytes of a string that are not copied as they are: quote, backslash, control characters.
constexpr auto kSpecial = [] {
  struct {
    bool at[256] = {};
  } table;
  for (unsigned i = 0; i < 0x20; ++i) table.at[i] = true;
  table.at[static_cast<unsigned char>('"')] = table.at[static_cast<unsigned char>('\\')] = true;
  return table;
}();

// A field already written to the output, `"key":value,` with its comma.
struct Field {
  std::uint64_t prefix;  // the first 8 bytes of the key as one number: most comparisons end here
  std::size_t begin;
  std::size_t end;
  std::size_t key_size;  // without quotes; the key starts at begin + 1
};

std::uint64_t prefix_of(std::string_view key) {
  std::uint64_t prefix = 0;
  const std::size_t size = std::min<std::size_t>(key.size(), 8);
  for (std::size_t i = 0; i < size; ++i) prefix |= std::uint64_t{static_cast<unsigned char>(key[i])} << (56 - 8 * i);
  return prefix;
}

// One pass over the text: each object is written in the order it came, then its fields are put in order where that is
// needed. Moving bytes once per level of depth costs less than finding the end of each value before writing it.
class Writer {
 public:
  Writer(std::string& out, std::string_view text, const VolatilePaths& paths) : out_(out), text_(text), paths_(paths) {}

  void run(const VolatilePaths::Step& place, unsigned depth) {
    skip_space();
    value(place, depth, 0);
  }

 private:
  bool ended() const { return at_ >= text_.size(); }
  void skip_space() {
    while (!ended() && is_space(text_[at_])) ++at_;
  }
  // For text that never passed check(): the rest is taken as it stands, and every loop ends.
  void give_up() {
    out_.append(text_.substr(at_));
    at_ = text_.size();
  }

  void value(const VolatilePaths::Step& place, unsigned depth, int nesting) {
    if (ended()) return;
    if (nesting > json_text::kMaxDepth) return give_up();
    switch (text_[at_]) {
      case '{':
        return object(place.in_object, depth, nesting);
      case '[':
        return array(place.in_elements, depth, nesting);
      case '"':
        return string();
      default:
        return word();
    }
  }

  void word() {
    const std::size_t start = at_;
    while (!ended() && !is_space(text_[at_]) && text_[at_] != ',' && text_[at_] != ']' && text_[at_] != '}') ++at_;
    if (at_ == start) return give_up();
    out_.append(text_.substr(start, at_ - start));
  }

  void array(Alive alive, unsigned depth, int nesting) {
    out_ += '[';
    ++at_;
    const std::size_t start = out_.size();
    for (skip_space(); !ended() && text_[at_] != ']'; skip_space()) {
      value({.in_object = alive}, depth, nesting + 1);
      out_ += ',';
      comma();
    }
    close(start, ']');
  }

  void object(Alive alive, unsigned depth, int nesting) {
    const std::size_t first = fields_.size();
    out_ += '{';
    ++at_;
    const std::size_t start = out_.size();
    bool in_order = true;
    for (skip_space(); !ended() && text_[at_] != '}'; skip_space()) {
      if (text_[at_] != '"') return give_up();
      Field field{.prefix = 0, .begin = out_.size(), .end = 0, .key_size = 0};
      string();
      field.key_size = out_.size() - field.begin - 2;
      skip_space();
      if (ended() || text_[at_] != ':') return give_up();
      ++at_;
      skip_space();
      const VolatilePaths::Step step = alive == 0 ? VolatilePaths::Step{} : paths_.into(alive, depth, key_of(field));
      if (step.dropped) {
        out_.resize(field.begin);
        const auto skipped = json_text::first_value(text_.substr(at_));
        if (!skipped) return give_up();
        at_ += skipped->size();
      } else {
        field.prefix = prefix_of(key_of(field));
        out_ += ':';
        value(step, depth + 1, nesting + 1);
        out_ += ',';
        field.end = out_.size();
        in_order = in_order && (fields_.size() == first || !comes_before(field, fields_.back()));
        fields_.push_back(field);
      }
      comma();
    }
    if (!in_order) put_in_order(first, start);
    fields_.resize(first);
    close(start, '}');
  }

  void comma() {
    skip_space();
    if (!ended() && text_[at_] == ',') ++at_;
  }

  // The comma after the last element or field gives way to the bracket.
  void close(std::size_t start, char bracket) {
    if (out_.size() > start)
      out_.back() = bracket;
    else
      out_ += bracket;
    if (!ended()) ++at_;
  }

  std::string_view key_of(const Field& field) const {
    return std::string_view(out_).substr(field.begin + 1, field.key_size);
  }

  bool comes_before(const Field& a, const Field& b) const {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    if (const int order = key_of(a).compare(key_of(b)); order != 0) return order < 0;
    return a.begin < b.begin;  // equal keys keep their order
  }

  void put_in_order(std::size_t first, std::size_t start) {
    const auto begin = fields_.begin() + static_cast<std::ptrdiff_t>(first);
    std::sort(begin, fields_.end(), [&](const Field& a, const Field& b) { return comes_before(a, b); });
    scratch_.clear();
    for (auto field = begin; field != fields_.end(); ++field)
      scratch_.append(out_, field->begin, field->end - field->begin);
    out_.replace(start, scratch_.size(), scratch_);
  }

  void string() {
    const std::size_t start = at_++;
    while (!ended() && !kSpecial.at[static_cast<unsigned char>(text_[at_])]) ++at_;
    out_.append(text_.substr(start, at_ - start));
    while (!ended() && text_[at_] != '"') {
      if (text_[at_] == '\\') {
        escape();
      } else {
        control(static_cast<unsigned char>(text_[at_++]));
      }
      const std::size_t plain = at_;
      while (!ended() && !kSpecial.at[static_cast<unsigned char>(text_[at_])]) ++at_;
      out_.append(text_.substr(plain, at_ - plain));
    }
    out_ += '"';
    if (!ended()) ++at_;
  }

  void escape() {
    const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\\';
    if (c == 'u') return unicode();
    at_ = std::min(at_ + 2, text_.size());
    switch (c) {
      case 'b':
        return control('\b');
      case 'f':
        return control('\f');
      case 'n':
        return control('\n');
      case 'r':
        return control('\r');
      case 't':
        return control('\t');
      case '/':
        out_ += '/';
        return;
      default:
        out_ += '\\';
        out_ += c;
    }
  }

  void unicode() {
    const unsigned first = hex4(at_ + 2);
    at_ = std::min(at_ + 6, text_.size());
    if (first < 0x20) return control(first);
    if (first == '"' || first == '\\') {
      out_ += '\\';
      out_ += static_cast<char>(first);
      return;
    }
    if (first < 0xD800 || first > 0xDFFF) return utf8(first);
    if (first < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      const unsigned second = hex4(at_ + 2);
      if (second >= 0xDC00 && second <= 0xDFFF) {
        at_ = std::min(at_ + 6, text_.size());
        return utf8(0x10000 + ((first - 0xD800) << 10U) + (second - 0xDC00));
      }
    }
    escaped(first);  // a lone surrogate has no UTF-8 form: it stays an escape, so that it equals nothing else
  }

  unsigned hex4(std::size_t at) const {
    unsigned value = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
      const char c = i < text_.size() ? text_[i] : '0';
      value = value * 16 + static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return value & 0xFFFFU;
  }

  void control(unsigned code) { escaped(code); }

  void escaped(unsigned code) {
    static constexpr char kHex[] = "0123456789abcdef";
    out_ += "\\u";
    for (const unsigned shift : {12U, 8U, 4U, 0U}) out_ += kHex[code >> shift & 15U];
  }

  void utf8(unsigned code) {
    const auto tail = [&](unsigned shift) { out_ += static_cast<char>(0x80U | (code >> shift & 0x3FU)); };
    if (code < 0x80) {
      out_ += static_cast<char>(code);
    } else if (code < 0x800) {
      out_ += static_cast<char>(0xC0U | code >> 6U);
      tail(0);
    } else if (code < 0x10000) {
      out_ += static_cast<char>(0xE0U | code >> 12U);
      tail(6);
      tail(0);
    } else {
      out_ += static_cast<char>(0xF0U | code >> 18U);
      tail(12);
      tail(6);
      tail(0);
    }
  }

  std::string& out_;
  std::string_view text_;
  const VolatilePaths& paths_;
  std::size_t at_ = 0;
  std::vector<Field> fields_;  // of the objects that are open, outer ones first
  std::string scratch_;
};

}  // namespace

void append_canonical(std::string& out, std::string_view value, const VolatilePaths& paths,
                      const VolatilePaths::Step& place, unsigned depth) {
  Writer(out, value, paths).run(place, depth);
}

std::string canonical_value(std::string_view value) {
  std::string out;
  append_canonical(out, value, VolatilePaths(), {}, 0);
  return out;
}

}  // namespace backstock::content
