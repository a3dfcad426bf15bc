#include "vault/pins.h"

#include <algorithm>

#include "vault/record_pack.h"
#include "vault/vault_reader.h"

namespace backstock::vault {
namespace {

Error no_pin(const std::string& subject) {
  return make_error(ErrorKind::not_found, subject + " is not pinned", "`backstock pins` lists what is");
}

Result<std::uint32_t> version_to_pin(VaultReader& reader, const PinChange& change) {
  const std::string subject = change.type + " " + change.id;
  const auto item = TRY(reader.items().find_item(change.type, change.id));
  if (!item) {
    return make_error(ErrorKind::not_found, "no item " + subject + " in this vault",
                      "`backstock items STORE " + change.type + "` lists them");
  }
  if (change.version == 0) return item->version;
  if (TRY(reader.items().find_version(change.type, change.id, change.version))) return change.version;
  return make_error(ErrorKind::not_found, subject + " has no version " + std::to_string(change.version),
                    "`backstock history STORE " + change.type + " " + change.id + "` lists them");
}

Result<std::uint32_t> version_to_unpin(VaultReader& reader, const PinChange& change) {
  const std::string subject = change.type + " " + change.id;
  std::vector<index::PinRow> rows = TRY(index::pins(reader.connection(), change.type));
  std::erase_if(rows, [&](const index::PinRow& row) {
    return row.id != change.id || (change.version != 0 && row.version != change.version);
  });
  if (rows.empty())
    return no_pin(change.version == 0 ? subject : subject + " version " + std::to_string(change.version));
  if (rows.size() == 1) return rows.front().version;
  std::string numbers;
  for (const index::PinRow& row : rows) numbers += (numbers.empty() ? "" : ", ") + std::to_string(row.version);
  return make_error(ErrorKind::bad_input, "several versions of " + subject + " are pinned",
                    "name one with --version: " + numbers);
}

}  // namespace

Result<index::PinRow> change_pin(const Options& options, const PinChange& change) {
  if (change.note.size() > kMaxNote) {
    return make_error(ErrorKind::bad_input, "the note has " + std::to_string(change.note.size()) + " bytes",
                      "write at most " + std::to_string(kMaxNote));
  }
  index::PinRow row{change.type, change.id, 0, to_ms(options.clock->now()), change.pinned, change.by, change.note};
  {
    const auto reader = TRY(VaultReader::open(options));
    row.version = TRY(change.pinned ? version_to_pin(*reader, change) : version_to_unpin(*reader, change));
    // What was said last holds, also when the clock has been set back since.
    const auto before = TRY(index::find_pin(reader->connection(), row.type, row.id, row.version));
    if (before) row.at = std::max(row.at, before->at + 1);
  }
  TRY(write_record(options, Json{{"control", row.pinned ? "pin" : "unpin"},
                                 {"at", row.at},
                                 {"type", row.type},
                                 {"id", row.id},
                                 {"version", row.version},
                                 {"by", row.by},
                                 {"note", row.note}}));
  // It may have been removed in between.
  const auto reader = TRY(VaultReader::open(options));
  if (row.pinned && !TRY(reader->items().find_version(row.type, row.id, row.version))) {
    return make_error(
        ErrorKind::not_found,
        row.type + " " + row.id + " version " + std::to_string(row.version) + " was removed while it was being pinned",
        "`backstock prune --undo` puts it back, pinned");
  }
  return row;
}

}  // namespace backstock::vault
