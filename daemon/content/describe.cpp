#include "content/describe.h"

#include <algorithm>
#include <array>

#include "base/json_text.h"

namespace backstock::content {
namespace {

constexpr std::size_t kColumnWidth = 200;  // characters

// Words that are written in another way than as words.
struct Written {
  std::string_view word;
  std::string_view as;
};
constexpr std::array kWritten = {Written{"api", "API"},   Written{"css", "CSS"}, Written{"gtin", "GTIN"},
                                 Written{"html", "HTML"}, Written{"id", "ID"},   Written{"ids", "IDs"},
                                 Written{"ip", "IP"},     Written{"map", "MAP"}, Written{"mpn", "MPN"},
                                 Written{"seo", "SEO"},   Written{"sku", "SKU"}, Written{"upc", "UPC"},
                                 Written{"uri", "URI"},   Written{"url", "URL"}, Written{"utc", "UTC"},
                                 Written{"uuid", "UUID"}, Written{"vat", "VAT"}};

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

std::optional<std::string> one_value(std::string_view item, std::string_view field) {
  const auto value = json_text::find_path(item, field);
  if (!value || *value == "null") return std::nullopt;
  return json_text::as_label(*value);
}

}  // namespace

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

std::string cut_text(std::string_view text, std::size_t most) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (continues(text[i])) continue;
    if (count == most) return std::string(text.substr(0, i)) + "…";
    ++count;
  }
  return std::string(text);
}

std::string title(const ContentType& type, std::string_view item) {
  std::string text;
  for (const std::string_view field : type.title_fields) {
    const auto value = one_value(item, field);
    if (!value || value->empty()) continue;
    if (!text.empty()) text += ' ';
    text += *value;
  }
  for (const std::string_view field : type.label_fields) {
    if (text.empty()) text = one_value(item, field).value_or("");
  }
  return cut_text(text, kColumnWidth);
}

std::vector<std::optional<std::string>> column_values(const ContentType& type, std::string_view item) {
  std::vector<std::optional<std::string>> values;
  for (const Column& column : type.columns) {
    auto value = one_value(item, column.field);
    if (value) value = cut_text(*value, kColumnWidth);
    values.push_back(std::move(value));
  }
  return values;
}

std::string name_to_label(std::string_view field) {
  std::string label;
  while (!field.empty()) {
    const std::size_t end = std::min(field.find('_'), field.size());
    const std::string_view word = field.substr(0, end);
    field.remove_prefix(std::min(end + 1, field.size()));
    if (word.empty()) continue;
    const bool first = label.empty();
    if (!first) label += ' ';
    const auto known = std::find_if(kWritten.begin(), kWritten.end(), [&](const Written& w) { return w.word == word; });
    const std::size_t start = label.size();
    label += known == kWritten.end() ? word : known->as;
    if (first) label[start] = upper(label[start]);
  }
  return label;
}

std::string field_label(const ContentType& type, std::string_view path) {
  for (const Column& column : type.columns)
    if (column.field == path) return std::string(column.label);
  for (const Part& part : type.parts)
    if (part.name == path) return std::string(part.label);
  return name_to_label(path.substr(path.rfind('.') + 1));
}

}  // namespace backstock::content
