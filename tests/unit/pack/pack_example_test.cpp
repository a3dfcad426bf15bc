// The example pack of daemon/pack/FORMAT.md: page, golden file and writer agree byte for byte, and stock zstd reads it.
//
// A golden pack of a released version is never rewritten: it must stay readable for ever. While version 1 is not
// frozen, BACKSTOCK_ACCEPT=1 writes example.pack.zst anew; the hex in FORMAT.md is then to be changed by hand.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <zstd.h>
#include <catch2/catch.hpp>

#include "sample.h"
#include "support/temp_folder.h"
#include "sys/posix_fs.h"

using namespace backstock;
using namespace backstock::pack;

namespace {

const std::string kGolden = BACKSTOCK_GOLDEN_DIR "/pack/example.pack.zst";
constexpr unsigned kGoldenZstd = 10504;  // whose choices the compressed bytes show

const std::string kVersions =
    "{\"type\":\"brands\",\"id\":\"7\",\"version\":1,\"at\":1700000000123,\"source\":\"full\","
    "\"run\":\"01HF7YAT00Q4W3Z0B5N8S1T6XK\","
    "\"item\":{\"id\":7,\"name\":\"Caf\xC3\xA9 Noir\"},\"parts\":{\"metafields\":[]}}\n"
    "{\"type\":\"brands\",\"id\":\"8\",\"version\":3,\"at\":1700000000456,\"source\":\"full\","
    "\"run\":\"01HF7YAT00Q4W3Z0B5N8S1T6XK\",\"gone\":true}\n";
const std::string kControl =
    "{\"control\":\"run_end\",\"run\":\"01HF7YAT00Q4W3Z0B5N8S1T6XK\",\"at\":1700000000789,\"outcome\":\"done\","
    "\"message\":\"\"}\n";

void write_example(sys::Fs& fs, const sys::Path& folder) {
  PackHeader header;
  header.number = 12;
  header.identity = identity_from(0xA0);
  header.created_ms = 1700000000000;
  header.store_hash = "abc123";
  header.predecessor = Predecessor{11, identity_from(0xB0), 51200};
  header.replaces = {3, 4};
  const auto writer = PackWriter::create(fs, folder, header, 3).value();
  REQUIRE(writer->append(frame_of("brands", 2), kVersions));
  REQUIRE(writer->append(frame_of("", 1), kControl));
  REQUIRE(writer->sync());
  REQUIRE(writer->seal());
}

std::string written_example() {
  testing::MemoryFs fs;
  REQUIRE(fs.make_folder(kFolder));
  write_example(fs, kFolder);
  return fs.bytes_of(sys::join(kFolder, pack_name(12)));
}

std::string whole_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

// The block fenced as ```hex: "offset: bytes  # words" on each line.
std::string hex_of_format_page() {
  std::istringstream page(whole_file(BACKSTOCK_SOURCE_DIR "/daemon/pack/FORMAT.md"));
  std::string bytes;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```")) {
      if (inside) break;
      inside = line == "```hex";
      continue;
    }
    if (!inside) continue;
    const auto colon = line.find(':');
    REQUIRE(colon != std::string::npos);
    INFO(line);
    CHECK(std::strtoull(line.c_str(), nullptr, 10) == bytes.size());
    std::istringstream numbers(line.substr(colon + 1, line.find('#') - colon - 1));
    for (unsigned value = 0; numbers >> std::hex >> value;) bytes += static_cast<char>(value);
  }
  return bytes;
}

}  // namespace

TEST_CASE("the golden pack, the hex in FORMAT.md and the writer agree byte for byte") {
  const std::string written = written_example();
  if (std::getenv("BACKSTOCK_ACCEPT") != nullptr) std::ofstream(kGolden, std::ios::binary) << written;
  const std::string golden = whole_file(kGolden);
  CHECK(to_hex(hex_of_format_page()) == to_hex(golden));
  if (ZSTD_versionNumber() == kGoldenZstd) {
    CHECK(to_hex(written) == to_hex(golden));
  } else {
    WARN("this libzstd is not the one the golden pack was made with and may compress otherwise: bytes not compared");
  }
}

TEST_CASE("the golden pack of version 1 is read") {
  testing::MemoryFs fs;
  fs.plant(sys::join(kFolder, pack_name(12)), whole_file(kGolden));
  const auto reader = PackReader::open(fs, kFolder, 12).value();
  const PackHeader& header = reader->header();
  CHECK(header.version == 1);
  CHECK(header.created_ms == 1700000000000);
  CHECK(header.store_hash == "abc123");
  REQUIRE(header.predecessor);
  CHECK(header.predecessor->end == 51200);
  CHECK(header.replaces == std::vector<std::uint64_t>{3, 4});
  const Seen seen = walk(*reader);
  CHECK(seen.damages.empty());
  CHECK(seen.sealed);
  REQUIRE(seen.frames.size() == 2);
  CHECK(seen.frames[0].raw == kVersions);
  CHECK(seen.frames[0].header.content_type == "brands");
  CHECK(seen.frames[1].raw == kControl);
  CHECK(seen.frames[1].header.kind == FrameKind::control);
}

TEST_CASE("stock zstd prints exactly the lines of a pack") {
  if (std::system("command -v zstd >/dev/null") != 0) {
    WARN("not tested: there is no zstd program here");
    return;
  }
  testing::TempFolder folder;
  sys::PosixFs fs;
  write_example(fs, folder.path());
  const std::string path = sys::join(folder.path(), pack_name(12));
  CHECK(std::system(("zstd -q -t " + path).c_str()) == 0);
  FILE* pipe = ::popen(("zstd -dc " + path).c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string printed;
  char chunk[4096];
  for (std::size_t n = 0; (n = std::fread(chunk, 1, sizeof chunk, pipe)) > 0;) printed.append(chunk, n);
  CHECK(::pclose(pipe) == 0);
  CHECK(printed == kVersions + kControl);
}
