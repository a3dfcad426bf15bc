#include "capture/item_reader.h"

#include <algorithm>
#include <set>

#include "base/json_text.h"
#include "capture/type_listing.h"
#include "content/item_id.h"
#include "store_api/listing.h"

namespace backstock::capture {
namespace {

// The first request of a part's list, as its walk would send it.
store_api::Get first_page(const store_api::ListSpec& spec) {
  store_api::Get get{.path = spec.path, .query = spec.query, .scope = spec.scope};
  if (spec.paging != content::Paging::whole) get.query.emplace_back("limit", std::to_string(spec.page_limit));
  if (spec.paging == content::Paging::v3_pages || spec.paging == content::Paging::v2_pages)
    get.query.emplace_back("page", "1");
  return get;
}

// V3 answers carry their rows in `data`; only V2 answers are bare.
bool is_v3(std::string_view path) { return path.starts_with("/v3/"); }

void append_rows(FetchedPart& part, const store_api::Page& page) {
  part.textual = part.textual && page.findings.valid_utf8 && !page.findings.control_in_string;
  for (const std::string_view row : page.items) {
    if (part.bytes.size() > 1) part.bytes += ',';
    part.bytes.append(row);
  }
}

// Does the answer leave something for further pages? Where it says nothing, a round number of rows may be a cap.
bool has_more(const store_api::ListSpec& spec, const store_api::CutReply& cut) {
  const std::size_t rows = cut.page.items.size();
  if (spec.paging == content::Paging::whole || rows == 0) return cut.facts.total.value_or(0) > rows;
  if (spec.paging == content::Paging::v3_cursor) return cut.facts.next_link || rows >= spec.page_limit;
  if (cut.facts.total || cut.facts.total_pages)
    return cut.facts.total.value_or(0) > rows || cut.facts.total_pages.value_or(1) > 1;
  return rows >= spec.page_limit || rows % 50 == 0;
}

// "items_shipped>0", "redemption_type=COUPON", "modifiers".
struct Condition {
  std::string_view field;
  char sign = 0;
  std::string_view value;
};

Condition condition_of(std::string_view text) {
  const auto sign = text.find_first_of("=>");
  if (sign == text.npos) return {text, 0, {}};
  return {text.substr(0, sign), text[sign], text.substr(sign + 1)};
}

bool is_above_zero(const std::string& number) {
  return number.find_first_of("123456789") != number.npos && number[0] != '-';
}

bool is_met(const Condition& condition, std::string_view value) {
  if (condition.sign == '=') return json_text::as_label(value) == condition.value;
  if (condition.sign == '>') return is_above_zero(json_text::as_label(value));
  return json_text::count_elements(value) > 0;
}

// Where in the entry a part stands: parts are kept and hashed in that order.
std::size_t place_of(const content::ContentType& type, std::string_view name) {
  for (std::size_t i = 0; i < type.parts.size(); ++i) {
    if (type.parts[i].name == name) return i;
  }
  return type.parts.size();
}

FoundByIds without_parents(store_api::ByIdsFound batch) {
  FoundByIds found;
  for (store_api::Page& page : batch.pages) found.pages.push_back({std::move(page), {}});
  found.absent = std::move(batch.absent);
  return found;
}

// "/v2/coupons?id={id}": the list, asked for one id, and empty where there is none.
bool is_filter(std::string_view item_path) { return item_path.find('?') != item_path.npos; }

store_api::Get get_of_item(const content::ContentType& type, const store_api::Query& query, const std::string& id) {
  const std::string filled = fill_in(type.item_path, {.id = id});
  const auto mark = filled.find('?');
  store_api::Get get{.path = filled.substr(0, mark), .query = query, .scope = type.scope_read};
  if (mark != filled.npos) {
    for (auto& pair : parse_query(std::string_view(filled).substr(mark + 1))) get.query.push_back(std::move(pair));
  }
  return get;
}

std::vector<Result<FoundByIds>> read_one_by_one(const content::ContentType& type, store_api::StoreClient& client,
                                                const store_api::Query& query,
                                                const std::vector<std::vector<std::string>>& batches,
                                                std::stop_token stop) {
  std::vector<Result<FoundByIds>> found;
  for (const std::vector<std::string>& ids : batches) {
    std::vector<store_api::Get> gets;
    for (const std::string& id : ids) gets.push_back(get_of_item(type, query, id));
    auto replies = client.get_many(gets, stop);
    Result<FoundByIds> batch = FoundByIds();
    for (std::size_t i = 0; i < ids.size() && batch; ++i) {
      if (!replies[i] && replies[i].error().kind == ErrorKind::not_found) {
        batch->absent.push_back(ids[i]);
        continue;
      }
      auto cut = replies[i] ? store_api::cut_reply(std::move(*replies[i])) : std::move(replies[i]).error();
      if (!cut) {
        batch = std::move(cut).error();
      } else if (cut->page.items.empty() && is_filter(type.item_path)) {
        batch->absent.push_back(ids[i]);
      } else if (cut->page.items.size() != 1 || content::item_id(type, cut->page.items.front()) != ids[i]) {
        batch = make_error(ErrorKind::rejected, gets[i].path + " answered something else than the item asked for",
                           "the next run tries again");
      } else {
        batch->pages.push_back({std::move(cut->page), {}});
      }
    }
    found.push_back(std::move(batch));
  }
  return found;
}

Result<FoundByIds> find_in_listing(const content::ContentType& type, store_api::StoreClient& client,
                                   const store_api::Query& query, const std::vector<std::string>& ids,
                                   std::stop_token stop) {
  TypeListing::Ask ask{.query = query};
  if (!type.parent_type.empty()) {
    for (const std::string& id : ids) ask.parents.insert(id.substr(0, id.find('/')));
  }
  TypeListing listing(type, client, std::move(ask));
  FoundByIds found;
  std::set<std::string> absent(ids.begin(), ids.end());
  while (auto page = TRY(listing.next(stop))) {
    std::erase_if(page->page.items,
                  [&](std::string_view row) { return absent.erase(content::item_id(type, row, page->parent)) == 0; });
    if (!page->page.items.empty()) found.pages.push_back(std::move(*page));
    if (absent.empty()) return found;
  }
  if (!listing.completeness().complete) {
    return make_error(ErrorKind::unreachable,
                      "the list of " + std::string(type.name) + " was not whole: " + listing.completeness().why_not,
                      "try again");
  }
  found.absent.assign(absent.begin(), absent.end());
  return found;
}

std::vector<Result<FoundByIds>> read_from_listing(const content::ContentType& type, store_api::StoreClient& client,
                                                  const store_api::Query& query,
                                                  const std::vector<std::vector<std::string>>& batches,
                                                  std::stop_token stop) {
  std::vector<Result<FoundByIds>> found;
  for (const std::vector<std::string>& ids : batches) found.push_back(find_in_listing(type, client, query, ids, stop));
  return found;
}

Result<FoundByIds> walk_with_filter(const content::ContentType& type, store_api::StoreClient& client,
                                    store_api::Query query, const std::vector<std::string>& ids, std::stop_token stop) {
  std::string list;
  for (const std::string& id : ids) list.append(list.empty() ? "" : ",").append(id);
  query.emplace_back(type.id_filter, std::move(list));
  store_api::ListSpec spec = item_list(type);
  for (auto& pair : query) spec.query.push_back(std::move(pair));
  store_api::Listing listing(client, std::move(spec));
  FoundByIds found;
  std::set<std::string> absent(ids.begin(), ids.end());
  bool all_asked_for = true;
  while (auto page = TRY(listing.next(stop))) {
    for (const std::string_view raw : page->items)
      all_asked_for = absent.erase(content::item_id(type, raw)) != 0 && all_asked_for;
    found.pages.push_back({std::move(*page), {}});
  }
  if (!all_asked_for) {
    return make_error(ErrorKind::rejected, std::string(type.list_path) +
                                               " answered rows that were not asked for: the " +
                                               "store does not follow " + std::string(type.id_filter));
  }
  if (!listing.completeness().complete) {
    return make_error(ErrorKind::unreachable,
                      std::string(type.list_path) + " was not whole: " + listing.completeness().why_not,
                      "the next run tries again");
  }
  found.absent.assign(absent.begin(), absent.end());
  return found;
}

}  // namespace

bool concerns_all(ErrorKind kind) {
  return kind == ErrorKind::refused || kind == ErrorKind::forbidden || kind == ErrorKind::cancelled ||
         kind == ErrorKind::no_space || kind == ErrorKind::corrupt;
}

bool has_read_by_id(const content::ContentType& type) { return !type.id_filter.empty() || !type.item_path.empty(); }

std::vector<Result<FoundByIds>> read_by_ids(const content::ContentType& type, store_api::StoreClient& client,
                                            store_api::Query query,
                                            const std::vector<std::vector<std::string>>& batches,
                                            std::stop_token stop) {
  if (!has_read_by_id(type)) return read_from_listing(type, client, query, batches, stop);
  if (type.id_filter.empty()) return read_one_by_one(type, client, query, batches, stop);
  std::vector<Result<FoundByIds>> found;
  if (type.paging != content::Paging::whole) {
    store_api::ByIdsSpec spec;
    spec.path = type.list_path;
    spec.id_filter = type.id_filter;
    spec.id_field = type.id_field;
    spec.query = std::move(query);
    spec.scope = type.scope_read;
    for (Result<store_api::ByIdsFound>& batch : store_api::get_by_ids(client, spec, batches, stop))
      found.push_back(batch ? Result<FoundByIds>(without_parents(std::move(*batch))) : std::move(batch).error());
    return found;
  }
  for (const std::vector<std::string>& ids : batches)
    found.push_back(ids.empty() ? FoundByIds{} : walk_with_filter(type, client, query, ids, stop));
  return found;
}

ItemReader::ItemReader(const content::ContentType& type, store_api::StoreClient& client, WholeLists& lists,
                       std::span<const std::string> extra_parts, Recorder* recorder)
    : type_(&type), client_(&client), lists_(&lists), recorder_(recorder) {
  for (const content::Part& part : type.parts) {
    const std::string name = std::string(type.name) + "." + std::string(part.name);
    const bool wanted =
        !part.on_request || std::find(extra_parts.begin(), extra_parts.end(), name) != extra_parts.end();
    const bool embedded = part.from == content::PartFrom::embedded && part.confirm_from != 0;
    if (embedded || (part.from == content::PartFrom::per_item && wanted)) lists_per_item_.push_back(&part);
  }
}

Result<Fetched> ItemReader::read(const std::vector<std::vector<std::string>>& batches, std::stop_token stop) {
  Fetched fetched;
  auto found = read_by_ids(*type_, *client_, item_query(*type_), batches, stop);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i]) {
      if (concerns_all(found[i].error().kind)) return std::move(found[i]).error();
      for (const std::string& id : batches[i]) fetched.problems.push_back({id, found[i].error()});
      continue;
    }
    for (const ListedPage& page : found[i]->pages)
      take_rows({page.parent, page.page.items, page.page.findings}, fetched);
    for (std::string& id : found[i]->absent) fetched.absent.push_back(std::move(id));
  }
  TRY(finish(fetched, true, stop));
  return fetched;
}

