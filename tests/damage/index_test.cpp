// The golden vault's index deleted, cut off, exchanged, of another time, and flipped byte by byte. The packs bring it
// back. SQLite has no checksums and does not notice most flips: then what is read is right or refused, never other
// bytes, and verify says that the index is damaged.
#include "golden_vault.h"

namespace backstock::testing {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kHead = 48;  // of each page: its header and the first places of its cells
constexpr std::size_t kAtRandom = 3000 / kThinned;

// Opening made it anew, and it is what it was.
void check_made_again(GoldenVault& world, const std::string& after) {
  {
    const auto writer = world.open();
    if (!writer->opened().rebuilt_index) FAIL(after << ": the writer took the index as it is");
  }
  if (world.dump() != world.golden_dump) FAIL(after << ": the index that was made again differs");
  world.check_reads(after);
}

// Of an item: type, id, version, gone, hash, by which rules, first and last time. Without the hash: verify has its say
// about it only where today's rules made it, and of a tombstone nobody asks for it.
std::string checked_item(std::string_view line) {
  std::vector<std::string> fields(1);
  for (const char c : line) {
    if (c == '|')
      fields.emplace_back();
    else
      fields.back() += c;
  }
  if (fields.size() != 9) return std::string(line);  // the flip made a | of it
  fields[5].clear();
  fields[6].clear();
  std::string text;
  for (const std::string& field : fields) text += field + "|";
  return text;
}

// What dump() has, without what nothing but the index itself could tell: labels, and the rows of runs. A pack's control
// records are right whatever the index says, and a rebuild brings them back.
std::set<std::string> checked_lines(const std::string& dump) {
  std::set<std::string> lines;
  for_each_line(dump, [&](std::string_view line, std::size_t) {
    if (line.starts_with("item|")) {
      lines.insert(checked_item(line));
    } else if (!line.starts_with("label|") && !line.starts_with("run|") && !line.starts_with("run_type|")) {
      lines.emplace(line);
    }
  });
  return lines;
}

std::string differing(const std::set<std::string>& found, const std::set<std::string>& wanted) {
  std::string text;
  for (const std::string& line : found) text += wanted.count(line) == 0 ? "has " + line + "\n" : "";
  for (const std::string& line : wanted) text += found.count(line) == 0 ? "lacks " + line + "\n" : "";
  return text;
}

struct Outcome {
  int refused = 0;   // by SQLite, at once
  int harmless = 0;  // everything that is read is right
  int told = 0;      // verify says what is wrong
};

// Never other bytes for a version; never anything wrong that verify does not know of.
void check_flipped(GoldenVault& world, const std::string& after, Outcome& outcome) {
  const auto opened = VaultReader::open(world.options);
  if (!opened) {
    if (opened.error().kind != ErrorKind::corrupt && opened.error().kind != ErrorKind::conflict)
      FAIL(after << ": " << opened.error().sentence());
    ++outcome.refused;
    return;
  }
  bool right = true;
  for (const auto& [key, line] : world.truth) {
    const auto back = (*opened)->read_version(key.type, key.id, key.version);
    if (back && back->line != line) FAIL(after << ": " << key.name() << " reads as other bytes");
    right = right && back;
  }
  const auto dump = (*opened)->items().dump();
  right = right && dump && checked_lines(*dump) == checked_lines(world.golden_dump);
  const Verified verified = world.verify();
  if (!right && verified.findings.empty())
    FAIL(after << ": verify has no finding\n"
               << (dump ? differing(checked_lines(*dump), checked_lines(world.golden_dump)) : dump.error().sentence()));
  ++(verified.findings.empty() ? outcome.harmless : outcome.told);
}

TEST_CASE("a flipped bit of the index never gives other bytes, and verify tells a wrong index", "[index]") {
  GoldenVault world;
  const std::string whole = world.golden_index;
  const std::uint64_t seed = seed_from_environment(SystemRandom().next() % 1'000'000);
  SeededRandom random(seed);
  std::vector<std::pair<std::size_t, int>> flips;
  for (std::size_t page = 0; page < whole.size(); page += kPage) {
    const std::size_t head = page == 0 ? 3 * kHead : kHead;  // the file's own header is 100 bytes
    for (std::size_t at = page + seed % kThinned; at < page + head; at += kThinned)
      flips.emplace_back(at, static_cast<int>(random.next() % 8));
  }
  std::vector<std::size_t> in_use;  // most of a small database is room
  for (std::size_t at = 0; at < whole.size(); ++at) {
    if (whole[at] != '\0') in_use.push_back(at);
  }
  for (std::size_t i = 0; i < kAtRandom; ++i)
    flips.emplace_back(in_use[random.next() % in_use.size()], static_cast<int>(random.next() % 8));
  Outcome outcome;
  for (const auto& [at, bit] : flips) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
    world.put_index(bytes);
    check_flipped(world, "index byte " + std::to_string(at) + " bit " + std::to_string(bit), outcome);
  }
  std::cout << flips.size() << " bits: " << outcome.refused << " refused at once, " << outcome.told
            << " told by verify, " << outcome.harmless << " change nothing that is checked" << std::endl;
  CHECK(outcome.refused > 0);
  CHECK(outcome.told > 0);
}

