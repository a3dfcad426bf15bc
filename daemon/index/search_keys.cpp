#include "index/search_keys.h"

#include <algorithm>

#include "base/fold_case.h"

namespace backstock::index {
namespace {

// Of one row's `more`. A few hundred bytes: as many keys as are quickly read through, and no page half empty.
constexpr std::size_t kMaxBlock = 640;
constexpr std::size_t kByteBits = 7;

std::size_t shared_bytes(std::string_view a, std::string_view b) {
  const auto end =
      std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())), b.begin());
  return static_cast<std::size_t>(end.first - a.begin());
}

// A key is a byte (how many bytes are those of the text before, how many follow), those that follow, and the item in
// groups of seven bits, the lowest first.
void append_key(std::string& bytes, std::string_view before, const SearchKey& key) {
  const std::size_t shared = shared_bytes(before, key.text);
  bytes += static_cast<char>(shared << 4U | (key.text.size() - shared));
  bytes.append(key.text, shared);
  auto left = static_cast<std::uint64_t>(key.item);
  for (; left >= 1U << kByteBits; left >>= kByteBits) bytes += static_cast<char>(left | 1U << kByteBits);
  bytes += static_cast<char>(left);
}

Error unreadable(const Connection& connection) {
  return make_error(ErrorKind::corrupt, connection.name() + ": a row of its search cannot be read",
                    std::string(connection.words().if_damaged));
}

// The row's first key, then the others.
Result<std::vector<SearchKey>> read_block(const Connection& connection, SearchKey first, std::string_view more) {
  std::vector<SearchKey> keys = {std::move(first)};
  std::size_t at = 0;
  while (at < more.size()) {
    const auto lengths = static_cast<unsigned char>(more[at++]);
    const std::size_t shared = lengths >> 4U;
    const std::size_t follow = lengths & 0xFU;
    if (shared > keys.back().text.size() || follow > more.size() - at) return unreadable(connection);
    SearchKey key{keys.back().text.substr(0, shared).append(more.substr(at, follow)), 0};
    at += follow;
    std::uint64_t item = 0;
    for (std::size_t shift = 0;; shift += kByteBits) {
      if (at == more.size() || shift > 56) return unreadable(connection);
      const auto byte = static_cast<unsigned char>(more[at++]);
      item |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80U) break;
    }
    key.item = static_cast<std::int64_t>(item);
    if (key.text.size() > kSearchedBytes || key <= keys.back()) return unreadable(connection);
    keys.push_back(std::move(key));
  }
  return keys;
}

SearchKey name_of_row(const Statement& s) { return {std::string(s.text(0)), s.integer(1)}; }

}  // namespace

std::set<std::string> search_texts(const std::vector<std::string>& labels) {
  std::set<std::string> texts;
  for (const std::string& label : labels) {
    if (!label.empty()) texts.insert(fold_case(label).substr(0, kSearchedBytes));
  }
  return texts;
}

Result<SearchKeys> SearchKeys::open(Connection& connection) {
  return SearchKeys(
      connection,
      TRY(connection.prepare("SELECT text, item_key, more FROM search WHERE type_key=?1 AND (text, item_key)<=(?2, ?3)"
                             " ORDER BY text DESC, item_key DESC LIMIT 1")),
      TRY(connection.prepare(
          "SELECT text, item_key, more FROM search WHERE type_key=?1 ORDER BY text, item_key LIMIT 1")),
      TRY(connection.prepare("INSERT INTO search (type_key, text, item_key, more) VALUES (?1, ?2, ?3, ?4) ON CONFLICT"
                             " (type_key, text, item_key) DO UPDATE SET more=excluded.more")),
      TRY(connection.prepare("DELETE FROM search WHERE type_key=?1 AND text=?2 AND item_key=?3")));
}