Result<Fetched> ItemReader::complete(const Slice& slice, bool all_parts, std::stop_token stop) {
  Fetched fetched;
  take_rows(slice, fetched);
  TRY(finish(fetched, all_parts, stop));
  return fetched;
}

// Cuts the items out of a page as their raw bytes.
void ItemReader::take_rows(const Slice& slice, Fetched& into) const {
  const bool all_textual = slice.findings.valid_utf8 && !slice.findings.control_in_string;
  for (const std::string_view raw : slice.items) {
    FetchedItem item;
    item.id = content::item_id(*type_, raw, slice.parent);
    item.bytes = raw;
    if (!all_textual) {
      const auto findings = json_text::check(raw);
      item.textual = findings && findings->valid_utf8 && !findings->control_in_string;
    }
    if (item.id.empty()) {
      into.problems.push_back(
          {"?", make_error(ErrorKind::rejected, "an item of " + std::string(type_->label) + " came without " +
                                                    std::string(type_->id_field))});
      continue;
    }
    into.items.push_back(std::move(item));
  }
}

// The cheap parts first: they help to tell whether the dear ones must be read.
Result<> ItemReader::finish(Fetched& fetched, bool all_parts, std::stop_token stop) {
  for (FetchedItem& item : fetched.items) {
    TRY(lists_->append_rows(item, stop));
    if (type_->parts_follow_item && !all_parts && recorder_ != nullptr)
      item.as_stored = TRY(recorder_->is_stored(*type_, item, doubted_));
  }
  TRY(fetch_parts(fetched, stop));
  for (FetchedItem& item : fetched.items) {
    std::stable_sort(item.parts.begin(), item.parts.end(), [&](const FetchedPart& a, const FetchedPart& b) {
      return place_of(*type_, a.name) < place_of(*type_, b.name);
    });
  }
  return {};
}

