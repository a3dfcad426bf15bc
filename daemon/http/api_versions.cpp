#include "http/api_versions.h"

#include <algorithm>
#include <limits>
#include <mutex>

#include "base/json_text.h"
#include "content/changes.h"
#include "content/compare.h"
#include "content/describe.h"
#include "http/api_answer.h"
#include "http/api_lookup.h"

namespace backstock::http {
namespace {

constexpr std::uint32_t kLarge = 4 * 1024 * 1024;  // bytes of a version's line
constexpr std::size_t kMostRows = 2000;
constexpr std::size_t kMostCharacters = 2000;  // of a compared value
constexpr std::int64_t kNoVersion = std::numeric_limits<std::uint32_t>::max();

// Held while a large version is in memory, so that there is one of these at a time.
class OneLarge {
 public:
  explicit OneLarge(bool is_large) {
    if (is_large) held_ = std::unique_lock(mutex());
  }

 private:
  static std::mutex& mutex() {
    static std::mutex one;
    return one;
  }
  std::unique_lock<std::mutex> held_;
};

Error no_version() {
  return about("the version cannot be shown", make_error(ErrorKind::not_found, "the item has no version of that number",
                                                         "/api/v1/versions lists those it has"));
}

// A version's content as content/ wants it. A tombstone has none.
struct Side {
  Side(const Side&) = delete;  // `parts` are views; moving keeps them whole
  Side(Side&&) = default;
  explicit Side(vault::StoredVersion&& from) : stored(std::move(from)) {
    std::string().swap(stored.line);
    for (const vault::StoredPart& part : stored.parts) parts.push_back({part.name, part.bytes});
  }
  content::Captured captured() const {
    return {stored.meta.gone ? std::string_view("{}") : std::string_view(stored.item), parts};
  }

  vault::StoredVersion stored;
  std::vector<content::RawPart> parts;  // into stored
};

// Tells what changed, version after version, oldest first, with two of them in memory.
class Story {
 public:
  Story(FoundItem& found) : found_(&found) {}

  // What the first told version is compared with: the version before it, and the newest content up to there.
  void begin(const std::optional<index::VersionRow>& before, const std::optional<index::VersionRow>& content) {
    was_gone_ = before && before->gone;
    if (content) take(*content);
  }

  content::Changes tell(const index::VersionRow& row) {
    const bool came_back = std::exchange(was_gone_, row.gone);
    if (row.gone) return content::describe_tombstone();
    const bool had_content = had_content_;
    const std::optional<Side> before = std::move(content_);
    const std::string trouble_before = trouble_;
    take(row);
    if (!trouble_.empty()) return {{trouble_}, 0};
    if (!had_content) return content::describe_content(*found_->type, nullptr, content_->captured(), came_back);
    if (!before) return {{"Not compared: " + trouble_before + " (the version before)"}, 0};
    const content::Captured captured = before->captured();
    return content::describe_content(*found_->type, &captured, content_->captured(), came_back);
  }

 private:
  void take(const index::VersionRow& row) {
    had_content_ = true;
    content_.reset();
    trouble_.clear();
    if (row.size > kLarge) {
      trouble_ = "Too large for a list of changes";
      return;
    }
    auto stored = found_->reader->read({std::string(found_->type->name), found_->item.id, row});
    if (stored) {
      content_.emplace(std::move(*stored));
    } else {
      trouble_ = "Its bytes are damaged; `backstock verify` says where";
    }
  }

  FoundItem* found_;
  bool was_gone_ = false;
  bool had_content_ = false;
  std::optional<Side> content_;  // the newest so far; none with trouble_
  std::string trouble_;
};

Json version_json(const index::VersionRow& row, content::Changes changes) {
  return Json{{"version", row.version},
              {"at", time_json(row.at)},
              {"source", row.source},
              {"run", row.run},
              {"gone", row.gone},
              {"size", row.size},
              {"changes", std::move(changes.sentences)},
              {"change_count", changes.count}};
}

Json value_json(std::string_view raw) {
  if (raw.empty()) return nullptr;
  const std::string text = json_text::as_label(raw);
  const std::size_t length = content::count_characters(text);
  const auto cut = [](std::string_view whole) {
    std::string part = content::cut_text(whole, kMostCharacters);
    if (part.size() > whole.size() || part != whole) part.resize(part.size() - std::string_view("…").size());
    return part;
  };
  return Json{{"text", cut(text)}, {"raw", cut(raw)}, {"length", length}, {"cut", length > kMostCharacters}};
}

const char* change_word(const content::FieldPair& pair) {
  switch (pair.kind) {
    case content::Difference::Kind::same:
      return "same";
    case content::Difference::Kind::added:
      return pair.is_volatile ? "by_itself" : "added";
    case content::Difference::Kind::removed:
      return pair.is_volatile ? "by_itself" : "removed";
    case content::Difference::Kind::changed:
      break;
  }
  return pair.is_volatile ? "by_itself" : pair.same_number ? "same_number" : "changed";
}

// The rows of a comparison, as many as there may be: changed ones push equal ones out.
class Rows {
 public:
  Rows(content::RowNames& names, bool changes_only) : names_(&names), changes_only_(changes_only) {}

