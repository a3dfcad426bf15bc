// What commands print: tables that line up, sizes and times for people, a progress line that redraws itself.
//
// Texts from a store may hold control characters: printable() keeps them from reaching a terminal.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "backup/run_types.h"
#include "base/bytes.h"

namespace backstock::cli {

void print(std::FILE* to, std::string_view text);
void print_json(std::FILE* to, const Json& json);

// Columns two spaces apart; the first row is the header. Widths count characters, not bytes.
void print_table(std::FILE* to, std::vector<std::vector<std::string>> rows);

std::string describe_size(ByteCount bytes);    // "3.4 MB"
std::string describe_count(std::uint64_t n);   // "12,345"
std::string describe_seconds(std::int64_t s);  // "1 h 04 min"
std::string printable(std::string_view text, std::size_t max_characters);

// On a terminal one line that redraws itself; piped, a plain line when something begins and every few seconds.
class ProgressLine final : public backup::ProgressSink {
 public:
  ProgressLine(std::FILE* to, bool is_terminal) : to_(to), is_terminal_(is_terminal) {}
  ~ProgressLine() override;
  void show(const backup::Progress& progress) override;
  // A line of words in the same place, for work that counts bytes.
  void show_text(const std::string& text, std::chrono::milliseconds ticks, bool important);
  void finish();

 private:
  std::FILE* to_;
  bool is_terminal_;
  bool drawn_ = false;
  std::string last_phase_;
  std::chrono::milliseconds last_{-1'000'000};
};

Json to_json(const backup::Progress& progress);
backup::Progress progress_from_json(const Json& json);

}  // namespace backstock::cli
