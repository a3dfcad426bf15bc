#include "store_api/query.h"

namespace backstock::store_api {
namespace {

constexpr std::string_view kInQuery = "-._~:,";
constexpr std::string_view kInPath = "-._~:,/";

void append_encoded(std::string& out, std::string_view text, std::string_view readable) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : text) {
    const bool letter_or_digit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter_or_digit || readable.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
}

}  // namespace

std::string encode_query(const Query& query) {
  std::string out;
  for (const auto& [name, value] : query) {
    out += out.empty() ? '?' : '&';
    append_encoded(out, name, kInQuery);
    out += '=';
    append_encoded(out, value, kInQuery);
  }
  return out;
}

std::string encode_path(std::string_view path) {
  std::string out;
  append_encoded(out, path, kInPath);
  return out;
}

}  // namespace backstock::store_api
