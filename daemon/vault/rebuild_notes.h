// Which packs an unfinished rebuild has finished: rows in the very file that it makes, until that is whole. Only for
// this room.
//
// Threads: those of the connection. Lifetime: the connection outlives it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "index/connection.h"

namespace backstock::vault {

struct FinishedPack {
  std::string identity;  // 8 bytes
  std::uint64_t size = 0;
  std::vector<std::string> findings;
};

class RebuildNotes {
 public:
  // Of a file that has none yet.
  static Result<RebuildNotes> begin(index::Connection& connection);
  // corrupt when the file has no notes, or is damaged.
  static Result<RebuildNotes> take_up(index::Connection& connection);

  const std::map<std::uint64_t, FinishedPack>& packs() const { return packs_; }
  Result<> add(std::uint64_t number, FinishedPack pack);
  // The file is whole: nothing of this stays in it.
  Result<> end();

 private:
  explicit RebuildNotes(index::Connection& connection) : connection_(&connection) {}
  index::Connection* connection_;
  std::map<std::uint64_t, FinishedPack> packs_;
};

}  // namespace backstock::vault
