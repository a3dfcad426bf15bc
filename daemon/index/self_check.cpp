#include "index/self_check.h"

#include <functional>

#include "index/item_columns.h"
#include "index/labels_text.h"
#include "index/search_keys.h"

namespace backstock::index {
namespace {

// A sum of what is independent of the order, of both sides: a set of all keys would take too much memory.
Result<bool> finds_labels(Connection& connection) {
  std::uint64_t sum = 0;
  std::uint64_t keys = 0;
  const auto weigh = [](std::int64_t type, const SearchKey& key) {
    return std::hash<std::string>()(key.text + "|" + std::to_string(key.item) + "|" + std::to_string(type));
  };
  TRY(for_each_search_key(connection, [&](std::int64_t type, const SearchKey& key) {
    sum += weigh(type, key);
    ++keys;
  }));
  Statement s = TRY(connection.prepare("SELECT item_key, type_key, labels FROM items WHERE labels IS NOT NULL"));
  while (TRY(s.step())) {
    for (const std::string& text : search_texts(split_labels(s.text(2)))) {
      sum -= weigh(s.integer(1), {text, s.integer(0)});
      --keys;
    }
  }
  return sum == 0 && keys == 0;
}

}  // namespace

Result<std::vector<std::string>> self_check(Connection& connection) {
  std::vector<std::string> wrong;
  Statement pages = TRY(connection.prepare("PRAGMA integrity_check(20)"));
  while (TRY(pages.step())) {
    if (pages.text(0) != "ok") wrong.emplace_back(pages.text(0));
  }
  if (!wrong.empty()) return wrong;
  // An item's row repeats what its newest version's row says.
  Statement items = TRY(connection.prepare(
      "SELECT t.name, i.id_number, i.id FROM items i JOIN types t USING (type_key) LEFT JOIN versions v ON "
      "v.item_key=i.item_key AND"
      " v.version=i.version WHERE v.version IS NULL OR v.gone<>i.gone OR EXISTS (SELECT 1 FROM versions w WHERE"
      " w.item_key=i.item_key AND w.version>i.version) OR NOT EXISTS (SELECT 1 FROM changes c WHERE"
      " c.type_key=i.type_key AND c.gone=i.gone AND c.at=v.at AND c.item_key=i.item_key) LIMIT 20"));
  while (TRY(items.step())) {
    wrong.push_back("the row of " + std::string(items.text(0)) + " " + read_id(items, 1) +
                    " does not agree with its versions");
  }
  if (TRY(connection.query_integer("SELECT (SELECT count(*) FROM changes)<>(SELECT count(*) FROM items)")) != 0)
    wrong.emplace_back("there are not as many newest versions as items");
  if (TRY(connection.query_integer(
          "SELECT count(*) FROM versions WHERE frame_key NOT IN (SELECT frame_key FROM frames)")) != 0)
    wrong.emplace_back("there are versions in frames that are not known");
  if (!TRY(finds_labels(connection))) wrong.emplace_back("the search does not agree with the labels");
  // Rows made by control records stand for themselves; that they can be read at all is seen here.
  for (const char* all : {"SELECT run, kind, origin, started, ended, outcome, types, message FROM runs",
                          "SELECT run, type, at, started, outcome, complete, full, report FROM run_types",
                          "SELECT run, type, state FROM checkpoints", "SELECT type, id, version FROM lost",
                          "SELECT type, id, version, at, pinned, by, note FROM pins",
                          "SELECT at, undo, forced, ahead, report FROM prunes"}) {
    Statement rows = TRY(connection.prepare(all));
    while (TRY(rows.step())) continue;
  }
  Statement counts = TRY(connection.prepare(
      "SELECT t.name FROM types t LEFT JOIN type_counts c USING (type_key) LEFT JOIN (SELECT i.type_key AS type_key,"
      " sum(i.gone=0) AS present, sum(i.gone) AS gone, sum(v.count) AS versions, min(v.first_at) AS first_at,"
      " max(v.last_at) AS last_at FROM items i JOIN (SELECT item_key, count(*) AS count, min(at) AS first_at, max(at) "
      "AS"
      " last_at FROM versions GROUP BY item_key) v USING (item_key) GROUP BY i.type_key) n USING (type_key)"
      " WHERE (c.present, c.gone, c.versions) IS NOT (n.present, n.gone, n.versions) OR c.first_at<>n.first_at OR"
      " c.last_at<>n.last_at ORDER BY t.name"));
  while (TRY(counts.step()))
    wrong.push_back("the counts of " + std::string(counts.text(0)) + " are not those of its rows");
  return wrong;
}

}  // namespace backstock::index
