#include "pack/pack_format.h"

#include <catch2/catch.hpp>

#include "sample.h"

using namespace backstock;
using namespace backstock::pack;

namespace {

// As some later program might write it: other bytes, and a checksum that holds.
std::string with_byte(std::string record, std::size_t at, char value) {
  record[at] = value;
  record.resize(record.size() - 16);
  const Checksum checksum = checksum_of(record);
  return record + std::string(view(checksum));
}

}  // namespace

TEST_CASE("a pack header comes back as it was") {
  PackHeader header = sample_header(1ULL << 40);
  header.created_ms = -5;
  header.predecessor = Predecessor{7, identity_from(3), 1ULL << 50};
  header.replaces = {1, 2, 1ULL << 63};
  const auto decoded = decode_pack_header(encode(header) + "more").value();
  CHECK(decoded.size == encode(header).size());
  CHECK(decoded.header.number == header.number);
  CHECK(decoded.header.identity == header.identity);
  CHECK(decoded.header.created_ms == -5);
  CHECK(decoded.header.store_hash == "abc123");
  REQUIRE(decoded.header.predecessor);
  CHECK(decoded.header.predecessor->number == 7);
  CHECK(decoded.header.predecessor->identity == identity_from(3));
  CHECK(decoded.header.predecessor->end == 1ULL << 50);
  CHECK(decoded.header.replaces == header.replaces);
}

TEST_CASE("a frame header comes back as it was, and only at its place in its pack") {
  FrameHeader header = frame_of("products", 3);
  header.raw_size = 4000000000U / 16;
  header.stored_size = 12345;
  header.sequence = 9;
  header.offset = 1ULL << 41;
  header.stored_checksum[15] = 7;
  header.dictionary = 40000;
  const std::string bytes = encode(identity_from(1), header);
  const auto decoded = decode_frame_header(bytes, identity_from(1), header.offset).value();
  CHECK(decoded.size == bytes.size());
  CHECK(decoded.size == kMinFrameHeader + 8);
  CHECK(decoded.header.content_type == "products");
  CHECK(decoded.header.lines == 3);
  CHECK(decoded.header.raw_size == header.raw_size);
  CHECK(decoded.header.stored_size == 12345);
  CHECK(decoded.header.sequence == 9);
  CHECK(decoded.header.offset == header.offset);
  CHECK(decoded.header.stored_checksum == header.stored_checksum);
  CHECK(decoded.header.dictionary == 40000);
  CHECK_FALSE(decode_frame_header(bytes, identity_from(2), header.offset).has_value());
  CHECK_FALSE(decode_frame_header(bytes, identity_from(1), header.offset + 1).has_value());
  CHECK(decode_frame_identity(bytes, header.offset).value() == identity_from(1));
}

TEST_CASE("every flipped bit of a record, and every cut, is corrupt") {
  FrameHeader frame = frame_of("products", 3);
  frame.offset = 77;
  const std::string records[] = {encode(sample_header()), encode(identity_from(1), frame),
                                 encode_seal(identity_from(1), 4, 77)};
  const auto whole = [](std::size_t which, ByteView bytes) {
    if (which == 0) return decode_pack_header(bytes).has_value();
    if (which == 1) return decode_frame_header(bytes, identity_from(1), 77).has_value();
    const auto seal = decode_seal(bytes, identity_from(1), 4, 77);
    return seal.has_value() && *seal;
  };
  for (std::size_t which = 0; which < 3; ++which) {
    const std::string& record = records[which];
    REQUIRE(whole(which, record));
    for (std::size_t length = 0; length < record.size(); ++length) CHECK_FALSE(whole(which, record.substr(0, length)));
    for (std::size_t bit = 0; bit < record.size() * 8; ++bit) {
      std::string flipped = record;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
      INFO("record " << which << " bit " << bit);
      CHECK_FALSE(whole(which, flipped));
    }
  }
}

TEST_CASE("a pack of a newer version is rejected with the next step, not called damaged") {
  const auto newer = decode_pack_header(with_byte(encode(sample_header()), 16, 2));
  REQUIRE_FALSE(newer.has_value());
  CHECK(newer.error().kind == ErrorKind::rejected);
  CHECK(newer.error().message.find("version 2") != std::string::npos);
  CHECK_FALSE(newer.error().hint.empty());
}

