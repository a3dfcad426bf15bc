#include "index/self_check.h"

namespace backstock::index {

Result<std::vector<std::string>> self_check(Connection& connection) {
  std::vector<std::string> wrong;
  Statement pages = TRY(connection.prepare("PRAGMA integrity_check(20)"));
  while (TRY(pages.step())) {
    if (pages.text(0) != "ok") wrong.emplace_back(pages.text(0));
  }
  if (!wrong.empty()) return wrong;
  // An item's row repeats what its newest version's row says.
  Statement items = TRY(connection.prepare(
      "SELECT t.name, i.id FROM items i JOIN types t USING (type_key) LEFT JOIN versions v ON v.item_key=i.item_key AND"
      " v.version=i.version WHERE v.version IS NULL OR v.gone<>i.gone OR v.at<>i.last_at OR EXISTS (SELECT 1 FROM"
      " versions w WHERE w.item_key=i.item_key AND w.version>i.version) LIMIT 20"));
  while (TRY(items.step())) {
    wrong.push_back("the row of " + std::string(items.text(0)) + " " + std::string(items.text(1)) +
                    " does not agree with its versions");
  }
  Statement counts = TRY(connection.prepare(
      "SELECT t.name FROM types t LEFT JOIN type_counts c USING (type_key) LEFT JOIN (SELECT i.type_key AS type_key,"
      " sum(i.gone=0) AS present, sum(i.gone) AS gone, sum(v.count) AS versions, min(v.first_at) AS first_at,"
      " max(v.last_at) AS last_at FROM items i JOIN (SELECT item_key, count(*) AS count, min(at) AS first_at, max(at) "
      "AS"
      " last_at FROM versions GROUP BY item_key) v USING (item_key) GROUP BY i.type_key) n USING (type_key)"
      " WHERE (c.present, c.gone, c.versions, c.first_at, c.last_at) IS NOT"
      " (n.present, n.gone, n.versions, n.first_at, n.last_at) ORDER BY t.name"));
  while (TRY(counts.step()))
    wrong.push_back("the counts of " + std::string(counts.text(0)) + " are not those of its rows");
  return wrong;
}

}  // namespace backstock::index
