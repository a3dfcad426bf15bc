#include "store_api/page.h"

namespace backstock::store_api {
namespace {

std::optional<std::uint64_t> number_in(std::string_view object, std::string_view key) {
  const auto value = json_text::find(object, key);
  if (!value) return std::nullopt;
  // Some services send numbers as strings.
  const std::string text = json_text::as_label(*value);
  const auto number = json_text::as_int(text);
  if (!number || *number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

std::optional<std::uint64_t> first_number(std::string_view object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (const auto number = number_in(object, key)) return number;
  }
  return std::nullopt;
}

std::string label_in(std::string_view object, std::string_view key) {
  const auto value = json_text::find(object, key);
  return value ? json_text::as_label(*value) : std::string();
}

void read_links(PagingFacts& facts, std::string_view pagination) {
  const auto links = json_text::find(pagination, "links");
  if (!links || !json_text::is_object(*links)) return;
  facts.links = true;
  if (!label_in(*links, "next").empty()) facts.next_link = true;
}

PagingFacts read_facts(std::string_view meta) {
  PagingFacts facts;
  if (const auto numbers = json_text::find(meta, "pagination"); numbers && json_text::is_object(*numbers)) {
    facts.pagination = true;
    facts.total = first_number(*numbers, {"total", "total_items"});
    facts.per_page = first_number(*numbers, {"per_page", "limit"});
    facts.current_page = number_in(*numbers, "current_page");
    facts.total_pages = first_number(*numbers, {"total_pages", "total_page"});
    facts.count = number_in(*numbers, "count");
    read_links(facts, *numbers);
  }
  if (const auto cursor = json_text::find(meta, "cursor_pagination"); cursor && json_text::is_object(*cursor)) {
    facts.cursor_pagination = true;
    if (std::string end = label_in(*cursor, "end_cursor"); !end.empty()) facts.end_cursor = std::move(end);
    if (const auto count = number_in(*cursor, "count")) facts.count = count;
    if (const auto per_page = number_in(*cursor, "per_page")) facts.per_page = per_page;
    read_links(facts, *cursor);
  }
  if (facts.per_page == 0U) facts.per_page.reset();
  return facts;
}

}  // namespace

Result<CutReply> cut_reply(Reply reply) {
  CutReply cut;
  cut.page.findings = reply.findings;
  cut.page.body = std::make_unique<const std::string>(std::move(reply.body));
  if (cut.page.body->empty()) return cut;  // 204
  const auto json = json_text::first_value(*cut.page.body);
  if (!json) return make_error(ErrorKind::rejected, "the answer is no JSON value");
  const auto take_rows = [&cut](std::string_view rows) {
    json_text::for_each_element(rows, [&cut](std::string_view row) {
      cut.page.items.push_back(row);
      return true;
    });
  };
  if (json_text::is_array(*json)) {
    take_rows(*json);
    return cut;
  }
  if (!json_text::is_object(*json)) {
    return make_error(ErrorKind::rejected, "the answer is neither a list nor an object");
  }
  // One pass: a page can be 16 MiB, and `meta` stands behind `data`.
  std::optional<std::string_view> data;
  std::optional<std::string_view> meta;
  json_text::for_each_field(*json, [&](std::string_view key, std::string_view value) {
    if (key == "\"data\"") data = value;
    if (key == "\"meta\"") meta = value;
    return true;
  });
  if (meta) cut.facts = read_facts(*meta);
  if (!data) {
    cut.page.items.push_back(*json);  // V2: one object
  } else if (json_text::is_array(*data)) {
    take_rows(*data);
  } else if (json_text::is_object(*data)) {
    cut.page.items.push_back(*data);
  } else if (*data != "null") {
    return make_error(ErrorKind::rejected, "`data` in the answer is neither a list nor an object");
  }
  return cut;
}

}  // namespace backstock::store_api
