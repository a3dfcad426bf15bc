// Writes a store's history as files that the vault and others can be measured with.
//
//   make_corpus --out DIR [--items 10000] [--days 30] [--seed 1]
//
// DIR/history.ndjson holds every version's JSON, one a line, in the order of capture: day 0 whole, then each day's
// changes, by type and id. DIR/day-00.tsv and so on say what each day holds: type, id, then offset and size in
// history.ndjson (without the line's end) or `gone`. The same arguments give the same bytes. What it made is told as
// JSON.
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "corpus.h"

using namespace backstock::bench;

namespace {

struct Made {
  std::uint64_t versions[3] = {};
  std::uint64_t bytes[3] = {};
  std::uint64_t gone = 0;
  std::uint64_t offset = 0;
};

bool make(const Settings& settings, const std::filesystem::path& folder, Made& made) {
  std::filesystem::create_directories(folder);
  std::ofstream history(folder / "history.ndjson", std::ios::binary | std::ios::trunc);
  Corpus corpus(settings);
  for (std::uint64_t day = 0; day <= settings.days; ++day) {
    const std::string number = std::to_string(day);
    std::ofstream list(folder / ("day-" + (number.size() < 2 ? "0" + number : number) + ".tsv"),
                       std::ios::binary | std::ios::trunc);
    corpus.day([&](const Captured& captured) {
      list << name_of(captured.kind) << '\t' << captured.id << '\t';
      if (captured.gone) {
        list << "gone\n";
        ++made.gone;
        return;
      }
      list << made.offset << '\t' << captured.bytes.size() << '\n';
      history << captured.bytes << '\n';
      made.offset += captured.bytes.size() + 1;
      made.bytes[static_cast<int>(captured.kind)] += captured.bytes.size();
      ++made.versions[static_cast<int>(captured.kind)];
    });
    list.close();
    if (!list) return false;
  }
  history.close();
  return static_cast<bool>(history);
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  std::string folder;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    const std::string_view value = i + 1 < argc ? argv[i + 1] : "";
    std::uint64_t* number = name == "--items"  ? &settings.items
                            : name == "--days" ? &settings.days
                            : name == "--seed" ? &settings.seed
                                               : nullptr;
    if (name == "--out") {
      folder = value;
    } else if (number == nullptr || value.empty() ||
               std::from_chars(value.begin(), value.end(), *number).ptr != value.end()) {
      std::fprintf(stderr, "make_corpus: not understood: %s %s\n", argv[i], i + 1 < argc ? argv[i + 1] : "");
      return 2;
    }
  }
  if (folder.empty() || settings.items < 100) {
    std::fprintf(stderr, "make_corpus: --out DIR is missing, or --items is under 100\n");
    return 2;
  }
  Made made;
  if (!make(settings, folder, made)) {
    std::fprintf(stderr, "make_corpus: %s could not be written; is the disk full?\n", folder.c_str());
    return 1;
  }
  std::printf("{\"bytes\":%llu,\"gone\":%llu", static_cast<unsigned long long>(made.offset),
              static_cast<unsigned long long>(made.gone));
  for (const Kind kind : {Kind::customers, Kind::orders, Kind::products}) {
    const std::uint64_t count = made.versions[static_cast<int>(kind)];
    std::printf(",\"%s\":{\"versions\":%llu,\"mean\":%llu}", std::string(name_of(kind)).c_str(),
                static_cast<unsigned long long>(count),
                static_cast<unsigned long long>(made.bytes[static_cast<int>(kind)] / (count == 0 ? 1 : count)));
  }
  std::printf("}\n");
  return 0;
}
