#include "index/item_writer.h"

#include "base/fold_case.h"

namespace backstock::index {

Result<std::unique_ptr<ItemWriter>> ItemWriter::open(Connection& connection) {
  std::unique_ptr<ItemWriter> writer(new ItemWriter(connection));
  writer->set_pack_.emplace(TRY(connection.prepare(
      "INSERT INTO packs (pack, identity, known_end, frames, sealed) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (pack) DO "
      "UPDATE SET"
      " identity=excluded.identity, known_end=excluded.known_end, frames=excluded.frames, sealed=excluded.sealed")));
  writer->add_frame_.emplace(
      TRY(connection.prepare("INSERT INTO frames (pack, offset, header_size, stored_size) VALUES (?1, ?2, ?3, ?4) ON "
                             "CONFLICT (pack, offset) DO UPDATE SET header_size=excluded.header_size,"
                             " stored_size=excluded.stored_size RETURNING frame_key")));
  writer->find_item_.emplace(
      TRY(connection.prepare("SELECT item_key, version, gone FROM items WHERE type_key=?1 AND id=?2")));
  writer->add_item_.emplace(TRY(
      connection.prepare("INSERT INTO items (type_key, id, id_number, version, gone, hash, scheme, first_at, last_at)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)")));
  // A tombstone keeps the hash: if the item comes back unchanged under its id, the comparison says so.
  writer->update_item_.emplace(
      TRY(connection.prepare("UPDATE items SET version=?2, gone=?3, hash=coalesce(?4, hash), scheme=CASE WHEN ?4 IS "
                             "NULL THEN scheme ELSE ?5 END,"
                             " last_at=?6 WHERE item_key=?1")));
  writer->add_version_.emplace(
      TRY(connection.prepare("INSERT INTO versions (item_key, version, at, gone, run_key, frame_key, at_byte, size)"
                             " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")));
  writer->find_place_.emplace(
      TRY(connection.prepare("SELECT frame_key, at_byte FROM versions WHERE item_key=?1 AND version=?2")));
  writer->newer_content_.emplace(
      TRY(connection.prepare("SELECT 1 FROM versions WHERE item_key=?1 AND version>?2 AND gone=0 LIMIT 1")));
  writer->update_older_.emplace(TRY(
      connection.prepare("UPDATE items SET hash=CASE WHEN ?3 THEN ?4 ELSE hash END, scheme=CASE WHEN ?3 THEN ?5 ELSE "
                         "scheme END,"
                         " first_at=CASE WHEN EXISTS (SELECT 1 FROM versions WHERE item_key=?1 AND version<?2) THEN "
                         "first_at ELSE ?6 END WHERE item_key=?1")));
  writer->drop_labels_.emplace(TRY(connection.prepare("DELETE FROM labels WHERE item_key=?1 AND place>=?2")));
  writer->set_label_.emplace(TRY(connection.prepare(
      "INSERT INTO labels (item_key, place, type_key, text, folded) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT"
      " (item_key, place) DO UPDATE SET text=excluded.text, folded=excluded.folded")));
  writer->set_hash_.emplace(TRY(connection.prepare(
      "UPDATE items SET hash=?3, scheme=?4 WHERE type_key=(SELECT type_key FROM types WHERE name=?1) AND id=?2")));
  writer->count_.emplace(
      TRY(connection.prepare("INSERT INTO type_counts (type_key, present, gone, versions, first_at, last_at)"
                             " VALUES (?1, ?2, ?3, 1, ?4, ?4) ON CONFLICT (type_key) DO UPDATE SET"
                             " present=present+excluded.present, gone=gone+excluded.gone, versions=versions+1,"
                             " first_at=min(first_at, excluded.first_at), last_at=max(last_at, excluded.last_at)")));
  return writer;
}

Result<> ItemWriter::set_pack(const PackRow& row) {
  return set_pack_->bind(row.pack, Statement::Blob{row.identity}, row.known_end, row.frames, row.sealed).run();
}

Result<std::int64_t> ItemWriter::add_frame(const FrameRow& row) {
  const bool there = TRY(add_frame_->bind(row.pack, row.offset, row.header_size, row.stored_size).step());
  if (!there) return make_error(ErrorKind::failed, "index " + connection_->path() + ": no key for a frame");
  const std::int64_t key = add_frame_->integer(0);
  add_frame_->reset();
  return key;
}

Result<std::int64_t> ItemWriter::type_key(std::string_view name) {
  if (const auto known = type_keys_.find(name); known != type_keys_.end()) return known->second;
  Statement s = TRY(connection_->prepare(
      "INSERT INTO types (name) VALUES (?1) ON CONFLICT (name) DO UPDATE SET name=name RETURNING type_key"));
  s.bind(name);
  const bool row = TRY(s.step());
  if (!row)
    return make_error(ErrorKind::failed, "index " + connection_->path() + ": no key for type " + std::string(name));
  const std::int64_t key = s.integer(0);
  s.reset();
  type_keys_.emplace(name, key);
  return key;
}

Result<std::int64_t> ItemWriter::run_key(std::string_view run, std::string_view source) {
  if (last_run_.key != 0 && last_run_.run == run && last_run_.source == source) return last_run_.key;
  Statement s =
      TRY(connection_->prepare("INSERT INTO run_keys (run, source) VALUES (?1, ?2) ON CONFLICT (run, source) DO UPDATE"
                               " SET run=run RETURNING run_key"));
  s.bind(run, source);
  const bool row = TRY(s.step());
  if (!row) return make_error(ErrorKind::failed, "index " + connection_->path() + ": no key for a run");
  last_run_ = {std::string(run), std::string(source), s.integer(0)};
  return last_run_.key;
}

Result<Added> ItemWriter::add_version(const NewVersionRow& row) {
  const std::int64_t type = TRY(type_key(row.type));
  const std::optional<Statement::Blob> hash =
      row.hash.empty() ? std::nullopt : std::optional(Statement::Blob{row.hash});
  const bool known = TRY(find_item_->bind(type, row.id).step());
  std::int64_t item = known ? find_item_->integer(0) : 0;
  const auto newest = known ? static_cast<std::uint32_t>(find_item_->integer(1)) : 0U;
  const bool was_gone = known && find_item_->integer(2) != 0;
  find_item_->reset();
  if (known) {
    const Added before = TRY(compare_with_known(item, row));
    if (before != Added::fresh) return before;
  }
  const bool content = !row.gone && (row.version > newest || TRY(is_newest_content(item, row.version)));
  if (!known) {
    TRY(add_item_->bind(type, row.id, number_of(row.id), row.version, row.gone, hash, row.scheme, row.at).run());
    item = connection_->last_row();
  } else if (row.version > newest) {
    TRY(update_item_->bind(item, row.version, row.gone, hash, row.scheme, row.at).run());
  } else {
    TRY(update_older_->bind(item, row.version, content, hash, row.scheme, row.at).run());
  }
  const std::int64_t run = TRY(run_key(row.run, row.source));
  TRY(add_version_->bind(item, row.version, row.at, row.gone, run, row.frame_key, row.at_byte, row.size).run());
  const bool is_gone = row.version > newest ? row.gone : was_gone;
  const int gone = static_cast<int>(is_gone) - static_cast<int>(was_gone);
  TRY(count_->bind(type, (known ? 0 : 1) - gone, gone, row.at).run());
  if (content) TRY(set_labels(item, type, row));
  return Added::fresh;
}

Result<Added> ItemWriter::compare_with_known(std::int64_t item, const NewVersionRow& row) {
  const bool there = TRY(find_place_->bind(item, row.version).step());
  if (!there) return Added::fresh;
  const bool same = find_place_->integer(0) == row.frame_key && find_place_->integer(1) == row.at_byte;
  find_place_->reset();
  return same ? Added::known : Added::clash;
}

Result<bool> ItemWriter::is_newest_content(std::int64_t item, std::uint32_t version) {
  const bool newer = TRY(newer_content_->bind(item, version).step());
  newer_content_->reset();
  return !newer;
}

Result<> ItemWriter::set_labels(std::int64_t item, std::int64_t type, const NewVersionRow& row) {
  for (std::size_t place = 0; place < row.labels.size(); ++place) {
    TRY(set_label_->bind(item, static_cast<std::int64_t>(place), type, row.labels[place], fold_case(row.labels[place]))
            .run());
  }
  return drop_labels_->bind(item, static_cast<std::int64_t>(row.labels.size())).run();
}

Result<> ItemWriter::set_hash(std::string_view type, std::string_view id, std::string_view hash, int scheme) {
  return set_hash_->bind(type, id, Statement::Blob{hash}, scheme).run();
}

}  // namespace backstock::index
