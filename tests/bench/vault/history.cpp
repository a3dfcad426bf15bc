#include "history.h"

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <unordered_map>

namespace backstock::bench {
namespace {

std::string day_path(const std::string& folder, std::uint32_t day) {
  char name[24];
  std::snprintf(name, sizeof name, "/day-%02u.tsv", day);
  return folder + name;
}

Error unreadable(const std::string& path) {
  return make_error(ErrorKind::not_found, path + " could not be read", "make_corpus writes one");
}

}  // namespace

Result<History> History::load(const std::string& folder) {
  History history;
  const std::string path = folder + "/history.ndjson";
  std::error_code missing;
  const auto size = std::filesystem::file_size(path, missing);
  if (missing) return unreadable(path);
  history.text_.resize(size);
  std::ifstream file(path, std::ios::binary);
  if (!file.read(history.text_.data(), static_cast<std::streamsize>(size))) return unreadable(path);
  for (std::uint32_t day = 0; std::filesystem::exists(day_path(folder, day)); ++day) {
    TRY(history.load_day(day_path(folder, day), day));
  }
  if (history.begins_.empty()) return unreadable(day_path(folder, 0));
  history.link();
  return history;
}

Result<> History::load_day(const std::string& path, std::uint32_t day) {
  begins_.push_back(entries_.size());
  std::ifstream file(path);
  Entry entry;
  entry.day = day;
  std::string offset;
  std::string size;
  const auto number = [](const std::string& text, std::uint64_t& to) {
    return std::from_chars(text.data(), text.data() + text.size(), to).ptr == text.data() + text.size();
  };
  while (file >> entry.type >> entry.id >> offset) {
    entry.at = kBegin + static_cast<std::int64_t>(day) * kDay + static_cast<std::int64_t>(entries_.size()) -
               static_cast<std::int64_t>(begins_.back());
    entry.offset = entry.size = 0;
    const bool gone = offset == "gone";
    const bool whole = gone || (file >> size && number(offset, entry.offset) && number(size, entry.size));
    if (!whole || entry.offset + entry.size > text_.size() || (!gone && entry.size == 0)) {
      return make_error(ErrorKind::corrupt, path + " tells of bytes that history.ndjson does not have",
                        "write the corpus anew");
    }
    entries_.push_back(entry);
  }
  return {};
}

void History::link() {
  std::unordered_map<std::string, std::size_t> newest;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    entries_[i].next_day = days() + 1;
    const auto [known, fresh] = newest.try_emplace(entries_[i].type + "/" + entries_[i].id, i);
    if (fresh) continue;
    entries_[known->second].next_day = entries_[i].day;
    known->second = i;
  }
}

}  // namespace backstock::bench
