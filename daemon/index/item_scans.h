// All versions of a content type, one after the other: for who reads or moves them all.
//
// A scan reads while it is open: the connection's write-ahead log does not shrink meanwhile, and what the same
// connection writes meanwhile may be met or not. Who writes on the way opens a new scan behind the last item each time.
//
// Threads: those of the connection. Lifetime: the connection outlives the scan.
#pragma once

#include <memory>
#include <vector>

#include "index/connection.h"
#include "index/rows.h"

namespace backstock::index {

struct ScannedVersion {
  std::int64_t item_key = 0;
  std::string id;
  VersionRow version;
};

// By id (numbers first by value, then texts by their bytes), an item's versions oldest first.
class VersionScan {
 public:
  using Row = ScannedVersion;

  // Goes on behind the item `after_id`, there or not; empty: from the start.
  static Result<VersionScan> open(Connection& connection, std::string_view type, std::string_view after_id = {});
  Result<std::optional<Row>> next();

 private:
  explicit VersionScan(Statement versions) : versions_(std::move(versions)) {}
  // Bound texts must outlive the steps, and stay where they are when the scan is moved.
  std::unique_ptr<const std::string> type_;
  std::unique_ptr<const std::string> after_;
  std::vector<Statement> halves_;  // items with ids that are numbers, with ids that are texts
  std::size_t at_ = 0;
  Statement versions_;
  bool in_item_ = false;
  std::int64_t item_ = 0;
  std::string id_;
};

// Of each item the newest version captured at or before an instant, a tombstone too, in the order of their places
// (pack, offset, byte): each frame is read once.
class InstantScan {
 public:
  using Row = ScannedVersion;

  static Result<InstantScan> open(Connection& connection, std::string_view type, std::int64_t at);
  Result<std::optional<Row>> next();

 private:
  explicit InstantScan(Statement statement) : statement_(std::move(statement)) {}
  std::unique_ptr<const std::string> type_;
  Statement statement_;
  bool at_end_ = false;
};

}  // namespace backstock::index