TEST_CASE("a rebuild brings back an index that any flip has damaged", "[index]") {
  GoldenVault world;
  SeededRandom random(seed_from_environment(SystemRandom().next() % 1'000'000));
  for (std::size_t i = 0; i < 300 / kThinned; ++i) {
    std::string bytes = world.golden_index;
    const std::size_t at = random.next() % bytes.size();
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.next() % 8));
    world.put_index(bytes);
    const std::string after = "index byte " + std::to_string(at);
    const Rebuilt rebuilt = must(rebuild_index_locked(world.options, {}));
    if (!rebuilt.findings.empty()) FAIL(after << ": " << rebuilt.findings.front());
    if (world.dump() != world.golden_dump) FAIL(after << ": the rebuilt index differs");
  }
}

TEST_CASE("an index whose first page is damaged is made again by the writer that opens it", "[index]") {
  GoldenVault world;
  for (std::size_t at = 0; at < 16; ++at) {  // what SQLite knows its files by
    std::string bytes = world.golden_index;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x20);
    world.put_index(bytes);
    check_made_again(world, "index byte " + std::to_string(at));
  }
}

TEST_CASE("an index that is missing, garbage, cut off at a page or of another vault comes back equal", "[index]") {
  GoldenVault world;
  world.drop_index();
  CHECK(VaultReader::open(world.options).error().kind == ErrorKind::corrupt);
  check_made_again(world, "no index");
  world.put_index(std::string(world.golden_index.size(), 'x'));
  check_made_again(world, "a file of x");
  for (std::size_t size = kPage; size < world.golden_index.size(); size += kPage) {
    const std::string after = "index cut off at " + std::to_string(size);
    world.put_index(world.golden_index.substr(0, size));
    Outcome outcome;
    check_flipped(world, after, outcome);
    if (outcome.harmless != 0) FAIL(after << ": nobody noticed");
    must(rebuild_index_locked(world.options, {}));
    if (world.dump() != world.golden_dump) FAIL(after << ": the rebuilt index differs");
  }
  VaultWorld other;
  other.options.store_hash = "other9";
  {
    const auto writer = other.open();
    put(*writer, "products", "1", "{\"name\":\"another shop's\"}");
    must(writer->end_pack());
  }
  world.put_index(other.index_bytes());
  CHECK(VaultReader::open(world.options).error().kind == ErrorKind::corrupt);
  check_made_again(world, "the index of another store");
}

TEST_CASE("the index of another vault of the same store gives no answer that the packs do not bear out", "[index]") {
  GoldenVault world;
  std::string foreign;
  {
    VaultWorld other;
    other.options.store_hash = world.options.store_hash;
    SeededRandom random(1234);
    other.options.random = &random;
    const auto writer = other.open();
    for (int i = 1; i <= 30; ++i) put(*writer, "products", std::to_string(i), "{\"name\":\"not this one\"}");
    must(writer->flush());
    must(writer->connection().execute("PRAGMA wal_checkpoint(TRUNCATE)"));
    foreign = other.index_bytes();
  }
  world.put_index(foreign);
  const auto reader = VaultReader::open(world.options);
  if (reader) {
    for (const auto& [key, line] : world.truth) {
      const auto back = (*reader)->read_version(key.type, key.id, key.version);
      if (back) CHECK(back->line == line);
    }
  }
  CHECK_FALSE(world.verify().findings.empty());
  must(rebuild_index_locked(world.options, {}));
  CHECK(world.dump() == world.golden_dump);
}

TEST_CASE("an index from before the last flush learns the rest when the vault is opened", "[index]") {
  GoldenVault world;
  // As pack 6 was after each of its frames.
  for (const GoldenFrame& frame : world.frames) {
    if (frame.file != GoldenVault::pack_file(6)) continue;
    world.set(frame.file, world.files.at(frame.file).substr(0, frame.to));
    must(rebuild_index_locked(world.options, {}));
    const std::string older = world.index_bytes();
    world.mend(frame.file);
    world.put_index(older);
    Keys later = world.versions_in(frame.file, frame.to, ~std::uint64_t{0});
    world.check_reads("an older index", later, true);  // what it knows is right
    {
      const auto writer = world.open();
      CHECK_FALSE(writer->opened().rebuilt_index);
      CHECK(writer->opened().findings.empty());
      CHECK(writer->opened().rolled_forward == later.size());
    }
    CHECK(world.dump() == world.golden_dump);
    world.check_reads("an older index, rolled forward");
  }
}

}  // namespace
}  // namespace backstock::testing
