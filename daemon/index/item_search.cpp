#include "index/item_search.h"

#include <algorithm>

#include "base/fold_case.h"
#include "index/item_columns.h"
#include "index/labels_text.h"
#include "index/search_keys.h"

namespace backstock::index {
namespace {

// Those of the items with a label that begins with `prefix`, which is in lower case.
Result<> keep_labelled(Connection& connection, std::vector<std::int64_t>& keys, std::string_view prefix) {
  Statement s = TRY(connection.prepare("SELECT labels FROM items WHERE item_key=?1"));
  std::vector<std::int64_t> kept;
  for (const std::int64_t key : keys) {
    if (!TRY(s.bind(key).step())) continue;
    const std::vector<std::string> labels = split_labels(s.text(0));
    if (std::any_of(labels.begin(), labels.end(),
                    [&](const std::string& label) { return fold_case(label).starts_with(prefix); }))
      kept.push_back(key);
  }
  keys = std::move(kept);
  return {};
}

}  // namespace

Result<std::int64_t> key_of_id(Connection& connection, std::int64_t type, std::string_view id) {
  Statement s = TRY(
      connection.prepare("SELECT item_key FROM items WHERE type_key=?1 AND gone IN (0, 1) AND id_number=?2 AND id=?3"));
  const StoredId stored(id);
  const bool row = TRY(s.bind(type, stored.number, stored.text).step());
  return row ? s.integer(0) : std::int64_t{0};
}

Result<std::vector<std::int64_t>> find_keys(Connection& connection, std::int64_t type, const std::string& text) {
  const std::string prefix = fold_case(text);
  std::vector<std::int64_t> keys = TRY(find_by_text(connection, type, prefix.substr(0, kSearchedBytes)));
  if (prefix.size() > kSearchedBytes) TRY(keep_labelled(connection, keys, prefix));
  if (const std::int64_t key = TRY(key_of_id(connection, type, text)); key != 0) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace backstock::index
