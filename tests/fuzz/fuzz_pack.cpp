// libFuzzer: bytes that claim to be a pack. Never a crash, never more memory than a frame may have, never wrong bytes.
//
// The first byte chooses what the others are, because random bytes do not get past a SHA-256:
//   0  a whole file        1  stored bytes under a header whose checksums hold: what zstd is given
//   2  edits of a good pack (offset 2 bytes, value)        3  lines, to be written and read back
//   4  the file of a dictionary                            5  a dictionary, and a frame that says it needs it
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "pack/pack_reader.h"
#include "pack/pack_writer.h"
#include "pack/zstd_frame.h"
#include "support/memory_fs.h"

using namespace backstock;
using namespace backstock::pack;

namespace {

const sys::Path kFolder = "/p";

void demand(bool holds) {
  if (!holds) std::abort();
}

PackHeader header() {
  PackHeader header;
  header.number = 1;
  header.identity.fill(7);
  header.store_hash = "abc";
  return header;
}

struct Good {
  std::string bytes;
  std::vector<FramePlace> places;
  std::vector<std::string> raws;
};

Good make_good() {
  testing::MemoryFs fs;
  demand(fs.make_folder(kFolder).has_value());
  const auto writer = PackWriter::create(fs, kFolder, header(), 1).value();
  Good good;
  for (const char* raw : {"{\"a\":1}\n", "{\"b\":[1,2,3,1,2,3,1,2,3,1,2,3]}\n{}\n", "\n"}) {
    FrameHeader frame;
    frame.content_type = "brands";
    const std::string text = raw;
    frame.lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
    good.places.push_back(writer->append(frame, text).value());
    good.raws.push_back(text);
  }
  demand(writer->seal().has_value());
  good.bytes = fs.bytes_of(sys::join(kFolder, pack_name(1)));
  return good;
}

// Whatever a walk gives adds up: each byte of the file is part of one frame, one damage or the seal.
std::vector<FrameContent> walk_all(const std::string& bytes) {
  testing::MemoryFs fs;
  fs.plant(sys::join(kFolder, pack_name(1)), bytes);
  std::vector<FrameContent> frames;
  const auto reader = PackReader::open(fs, kFolder, 1);
  if (!reader) return frames;
  std::uint64_t at = (*reader)->header_size();
  PackWalk walk(**reader, at);
  for (;;) {
    auto step = walk.next().value();
    if (!step) break;
    const std::uint64_t begin = step->frame ? step->frame->place.offset : step->damage->offset;
    demand(begin >= at && (begin - at) % kSealSize == 0);
    at = step->frame ? step->frame->place.end() : begin + step->damage->size;
    demand(at > begin && at <= bytes.size());
    if (!step->frame) continue;
    demand(step->frame->raw.size() == step->frame->header.raw_size);
    const auto again = (*reader)->read(step->frame->place);
    demand(again.has_value() && again->raw == step->frame->raw);
    frames.push_back(std::move(*step->frame));
  }
  demand((bytes.size() - at) % kSealSize == 0);
  return frames;
}

void read_stored(ByteView input) {
  if (input.size() < 4) return;
  FrameHeader frame;
  frame.lines = 1;
  frame.raw_size = 0;
  for (std::size_t i = 0; i < 3; ++i) frame.raw_size = frame.raw_size << 8 | static_cast<std::uint8_t>(input[i]);
  const ByteView stored = input.substr(3);
  frame.stored_size = static_cast<std::uint32_t>(stored.size());
  frame.stored_checksum = checksum_of(stored);
  std::string bytes = encode(header());
  frame.offset = bytes.size();
  bytes += encode(header().identity, frame);
  bytes += stored;
  demand(walk_all(bytes).size() <= 1);
}

void read_edited(ByteView input) {
  static const Good good = make_good();
  std::string bytes = good.bytes;
  for (std::size_t i = 0; i + 3 <= input.size(); i += 3) {
    const std::size_t at =
        (static_cast<std::size_t>(static_cast<std::uint8_t>(input[i])) << 8 | static_cast<std::uint8_t>(input[i + 1])) %
        bytes.size();
    bytes[at] = input[i + 2];
  }
  std::size_t whole = 0;
  for (const FrameContent& frame : walk_all(bytes)) {
    for (std::size_t i = 0; i < good.places.size(); ++i) {
      if (good.places[i].offset != frame.place.offset) continue;
      demand(good.raws[i] == frame.raw);
      ++whole;
    }
  }
  demand(whole <= good.places.size() && (bytes != good.bytes || whole == good.places.size()));
}

void write_and_read(ByteView input) {
  const std::string raw = std::string(input) + "\n";
  testing::MemoryFs fs;
  demand(fs.make_folder(kFolder).has_value());
  const auto writer = PackWriter::create(fs, kFolder, header(), 1).value();
  FrameHeader frame;
  frame.lines = static_cast<std::uint32_t>(std::count(raw.begin(), raw.end(), '\n'));
  const FramePlace place = writer->append(frame, raw).value();
  demand(PackReader::open(fs, kFolder, 1).value()->read(place).value().raw == raw);
}

void read_dictionary_file(ByteView input) {
  testing::MemoryFs fs;
  demand(fs.make_folder(kFolder).has_value());
  fs.plant(sys::join(kFolder, dictionary_name(kFirstDictionary)), std::string(input));
  const auto bytes = decode_dictionary(input, kFirstDictionary);
  const auto dictionary = Dictionaries(fs, kFolder).get(kFirstDictionary);
  demand(bytes.has_value() || !dictionary.has_value());
}

// Checksums hold, so zstd itself is given both.
void read_with_dictionary(ByteView input) {
  if (input.size() < 2) return;
  const std::size_t cut =
      std::min<std::size_t>(static_cast<std::uint8_t>(input[0]) * std::size_t{16}, input.size() - 1);
  const auto dictionary = Dictionary::take(std::string(input.substr(1, cut)));
  if (!dictionary) return;
  const ByteView frame = input.substr(1 + cut);
  for (const std::size_t size : {std::size_t{0}, std::size_t{100}, std::size_t{100'000}}) {
    const auto raw = decompress(frame, size, dictionary->get());
    demand(!raw || raw->size() == size);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView input(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 6) {
    case 0:
      walk_all(std::string(input));
      break;
    case 1:
      read_stored(input);
      break;
    case 2:
      read_edited(input);
      break;
    case 4:
      read_dictionary_file(input);
      break;
    case 5:
      read_with_dictionary(input);
      break;
    default:
      write_and_read(input);
      break;
  }
  return 0;
}
