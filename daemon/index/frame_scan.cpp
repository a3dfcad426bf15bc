#include "index/frame_scan.h"

namespace backstock::index {

Result<std::vector<FrameRow>> frames_of_pack(Connection& connection, std::uint64_t pack, std::uint64_t from,
                                             std::uint32_t limit) {
  Statement s = TRY(connection.prepare(
      "SELECT offset, header_size, stored_size FROM frames WHERE pack = ?1 AND offset >= ?2 ORDER BY offset LIMIT ?3"));
  s.bind(pack, from, limit);
  std::vector<FrameRow> rows;
  while (TRY(s.step())) {
    rows.push_back({pack, static_cast<std::uint64_t>(s.integer(0)), static_cast<std::uint32_t>(s.integer(1)),
                    static_cast<std::uint32_t>(s.integer(2))});
  }
  return rows;
}

Result<std::uint64_t> stored_size_of_frames(Connection& connection) {
  return static_cast<std::uint64_t>(
      TRY(connection.query_integer("SELECT coalesce(sum(header_size + stored_size), 0) FROM frames")));
}

}  // namespace backstock::index
