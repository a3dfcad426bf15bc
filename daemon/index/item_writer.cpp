#include "index/item_writer.h"

#include "index/item_columns.h"
#include "index/labels_text.h"

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
  writer->search_.emplace(TRY(SearchKeys::open(connection)));
  writer->find_item_.emplace(TRY(connection.prepare(
      "SELECT item_key, version, gone, labels FROM items WHERE type_key=?1 AND gone IN (0, 1) AND id_number=?2 AND "
      "id=?3")));
  writer->add_item_.emplace(
      TRY(connection.prepare("INSERT INTO items (type_key, id_number, id, version, gone, hash, scheme, labels)"
                             " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")));
  writer->add_change_.emplace(
      TRY(connection.prepare("INSERT INTO changes (type_key, gone, at, item_key) VALUES (?1, ?2, ?3, ?4)")));
  writer->drop_change_.emplace(
      TRY(connection.prepare("DELETE FROM changes WHERE type_key=?1 AND gone=?2 AND at=(SELECT at FROM versions WHERE"
                             " item_key=?3 AND version=?4) AND item_key=?3")));
  writer->set_newest_.emplace(TRY(connection.prepare("UPDATE items SET version=?2, gone=?3 WHERE item_key=?1")));
  writer->set_content_.emplace(
      TRY(connection.prepare("UPDATE items SET hash=?2, scheme=?3, labels=?4 WHERE item_key=?1")));
  writer->add_version_.emplace(
      TRY(connection.prepare("INSERT INTO versions (item_key, version, at, gone, run_key, frame_key, at_byte, size)"
                             " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")));
  writer->find_place_.emplace(TRY(connection.prepare(
      "SELECT v.frame_key=?3 AND v.at_byte=?4, v.at, v.gone, v.size, r.run, r.source, f.pack, (SELECT pack FROM frames"
      " WHERE frame_key=?3) FROM versions v JOIN run_keys r USING (run_key) LEFT JOIN frames f USING (frame_key) WHERE"
      " v.item_key=?1 AND v.version=?2")));
  writer->newer_content_.emplace(
      TRY(connection.prepare("SELECT 1 FROM versions WHERE item_key=?1 AND version>?2 AND gone=0 LIMIT 1")));
  writer->set_hash_.emplace(TRY(connection.prepare(
      "UPDATE items SET hash=?4, scheme=?5 WHERE type_key=(SELECT type_key FROM types WHERE name=?1) AND gone IN (0, 1)"
      " AND id_number=?2 AND id=?3")));
  writer->move_version_.emplace(TRY(connection.prepare(
      "UPDATE versions SET frame_key=?3, at_byte=?4 WHERE item_key=?1 AND version=?2 RETURNING version")));
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

Result<ItemWriter::Known> ItemWriter::find(std::int64_t type, std::string_view id) {
  const StoredId stored(id);
  Known known;
  known.there = TRY(find_item_->bind(type, stored.number, stored.text).step());
  if (!known.there) return known;
  known.key = find_item_->integer(0);
  known.newest = static_cast<std::uint32_t>(find_item_->integer(1));
  known.gone = find_item_->integer(2) != 0;
  if (!find_item_->is_null(3)) known.labels = split_labels(find_item_->text(3));
  find_item_->reset();
  return known;
}

Result<Added> ItemWriter::add_version(const NewVersionRow& row) {
  const std::int64_t type = TRY(type_key(row.type));
  const Known known = TRY(find(type, row.id));
  if (known.there) {
    const Added before = TRY(compare_with_known(known.key, row));
    if (before == Added::moved) TRY(move_version(known.key, row.version, row.frame_key, row.at_byte));
    if (before != Added::fresh) return before;
  }
  const bool content = !row.gone && (row.version > known.newest || TRY(is_newest_content(known.key, row.version)));
  const std::int64_t item = TRY(write_item(type, known, row, content));
  const std::int64_t run = TRY(run_key(row.run, row.source));
  TRY(add_version_->bind(item, row.version, row.at, row.gone, run, row.frame_key, row.at_byte, row.size).run());
  const bool is_gone = row.version > known.newest ? row.gone : known.gone;
  const int gone = static_cast<int>(is_gone) - static_cast<int>(known.gone);
  TRY(count_->bind(type, (known.there ? 0 : 1) - gone, gone, row.at).run());
  if (content) TRY(set_search(type, item, known.labels, row.labels));
  return Added::fresh;
}

// The item's own rows but for its versions and what it is searched by. Gives its key.
Result<std::int64_t> ItemWriter::write_item(std::int64_t type, const Known& known, const NewVersionRow& row,
                                            bool content) {
  const std::optional<Statement::Blob> hash =
      row.hash.empty() || !content ? std::nullopt : std::optional(Statement::Blob{row.hash});
  const std::optional<std::string> labels = content ? join_labels(row.labels) : std::nullopt;
  std::int64_t item = known.key;
  if (!known.there) {
    const StoredId id(row.id);
    TRY(add_item_->bind(type, id.number, id.text, row.version, row.gone, hash, content ? row.scheme : 0, labels).run());
    item = connection_->last_row();
  } else {
    if (row.version > known.newest) {
      TRY(drop_change_->bind(type, known.gone, item, known.newest).run());
      TRY(set_newest_->bind(item, row.version, row.gone).run());
    }
    // A tombstone keeps the hash: if the item comes back unchanged under its id, the comparison says so.
    if (content) TRY(set_content_->bind(item, hash, row.scheme, labels).run());
  }
  if (row.version > known.newest) TRY(add_change_->bind(type, row.gone, row.at, item).run());
  return item;
}

// The same version may stand in two packs while lines are being moved; the later pack is the one that stays.
Result<Added> ItemWriter::compare_with_known(std::int64_t item, const NewVersionRow& row) {
  Statement& s = *find_place_;
  const bool there = TRY(s.bind(item, row.version, row.frame_key, row.at_byte).step());
  if (!there) return Added::fresh;
  const bool same_place = s.integer(0) != 0;
  const bool equal = s.integer(1) == row.at && (s.integer(2) != 0) == row.gone && s.integer(3) == row.size &&
                     s.text(4) == row.run && s.text(5) == row.source;
  const std::int64_t pack_before = s.integer(6);
  const std::int64_t pack_now = s.integer(7);
  s.reset();
  if (same_place) return Added::known;
  if (!equal || pack_now == pack_before) return Added::clash;
  return pack_now > pack_before ? Added::moved : Added::known;
}

Result<bool> ItemWriter::is_newest_content(std::int64_t item, std::uint32_t version) {
  const bool newer = TRY(newer_content_->bind(item, version).step());
  newer_content_->reset();
  return !newer;
}

Result<> ItemWriter::set_search(std::int64_t type, std::int64_t item, const std::vector<std::string>& before,
                                const std::vector<std::string>& now) {
  const std::set<std::string> old_texts = search_texts(before);
  const std::set<std::string> new_texts = search_texts(now);
  for (const std::string& text : old_texts) {
    if (!new_texts.contains(text)) TRY(search_->remove(type, {text, item}));
  }
  for (const std::string& text : new_texts) {
    if (!old_texts.contains(text)) TRY(search_->add(type, {text, item}));
  }
  return {};
}

Result<> ItemWriter::set_hash(std::string_view type, std::string_view id, std::string_view hash, int scheme) {
  const StoredId stored(id);
  return set_hash_->bind(type, stored.number, stored.text, Statement::Blob{hash}, scheme).run();
}

}  // namespace backstock::index