TEST_CASE("bytes that version 1 reserves must be zero") {
  const std::string pack = encode(sample_header());
  for (std::size_t at = 72; at < 96; ++at) {
    CHECK(decode_pack_header(with_byte(pack, at, 1)).error().kind == ErrorKind::corrupt);
  }
  for (std::size_t at = 48; at < 72; ++at) CHECK_FALSE(decode_pack_header(with_byte(pack, at, 1)).has_value());
  CHECK_FALSE(decode_pack_header(with_byte(pack, 18, 4)).has_value());
  CHECK(decode_pack_header(with_byte(pack, 18, 2)).value().header.compacted);

  const std::string frame = encode(identity_from(1), frame_of("brands", 1));
  REQUIRE(decode_frame_header(with_byte(frame, 12, 2), identity_from(1), 0).has_value());  // the means of this test
  for (const std::size_t at : {10U, 11U}) {
    INFO("offset " << at);
    CHECK_FALSE(decode_frame_header(with_byte(frame, at, 1), identity_from(1), 0).has_value());
  }
  const std::string seal = encode_seal(identity_from(1), 1, 2);
  for (std::size_t at = 32; at < 48; ++at) {
    CHECK_FALSE(decode_seal(with_byte(seal, at, 1), identity_from(1), 1, 2).has_value());
  }
}

TEST_CASE("sizes and kinds that cannot be are refused even under a checksum that holds") {
  FrameHeader header = frame_of("brands", 1);
  header.raw_size = kMaxRawFrame + 1;
  CHECK_FALSE(decode_frame_header(encode(identity_from(1), header), identity_from(1), 0).has_value());
  header.raw_size = kMaxRawFrame;
  CHECK(decode_frame_header(encode(identity_from(1), header), identity_from(1), 0).has_value());
  header.stored_size = kMaxStoredFrame + 1;
  CHECK_FALSE(decode_frame_header(encode(identity_from(1), header), identity_from(1), 0).has_value());
  const std::string frame = encode(identity_from(1), frame_of("brands", 1));
  CHECK_FALSE(decode_frame_header(with_byte(frame, 8, 0), identity_from(1), 0).has_value());
  CHECK_FALSE(decode_frame_header(with_byte(frame, 8, 3), identity_from(1), 0).has_value());
  CHECK_FALSE(decode_frame_header(with_byte(frame, 9, 5), identity_from(1), 0).has_value());
  const std::string pack = encode(sample_header());
  for (const std::size_t at : {19U, 20U, 21U, 22U, 23U}) {
    CHECK_FALSE(decode_pack_header(with_byte(pack, at, '\x7f')).has_value());
  }
  CHECK_FALSE(decode_pack_header(with_byte(pack, 8, 'X')).has_value());
}

TEST_CASE("a seal tells no seal from a damaged one and from one of other contents") {
  const std::string seal = encode_seal(identity_from(1), 4, 77);
  CHECK(seal.size() == kSealSize);
  CHECK(decode_seal(seal, identity_from(1), 4, 77).value());
  CHECK_FALSE(decode_seal("", identity_from(1), 4, 77).value());
  CHECK_FALSE(decode_seal(encode(identity_from(1), frame_of("a", 1)), identity_from(1), 4, 77).value());
  CHECK(decode_seal(seal, identity_from(2), 4, 77).error().kind == ErrorKind::corrupt);
  CHECK(decode_seal(seal, identity_from(1), 5, 77).error().kind == ErrorKind::corrupt);
  CHECK(decode_seal(seal, identity_from(1), 4, 78).error().kind == ErrorKind::corrupt);
}

TEST_CASE("a pack's name has one form, and other names are not packs") {
  CHECK(pack_name(12) == "00000012.pack.zst");
  CHECK(pack_name(123456789) == "123456789.pack.zst");
  CHECK(parse_pack_name("00000012.pack.zst") == 12);
  CHECK(parse_pack_name("123456789.pack.zst") == 123456789);
  CHECK(parse_pack_name(pack_name(UINT64_MAX)) == UINT64_MAX);
  for (const char* name :
       {"", ".pack.zst", "12.pack.zst", "000000012.pack.zst", "0000001x.pack.zst", "-0000012.pack.zst",
        "00000012.pack.zst.new", "00000012.pack", "18446744073709551616.pack.zst"}) {
    INFO(name);
    CHECK_FALSE(parse_pack_name(name).has_value());
  }
}
