// An index in a folder of its own, and rows to put into it.
#pragma once

#include <catch2/catch.hpp>

#include "index/item_queries.h"
#include "index/item_writer.h"
#include "index/migrate.h"
#include "index/run_rows.h"
#include "support/temp_folder.h"
#include "sys/posix_fs.h"

namespace backstock::index {

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().sentence());
  return std::move(*result);
}
inline void must(const Result<>& result) {
  if (!result) FAIL(result.error().sentence());
}

struct IndexWorld {
  testing::TempFolder folder;
  sys::PosixFs fs;
  std::string path = folder.path() + "/index.db";
  std::unique_ptr<Connection> connection = must(Connection::open(path, Access::write));
  Migrated migrated = must(migrate(fs, *connection, released_migrations()));
  std::unique_ptr<ItemWriter> writer = must(ItemWriter::open(*connection));
  std::unique_ptr<ItemQueries> items = must(ItemQueries::open(*connection));
  std::int64_t frame = 0;
  std::uint32_t next_byte = 0;

  IndexWorld() {
    must(connection->execute("PRAGMA synchronous=OFF"));  // nothing here is about power cuts, and syncs take long
    must(writer->set_pack({1, std::string(16, 'i'), 5000, 3, false}));
    frame = must(writer->add_frame({1, 200, 176, 824}));
  }

  // A version as a row; its hash and place follow from its number.
  static NewVersionRow row(std::string_view type, std::string_view id, std::uint32_t version,
                           std::vector<std::string> labels = {}) {
    static const std::vector<std::string> hashes = {"0000000000000000", "1111111111111111", "2222222222222222",
                                                    "3333333333333333", "4444444444444444", "5555555555555555"};
    NewVersionRow row;
    row.type = type;
    row.id = id;
    row.version = version;
    row.at = 1000 * version;
    row.source = "full";
    row.run = "run1";
    row.hash = hashes[version % hashes.size()];
    row.scheme = 1;
    row.at_byte = version * 100;
    row.size = 99;
    row.labels = std::move(labels);
    return row;
  }
  static NewVersionRow tombstone(std::string_view type, std::string_view id, std::uint32_t version) {
    NewVersionRow gone = row(type, id, version);
    gone.gone = true;
    gone.hash = {};
    gone.scheme = 0;
    return gone;
  }
  Added add(NewVersionRow version) {
    version.frame_key = frame;
    return must(writer->add_version(version));
  }
  std::vector<std::string> ids(ListQuery query) {
    std::vector<std::string> found;
    for (const ItemRow& item : must(items->list(query))) found.push_back(item.id);
    return found;
  }
  std::string dump() { return must(items->dump()); }
};

using Ids = std::vector<std::string>;

}  // namespace backstock::index
