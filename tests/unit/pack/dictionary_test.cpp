// Dictionaries: trained, kept twice, refused when damaged, and read by stock zstd.
#include "pack/dictionary.h"

#include <cstdio>
#include <cstdlib>

#include "base/random.h"
#include "pack/zstd_frame.h"
#include "sample.h"
#include "support/temp_folder.h"
#include "sys/posix_fs.h"

using namespace backstock;
using namespace backstock::pack;

namespace {

constexpr std::uint32_t kNumber = 32'770;

struct Samples {
  std::string bytes;
  std::vector<std::size_t> sizes;

  explicit Samples(std::size_t count, std::uint64_t seed = 1) {
    SeededRandom random(seed);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string line = "{\"type\":\"products\",\"id\":\"" + std::to_string(random.next() % 100'000) +
                               "\",\"name\":\"A chair of oak with a soft blue cushion\",\"price\":" +
                               std::to_string(random.next() % 10'000) + ".0000,\"is_visible\":true}\n";
      bytes += line;
      sizes.push_back(line.size());
    }
  }
};

std::string trained(std::uint32_t number = kNumber, std::uint64_t seed = 1) {
  const Samples samples(600, seed);
  auto dictionary = train_dictionary(samples.bytes, samples.sizes, 2000, number).value();
  REQUIRE(dictionary);
  return *dictionary;
}

sys::Path in_folder(const std::string& name) { return sys::join(kFolder, name); }

std::string output_of(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string printed;
  char chunk[4096];
  for (std::size_t n = 0; (n = std::fread(chunk, 1, sizeof chunk, pipe)) > 0;) printed.append(chunk, n);
  CHECK(::pclose(pipe) == 0);
  return printed;
}

}  // namespace

TEST_CASE("a trained dictionary has the number and at most the size asked for, and makes small frames smaller") {
  const std::string bytes = trained();
  CHECK(bytes.size() <= 2000);
  const auto dictionary = Dictionary::take(bytes).value();
  CHECK(dictionary->number() == kNumber);
  CHECK(dictionary->bytes() == bytes);
  const std::string raw = Samples(3, 99).bytes;
  const std::string plain(Compressor(9).compress(raw).value());
  const std::string with(Compressor(9, dictionary).compress(raw).value());
  CHECK(with.size() < plain.size());
  CHECK(decompress(with, raw.size(), dictionary.get()).value() == raw);
}

TEST_CASE("too few samples make no dictionary") {
  const Samples samples(10);
  CHECK_FALSE(train_dictionary(samples.bytes, samples.sizes, 2000, kNumber).value());
  CHECK_FALSE(train_dictionary("", {}, 2000, kNumber).value());
}

TEST_CASE("a frame is read with its own dictionary only") {
  const auto right = Dictionary::take(trained()).value();
  const auto other = Dictionary::take(trained(kNumber + 1, 2)).value();
  const std::string raw = Samples(5).bytes;
  const std::string frame(Compressor(3, right).compress(raw).value());
  const std::string plain(Compressor(3).compress(raw).value());
  CHECK(decompress(frame, raw.size(), right.get()).value() == raw);
  for (const Dictionary* wrong : {static_cast<const Dictionary*>(nullptr), other.get()}) {
    CHECK(decompress(frame, raw.size(), wrong).error().kind == ErrorKind::corrupt);
    CHECK_FALSE(check_unpacks_to(frame, raw, wrong));
  }
  CHECK(decompress(plain, raw.size(), right.get()).error().kind == ErrorKind::corrupt);
}

TEST_CASE("every flipped bit and every cut of a dictionary's file is corrupt, and so is another's number") {
  const std::string bytes = trained();
  const std::string file = encode_dictionary(bytes, kNumber).value();
  REQUIRE(decode_dictionary(file, kNumber).value() == bytes);
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = file;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      const auto decoded = decode_dictionary(damaged, kNumber);
      INFO("bit " << bit << " of byte " << at);
      REQUIRE_FALSE(decoded.has_value());
      REQUIRE(decoded.error().kind == ErrorKind::corrupt);
    }
    REQUIRE_FALSE(decode_dictionary(file.substr(0, at), kNumber).has_value());
  }
  CHECK_FALSE(decode_dictionary(file + "x", kNumber).has_value());
  CHECK(decode_dictionary(file, kNumber + 1).error().kind == ErrorKind::corrupt);
}

TEST_CASE("the names of dictionaries, and no others") {
  CHECK(dictionary_name(32769) == "32769.dict.zst");
  CHECK(dictionary_copy_name(32769) == "32769.copy.dict.zst");
  CHECK(parse_dictionary_name("32769.dict.zst") == 32769U);
  CHECK(parse_dictionary_name("32769.copy.dict.zst") == 32769U);
  for (const char* name : {"", "32767.dict.zst", "032769.dict.zst", "32769.dict", "32769.dict.zst.new", "x.dict.zst",
                           "99999999999.dict.zst", "-1.dict.zst", "32769.copy.copy.dict.zst", "00032769.pack.zst"}) {
    INFO(name);
    CHECK_FALSE(parse_dictionary_name(name));
  }
}

