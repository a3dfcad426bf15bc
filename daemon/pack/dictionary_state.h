// What zstd makes of a dictionary once, for every frame read with it. Only for this room.
#pragma once

#include <zstd.h>

#include "pack/dictionary.h"

namespace backstock::pack {

struct Dictionary::State {
  struct Free {
    void operator()(ZSTD_DDict* dictionary) const { ZSTD_freeDDict(dictionary); }
  };
  std::string bytes;
  std::uint32_t number = 0;
  std::unique_ptr<ZSTD_DDict, Free> for_reading;
};

}  // namespace backstock::pack