  void add(const content::FieldPair& pair) {
    const bool same = pair.kind == content::Difference::Kind::same;
    if (same && changes_only_) return;
    if (!same && !pair.is_volatile) ++changes_;
    if (rows_.size() - dropped_ >= kMostRows && !(same ? false : drop_a_same_one())) {
      ++left_out_;
      return;
    }
    const auto place = names_->place_of(pair.path);
    if (same) same_.push_back(rows_.size());
    rows_.push_back(Json{{"path", pair.path},
                         {"section", place.section},
                         {"label", place.label},
                         {"before", value_json(pair.before)},
                         {"after", value_json(pair.after)},
                         {"change", change_word(pair)}});
  }

  Json take(std::int64_t from, std::int64_t to) {
    Json rows = Json::array();
    for (Json& row : rows_)
      if (!row.is_null()) rows.push_back(std::move(row));
    return Json{
        {"from", from}, {"to", to}, {"rows", std::move(rows)}, {"left_out", left_out_}, {"change_count", changes_}};
  }

 private:
  bool drop_a_same_one() {
    if (same_.empty()) return false;
    rows_[same_.back()] = nullptr;
    same_.pop_back();
    ++dropped_;
    ++left_out_;
    return true;
  }

  content::RowNames* names_;
  bool changes_only_;
  std::vector<Json> rows_;         // null: dropped
  std::vector<std::size_t> same_;  // places of equal ones in rows_
  std::size_t dropped_ = 0;
  std::size_t left_out_ = 0;
  std::size_t changes_ = 0;
};

Result<index::VersionRow> version_row(FoundItem& found, std::int64_t number) {
  auto row =
      TRY(found.reader->items().find_version(found.type->name, found.item.id, static_cast<std::uint32_t>(number)));
  if (!row) return no_version();
  return std::move(*row);
}

Result<Side> read_side(FoundItem& found, const index::VersionRow& row) {
  return Side(TRY(found.reader->read({std::string(found.type->name), found.item.id, row})));
}

// "products-123-version-4.json", with nothing of an id that could mean something in a header or a file name.
std::string file_name(const FoundItem& found, std::int64_t version) {
  std::string id = found.item.id.substr(0, 60);
  std::replace_if(
      id.begin(), id.end(),
      [](char c) { return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')); }, '_');
  return std::string(found.type->name) + "-" + id + "-version-" + std::to_string(version) + ".json";
}

}  // namespace

Result<Response> get_versions(const Serving& serving, const ApiRequest& request) {
  const auto before = static_cast<std::uint32_t>(TRY(request.number("before", 1, kNoVersion, kNoVersion)));
  const auto limit = static_cast<std::uint32_t>(TRY(request.number("limit", 1, 50, 20)));
  FoundItem found = TRY(find_item(serving, request));
  // One more: whether the list goes on, and what the oldest is compared with.
  auto rows = TRY(found.reader->items().history_before(found.item.key, before, limit + 1));
  std::optional<index::VersionRow> older;
  if (rows.size() > limit) {
    older = std::move(rows.back());
    rows.pop_back();
  }
  Story story(found);
  if (older)
    story.begin(older, older->gone ? TRY(found.reader->items().content_before(found.item.key, older->version)) : older);
  std::vector<Json> told;
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) told.push_back(version_json(*row, story.tell(*row)));
  std::reverse(told.begin(), told.end());
  const Json next = older ? Json(rows.back().version) : Json(nullptr);
  return json_answer(Json{{"versions", std::move(told)}, {"next", next}});
}

Result<Response> get_compare(const Serving& serving, const ApiRequest& request) {
  const std::int64_t from = TRY(request.needed_number("from", 1, kNoVersion));
  const std::int64_t to = TRY(request.needed_number("to", 1, kNoVersion));
  const bool changes_only = TRY(request.flag("changes_only"));
  FoundItem found = TRY(find_item(serving, request));
  const index::VersionRow from_row = TRY(version_row(found, from));
  const index::VersionRow to_row = TRY(version_row(found, to));
  const OneLarge slot(std::max(from_row.size, to_row.size) > kLarge);
  const Side before = TRY(read_side(found, from_row));
  const Side after = TRY(read_side(found, to_row));
  content::RowNames names(*found.type, before.captured(), after.captured());
  Rows rows(names, changes_only);
  content::compare_fields(*found.type, before.captured().item, before.captured().parts, after.captured().item,
                          after.captured().parts, [&](const content::FieldPair& pair) { rows.add(pair); });
  return json_answer(rows.take(from, to));
}

Result<Response> get_source(const Serving& serving, const ApiRequest& request) {
  const std::int64_t number = TRY(request.needed_number("version", 1, kNoVersion));
  const bool parts = TRY(request.flag("parts"));
  const bool download = TRY(request.flag("download"));
  FoundItem found = TRY(find_item(serving, request));
  const index::VersionRow row = TRY(version_row(found, number));
  if (row.gone && !parts) {
    return about("the source cannot be shown",
                 make_error(ErrorKind::not_found, "this version says that the item was deleted; it has no content",
                            "ask for the version before, or for parts=1"));
  }
  const OneLarge slot(row.size > kLarge);
  Response response{.content_type = "application/json", .headers = {{"Cache-Control", "no-store"}}};
  {
    vault::StoredVersion stored = TRY(found.reader->read({std::string(found.type->name), found.item.id, row}));
    response.body = std::move(parts ? stored.line : stored.item);
  }
  if (download) {
    response.headers.push_back({"Content-Disposition", "attachment; filename=\"" + file_name(found, number) + "\""});
  }
  return response;
}

}  // namespace backstock::http
