// Files of the golden vault exchanged, missing, or older than they should be; frames moved about.
#include "golden_vault.h"
#include "vault/blobs.h"

namespace backstock::testing {
namespace {

std::set<std::string> without(std::set<std::string> names, const std::string& name) {
  names.erase(name);
  return names;
}

// Whatever was done to the files of `world`: reads are right or refused, those of untouched files are right; with the
// index, verify names each of `subjects` and nothing else; a rebuild knows nothing that there never was.
void check_all(GoldenVault& world, const std::string& after, const Keys& may_be_lost,
               const std::set<std::string>& subjects_wanted) {
  const Keys lost = world.check_reads(after, may_be_lost);
  Verified verified = world.verify();
  INFO(after << "\n" << all_of(verified));
  REQUIRE(subjects(verified) == subjects_wanted);
  const Keys named = lost_in(world, verified);
  REQUIRE(std::includes(named.begin(), named.end(), lost.begin(), lost.end()));
  world.drop_index();
  verified = world.verify();
  world.check_rebuild(after, may_be_lost);
  for (const auto& [file, bytes] : world.files) world.mend(file);
  world.put_index(world.golden_index);
}

TEST_CASE("packs that changed names are both refused", "[files]") {
  GoldenVault world;
  for (const std::uint64_t one : world.packs()) {
    for (const std::uint64_t other : world.packs()) {
      if (one >= other) continue;
      const std::string first = GoldenVault::pack_file(one), second = GoldenVault::pack_file(other);
      const std::string after = first + " and " + second + " exchanged";
      world.set(first, world.files.at(second));
      world.set(second, world.files.at(first));
      Keys lost = world.versions_of(first);
      lost.merge(world.versions_of(second));
      REQUIRE(world.check_reads(after, lost) == lost);
      const Rebuilt rebuilt = world.check_rebuild(after, lost);
      CHECK(tells_of(rebuilt.findings, pack::pack_name(one)));
      CHECK(tells_of(rebuilt.findings, pack::pack_name(other)));
      world.put_index(world.golden_index);
      std::set<std::string> wanted{subject_of(first), subject_of(second)};
      // The list of packs that may be gone is in one of them; pack 2 names the one that it is missed by.
      if (one != 2 && (one == 5 || other == 5)) wanted.insert("pack 00000001.pack.zst");
      check_all(world, after, lost, wanted);
    }
  }
}

std::string bytes_of(const GoldenVault& world, const GoldenFrame& frame) {
  return world.files.at(frame.file).substr(frame.from, frame.to - frame.from);
}

TEST_CASE("frames that changed places, within a pack or between packs, are refused where they now stand", "[files]") {
  GoldenVault world;
  GoldenVault rebuilt;
  for (std::size_t i = 0; i < world.frames.size(); ++i) {
    for (std::size_t j = i + 1; j < world.frames.size(); ++j) {
      const GoldenFrame& one = world.frames[i];
      const GoldenFrame& other = world.frames[j];
      const std::string after = one.file + " frame at " + std::to_string(one.from) + " exchanged with " + other.file +
                                " frame at " + std::to_string(other.from);
      std::map<std::string, std::string> files{{one.file, world.files.at(one.file)},
                                               {other.file, world.files.at(other.file)}};
      // The one behind first, so that the other's place still holds.
      files[other.file].replace(other.from, other.to - other.from, bytes_of(world, one));
      files[one.file].replace(one.from, one.to - one.from, bytes_of(world, other));
      Keys lost;
      std::set<std::string> wanted;
      for (const auto& [file, bytes] : files) {
        world.set(file, bytes);
        rebuilt.set(file, bytes);
        wanted.insert(subject_of(file));
        const std::uint64_t from = file == one.file ? one.from : other.from;
        lost.merge(world.versions_in(file, from, ~std::uint64_t{0}));
      }
      // Whatever stands behind them has moved, unless they are of one size.
      world.check_reads(after, lost);
      const Verified verified = world.verify();
      INFO(after << "\n" << all_of(verified));
      REQUIRE(subjects(verified) == wanted);
      const Rebuilt made = rebuilt.check_rebuild(after, lost);
      for (const auto& [file, bytes] : files) {
        // At the end of the newest pack it looks like a write that was cut off.
        if (file != GoldenVault::pack_file(6)) REQUIRE(tells_of(made.findings, subject_of(file)));
        world.mend(file);
        rebuilt.mend(file);
      }
    }
  }
}

TEST_CASE("a frame written over another one of its pack is refused there, and the one it overwrote is named",
          "[files]") {
  GoldenVault world;
  for (const GoldenFrame& from : world.frames) {
    for (const GoldenFrame& over : world.frames) {
      if (&from == &over) continue;
      std::string bytes = world.files.at(over.file);
      bytes.replace(over.from, std::min<std::size_t>(over.to - over.from, from.to - from.from),
                    bytes_of(world, from).substr(0, over.to - over.from));
      world.set(over.file, bytes);
      const std::string after = "a frame of " + from.file + " over " + over.file + " at " + std::to_string(over.from);
      const Keys lost = world.versions_in(over.file, over.from, over.to);
      REQUIRE(world.check_reads(after, lost) == lost);
      const Verified verified = world.verify();
      INFO(after << "\n" << all_of(verified));
      REQUIRE(subjects(verified) == std::set<std::string>{subject_of(over.file)});
      REQUIRE(lost_in(world, verified) == lost);
      world.mend(over.file);
    }
  }
}

TEST_CASE("a pack that is missing is named with what it held", "[files]") {
  GoldenVault world;
  for (const std::uint64_t number : world.packs()) {
    const std::string file = GoldenVault::pack_file(number);
    const std::string after = file + " missing";
    world.drop(file);
    const Keys lost = world.versions_of(file);
    Verified verified = world.verify();
    INFO(after << "\n" << all_of(verified));
    std::set<std::string> wanted{subject_of(file)};
    if (number == 5) wanted.insert("pack 00000001.pack.zst");
    CHECK(subjects(verified) == wanted);
    CHECK(lost_in(world, verified) == lost);
    CHECK(world.check_reads(after, lost) == lost);
    // The writer says so too, goes on, and never uses the number again.
    {
      const auto writer = world.open();
      CHECK(tells_of(writer->opened().findings, pack::pack_name(number)));
      put(*writer, "orders", "1", "{}");
      must(writer->end_pack());
    }
    CHECK_FALSE(world.memory.has(sys::join(world.options.folder, file)));
    CHECK(world.check_reads(after, lost) == lost);
    for (const std::uint64_t more : {7, 8}) {
      if (world.memory.has(world.pack(more))) world.drop(GoldenVault::pack_file(more));
    }
    for (const auto& [name, bytes] : world.files) world.mend(name);
    world.put_index(world.golden_index);
  }
}

TEST_CASE("without the index a missing pack is named by the pack that came after it", "[files]") {
  GoldenVault world;
  for (const std::uint64_t number : world.packs()) {
    const std::string file = GoldenVault::pack_file(number);
    const std::string after = file + " missing, and the index";
    world.drop(file);
    world.drop_index();
    const Keys lost = world.versions_of(file);
    const Verified verified = world.verify();
    const Rebuilt rebuilt = world.check_rebuild(after, lost);
    INFO(after << "\n" << all_of(verified));
    const std::set<std::string> named = without(subjects(verified), "the index");
    if (number == 2) {
      CHECK(named == std::set<std::string>{subject_of(file)});
      CHECK(tells_of(rebuilt.findings, pack::pack_name(number)));
    } else if (number == 5) {
      CHECK(named == std::set<std::string>{"pack 00000001.pack.zst"});
    } else {
      // Nothing that is left knows of them.
      CHECK(named.empty());
    }
    world.mend(file);
  }
}

TEST_CASE("an older copy of the pack that is appended to lacks what came after it, and that is named", "[files]") {
  GoldenVault world;
  const std::string file = GoldenVault::pack_file(6);
  for (const GoldenFrame& frame : world.frames) {
    if (frame.file != file) continue;
    world.set(file, world.files.at(file).substr(0, frame.from));
    const std::string after = "a copy of " + file + " that ends at " + std::to_string(frame.from);
    const Keys lost = world.versions_in(file, frame.from, ~std::uint64_t{0});
    CHECK(world.check_reads(after, lost) == lost);
    const Verified verified = world.verify();
    INFO(after << "\n" << all_of(verified));
    CHECK(subjects(verified) == std::set<std::string>{subject_of(file)});
    CHECK(lost_in(world, verified) == lost);
    // A writer that goes on begins a new pack, and does not give the lost versions' numbers again.
    {
      const auto writer = world.open();
      CHECK(tells_of(writer->opened().findings, pack::pack_name(6)));
      CHECK(put(*writer, "products", "3", "{\"name\":\"new\"}") == 3);
      CHECK(put(*writer, "brands", "8", "{\"name\":\"new\"}") == 4);
      must(writer->flush());
    }
    CHECK(world.check_reads(after, lost) == lost);
    CHECK(must(world.reader()->read_newest("products", "3")).item == "{\"name\":\"new\"}");
    CHECK(world.bytes(6) == world.files.at(file).substr(0, frame.from));
    world.drop(GoldenVault::pack_file(7));
    world.mend(file);
    world.put_index(world.golden_index);
  }
}

TEST_CASE("a dictionary is read from its copy; with both gone, what needs it is refused and named", "[files]") {
  GoldenVault world;
  std::vector<std::string> names;
  for (const auto& [file, bytes] : world.files) {
    if (file.ends_with(".dict.zst")) names.push_back(file);
  }
  REQUIRE(names.size() == 2);
  Keys in_need = world.versions_of(GoldenVault::pack_file(3));
  in_need.merge(world.versions_of(GoldenVault::pack_file(4)));
  REQUIRE(in_need.size() == 24);
  const std::set<std::string> packs{subject_of(GoldenVault::pack_file(3)), subject_of(GoldenVault::pack_file(4))};
  const std::set<std::string> both{subject_of(names[0]), subject_of(names[1])};
  std::set<std::string> all = both;
  all.insert(packs.begin(), packs.end());

  SECTION("one is missing") {
    for (const std::string& name : names) {
      world.drop(name);
      check_all(world, name + " missing", {}, {subject_of(name)});
    }
  }
  SECTION("both are missing") {
    for (const std::string& name : names) world.drop(name);
    check_all(world, "both dictionaries missing", in_need, all);
  }
  SECTION("both are damaged, each elsewhere") {
    const std::string whole = world.files.at(names[0]);
    for (std::size_t at = 0; at < whole.size(); at += 7) {
      for (const std::string& name : names) {
        std::string bytes = whole;
        char& byte = bytes.at((at + (name == names[0] ? 0 : whole.size() / 2)) % whole.size());
        byte = static_cast<char>(byte ^ 0x20);
        world.set(name, bytes);
      }
      check_all(world, "both dictionaries damaged at " + std::to_string(at), in_need, all);
    }
  }
  SECTION("another dictionary under this number, whole in itself") {
    std::string samples;
    std::vector<std::size_t> sizes;
    for (int i = 0; i < 40; ++i) {
      const std::string one = "[\"quite\",\"another\",\"kind of line " + std::to_string(i * i) + "\"," +
                              std::string(50, static_cast<char>('a' + i % 26)) + "]\n";
      samples += one;
      sizes.push_back(one.size());
    }
    const std::uint32_t number = pack::parse_dictionary_name(names[0].substr(6)).value();
    const auto trained = must(pack::train_dictionary(samples, sizes, 1100, number));
    REQUIRE(trained.has_value());
    const std::string other = must(pack::encode_dictionary(*trained, number));
    for (const std::string& name : names) world.set(name, other);
    check_all(world, "another dictionary", in_need, packs);
  }
}

TEST_CASE("a blob that is missing is not found, and no version suffers", "[files]") {
  GoldenVault world;
  const auto blob = std::find_if(world.files.begin(), world.files.end(),
                                 [](const auto& file) { return file.first.starts_with("blobs/"); });
  REQUIRE(blob != world.files.end());
  const Sha256Digest digest = sha256(blob->second);
  CHECK(must(get_blob(world.options, digest)) == blob->second);
  world.drop(blob->first);
  CHECK(get_blob(world.options, digest).error().kind == ErrorKind::not_found);
  // No line refers to blobs yet, so nobody misses it.
  check_all(world, "the blob missing", {}, {});
}

TEST_CASE("what a crash may leave beside the golden vault's packs is no damage", "[files]") {
  GoldenVault world;
  const std::string beside = GoldenVault::pack_file(9) + std::string(pack::kBeside);
  world.set(beside, world.files.at(GoldenVault::pack_file(3)).substr(0, 300));
  world.set(GoldenVault::pack_file(9), "");
  world.set(GoldenVault::pack_file(6), world.files.at(GoldenVault::pack_file(6)) + std::string(200, '\0'));
  const Verified verified = world.verify();
  INFO(all_of(verified));
  CHECK(verified.findings.empty());
  CHECK(verified.notes.size() == 2);
  {
    const auto writer = world.open();
    CHECK(writer->opened().findings.empty());
    CHECK(put(*writer, "products", "21", "{}") == 2);
    must(writer->flush());
  }
  CHECK(world.memory.has(world.pack(10)));  // neither behind a torn tail, nor under a number that was taken
  world.check_reads("beside what a crash left");
}

}  // namespace
}  // namespace backstock::testing
