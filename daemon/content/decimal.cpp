#include "content/decimal.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

namespace backstock::content {
namespace {

// 0.<digits> * 10^exponent, digits without zeros at either end; zero has no digits.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
  bool operator==(const Decimal&) const = default;
};

std::optional<Decimal> read(std::string_view text) {
  constexpr std::int64_t kAbsurd = 1'000'000'000'000;
  Decimal number;
  if (text.starts_with('-')) {
    number.negative = true;
    text.remove_prefix(1);
  }
  const auto mark = text.find_first_of("eE");
  if (mark != text.npos) {
    std::string_view exponent = text.substr(mark + 1);
    if (exponent.starts_with('+')) exponent.remove_prefix(1);
    const auto [end, error] = std::from_chars(exponent.data(), exponent.data() + exponent.size(), number.exponent);
    if (error != std::errc{} || end != exponent.data() + exponent.size()) return std::nullopt;
    if (number.exponent > kAbsurd || number.exponent < -kAbsurd) return std::nullopt;
    text = text.substr(0, mark);
  }
  const auto point = text.find('.');
  number.digits = text.substr(0, point);
  number.exponent += static_cast<std::int64_t>(number.digits.size());
  if (point != text.npos) number.digits += text.substr(point + 1);

  const auto zeros = std::min(number.digits.find_first_not_of('0'), number.digits.size());
  number.digits.erase(0, zeros);
  number.exponent -= static_cast<std::int64_t>(zeros);
  number.digits.erase(number.digits.find_last_not_of('0') + 1);
  if (number.digits.empty()) return Decimal{};
  return number;
}

}  // namespace

bool is_number(std::string_view value) {
  return !value.empty() && (value.front() == '-' || (value.front() >= '0' && value.front() <= '9'));
}

bool same_number(std::string_view a, std::string_view b) {
  if (!is_number(a) || !is_number(b)) return false;
  const auto left = read(a);
  const auto right = read(b);
  return left && right && *left == *right;
}

}  // namespace backstock::content