// One walk over each item, whatever the number of parts: items are large, and there are many.
std::vector<ItemReader::Wanted> ItemReader::wanted_lists(const Fetched& fetched) const {
  struct Question {
    const content::Part* part;
    Condition condition;  // of a field of the item; no field: always read
    bool read;
    std::size_t count;  // elements that came inside the item
  };
  std::vector<Question> questions;
  for (const content::Part* part : lists_per_item_) {
    const bool embedded = part->from == content::PartFrom::embedded;
    questions.push_back({part, condition_of(embedded ? part->name : part->only_if), false, 0});
  }
  std::vector<Wanted> wanted;
  if (questions.empty()) return wanted;
  for (std::size_t i = 0; i < fetched.items.size(); ++i) {
    if (fetched.items[i].as_stored) continue;
    for (Question& question : questions) {
      question.read = question.condition.field.empty();
      question.count = 0;
    }
    json_text::for_each_field(fetched.items[i].bytes, [&](std::string_view key, std::string_view value) {
      key = key.substr(1, key.size() - 2);
      for (Question& question : questions) {
        if (key != question.condition.field) continue;
        if (question.part->from == content::PartFrom::embedded) {
          question.count = json_text::count_elements(value);
          question.read = question.count >= question.part->confirm_from;
        } else {
          question.read = is_met(question.condition, value);
        }
      }
      return true;
    });
    for (const Question& question : questions) {
      if (question.read) wanted.push_back({i, question.part, question.count});
    }
  }
  return wanted;
}

