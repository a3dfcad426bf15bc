#include "capture/item_reader.h"

#include <set>

#include "base/json_text.h"
#include "store_api/listing.h"

namespace backstock::capture {
namespace {

std::string with_id(std::string_view path, std::string_view id) {
  std::string text(path);
  if (const auto at = text.find("{id}"); at != text.npos) text.replace(at, 4, id);
  return text;
}

store_api::Get first_page(const content::ContentType& type, const content::Part& part, std::string_view id) {
  store_api::Get get;
  get.path = with_id(part.path, id);
  if (part.paging != content::Paging::whole) get.query = {{"limit", std::to_string(part.page_limit)}, {"page", "1"}};
  get.scope = type.scope_read;
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

Result<store_api::ByIdsFound> walk_with_filter(const content::ContentType& type, store_api::StoreClient& client,
                                               store_api::Query query, const std::vector<std::string>& ids,
                                               std::stop_token stop) {
  std::string list;
  for (const std::string& id : ids) list.append(list.empty() ? "" : ",").append(id);
  query.emplace_back(type.id_filter, std::move(list));
  store_api::ListSpec spec;
  spec.path = type.list_path;
  spec.query = std::move(query);
  spec.paging = type.paging;
  spec.id_field = type.id_field;
  spec.scope = type.scope_read;
  store_api::Listing listing(client, std::move(spec));
  store_api::ByIdsFound found;
  std::set<std::string> absent(ids.begin(), ids.end());
  bool all_asked_for = true;
  while (auto page = TRY(listing.next(stop))) {
    for (const std::string_view raw : page->items)
      all_asked_for = absent.erase(content::item_id(type, raw)) != 0 && all_asked_for;
    found.pages.push_back(std::move(*page));
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

store_api::Query item_query(const content::ContentType& type) {
  std::string includes;
  for (const std::string_view include : type.includes) includes.append(includes.empty() ? "" : ",").append(include);
  return includes.empty() ? store_api::Query() : store_api::Query{{"include", includes}};
}

std::vector<Result<store_api::ByIdsFound>> read_by_ids(const content::ContentType& type, store_api::StoreClient& client,
                                                       store_api::Query query,
                                                       const std::vector<std::vector<std::string>>& batches,
                                                       std::stop_token stop) {
  if (type.paging != content::Paging::whole) {
    store_api::ByIdsSpec spec;
    spec.path = type.list_path;
    spec.id_filter = type.id_filter;
    spec.id_field = type.id_field;
    spec.query = std::move(query);
    spec.scope = type.scope_read;
    return store_api::get_by_ids(client, spec, batches, stop);
  }
  std::vector<Result<store_api::ByIdsFound>> found;
  for (const std::vector<std::string>& ids : batches)
    found.push_back(ids.empty() ? store_api::ByIdsFound{} : walk_with_filter(type, client, query, ids, stop));
  return found;
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
    for (const store_api::Page& page : found[i]->pages) take_page(page, fetched);
    for (std::string& id : found[i]->absent) fetched.absent.push_back(std::move(id));
  }
  TRY(fetch_parts(fetched, stop));
  return fetched;
}

Result<Fetched> ItemReader::complete(const store_api::Page& page, std::stop_token stop) {
  Fetched fetched;
  take_page(page, fetched);
  TRY(fetch_parts(fetched, stop));
  return fetched;
}

// Cuts the items out of a page as their raw bytes.
void ItemReader::take_page(const store_api::Page& page, Fetched& into) const {
  const bool all_textual = page.findings.valid_utf8 && !page.findings.control_in_string;
  for (const std::string_view raw : page.items) {
    FetchedItem item;
    item.id = content::item_id(*type_, raw);
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

// One walk over each item, whatever the number of parts: items are large, and there are many.
std::vector<ItemReader::Wanted> ItemReader::wanted_lists(const Fetched& fetched) const {
  struct Question {
    const content::Part* part;
    std::string_view array;  // of the item, whose elements decide; empty: always read
    std::size_t count;
  };
  std::vector<Question> questions;
  for (const content::Part& part : type_->parts) {
    if (part.from == content::PartFrom::embedded && part.confirm_from != 0) questions.push_back({&part, part.name, 0});
    if (part.from == content::PartFrom::per_item) questions.push_back({&part, part.only_if, 0});
  }
  std::vector<Wanted> wanted;
  if (questions.empty()) return wanted;
  for (std::size_t i = 0; i < fetched.items.size(); ++i) {
    for (Question& question : questions) question.count = 0;
    json_text::for_each_field(fetched.items[i].bytes, [&](std::string_view key, std::string_view value) {
      key = key.substr(1, key.size() - 2);
      for (Question& question : questions) {
        if (key == question.array) question.count = json_text::count_elements(value);
      }
      return true;
    });
    for (const Question& question : questions) {
      const bool embedded = question.part->from == content::PartFrom::embedded;
      const bool read =
          embedded ? question.count >= question.part->confirm_from : question.array.empty() || question.count > 0;
      if (read) wanted.push_back({i, question.part, embedded ? question.count : 0});
    }
  }
  return wanted;
}

Result<> ItemReader::fetch_parts(Fetched& fetched, std::stop_token stop) {
  const std::vector<Wanted> wanted = wanted_lists(fetched);
  std::vector<store_api::Get> gets;
  for (const Wanted& w : wanted) gets.push_back(first_page(*type_, *w.part, fetched.items[w.item].id));
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
  for (FetchedItem& item : fetched.items) TRY(lists_->append_rows(item, stop));
  return {};
}

Result<FetchedPart> ItemReader::read_part(const Wanted& wanted, const std::string& id, Result<store_api::Reply> first,
                                          std::stop_token stop) {
  const std::string doing =
      "reading the " + std::string(wanted.part->label) + " of " + std::string(type_->name) + " " + id;
  FetchedPart part{std::string(wanted.part->name), "[", true};
  store_api::Reply reply = TRY(std::move(first).context(doing));
  if (is_v3(wanted.part->path) && !reply.body.empty() && !json_text::find(reply.body, "data")) {
    return make_error(ErrorKind::rejected, doing + ": the answer is not a list", "the next run tries again");
  }
  const auto cut = TRY(store_api::cut_reply(std::move(reply)).context(doing));
  const bool more = cut.facts.total.value_or(0) > cut.page.items.size() || cut.facts.total_pages.value_or(1) > 1;
  if (!more) {
    append_rows(part, cut.page);
  } else {
    store_api::ListSpec spec;
    spec.path = with_id(wanted.part->path, id);
    spec.paging = wanted.part->paging;
    spec.page_limit = wanted.part->page_limit;
    spec.scope = type_->scope_read;
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
