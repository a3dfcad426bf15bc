// ItemQueries::dump(): no keys in it, a rebuild gives others.
#include "index/item_queries.h"
#include "index/labels_text.h"

namespace backstock::index {
namespace {

constexpr std::string_view kId = "iif(i.id_number>=0, i.id_number||'', i.id)";

std::vector<std::string> queries() {
  const std::string id(kId);
  const std::string of_item = " JOIN types t USING (type_key)";
  return {
      "SELECT 'item', t.name, " + id +
          ", i.version, i.gone, hex(i.hash), i.scheme, (SELECT at FROM versions v WHERE v.item_key=i.item_key ORDER"
          " BY v.version LIMIT 1), c.at FROM items i JOIN changes c USING (item_key, type_key, gone)" +
          of_item + " ORDER BY 2, 3",
      "SELECT 'version', t.name, " + id +
          ", v.version, v.at, v.gone, r.source, r.run, f.pack, f.offset, f.header_size, f.stored_size, v.at_byte,"
          " v.size FROM versions v JOIN items i USING (item_key)" +
          of_item + " JOIN frames f USING (frame_key) JOIN run_keys r USING (run_key) ORDER BY 2, 3, v.version",
      "SELECT 'count', t.name, c.present, c.gone, c.versions, c.first_at, c.last_at FROM types t JOIN type_counts c"
      " USING (type_key) ORDER BY t.name",
      "SELECT 'run', run, kind, origin, started, ended, outcome, types, message FROM runs WHERE kind<>'' ORDER BY run",
      "SELECT 'lost', type, id, version FROM lost ORDER BY type, id",
      "SELECT 'run_type', run, type, at, started, outcome, complete, full, report FROM run_types ORDER BY run, type",
      "SELECT 'pin', type, id, version, at, pinned, by, note FROM pins ORDER BY type, id, version",
      "SELECT 'prune', at, undo, forced, ahead, report FROM prunes ORDER BY at, undo",
      "SELECT 'pack', pack, hex(identity), known_end, frames, sealed FROM packs ORDER BY pack"};
}

}  // namespace

Result<std::string> ItemQueries::dump() {
  std::string text;
  for (const std::string& sql : queries()) {
    Statement s = TRY(connection_->prepare(sql));
    while (TRY(s.step())) {
      for (int column = 0; column < s.columns(); ++column) text.append(column == 0 ? "" : "|").append(s.text(column));
      text += '\n';
    }
  }
  Statement s = TRY(connection_->prepare("SELECT t.name, " + std::string(kId) +
                                         ", i.labels FROM items i JOIN types t USING (type_key) WHERE i.labels IS NOT"
                                         " NULL ORDER BY 1, 2"));
  while (TRY(s.step())) {
    const std::string name = "label|" + std::string(s.text(0)) + "|" + std::string(s.text(1)) + "|";
    const std::vector<std::string> labels = split_labels(s.text(2));
    for (std::size_t place = 0; place < labels.size(); ++place)
      text += name + std::to_string(place) + "|" + labels[place] + "\n";
  }
  return text;
}

}  // namespace backstock::index