TEST_CASE("a dictionary is kept in two files, either of which serves, and is found again after a crash") {
  testing::MemoryFs fs;
  REQUIRE(fs.make_folder(kFolder));
  const std::string bytes = trained();
  REQUIRE(Dictionaries(fs, kFolder).keep(bytes, kNumber));
  fs.crash();
  const std::string file = fs.bytes_of(in_folder(dictionary_name(kNumber)));
  CHECK(file == fs.bytes_of(in_folder(dictionary_copy_name(kNumber))));
  const auto get = [&] { return Dictionaries(fs, kFolder).get(kNumber); };
  CHECK(get().value()->bytes() == bytes);
  for (const std::string& name : {dictionary_name(kNumber), dictionary_copy_name(kNumber)}) {
    fs.plant(in_folder(name), file.substr(0, file.size() - 1));
    CHECK(get().value()->bytes() == bytes);
    REQUIRE(fs.remove(in_folder(name)));
    CHECK(get().value()->bytes() == bytes);
    fs.plant(in_folder(name), encode_dictionary(trained(kNumber + 1), kNumber + 1).value());  // another's, exchanged
    CHECK(get().value()->bytes() == bytes);
    fs.plant(in_folder(name), file);
  }
  for (const std::string& name : {dictionary_name(kNumber), dictionary_copy_name(kNumber)})
    fs.plant(in_folder(name), file.substr(1));
  const auto lost = get();
  REQUIRE_FALSE(lost.has_value());
  CHECK(lost.error().kind == ErrorKind::corrupt);
  CHECK(lost.error().sentence().find("dictionary 32770 or its copy") != std::string::npos);
  CHECK(Dictionaries(fs, kFolder).get(kNumber + 5).error().kind == ErrorKind::not_found);
}

TEST_CASE("a pack written beside its place with a dictionary is whole there, or not there at all") {
  testing::MemoryFs fs;
  REQUIRE(fs.make_folder(kFolder));
  const std::string bytes = trained();
  REQUIRE(Dictionaries(fs, kFolder).keep(bytes, kNumber));
  PackHeader header = sample_header();
  header.compacted = true;
  const Packing how{3, Dictionary::take(bytes).value()};
  const sys::Path path = in_folder(pack_name(header.number));
  const std::string raw = Samples(20).bytes;
  {
    const auto given_up = PackWriter::create_beside(fs, kFolder, header, how).value();
    REQUIRE(given_up->append(frame_of("products", 20), raw));
    CHECK(fs.bytes_of(path).empty());
    CHECK(PackWriter::create(fs, kFolder, header, 3).error().kind == ErrorKind::conflict);
  }
  CHECK_FALSE(fs.has(path));
  CHECK_FALSE(fs.has(path + std::string(kBeside)));
  const auto writer = PackWriter::create_beside(fs, kFolder, header, how).value();
  const FramePlace place = writer->append(frame_of("products", 20), raw).value();
  REQUIRE(writer->seal());
  fs.crash();
  CHECK_FALSE(fs.has(path + std::string(kBeside)));
  const auto reader = PackReader::open(fs, kFolder, header.number).value();
  CHECK(reader->first_frame().value()->dictionary == kNumber);
  CHECK(reader->read(place).value().raw == raw);
  CHECK(walk(*reader).sealed);
  // With neither file of the dictionary nothing is guessed.
  for (const std::string& name : {dictionary_name(kNumber), dictionary_copy_name(kNumber)})
    REQUIRE(fs.remove(in_folder(name)));
  const auto blind = PackReader::open(fs, kFolder, header.number).value();
  CHECK(blind->read(place).error().kind == ErrorKind::corrupt);
  CHECK(blind->read_stored(place).has_value());
  REQUIRE(walk(*blind).damages.size() == 1);
}

TEST_CASE("stock zstd prints a pack with a dictionary as FORMAT.md says") {
  if (std::system("command -v zstd >/dev/null") != 0) {
    WARN("not tested: there is no zstd program here");
    return;
  }
  testing::TempFolder folder;
  sys::PosixFs fs;
  const std::string bytes = trained();
  REQUIRE(Dictionaries(fs, folder.path()).keep(bytes, kNumber));
  PackHeader header = sample_header();
  header.compacted = true;
  const auto writer =
      PackWriter::create_beside(fs, folder.path(), header, {3, Dictionary::take(bytes).value()}).value();
  const std::string first = Samples(20).bytes;
  const std::string second = Samples(30, 8).bytes;
  REQUIRE(writer->append(frame_of("products", 20), first));
  REQUIRE(writer->append(frame_of("products", 30), second));
  REQUIRE(writer->seal());
  const std::string at = folder.path() + "/";
  CHECK(std::system(("zstd -q -d " + at + dictionary_name(kNumber) + " -o " + at + "d").c_str()) == 0);
  CHECK(output_of("zstd -dc -D " + at + "d " + at + pack_name(header.number)) == first + second);
  CHECK(std::system(("zstd -q -t " + at + pack_name(header.number) + " 2>/dev/null").c_str()) != 0);
}
