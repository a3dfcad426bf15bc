// A vault to be compacted, and what must be the same before and after. For the tests of this folder.
#pragma once

#include <set>

#include "support/vault_world.h"
#include "vault/compact.h"

namespace backstock::vault {

// Loops over every moment of one thread look at one in so many where a sanitizer makes them slow. Neither even nor a
// multiple of three, by which they choose their ways.
#if defined(__SANITIZE_THREAD__)
inline constexpr int kThinned = 11;
#elif defined(__SANITIZE_ADDRESS__)
inline constexpr int kThinned = 5;
#else
inline constexpr int kThinned = 1;
#endif

// Small frames and little work for zstd; a type is written again as soon as 64 KiB of it stand in appended packs.
inline CompactOptions small_compaction() {
  CompactOptions how;
  how.level = 1;
  how.frame_size = 2000;
  how.loose_share = 0;
  how.reserve = 0;
  return how;
}

// Words that are alike from item to item, as those of a store are.
inline std::string prose(Random& random, std::size_t size) {
  static const char* words[] = {"chair ", "table ", "oak ", "soft ", "blue ",
                                "with ",  "and ",   "for ", "the ",  "garden "};
  std::string text;
  while (text.size() < size) {
    text += words[random.next() % 10];
    if (random.next() % 4 == 0) text += std::to_string(random.next() % 100'000) + " ";
  }
  return text;
}

inline std::string article(Random& random, std::size_t size) {
  const std::string name = "article " + std::to_string(random.next() % 1000);
  return "{\"name\":\"" + name + "\",\"text\":\"" + prose(random, size) + "\"}";
}

using Place = std::tuple<std::string, std::string, std::uint32_t>;

// Every version that the index tells of, as it is read, with what its history says of it.
inline std::map<Place, std::string> all_versions(VaultReader& reader) {
  std::map<Place, std::string> versions;
  for (const index::TypeCount& type : testing::must(reader.items().counts())) {
    const auto items =
        testing::must(reader.items().list({type.type, "", index::Deleted::include, {}, "", index::kNoLimit}));
    for (const index::ItemRow& item : items) {
      for (const index::VersionRow& row : testing::must(reader.items().history(type.type, item.id))) {
        INFO(type.type << " " << item.id << " version " << row.version);
        const StoredVersion back = testing::must(reader.read_version(type.type, item.id, row.version));
        versions[{type.type, item.id, row.version}] = back.line + "|" + std::to_string(row.at) + row.source + row.run;
      }
    }
  }
  return versions;
}

// Where two of the above differ first; empty when they do not. Whole vaults in a failure's text help nobody.
inline std::string difference(const std::map<Place, std::string>& a, const std::map<Place, std::string>& b) {
  const auto tell = [](const Place& place) {
    return std::get<0>(place) + " " + std::get<1>(place) + " version " + std::to_string(std::get<2>(place));
  };
  for (const auto& [place, line] : a) {
    const auto found = b.find(place);
    if (found == b.end()) return tell(place) + " is missing";
    if (found->second != line)
      return tell(place) + ": " + line.substr(0, 200) + " is now " + found->second.substr(0, 200);
  }
  for (const auto& [place, line] : b) {
    if (a.count(place) == 0) return tell(place) + " is new";
  }
  return "";
}

// The same of two dumps, line by line.
inline std::string difference(const std::string& a, const std::string& b) {
  if (a == b) return "";
  const auto [at, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  const auto line = [](const std::string& text, std::string::const_iterator here) {
    const auto begin = text.rfind('\n', static_cast<std::size_t>(here - text.begin())) + 1;
    return text.substr(begin, text.find('\n', begin) - begin);
  };
  return line(a, at) + " is now " + line(b, other);
}

// How often each line of a version stands in the packs, in all of them together.
inline std::map<std::string, int> lines_in_packs(testing::VaultWorld& world) {
  std::map<std::string, int> lines;
  for (const sys::Entry& entry : testing::must(world.fs.list(world.options.packs()))) {
    const auto number = pack::parse_pack_name(entry.name);
    if (!number || entry.size == 0) continue;
    const auto reader = pack::PackReader::open(world.fs, world.options.packs(), *number);
    if (!reader) continue;  // a header that a crash cut off: verify has its say about that
    pack::PackWalk walk(**reader, (*reader)->header_size());
    while (const auto step = testing::must(walk.next())) {
      if (!step->frame || step->frame->header.kind != pack::FrameKind::versions) continue;
      for_each_line(step->frame->raw, [&](std::string_view line, std::size_t) { ++lines[std::string(line)]; });
    }
  }
  return lines;
}

inline std::vector<std::string> names_in_packs(testing::VaultWorld& world) {
  std::vector<std::string> names;
  for (const sys::Entry& entry : testing::must(world.fs.list(world.options.packs()))) names.push_back(entry.name);
  return names;
}

inline std::size_t count_dictionaries(testing::VaultWorld& world) {
  std::set<std::uint32_t> numbers;
  for (const std::string& name : names_in_packs(world)) {
    if (const auto number = pack::parse_dictionary_name(name)) numbers.insert(*number);
  }
  return numbers.size();
}

// The index says what the packs say: a rebuild from them alone gives the same rows, places and all.
inline void check_rebuild(testing::VaultWorld& world) {
  const std::string before = world.dump();
  const Rebuilt rebuilt = testing::must(rebuild_index_locked(world.options, {}));
  for (const std::string& finding : rebuilt.findings) FAIL_CHECK(finding);
  CHECK(difference(before, world.dump()) == "");
}

inline void check_verify(testing::VaultWorld& world) {
  const Verified verified = world.verify();
  INFO(testing::all_of(verified));
  CHECK(verified.findings.empty());
}

inline Compacted compact_all(testing::VaultWorld& world, const CompactOptions& how = small_compaction()) {
  Compacted done = testing::must(compact(world.options, how));
  for (const std::string& finding : done.findings) FAIL_CHECK(finding);
  return done;
}

inline void put_run(VaultWriter& writer, const std::string& run, std::int64_t at) {
  using testing::must;
  must(writer.append_control(
      Json{{"control", "run_begin"}, {"run", run}, {"kind", "full"}, {"origin", "manual"}, {"at", at}}));
  must(writer.append_control(Json{{"control", "type_end"},
                                  {"run", run},
                                  {"type", "products"},
                                  {"at", at},
                                  {"started", at},
                                  {"outcome", "done"},
                                  {"complete", true},
                                  {"full", true}}));
  must(writer.append_control(Json{{"control", "run_end"}, {"run", run}, {"at", at}, {"outcome", "done"}}));
}

// Three types in several packs: numbers and texts as ids, tombstones, items that came back, bytes in base64, a version
// far larger than a frame, an item with 300 versions, runs. More than 256 KiB of products, so that a dictionary pays.
struct Filled : testing::VaultWorld {
  SeededRandom words{11};

  Filled() {
    options.frame_size = 4000;
    options.pack_size = 40'000;
    const auto writer = open();
    for (int round = 0; round < 3; ++round) fill_round(*writer, round);
    for (int i = 0; i < 300; ++i) {
      testing::put(*writer, "orders", "long", testing::product("state " + std::to_string(i)), 20'000 + i);
    }
    testing::put(*writer, "pages", "huge", article(words, 700'000), 30'000);
    testing::must(writer->end_pack());
  }

  void fill_round(VaultWriter& writer, int round) {
    using namespace testing;
    const std::int64_t at = 1000 * (round + 1);
    for (int i = 0; i < 150; ++i) {
      put(writer, "products", std::to_string(i), article(words, 700), at + i);
      if (i % 3 == 0) put(writer, "pages", "page-" + std::to_string(i), article(words, 1500), at + i);
      if (i % 10 == round) bury(writer, "products", std::to_string(i), at + i + 1);
    }
    VersionMeta meta = meta_of("pages", "raw", at);
    const std::string bytes = "[\"\xFF\n" + std::to_string(round) + "\"]";
    meta.hash = hash_of(bytes);
    const NamedText parts[] = {{"variants", {"[ 1e2 ]"}}, {"images", {bytes, false}}};
    must(writer.append(meta, {bytes, false}, parts));
    must(writer.flush());
    put_run(writer, "01RUN" + std::to_string(round), at);
    must(writer.flush());
  }
};

}  // namespace backstock::vault
