#include "index/lost_rows.h"

namespace backstock::index {

Result<> apply_lost(Connection& connection, const Json& record) {
  const std::string type = string_at(record, "type");
  Statement s =
      TRY(connection.prepare("INSERT INTO lost (type, id, version) VALUES (?1, ?2, ?3) ON CONFLICT (type, id) DO UPDATE"
                             " SET version=max(version, excluded.version)"));
  for (const Json& item : array_at(record, "items")) {
    if (!item.is_array() || item.size() != 2 || !item[0].is_string() || !item[1].is_number_unsigned()) continue;
    TRY(s.bind(type, item[0].get<std::string>(), item[1].get<std::uint32_t>()).run());
  }
  return {};
}

Result<LostNumbers> lost_numbers(Connection& connection) {
  LostNumbers numbers;
  Statement s = TRY(connection.prepare("SELECT type, id, version FROM lost"));
  while (TRY(s.step()))
    numbers[{std::string(s.text(0)), std::string(s.text(1))}] = static_cast<std::uint32_t>(s.integer(2));
  return numbers;
}

}  // namespace backstock::index
