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
  return wrong;
}

}  // namespace backstock::index
