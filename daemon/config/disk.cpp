#include "config/disk.h"

#include <fmt/format.h>

#include <charconv>

#include "config/reader.h"

namespace backstock::config {
namespace {

constexpr const char* kSizeAllowed = "a size such as 512MiB or 2GiB, or automatic";
constexpr unsigned kMostDigits = 999'999;  // GiB: more than any disk, and far from overflow

}  // namespace

std::optional<Complaint> parse_size(const std::string& text, Size& into) {
  if (text == "automatic") {
    into = Size();
    return std::nullopt;
  }
  const Complaint wrong{fmt::format("found {}, allowed is {}", found(text), kSizeAllowed),
                        "write digits and MiB or GiB, without a space"};
  unsigned count = 0;
  const char* end = text.data() + text.size();
  const auto [unit, error] = std::from_chars(text.data(), end, count);
  const std::string_view name(unit, static_cast<std::size_t>(end - unit));
  if (error != std::errc{} || count == 0 || count > kMostDigits || text.front() == '0') return wrong;
  if (name != "MiB" && name != "GiB") return wrong;
  into = {count * (name == "GiB" ? 1024 * 1_MiB : 1_MiB), text};
  return std::nullopt;
}

std::optional<Complaint> check_disk(const Disk& disk) {
  if (!disk.warn.bytes || !disk.stop.bytes || *disk.warn.bytes >= *disk.stop.bytes) return std::nullopt;
  return Complaint{fmt::format("warn is {}, which is less than stop, {}", disk.warn.text, disk.stop.text),
                   "a warning that comes after the stop is none: make warn the larger one"};
}

bool Reader::read(const Node& node, const std::string& path, Size& into) {
  const std::string* text = text_of(node, path, kSizeAllowed);
  if (text == nullptr) return false;
  if (auto complaint = parse_size(*text, into)) {
    complain(node.at, path, *std::move(complaint));
    return false;
  }
  show(path, into.text, &node);
  return true;
}

void Reader::show_default(const std::string& path, const Size& value) { show(path, value.text, nullptr); }

}  // namespace backstock::config