Result<> ItemReader::fetch_parts(Fetched& fetched, std::stop_token stop) {
  const std::vector<Wanted> wanted = wanted_lists(fetched);
  std::vector<store_api::Get> gets;
  for (const Wanted& w : wanted)
    gets.push_back(first_page(part_list(*type_, *w.part, w.part->path, {.id = fetched.items[w.item].id})));
  auto replies = client_->get_many(gets, stop);
  std::set<std::size_t> dropped;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const Wanted& w = wanted[i];
    FetchedItem& item = fetched.items[w.item];
    if (dropped.count(w.item) != 0) continue;
    auto part = read_part(w, item.id, std::move(replies[i]), stop);
    fetched.part_requests += 1;
    if (part) {
      const std::size_t count = json_text::count_elements(part->bytes);
      fetched.part_requests += w.part->page_limit == 0 || count == 0 ? 0 : (count - 1) / w.part->page_limit;
      if (count > w.embedded) item.parts.push_back(std::move(*part));
      continue;
    }
    if (part.error().kind == ErrorKind::forbidden && !w.part->scope.empty()) {
      if (std::erase(lists_per_item_, w.part) != 0) closed_.push_back(w.part);
      std::erase(doubted_, w.part->name);
      continue;
    }
    if (concerns_all(part.error().kind)) return std::move(part).error();
    dropped.insert(w.item);
    // Gone between the two reads: the same as not being there.
    if (part.error().kind == ErrorKind::not_found) {
      fetched.absent.push_back(item.id);
    } else {
      fetched.problems.push_back({item.id, std::move(part).error()});
    }
  }
  for (auto it = dropped.rbegin(); it != dropped.rend(); ++it)
    fetched.items.erase(fetched.items.begin() + static_cast<std::ptrdiff_t>(*it));
  return {};
}

Result<FetchedPart> ItemReader::read_part(const Wanted& wanted, const std::string& id, Result<store_api::Reply> first,
                                          std::stop_token stop) {
  const std::string doing =
      "reading the " + std::string(wanted.part->label) + " of " + std::string(type_->name) + " " + id;
  FetchedPart part{std::string(wanted.part->name), "[", true};
  store_api::Reply reply = TRY(std::move(first).context(doing));
  // One object instead of rows (consent) comes with or without `data`.
  const bool rows_expected = is_v3(wanted.part->path) && !wanted.part->row_id.empty();
  if (rows_expected && !reply.body.empty() && !json_text::find(reply.body, "data")) {
    return make_error(ErrorKind::rejected, doing + ": the answer is not a list", "the next run tries again");
  }
  const auto cut = TRY(store_api::cut_reply(std::move(reply)).context(doing));
  store_api::ListSpec spec = part_list(*type_, *wanted.part, wanted.part->path, {.id = id});
  if (!has_more(spec, cut)) {
    append_rows(part, cut.page);
  } else {
    store_api::Listing listing(*client_, std::move(spec));
    while (const auto page = TRY(listing.next(stop).context(doing))) append_rows(part, *page);
    if (!listing.completeness().complete) {
      return make_error(ErrorKind::unreachable, doing + ": the list was not whole: " + listing.completeness().why_not,
                        "the next run tries again");
    }
  }
  part.bytes += ']';
  return part;
}

}  // namespace backstock::capture
