#include "cli/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace backstock::cli {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kRedraw{100};
constexpr milliseconds kPlainLine{5000};

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string progress_text(const backup::Progress& p) {
  std::string text = fmt::format("{}  {}/{} {}: {}", p.store, p.type_number, p.type_count, p.type, p.phase);
  if (p.items_total) {
    text += fmt::format(" {} of {}", describe_count(p.items_done), describe_count(*p.items_total));
  } else if (p.items_done != 0) {
    text += " " + describe_count(p.items_done);
  }
  if (p.items_per_second > 0) text += fmt::format(", {:.0f}/s", p.items_per_second);
  if (p.seconds_left) text += ", " + describe_seconds(*p.seconds_left) + " left";
  if (p.seconds_left_all && p.seconds_left_all != p.seconds_left)
    text += " (" + describe_seconds(*p.seconds_left_all) + " for all)";
  text += fmt::format(", {} new versions, {} requests", describe_count(p.versions), describe_count(p.requests));
  if (p.rate.quota && p.rate.our_part > 0)
    text += fmt::format(" ({} of {} left in this window)",
                        p.rate.our_part - std::min(p.rate.our_part, p.rate.used_by_us), p.rate.our_part);
  if (p.rate.wait_until && *p.rate.wait_until > p.ticks)
    text += fmt::format(", waiting {} s for the store's quota", (*p.rate.wait_until - p.ticks).count() / 1000 + 1);
  return text;
}

// Embeddings, overrides and isolates, U+202A to U+202E and U+2066 to U+2069: what follows them on the line would be
// shown in another order than it has.
bool turns_direction(std::string_view three) {
  return (three >= "\xE2\x80\xAA" && three <= "\xE2\x80\xAE") || (three >= "\xE2\x81\xA6" && three <= "\xE2\x81\xA9");
}

}  // namespace

void print(std::FILE* to, std::string_view text) { std::fwrite(text.data(), 1, text.size(), to); }

void print_json(std::FILE* to, const Json& json) {
  print(to, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

void print_table(std::FILE* to, std::vector<std::vector<std::string>> rows) {
  for (auto& row : rows) {
    for (std::string& cell : row) cell = printable(cell, std::numeric_limits<std::size_t>::max());
  }
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], characters(row[i]));
  }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - characters(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    print(to, line + "\n");
  }
}

std::string describe_size(ByteCount bytes) {
  constexpr const char* kUnits[] = {"bytes", "kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1000 && unit + 1 < std::size(kUnits)) value /= 1000, ++unit;
  return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string describe_count(std::uint64_t n) {
  std::string text = std::to_string(n);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

std::string describe_seconds(std::int64_t s) {
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {:02} s", s / 60, s % 60);
  return fmt::format("{} h {:02} min", s / 3600, s / 60 % 60);
}

std::string printable(std::string_view text, std::size_t max_characters) {
  std::string out;
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool starts_character = (c & 0xC0U) != 0x80U;
    if (starts_character && count++ == max_characters) return out + "…";
    // C1 controls are 0xC2 followed by 0x80..0x9F.
    const bool c1 = c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c < 0x20 || c == 0x7F || c1) {
      out += ' ';
      if (c1) ++i;
    } else if (turns_direction(text.substr(i, 3))) {
      out += ' ';
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

ProgressLine::~ProgressLine() { finish(); }

void ProgressLine::show(const backup::Progress& progress) {
  const std::string phase = progress.type + progress.phase;
  const bool new_phase = phase != last_phase_;
  last_phase_ = phase;
  show_text(progress_text(progress), progress.ticks, new_phase);
}

void ProgressLine::show_text(const std::string& text, milliseconds ticks, bool important) {
  if (!important && ticks - last_ < (is_terminal_ ? kRedraw : kPlainLine)) return;
  last_ = ticks;
  print(to_, is_terminal_ ? "\r\033[K" + text : text + "\n");
  drawn_ = is_terminal_;
  std::fflush(to_);
}

void ProgressLine::finish() {
  if (drawn_) print(to_, "\r\033[K");
  drawn_ = false;
  std::fflush(to_);
}

Json to_json(const backup::Progress& p) {
  const auto optional = [](const auto& value) { return value ? Json(*value) : Json(nullptr); };
  return Json{{"store", p.store},
              {"run", p.run},
              {"type", p.type},
              {"phase", p.phase},
              {"type_number", p.type_number},
              {"type_count", p.type_count},
              {"items_done", p.items_done},
              {"items_total", optional(p.items_total)},
              {"versions", p.versions},
              {"items_per_second", p.items_per_second},
              {"seconds_left", optional(p.seconds_left)},
              {"seconds_left_all", optional(p.seconds_left_all)},
              {"requests", p.requests},
              {"quota", optional(p.rate.quota)},
              {"our_part", p.rate.our_part},
              {"used_by_us", p.rate.used_by_us},
              {"wait_ms", p.rate.wait_until ? Json((*p.rate.wait_until - p.ticks).count()) : Json(nullptr)},
              {"ticks", p.ticks.count()}};
}

backup::Progress progress_from_json(const Json& json) {
  backup::Progress p;
  const auto integer = [&](const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_number() ? std::optional<std::int64_t>(found->get<std::int64_t>())
                                                     : std::nullopt;
  };
  p.store = string_at(json, "store");
  p.run = string_at(json, "run");
  p.type = string_at(json, "type");
  p.phase = string_at(json, "phase");
  p.type_number = static_cast<std::size_t>(integer("type_number").value_or(0));
  p.type_count = static_cast<std::size_t>(integer("type_count").value_or(0));
  p.items_done = static_cast<std::uint64_t>(integer("items_done").value_or(0));
  if (const auto total = integer("items_total")) p.items_total = static_cast<std::uint64_t>(*total);
  p.versions = static_cast<std::uint64_t>(integer("versions").value_or(0));
  p.items_per_second = number_at(json, "items_per_second");
  p.seconds_left = integer("seconds_left");
  p.seconds_left_all = integer("seconds_left_all");
  p.requests = static_cast<std::uint64_t>(integer("requests").value_or(0));
  if (const auto quota = integer("quota")) p.rate.quota = static_cast<std::uint64_t>(*quota);
  p.rate.our_part = static_cast<std::uint64_t>(integer("our_part").value_or(0));
  p.rate.used_by_us = static_cast<std::uint64_t>(integer("used_by_us").value_or(0));
  p.ticks = std::chrono::milliseconds(integer("ticks").value_or(0));
  if (const auto wait = integer("wait_ms")) p.rate.wait_until = p.ticks + std::chrono::milliseconds(*wait);
  return p;
}

}  // namespace backstock::cli
