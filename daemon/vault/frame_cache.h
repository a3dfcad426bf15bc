// Unpacked frames, those used last: for who reads many versions in an order that is not quite that of the packs.
//
// Threads: one at a time. Lifetime: the options outlive it.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <unordered_map>

#include "index/rows.h"
#include "vault/pack_set.h"

namespace backstock::vault {

class FrameCache {
 public:
  // Keeps `cap` bytes of lines, and always the frame asked for last.
  FrameCache(const Options& options, ByteCount cap) : packs_(options), cap_(cap) {}

  Result<std::shared_ptr<const std::string>> frame(const index::FrameRow& row);

  // The version's line as it stands in its frame, without the line break; the row is believed only if that line says
  // itself that it is this version's. corrupt otherwise. Valid until the next call.
  Result<std::string_view> line(std::string_view type, std::string_view id, const index::VersionRow& row);

  PackSet& packs() { return packs_; }

 private:
  struct Place {
    std::uint64_t pack;
    std::uint64_t offset;
    bool operator==(const Place&) const = default;
  };
  struct HashPlace {
    std::size_t operator()(const Place& place) const { return place.pack * 0x9E3779B97F4A7C15ULL ^ place.offset; }
  };
  struct Kept {
    Place place;
    std::shared_ptr<std::string> raw;
  };

  PackSet packs_;
  ByteCount cap_;
  ByteCount size_ = 0;
  std::string spare_;     // room of a frame that was given up
  std::list<Kept> kept_;  // used last in front
  std::unordered_map<Place, std::list<Kept>::iterator, HashPlace> by_place_;
};

}  // namespace backstock::vault
