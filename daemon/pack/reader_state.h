// What PackReader and PackWalk share. Only for this room.
#pragma once

#include "pack/pack_reader.h"

namespace backstock::pack {

struct PackReader::State {
  std::unique_ptr<sys::File> file;
  std::uint64_t number = 0;
  std::string name;
  PackHeader header;
  std::size_t header_size = 0;
  std::optional<std::string> header_damage;
  std::shared_ptr<Dictionaries> dictionaries;

  Result<> read_header();
  Error frame_error(std::uint64_t offset, const std::string& content_type, std::string what) const;
  Result<std::pair<DecodedFrameHeader, std::string>> fetch(const FramePlace& place) const;
  Result<> check_stored(const FrameHeader& frame, ByteView stored) const;
  // The NDJSON of a frame whose header is whole.
  Result<std::string> unpack(const FrameHeader& frame, ByteView stored, std::string room) const;
};

}  // namespace backstock::pack
