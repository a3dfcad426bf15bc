#include "http/api_items.h"

#include "content/describe.h"
#include "http/api_answer.h"
#include "http/api_lookup.h"
#include "http/cursor.h"

namespace backstock::http {
namespace {

// What a page reads of its items for titles and columns; items beyond that are called by their labels.
constexpr std::uint64_t kReadPerPage = 32_MiB;
// Items that a list "as it was" looks at for one page.
constexpr std::uint32_t kLookedAt = 20'000;

// What an item is called when its bytes say nothing, or were not read.
std::string fallback_title(const content::ContentType& type, const std::vector<std::string>& labels,
                           const std::string& id) {
  for (const std::string& label : labels)
    if (!label.empty()) return content::cut_text(label, 200);
  return std::string(type.label_one) + " " + id;
}

struct Seen {
  std::string title;
  std::vector<std::optional<std::string>> columns;
};

// Of each row its newest content (then), each frame read once.
Result<std::vector<Seen>> read_contents(vault::VaultReader& reader, const content::ContentType& type,
                                        const std::vector<index::ItemRow>& rows, std::optional<std::int64_t> at) {
  std::vector<vault::WantedVersion> wanted;
  std::vector<std::size_t> place;  // in rows
  std::uint64_t size = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto row = TRY(reader.items().newest_content(rows[i].key, at));
    if (!row || size + row->size > kReadPerPage) continue;
    size += row->size;
    place.push_back(i);
    wanted.push_back({std::string(type.name), rows[i].id, std::move(*row)});
  }
  std::vector<Seen> seen(rows.size());
  // A damaged frame costs its items their columns; which frame that is, is said where the item itself is asked for.
  reader.read_many(wanted, [&](std::size_t nth, Result<vault::StoredVersion> version) {
    if (!version) return;
    Seen& one = seen[place[nth]];
    one.title = content::title(type, version->item);
    one.columns = content::column_values(type, version->item);
  });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (seen[i].title.empty()) seen[i].title = fallback_title(type, rows[i].labels, rows[i].id);
    seen[i].columns.resize(type.columns.size());
  }
  return seen;
}

Json item_json(const index::ItemRow& row, const Seen& seen) {
  Json columns = Json::array();
  for (const auto& value : seen.columns) columns.push_back(value ? Json(*value) : Json(nullptr));
  return Json{{"id", row.id},
              {"title", seen.title},
              {"labels", row.labels},
              {"columns", std::move(columns)},
              {"gone", row.gone},
              {"versions", row.version},
              {"first_at", time_json(row.first_at)},
              {"last_at", time_json(row.last_at)}};
}

index::Deleted deleted_of(const std::string& word) {
  return word == "only" ? index::Deleted::only : word == "include" ? index::Deleted::include : index::Deleted::hide;
}

index::Order order_of(const std::string& word) {
  return word == "-id"        ? index::Order::by_id_backwards
         : word == "-changed" ? index::Order::by_change
                              : index::Order::by_id;
}

}  // namespace

Result<Response> get_items(const Serving& serving, const ApiRequest& request) {
  const StoreDoor::Store* store = TRY(find_store(serving, request));
  const content::ContentType* type = TRY(find_type(request));
  const std::string deleted = TRY(request.choice("deleted", {"hide", "only", "include"}));
  const std::string sort = TRY(request.choice("sort", {"id", "-id", "-changed"}));
  const auto at = TRY(request.time("at"));
  index::ListQuery query;
  query.type = type->name;
  query.prefix = request.text("q").value_or("");
  query.deleted = deleted_of(deleted);
  query.order = order_of(sort);
  query.limit = static_cast<std::uint32_t>(TRY(request.number("limit", 1, 200, 50)));
  if (at) {
    query.at = to_ms(*at);
    query.look_at = kLookedAt;
  }
  const std::string bound =
      to_text(Json{store->name, query.type, query.prefix, deleted, sort, query.at ? Json(*query.at) : Json(nullptr)});
  if (const auto cursor = request.text("after")) {
    const Json place = TRY(read_cursor(bound, *cursor));
    query.after_id = string_at(place, "id");
    query.after_change = integer_at(place, "at");
  }
  Json items = Json::array();
  Json next = nullptr;
  if (const auto reader = TRY(open_reader(*store))) {
    const index::Snapshot snapshot = TRY(index::Snapshot::begin(reader->connection()));
    const index::ItemPage page = TRY(reader->items().list_page(query));
    const std::vector<Seen> seen = TRY(read_contents(*reader, *type, page.rows, query.at));
    for (std::size_t i = 0; i < page.rows.size(); ++i) items.push_back(item_json(page.rows[i], seen[i]));
    if (page.next) next = make_cursor(bound, Json{{"id", page.next->id}, {"at", page.next->changed}});
  }
  return json_answer(Json{{"items", std::move(items)}, {"next", std::move(next)}});
}

Result<Response> get_item(const Serving& serving, const ApiRequest& request) {
  FoundItem found = TRY(find_item(serving, request));
  const content::ContentType& type = *found.type;
  found.item.labels = TRY(found.reader->items().labels(found.item.key));
  const auto newest = TRY(found.reader->items().newest_content(found.item.key, {}));
  const std::vector<Seen> seen = TRY(read_contents(*found.reader, type, {found.item}, {}));
  return json_answer(Json{{"type", type.name},
                          {"label_one", type.label_one},
                          {"id", found.item.id},
                          {"title", seen.front().title},
                          {"gone", found.item.gone},
                          {"versions", found.item.version},
                          {"first_at", time_json(found.item.first_at)},
                          {"last_at", time_json(found.item.last_at)},
                          {"newest", newest ? Json(newest->version) : Json(nullptr)},
                          {"restorable", type.restore != content::Restore::never},
                          {"restore_note", text_or_null(type.restore_note)}});
}

}  // namespace backstock::http
