#include "index/type_use.h"

namespace backstock::index {

Result<std::vector<TypeUse>> type_use(Connection& connection) {
  Statement s = TRY(connection.prepare(
      "SELECT t.name, f.pack, count(*), sum(v.size) FROM versions v JOIN frames f USING (frame_key)"
      " JOIN items i USING (item_key) JOIN types t USING (type_key) GROUP BY t.name, f.pack ORDER BY t.name, f.pack"));
  std::vector<TypeUse> rows;
  while (TRY(s.step())) {
    rows.push_back({std::string(s.text(0)), static_cast<std::uint64_t>(s.integer(1)),
                    static_cast<std::uint64_t>(s.integer(2)), static_cast<std::uint64_t>(s.integer(3))});
  }
  return rows;
}

}  // namespace backstock::index
