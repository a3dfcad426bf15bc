// Measures the vault on a corpus, one thing at a time, so that each thing's memory and time are its own;
// bench_vault.mjs runs them and the peers. Each command tells its figures as one line of JSON.
//
//   bench_vault fill    --corpus DIR --vault DIR                     every day of the corpus, as runs; seconds of each
//   bench_vault compact --vault DIR [--level N] [--frame BYTES] [--dictionary BYTES]
//                       as the daemon does it at the defaults; what was done, and CPU time
//   bench_vault sizes   --vault DIR                                  bytes of packs, dictionaries, index
//   bench_vault reads   --corpus DIR --vault DIR --requests FILE [--count 20000]
//                       one version by item and instant, warm; FILE is written: type, id, day, offset, size
//   bench_vault state   --corpus DIR --vault DIR [--day 15]          every item as it was then, in memory and to a pipe
//   bench_vault appends --corpus DIR --vault DIR [--group 100]       durable appends, the vault and SQLite in turn
//   bench_vault git_reads --corpus DIR --repository DIR --requests FILE    the same through git cat-file --batch
//   bench_vault grow --vault DIR [--versions 1000000]                many small versions
//   bench_vault growth_reads --vault DIR [--versions 1000000]        lookups and pages of lists in what `grow` made
//
// Whatever is read is compared with the corpus byte for byte; a difference ends the program with 1.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <unordered_map>

#include "bench_store.h"
#include "figures.h"
#include "growth.h"
#include "peers.h"

using namespace backstock;
using namespace backstock::bench;

namespace {

using Arguments = std::map<std::string, std::string>;

std::uint64_t number_of(const Arguments& given, const std::string& name, std::uint64_t otherwise) {
  const auto found = given.find(name);
  return found == given.end() ? otherwise : std::strtoull(found->second.c_str(), nullptr, 10);
}

Result<std::string> text_of(const Arguments& given, const std::string& name) {
  const auto found = given.find(name);
  if (found == given.end()) return make_error(ErrorKind::bad_input, "--" + name + " is missing");
  return found->second;
}

Error wrong(const Entry& entry, std::string_view what) {
  return make_error(ErrorKind::corrupt,
                    entry.type + " " + entry.id + " of day " + std::to_string(entry.day) + " " + std::string(what));
}

Result<Json> run_fill(const Arguments& given) {
  const History history = TRY(History::load(TRY(text_of(given, "corpus"))));
  Store store(TRY(text_of(given, "vault")));
  const Filled filled = TRY(fill(store, history));
  const std::vector<double>& seconds = filled.seconds;
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < history.end_of(0); ++i) bytes += history.entries()[i].size;
  const std::vector<double> later(seconds.begin() + 1, seconds.end());
  return Json{{"items", history.end_of(0)},
              {"versions", history.entries().size()},
              {"json_bytes", history.text().size()},
              {"day0_bytes", bytes},
              {"day0_seconds", seconds.front()},
              {"day0_mb_s", static_cast<double>(bytes) / 1e6 / seconds.front()},
              {"day0_cpu_mb_s", static_cast<double>(bytes) / 1e6 / filled.day0_cpu_seconds},
              {"day_ms", quantile(later, 0.5) * 1000}};
}

Result<Json> run_compact(const Arguments& given) {
  Store store(TRY(text_of(given, "vault")));
  vault::CompactOptions how;
  how.level = static_cast<int>(number_of(given, "level", static_cast<std::uint64_t>(how.level)));
  how.frame_size = number_of(given, "frame", how.frame_size);
  how.dictionary_size = number_of(given, "dictionary", how.dictionary_size);
  return bench::compact(store, how);
}

Result<Json> run_sizes(const Arguments& given) { return sizes(TRY(text_of(given, "vault"))); }

