#include "index/labels_text.h"

namespace backstock::index {
namespace {

constexpr char kBetween = '\x1F';
constexpr char kEscape = '\x1E';  // before a character of the two, which is then moved up to be printable
constexpr char kUp = 0x20;

}  // namespace

std::optional<std::string> join_labels(const std::vector<std::string>& labels) {
  if (labels.empty()) return std::nullopt;
  std::string text;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (i > 0) text += kBetween;
    for (const char c : labels[i]) {
      const bool special = c == kBetween || c == kEscape;
      if (special) text += kEscape;
      text += special ? static_cast<char>(c + kUp) : c;
    }
  }
  return text;
}

std::vector<std::string> split_labels(std::string_view text) {
  std::vector<std::string> labels(1);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == kBetween) {
      labels.emplace_back();
    } else if (text[at] == kEscape && at + 1 < text.size()) {
      labels.back() += static_cast<char>(text[++at] - kUp);
    } else {
      labels.back() += text[at];
    }
  }
  return labels;
}

}  // namespace backstock::index
