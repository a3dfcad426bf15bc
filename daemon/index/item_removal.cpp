// The part of ItemWriter that moves and removes; rare beside adding, so that nothing is prepared ahead.
#include "index/item_columns.h"
#include "index/labels_text.h"

namespace backstock::index {
namespace {

Error no_version(const Connection& connection, std::int64_t item, std::uint32_t version) {
  return make_error(ErrorKind::not_found, connection.name() + " has no version " + std::to_string(version) +
                                              " of the item under key " + std::to_string(item));
}

}  // namespace

Result<> ItemWriter::move_version(std::int64_t item_key, std::uint32_t version, std::int64_t frame_key,
                                  std::uint32_t at_byte) {
  const bool there = TRY(move_version_->bind(item_key, version, frame_key, at_byte).step());
  move_version_->reset();
  if (!there) return no_version(*connection_, item_key, version);
  return {};
}

Result<> ItemWriter::remove_version(std::int64_t item_key, std::uint32_t version) {
  Statement s = TRY(connection_->prepare(
      "SELECT i.type_key, i.version, i.labels, v.at, v.gone FROM versions v JOIN items i USING (item_key) WHERE"
      " v.item_key=?1 AND v.version=?2"));
  const bool there = TRY(s.bind(item_key, version).step());
  if (!there) return no_version(*connection_, item_key, version);
  const std::int64_t type = s.integer(0);
  if (s.integer(1) == version) {
    return make_error(ErrorKind::failed, connection_->name() + ": version " + std::to_string(version) +
                                             " is its item's newest, which is never removed");
  }
  const std::vector<std::string> labels = s.is_null(2) ? std::vector<std::string>() : split_labels(s.text(2));
  const std::int64_t at = s.integer(3);
  const bool content = s.integer(4) == 0;
  s.reset();
  if (content && TRY(is_newest_content(item_key, version))) {
    TRY(set_content_->bind(item_key, std::nullopt, 0, std::nullopt).run());
    TRY(set_search(type, item_key, labels, {}));
  }
  Statement remove = TRY(connection_->prepare("DELETE FROM versions WHERE item_key=?1 AND version=?2"));
  TRY(remove.bind(item_key, version).run());
  Statement count = TRY(connection_->prepare(
      "UPDATE type_counts SET versions=versions-1, first_at=nullif(first_at, ?2), last_at=nullif(last_at, ?2) WHERE"
      " type_key=?1"));
  return count.bind(type, at).run();
}

Result<> ItemWriter::settle_counts() {
  return connection_->execute(
      "UPDATE type_counts SET (first_at, last_at)=(SELECT min(v.at), max(v.at) FROM items i JOIN versions v USING"
      " (item_key) WHERE i.type_key=type_counts.type_key) WHERE first_at IS NULL OR last_at IS NULL");
}

Result<> ItemWriter::drop_pack(std::uint64_t pack) {
  Statement standing = TRY(connection_->prepare(
      "SELECT 1 FROM versions WHERE frame_key IN (SELECT frame_key FROM frames WHERE pack=?1) LIMIT 1"));
  const bool stands = TRY(standing.bind(pack).step());
  if (stands) {
    return make_error(ErrorKind::conflict, connection_->name() + ": a version still stands in pack " +
                                               std::to_string(pack) + ", which was to be forgotten");
  }
  Statement frames = TRY(connection_->prepare("DELETE FROM frames WHERE pack=?1"));
  TRY(frames.bind(pack).run());
  Statement drop = TRY(connection_->prepare("DELETE FROM packs WHERE pack=?1 RETURNING pack"));
  const bool there = TRY(drop.bind(pack).step());
  if (!there)
    return make_error(ErrorKind::not_found, connection_->name() + " does not know pack " + std::to_string(pack));
  return {};
}

}  // namespace backstock::index
