#include "http/api_types.h"

#include <algorithm>

#include "content/describe.h"
#include "content/registry.h"
#include "http/api_answer.h"
#include "http/api_lookup.h"
#include "index/run_rows.h"

namespace backstock::http {
namespace {

const char* word_of(content::Shown shown) {
  switch (shown) {
    case content::Shown::text:
      return "text";
    case content::Shown::money:
      return "money";
    case content::Shown::number:
      return "number";
    case content::Shown::date:
      return "date";
    case content::Shown::yes_no:
      return "yes_no";
  }
  return "text";
}

// Tabs by name, then each type's place in its tab.
std::vector<const content::ContentType*> in_page_order() {
  std::vector<const content::ContentType*> types;
  for (const content::ContentType& type : content::all_types()) types.push_back(&type);
  std::stable_sort(types.begin(), types.end(), [](const auto* a, const auto* b) {
    return a->group != b->group ? a->group < b->group : a->place < b->place;
  });
  return types;
}

// What stands above the column of titles.
std::string title_label(const content::ContentType& type) {
  if (type.title_fields.size() > 1) return "Name";
  const auto& fields = type.title_fields.empty() ? type.label_fields[0] : type.title_fields[0];
  return type.title_fields.empty() && type.label_fields.empty() ? "ID" : content::field_label(type, fields);
}

// How the last runs of the type went.
struct Standing {
  std::string status = "never";  // `late` comes with schedules: without one there is no time by which a run is due
  std::string message;
  std::optional<std::int64_t> last_full;
  std::optional<std::int64_t> last;
};

Result<Standing> standing_of(index::Connection& connection, std::string_view type) {
  Standing standing;
  const auto last = TRY(index::last_attempt(connection, type));
  if (!last) return standing;
  const auto good = TRY(index::last_good(connection, type, false));
  const auto full = TRY(index::last_good(connection, type, true));
  if (good) standing.last = good->started;
  if (full) standing.last_full = full->started;
  standing.status = last->outcome == "done" ? "protected" : last->outcome == "forbidden" ? "forbidden" : "failing";
  if (last->outcome != "done") {
    const auto report = parse_json(last->report, "a type's report");
    if (report) standing.message = string_at(*report, "message");
  }
  return standing;
}

Json type_json(const content::ContentType& type, const index::TypeCount& count, const Standing& standing) {
  Json columns = Json::array();
  for (const content::Column& column : type.columns)
    columns.push_back(Json{{"field", column.field}, {"label", column.label}, {"kind", word_of(column.shown)}});
  return Json{{"type", type.name},
              {"label", type.label},
              {"label_one", type.label_one},
              {"group", type.group},
              {"title_label", title_label(type)},
              {"columns", std::move(columns)},
              {"items", count.present},
              {"gone", count.gone},
              {"versions", count.versions},
              {"recent_change_at", count.versions == 0 ? Json(nullptr) : time_json(count.last_at)},
              {"status", standing.status},
              {"message", text_or_null(standing.message)},
              {"last_full_at", time_json(standing.last_full)},
              {"last_at", time_json(standing.last)},
              {"restorable", type.restore != content::Restore::never},
              {"restore_note", text_or_null(type.restore_note)}};
}

}  // namespace

Result<Response> get_types(const Serving& serving, const ApiRequest& request) {
  const StoreDoor::Store* store = TRY(find_store(serving, request));
  const auto reader = TRY(open_reader(*store));
  std::optional<index::Snapshot> snapshot;
  std::vector<index::TypeCount> counts;
  if (reader != nullptr) {
    snapshot.emplace(TRY(index::Snapshot::begin(reader->connection())));
    counts = TRY(reader->items().counts());
  }
  const StoreDoor::Work work = serving.stores->work(store->name);
  Json types = Json::array();
  for (const content::ContentType* type : in_page_order()) {
    Standing standing;
    if (reader != nullptr) standing = TRY(standing_of(reader->connection(), type->name));
    if (work.type == type->name) standing.status = "running";
    const auto count = std::find_if(counts.begin(), counts.end(), [&](const auto& c) { return c.type == type->name; });
    types.push_back(type_json(*type, count == counts.end() ? index::TypeCount{} : *count, standing));
  }
  return json_answer(Json{{"types", std::move(types)}});
}

}  // namespace backstock::http