Result<SearchKeys::Block> SearchKeys::find(std::int64_t type, const SearchKey& key) {
  Block block;
  for (Statement* s : {&before_, &first_}) {
    s == &before_ ? s->bind(type, Statement::Blob{key.text}, key.item) : s->bind(type);
    block.there = TRY(s->step());
    if (!block.there) continue;
    block.name = name_of_row(*s);
    auto keys = read_block(*connection_, block.name, s->text(2));
    s->reset();
    block.keys = TRY(std::move(keys));
    break;
  }
  return block;
}

Result<> SearchKeys::write(std::int64_t type, const std::vector<SearchKey>& keys, bool in_order) {
  std::string more;
  std::size_t first = 0;
  for (std::size_t i = 1; i < keys.size(); ++i) append_key(more, keys[i - 1].text, keys[i]);
  if (more.size() > kMaxBlock) {
    // Two rows instead of one; where keys come in order, the full one stays full.
    first = in_order ? keys.size() - 1 : keys.size() / 2;
    more.clear();
    for (std::size_t i = 1; i < first; ++i) append_key(more, keys[i - 1].text, keys[i]);
    TRY(set_.bind(type, Statement::Blob{keys.front().text}, keys.front().item, Statement::Blob{more}).run());
    more.clear();
    for (std::size_t i = first + 1; i < keys.size(); ++i) append_key(more, keys[i - 1].text, keys[i]);
  }
  return set_.bind(type, Statement::Blob{keys[first].text}, keys[first].item, Statement::Blob{more}).run();
}

Result<> SearchKeys::add(std::int64_t type, const SearchKey& key) {
  Block block = TRY(find(type, key));
  const auto place = std::lower_bound(block.keys.begin(), block.keys.end(), key);
  if (place != block.keys.end() && *place == key) return {};
  const bool at_end = place == block.keys.end();
  block.keys.insert(place, key);
  // A key before all others: the row gets another name.
  if (block.there && block.keys.front() != block.name)
    TRY(drop_.bind(type, Statement::Blob{block.name.text}, block.name.item).run());
  return write(type, block.keys, at_end);
}

Result<> SearchKeys::remove(std::int64_t type, const SearchKey& key) {
  Block block = TRY(find(type, key));
  const auto place = std::lower_bound(block.keys.begin(), block.keys.end(), key);
  if (place == block.keys.end() || *place != key) return {};
  block.keys.erase(place);
  if (block.keys.empty() || block.keys.front() != block.name)
    TRY(drop_.bind(type, Statement::Blob{block.name.text}, block.name.item).run());
  return block.keys.empty() ? Result<>() : write(type, block.keys, false);
}

Result<std::vector<std::int64_t>> find_by_text(Connection& connection, std::int64_t type, std::string_view prefix) {
  // The row before may hold the first of them.
  Statement s = TRY(connection.prepare(
      "SELECT text, item_key, more FROM search WHERE type_key=?1 AND text>=coalesce((SELECT text FROM search WHERE"
      " type_key=?1 AND text<?2 ORDER BY text DESC LIMIT 1), x'') ORDER BY text, item_key"));
  s.bind(type, Statement::Blob{prefix});
  std::vector<std::int64_t> items;
  while (TRY(s.step())) {
    for (const SearchKey& key : TRY(read_block(connection, name_of_row(s), s.text(2)))) {
      if (key.text.starts_with(prefix)) {
        items.push_back(key.item);
      } else if (key.text > prefix) {
        return items;
      }
    }
  }
  return items;
}

Result<> for_each_search_key(Connection& connection,
                             const std::function<void(std::int64_t type, const SearchKey& key)>& take) {
  Statement s =
      TRY(connection.prepare("SELECT text, item_key, more, type_key FROM search ORDER BY type_key, text, item_key"));
  while (TRY(s.step())) {
    for (const SearchKey& key : TRY(read_block(connection, name_of_row(s), s.text(2)))) take(s.integer(3), key);
  }
  return {};
}

}  // namespace backstock::index