// Any version, at any day on which it was the newest.
std::vector<std::pair<const Entry*, std::uint32_t>> some_versions(const History& history, std::uint64_t count,
                                                                  std::uint64_t seed) {
  SeededRandom random(seed);
  std::vector<std::pair<const Entry*, std::uint32_t>> chosen;
  while (chosen.size() < count) {
    const Entry& entry = history.entries()[random.next() % history.entries().size()];
    if (entry.gone()) continue;
    chosen.emplace_back(&entry, entry.day + static_cast<std::uint32_t>(random.next() % (entry.next_day - entry.day)));
  }
  return chosen;
}

Result<Json> run_reads(const Arguments& given) {
  const History history = TRY(History::load(TRY(text_of(given, "corpus"))));
  Store store(TRY(text_of(given, "vault")));
  const auto vault = TRY(vault::VaultReader::open(store.options()));
  std::ofstream requests(TRY(text_of(given, "requests")));
  std::vector<double> times;
  for (const bool warming : {true, false}) {
    const std::uint64_t count = number_of(given, "count", 20'000);
    for (const auto& [entry, day] : some_versions(history, warming ? count / 10 : count, warming ? 3 : 5)) {
      const Stopwatch watch;
      const auto version = vault->read_version_at(entry->type, entry->id, from_ms(History::evening(day)));
      const double taken = watch.seconds() * 1e6;
      if (!version) return version.error();
      if (version->item != history.bytes(*entry)) return wrong(*entry, "was read back otherwise");
      if (warming) continue;
      times.push_back(taken);
      requests << entry->type << '\t' << entry->id << '\t' << day << '\t' << entry->offset << '\t' << entry->size
               << '\n';
    }
  }
  return spread(times);
}

// What the corpus says was there, by type and id.
std::unordered_map<std::string, const Entry*> state_of(const History& history, std::uint32_t day) {
  std::unordered_map<std::string, const Entry*> state;
  for (std::size_t i = 0; i < history.end_of(day); ++i) {
    const Entry& entry = history.entries()[i];
    state[entry.type + "/" + entry.id] = &entry;
  }
  std::erase_if(state, [](const auto& item) { return item.second->gone(); });
  return state;
}

// To a program that takes what comes, as an export is piped somewhere.
Result<double> seconds_to_a_pipe(Store& store, std::int64_t at) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return os_error(errno, "a pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    static char buffer[65536];
    ::close(ends[1]);
    while (::read(ends[0], buffer, sizeof buffer) > 0) {
    }
    ::_exit(0);
  }
  ::close(ends[0]);
  const Stopwatch watch;
  std::string buffer;
  const auto write_out = [&]() -> Result<> {
    for (std::string_view left = buffer; !left.empty();) {
      const ssize_t written = ::write(ends[1], left.data(), left.size());
      if (written < 0) return os_error(errno, "a pipe");
      left.remove_prefix(static_cast<std::size_t>(written));
    }
    buffer.clear();
    return {};
  };
  Result<> done = stream_state(store, at, [&](std::string_view, std::string_view, std::string_view line) -> Result<> {
    buffer.append(line).push_back('\n');
    if (buffer.size() >= 262'144) return write_out();
    return {};
  });
  if (done) done = write_out();
  ::close(ends[1]);
  ::waitpid(child, nullptr, 0);
  TRY(std::move(done));
  return watch.seconds();
}

Result<Json> run_state(const Arguments& given) {
  const History history = TRY(History::load(TRY(text_of(given, "corpus"))));
  Store store(TRY(text_of(given, "vault")));
  const auto day = static_cast<std::uint32_t>(number_of(given, "day", 15));
  auto expected = state_of(history, std::min(day, history.days()));
  std::uint64_t bytes = 0;
  TRY(stream_state(store, History::evening(day),
                   [&](std::string_view type, std::string_view id, std::string_view line) -> Result<> {
                     const auto found = expected.find(std::string(type) + "/" + std::string(id));
                     if (found == expected.end()) {
                       return make_error(ErrorKind::corrupt,
                                         std::string(type) + " " + std::string(id) + " was not there, or comes twice");
                     }
                     const vault::StoredVersion version = TRY(vault::parse_version_line(line));
                     if (history.bytes(*found->second) != version.item)
                       return wrong(*found->second, "was streamed otherwise");
                     bytes += version.item.size();
                     expected.erase(found);
                     return {};
                   }));
  if (!expected.empty()) return wrong(*expected.begin()->second, "is missing in the stream");
  std::uint64_t lines = 0;
  std::vector<double> memory;
  std::vector<double> pipe;
  for (int round = 0; round < 3; ++round) {
    const Stopwatch watch;
    lines = 0;
    TRY(stream_state(store, History::evening(day), [&](std::string_view, std::string_view, std::string_view line) {
      lines += line.size();
      return Result<>();
    }));
    memory.push_back(static_cast<double>(bytes) / 1e6 / watch.seconds());
    pipe.push_back(static_cast<double>(bytes) / 1e6 / TRY(seconds_to_a_pipe(store, History::evening(day))));
  }
  // Of the items' JSON: what a line says besides is not counted.
  return Json{{"bytes", bytes},
              {"line_bytes", lines},
              {"memory_mb_s", quantile(memory, 0.5)},
              {"pipe_mb_s", quantile(pipe, 0.5)}};
}

Result<Json> run_appends(const Arguments& given) {
  const History history = TRY(History::load(TRY(text_of(given, "corpus"))));
  const std::string folder = TRY(text_of(given, "vault"));
  const std::size_t group = number_of(given, "group", 100);
  const std::vector<vault::VersionMeta> metas = metas_of(history);
  std::vector<double> ours;
  std::vector<double> theirs;
  std::vector<double> ratios;
  // In turn, on the same disk: its speed drifts.
  for (int round = 0; round < 5; ++round) {
    ours.push_back(TRY(vault_appends(folder, history, metas, group, 2)));
    theirs.push_back(TRY(sqlite_appends(folder + ".sqlite", history, group, 2)));
    ratios.push_back(ours.back() / theirs.back());
  }
  std::filesystem::remove_all(folder);
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(folder + ".sqlite" + suffix);
  return Json{{"group", group},
              {"vault_per_s", quantile(ours, 0.5)},
              {"sqlite_per_s", quantile(theirs, 0.5)},
              {"ratio", quantile(ratios, 0.5)}};
}

Result<Json> run_git_reads(const Arguments& given) {
  const History history = TRY(History::load(TRY(text_of(given, "corpus"))));
  return spread(TRY(git_reads(TRY(text_of(given, "repository")), TRY(text_of(given, "requests")), history)));
}

Result<Json> run_grow(const Arguments& given) {
  Store store(TRY(text_of(given, "vault")));
  return grow(store, number_of(given, "versions", 1'000'000));
}

Result<Json> run_growth_reads(const Arguments& given) {
  Store store(TRY(text_of(given, "vault")));
  return growth_reads(store, number_of(given, "versions", 1'000'000));
}

}  // namespace

int main(int argc, char** argv) {
  const std::map<std::string, Result<Json> (*)(const Arguments&)> commands = {
      {"fill", run_fill},           {"compact", run_compact}, {"sizes", run_sizes},
      {"reads", run_reads},         {"state", run_state},     {"appends", run_appends},
      {"git_reads", run_git_reads}, {"grow", run_grow},       {"growth_reads", run_growth_reads}};
  const auto command = commands.find(argc > 1 ? argv[1] : "");
  Arguments given;
  bool understood = command != commands.end() && argc % 2 == 0;
  for (int i = 2; understood && i < argc; i += 2) {
    const std::string name = argv[i];
    understood = name.rfind("--", 0) == 0;
    if (understood) given[name.substr(2)] = argv[i + 1];
  }
  if (!understood) {
    std::fprintf(stderr, "usage: bench_vault COMMAND --NAME VALUE...; bench_vault.cpp tells of them\n");
    return 2;
  }
  const auto told = command->second(given);
  if (told) {
    std::printf("%s\n", to_text(*told).c_str());
    return 0;
  }
  std::fprintf(stderr, "bench_vault %s: %s\n", argv[1], told.error().sentence().c_str());
  return 1;
}
