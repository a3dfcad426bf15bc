// Walks the table of content types against samples in the shape of the API reference: tests/golden/content/<type>/.
//   list_page.json     one page of the list
//   item.json          one whole item, with its embedded parts
//   part_<name>.json   the rows of one part that is read on its own, as they belong to that item
//   canonical.txt      what the hash of the item and those parts is made of; written with BACKSTOCK_ACCEPT=1
// What only some items have (a link page's link, a product coupon's products) may stand in the list page alone.
#include "content/registry.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/json_text.h"
#include "content/fingerprint.h"
#include "content/item_id.h"
#include "content/registry_rules.h"

using namespace backstock;
using namespace backstock::content;

namespace {

// Paths that the sample cannot show, each with its reason.
struct NotShown {
  std::string_view type;
  std::string_view path;
};
constexpr NotShown kNotShown[] = {
    {"products", "options[].image_url"},  // in the request body only
    {"products", "images[].image_url"},   // in the request body; shown by some answers only
};

// Includes that bring a field of another name.
struct IncludeAs {
  std::string_view type;
  std::string_view include;
  std::string_view field;
};
constexpr IncludeAs kIncludedAs[] = {
    {"customers", "storecredit", "store_credit_amounts"},
    {"customers", "formfields", "form_fields"},
    {"orders", "consignments.line_items", "consignments..line_items[]"},
};

// The parent whose list the samples of such types are.
constexpr std::string_view kParent = "3";

std::string_view parent_of(const ContentType& type) { return type.parent_type.empty() ? "" : kParent; }

bool is_never_shown(const ContentType& type, std::string_view path) {
  return std::any_of(std::begin(kNotShown), std::end(kNotShown),
                     [&](const NotShown& one) { return one.type == type.name && one.path == path; });
}

std::string_view included_as(const ContentType& type, std::string_view include) {
  for (const IncludeAs& one : kIncludedAs)
    if (one.type == type.name && one.include == include) return one.field;
  return include;
}

std::filesystem::path sample_path(const ContentType& type, const std::string& file) {
  return std::filesystem::path(BACKSTOCK_GOLDEN_DIR) / "content" / type.name / file;
}

std::string read_sample(const ContentType& type, const std::string& file) {
  const auto path = sample_path(type, file);
  std::ifstream stream(path, std::ios::binary);
  if (!stream) FAIL("missing sample, please write " << path.string());
  std::stringstream text;
  text << stream.rdbuf();
  std::string whole = text.str();
  while (whole.ends_with('\n')) whole.pop_back();
  return whole;
}

bool is_v2(const ContentType& type) { return type.list_path.starts_with("/v2/"); }

// The rows of a list's answer: V2 gives them bare, and where there is but one thing, as that object.
std::vector<std::string> rows_of(const ContentType& type, std::string_view page) {
  const auto value = is_v2(type) ? json_text::first_value(page) : json_text::find(page, "data");
  std::vector<std::string> rows;
  if (!value) return rows;
  if (json_text::is_object(*value)) rows.emplace_back(*value);
  json_text::for_each_element(*value, [&](std::string_view row) {
    rows.emplace_back(row);
    return true;
  });
  return rows;
}

std::vector<std::string> follow(std::string_view value, std::string_view path);

// Wherever `path` can be followed from, in the value itself or at any depth inside it.
void follow_anywhere(std::string_view value, std::string_view path, std::vector<std::string>& found) {
  for (auto& inner : follow(value, path)) found.push_back(std::move(inner));
  json_text::for_each_element(value, [&](std::string_view element) {
    follow_anywhere(element, path, found);
    return true;
  });
  json_text::for_each_field(value, [&](std::string_view, std::string_view inner) {
    follow_anywhere(inner, path, found);
    return true;
  });
}

// All values that a path of the table leads to: dots, `[]`, and `..` for any depth.
std::vector<std::string> follow(std::string_view value, std::string_view path) {
  if (path.empty()) return {std::string(value)};
  std::vector<std::string> found;
  if (path.starts_with("[]")) {
    json_text::for_each_element(value, [&](std::string_view element) {
      for (auto& inner : follow(element, path.substr(2))) found.push_back(std::move(inner));
      return true;
    });
    return found;
  }
  if (path.starts_with("..")) {
    follow_anywhere(value, path.substr(2), found);
    return found;
  }
  if (path.starts_with('.')) path.remove_prefix(1);
  const std::string_view key = path.substr(0, path.find_first_of(".["));
  const auto inner = json_text::find(value, key);
  return inner ? follow(*inner, path.substr(key.size())) : found;
}

// One item with the parts that are read on their own, and the rows of a list page.
struct Sample {
  std::string item;
  std::vector<std::pair<std::string, std::string>> parts;
  std::vector<std::string> rows;

  explicit Sample(const ContentType& type) : item(read_sample(type, "item.json")) {
    for (const Part& part : type.parts)
      if (part.from != PartFrom::embedded)
        parts.emplace_back(part.name, read_sample(type, "part_" + std::string(part.name) + ".json"));
    if (type.fetch == Fetch::from_list) rows = rows_of(type, read_sample(type, "list_page.json"));
  }
  std::vector<RawPart> raw() const {
    std::vector<RawPart> views;
    for (const auto& [name, value] : parts) views.push_back({name, value});
    return views;
  }
  // All values that a path of the table leads to in the item and its parts.
  std::vector<std::string> at(std::string_view path) const {
    const std::string_view first = path.substr(0, path.find_first_of(".["));
    for (const auto& [name, value] : parts)
      if (name == first) return follow(value, path.substr(first.size()));
    return follow(item, path);
  }
  // In these, or in the other items of the list page.
  bool shows(std::string_view path) const {
    return !at(path).empty() ||
           std::any_of(rows.begin(), rows.end(), [&](const std::string& row) { return !follow(row, path).empty(); });
  }
};

// "to.type=product"
struct Condition {
  std::string_view field;
  char sign = 0;
  std::string_view value = {};
};
Condition read_condition(std::string_view text) {
  const auto sign = text.find_first_of("=>");
  if (sign == text.npos) return {text};
  return {text.substr(0, sign), text[sign], text.substr(sign + 1)};
}

// Values, and the values inside them: how much there is.
std::size_t count_values(std::string_view value) {
  std::size_t count = 1;
  json_text::for_each_element(value, [&](std::string_view element) {
    count += count_values(element);
    return true;
  });
  json_text::for_each_field(value, [&](std::string_view, std::string_view inner) {
    count += count_values(inner);
    return true;
  });
  return count;
}

// What the hash of an item was made of, taken apart into item and parts again.
struct Hashed {
  std::vector<std::string> lines;

  Hashed(const ContentType& type, std::string_view item, std::span<const RawPart> parts) {
    std::stringstream text(canonical(type, item, parts));
    for (std::string line; std::getline(text, line);) lines.push_back(std::move(line));
  }
  std::string_view value(std::size_t line) const {
    const std::string_view text = lines[line];
    return line == 0 ? text : text.substr(text.find(':') + 1);
  }
  std::size_t count() const {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) sum += count_values(value(i));
    return sum;
  }
  bool shows(std::string_view path) const {
    const std::string_view first = path.substr(0, path.find_first_of(".["));
    for (std::size_t i = 1; i < lines.size(); ++i)
      if (lines[i].starts_with(std::string(first) + ":")) return !follow(value(i), path.substr(first.size())).empty();
    return !follow(value(0), path).empty();
  }
};

}  // namespace

TEST_CASE("types are found by name") {
  for (const ContentType& type : all_types()) CHECK(find_type(type.name) == &type);
  CHECK(find_type("category") == nullptr);
  CHECK(find_type("") == nullptr);
}

TEST_CASE("the table is in restore order: what is referred to before what refers to it, orders last") {
  std::vector<std::string_view> names;
  for (const ContentType& type : all_types()) names.push_back(type.name);
  CHECK(names == std::vector<std::string_view>{"store_information",
                                               "channels",
                                               "locations",
                                               "customer_attributes",
                                               "category_trees",
                                               "brands",
                                               "categories",
                                               "price_lists",
                                               "products",
                                               "customer_groups",
                                               "price_records",
                                               "inventory",
                                               "pages",
                                               "blog_posts",
                                               "price_list_assignments",
                                               "customers",
                                               "promotions",
                                               "coupons",
                                               "redirects",
                                               "gift_certificates",
                                               "email_templates",
                                               "orders"});
}

TEST_CASE("no two types share a place within a tab") {
  std::set<std::pair<std::string_view, int>> places;
  for (const ContentType& type : all_types()) {
    CAPTURE(type.name, type.group);
    CHECK((type.group == "Catalogue" || type.group == "Customer" || type.group == "Settings"));
    CHECK(places.emplace(type.group, type.place).second);
  }
}

TEST_CASE("each type's list page has items with ids that differ, and rise or fall as its paging needs") {
  for (const ContentType& type : all_types()) {
    CAPTURE(type.name);
    const std::string page = read_sample(type, "list_page.json");
    REQUIRE(json_text::check(page));
    const std::vector<std::string> rows = rows_of(type, page);
    if (is_v2(type) && json_text::is_object(page)) {
      CHECK(type.paging == Paging::whole);  // one object, and nothing to page through
      CHECK(rows.size() == 1);
    } else {
      CHECK(rows.size() >= 2);
    }
    if (!is_v2(type)) CHECK(json_text::find(page, "meta"));
    if (type.paging == Paging::v3_cursor) CHECK(json_text::find_path(page, "meta.cursor_pagination.end_cursor"));
    if (type.paging == Paging::v3_pages || type.paging == Paging::v3_id_after)
      CHECK(json_text::find_path(page, "meta.pagination.total"));
    std::vector<std::string> ids;
    for (const std::string& row : rows) {
      const std::string id = item_id(type, row, parent_of(type));
      CHECK_FALSE(id.empty());
      CHECK(std::count(ids.begin(), ids.end(), id) == 0);
      const std::int64_t number = json_text::as_int(id).value_or(0);
      const std::int64_t last = ids.empty() ? 0 : json_text::as_int(ids.back()).value_or(0);
      if (type.paging == Paging::v3_id_after) CHECK(number > last);
      if (type.paging == Paging::v2_below_id && !ids.empty()) CHECK(number < last);
      if (type.fetch == Fetch::from_list) CHECK_FALSE(labels(type, row).front().empty());
      if (!type.modified_field.empty()) CHECK(json_text::find_path(row, type.modified_field));
      ids.push_back(id);
    }
    // The sample item stands in the page, so that both show the same state.
    if (type.fetch == Fetch::from_list)
      CHECK(std::count(rows.begin(), rows.end(), read_sample(type, "item.json")) == 1);
  }
}

TEST_CASE("items of lists below a parent carry the parent in their id, and orphans the word global") {
  for (const ContentType& type : all_types()) {
    CAPTURE(type.name);
    const std::string item = read_sample(type, "item.json");
    if (type.parent_type.empty()) {
      CHECK(item_id(type, item, "77") == item_id(type, item));
    } else {
      CHECK(item_id(type, item, "77").starts_with("77/"));
      CHECK(item_id(type, item, "global").starts_with("global/"));
      CHECK(item_id(type, item).empty());
    }
  }
}

TEST_CASE("each type's item has an id, labels, dates, what its includes ask for, and every part") {
  for (const ContentType& type : all_types()) {
    CAPTURE(type.name);
    const Sample sample(type);
    REQUIRE(json_text::check(sample.item));
    CHECK_FALSE(item_id(type, sample.item, parent_of(type)).empty());
    for (const std::string& label : labels(type, sample.item)) CHECK_FALSE(label.empty());
    for (const std::string_view field : {type.modified_field, type.created_field})
      if (!field.empty()) CHECK_FALSE(sample.at(field).empty());
    for (const std::string_view name : type.includes) {
      CAPTURE(name);
      CHECK_FALSE(sample.at(included_as(type, name)).empty());
    }
    for (const Part& part : type.parts) {
      CAPTURE(part.name);
      const auto found = sample.at(part.name);
      REQUIRE(found.size() == 1);
      REQUIRE(json_text::check(found.front()));
      CHECK(json_text::count_elements(found.front()) >= 1);
      // Where includes are named at all, a part that is not among them would be empty in every version.
      if (part.from == PartFrom::embedded && !type.includes.empty())
        CHECK(std::any_of(type.includes.begin(), type.includes.end(),
                          [&](std::string_view name) { return included_as(type, name) == part.name; }));
    }
  }
}

TEST_CASE("rows of parts have the ids that the table says, and differ in them") {
  for (const ContentType& type : all_types()) {
    const Sample sample(type);
    for (const Part& part : type.parts) {
      CAPTURE(type.name, part.name);
      std::set<std::string> ids;
      for (const std::string& row : sample.at(std::string(part.name) + "[]")) {
        if (part.row_id.empty()) {
          CHECK_FALSE(json_text::find(row, "id"));
        } else {
          const std::string id = read_id(row, part.row_id);
          CHECK_FALSE(id.empty());
          CHECK(ids.insert(id).second);
        }
      }
    }
  }
}

TEST_CASE("parts that are read on a condition only: the item has the field, and the sample meets it") {
  for (const ContentType& type : all_types()) {
    const Sample sample(type);
    for (const Part& part : type.parts) {
      if (part.only_if.empty()) continue;
      CAPTURE(type.name, part.name, part.only_if);
      const Condition condition = read_condition(part.only_if);
      const auto value = json_text::find(sample.item, condition.field);  // the reader looks at the item's own fields
      REQUIRE(value);
      if (condition.sign == '=')
        CHECK(json_text::as_label(*value) == condition.value);
      else if (condition.sign == '>')
        CHECK(json_text::as_int(*value).value_or(0) > 0);
      else
        CHECK(json_text::count_elements(*value) > 0);
    }
    for (const ListPass& pass : type.more_passes) {
      CAPTURE(type.name, pass.holds);
      CHECK(json_text::find(sample.item, read_condition(pass.holds).field));
    }
  }
}

TEST_CASE("rows of whole lists belong to an owner in the item") {
  for (const ContentType& type : all_types()) {
    const Sample sample(type);
    for (const Part& part : type.parts) {
      if (part.from != PartFrom::whole_list) continue;
      CAPTURE(type.name, part.name);
      const auto owners = sample.at(part.owner_ids);
      const auto rows = sample.at(std::string(part.name) + "[]." + std::string(part.join_key));
      REQUIRE_FALSE(owners.empty());
      REQUIRE_FALSE(rows.empty());
      for (const std::string& row : rows) CHECK(std::count(owners.begin(), owners.end(), row) == 1);
    }
  }
}

TEST_CASE("every path that the table names exists in the samples") {
  for (const ContentType& type : all_types()) {
    const Sample sample(type);
    const auto demand = [&](const std::string& path) {
      CAPTURE(type.name, path);
      CHECK(sample.shows(path) != is_never_shown(type, path));
    };
    const auto demand_keys = [&](std::string_view joined, const std::string& before) {
      while (!joined.empty()) {
        const auto plus = joined.find('+');
        demand(before + std::string(joined.substr(0, plus)));
        joined = plus == joined.npos ? std::string_view() : joined.substr(plus + 1);
      }
    };
    for (const std::string_view path : type.volatile_fields) demand(std::string(path));
    for (const std::string_view path : type.writable) demand(std::string(path));
    for (const std::string_view path : type.unique) demand(std::string(path));
    for (const std::string_view path : type.title_fields) demand(std::string(path));
    for (const Column& column : type.columns) demand(std::string(column.field));
    for (const std::string_view key : type.natural_key) demand_keys(key, "");
    for (const Reference& reference : type.references) demand(std::string(reference.field));
    for (const Part& part : type.parts) {
      const std::string row = std::string(part.name) + "[].";
      for (const std::string_view field : part.writable) demand(row + std::string(field));
      for (const std::string_view key : part.natural_key) demand_keys(key, row);
      if (!part.join_key.empty()) demand(row + std::string(part.join_key));
    }
  }
}

TEST_CASE("columns show one plain value each, of the kind that they announce") {
  for (const ContentType& type : all_types()) {
    const Sample sample(type);
    for (const Column& column : type.columns) {
      CAPTURE(type.name, column.field);
      CHECK_FALSE(column.label.empty());
      const auto value = json_text::find_path(sample.item, column.field);
      REQUIRE(value);
      CHECK_FALSE(json_text::is_object(*value));
      CHECK_FALSE(json_text::is_array(*value));
      const std::string text = json_text::as_label(*value);
      CAPTURE(text);
      switch (column.shown) {
        case Shown::text:
          break;
        case Shown::money:
        case Shown::number:
          CHECK(text.find_first_not_of("-0123456789.") == text.npos);
          CHECK_FALSE(text.empty());
          break;
        case Shown::date:
          CHECK(json_text::is_string(*value));
          CHECK(text.find("20") != text.npos);  // RFC 3339 or RFC 2822, and a year
          break;
        case Shown::yes_no:
          CHECK((*value == "true" || *value == "false"));
          break;
      }
    }
  }
}

TEST_CASE("the store's name is read from the only type that knows it") {
  int knowing = 0;
  for (const ContentType& type : all_types()) {
    if (type.names_the_store.empty()) continue;
    ++knowing;
    const Sample sample(type);
    const auto name = json_text::find_path(sample.item, type.names_the_store);
    REQUIRE(name);
    CHECK(json_text::as_string(*name) == "Kaufhaus Grünstraße");
  }
  CHECK(knowing == 1);
}

TEST_CASE("references lead to ids, and those with a condition are shown where it holds") {
  for (const ContentType& type : all_types()) {
    const Sample sample(type);
    std::vector<std::string> items = sample.rows;
    items.push_back(sample.item);
    for (const Reference& reference : type.references) {
      CAPTURE(type.name, reference.field, reference.type, reference.when);
      for (const std::string& id : sample.at(reference.field)) {
        CHECK_FALSE(json_text::is_object(id));
        CHECK_FALSE(json_text::is_array(id));
      }
      if (reference.when.empty()) continue;
      const Condition condition = read_condition(reference.when);
      CHECK(condition.sign == '=');
      CHECK(std::any_of(items.begin(), items.end(), [&](const std::string& item) {
        const auto value = json_text::find_path(item, condition.field);
        return value && json_text::as_label(*value) == condition.value && !follow(item, reference.field).empty();
      }));
    }
  }
}

TEST_CASE("references within an item lead to rows of that item, or to a sentinel") {
  for (const ContentType& type : all_types()) {
    const Sample sample(type);
    for (const Reference& reference : type.references) {
      if (reference.type != type.name || reference.target_part.empty()) continue;
      CAPTURE(type.name, reference.field, reference.target_part);
      const auto targets = sample.at(std::string(reference.target_part) + "[].id");
      REQUIRE_FALSE(targets.empty());
      for (const std::string& id : sample.at(reference.field))
        if (id != "null") CHECK(std::count(targets.begin(), targets.end(), id) == 1);
    }
  }
}

TEST_CASE("a path with two dots is followed at any depth") {
  constexpr std::string_view kItem =
      R"({"rules":[{"products":[1]},{"not":{"and":[{"products":[2,3]},{"brands":[4]}]}}],"products":[9]})";
  CHECK(follow(kItem, "rules..products[]") == std::vector<std::string>{"1", "2", "3"});
  CHECK(follow(kItem, "rules..brands[]") == std::vector<std::string>{"4"});
  CHECK(follow(kItem, "rules..variants[]").empty());
  CHECK(follow(R"({"s":{"id":["a"]}})", "s..id[]") == std::vector<std::string>{"\"a\""});  // at no depth, too
}

TEST_CASE("what each type's hash is made of is as it was accepted") {
  for (const ContentType& type : all_types()) {
    CAPTURE(type.name);
    const Sample sample(type);
    const std::string text = canonical(type, sample.item, sample.raw());
    if (std::getenv("BACKSTOCK_ACCEPT") != nullptr) {
      std::ofstream(sample_path(type, "canonical.txt"), std::ios::binary) << text << '\n';
    }
    CHECK(text == read_sample(type, "canonical.txt"));
  }
}

TEST_CASE("no volatile field is part of the hash, and everything else is") {
  for (const ContentType& type : all_types()) {
    CAPTURE(type.name);
    const Sample sample(type);
    const Hashed hashed(type, sample.item, sample.raw());
    std::size_t whole = count_values(sample.item);
    for (const auto& [name, value] : sample.parts) whole += count_values(value);
    std::size_t dropped = 0;
    for (const std::string_view path : type.volatile_fields) {
      CAPTURE(path);
      CHECK_FALSE(hashed.shows(path));
      for (const std::string& value : sample.at(path)) dropped += count_values(value);
    }
    CHECK(hashed.count() == whole - dropped);
    CHECK(hashed.count() > 1);
    // The other items of the list page, which have other shapes.
    for (const std::string& row : sample.rows) {
      CAPTURE(row);
      const Hashed one(type, row, {});
      std::size_t row_dropped = 0;
      for (const std::string_view path : type.volatile_fields) {
        CHECK_FALSE(one.shows(path));
        for (const std::string& value : follow(row, path)) row_dropped += count_values(value);
      }
      CHECK(one.count() == count_values(row) - row_dropped);
    }
  }
}

// --- the rules themselves: each must refuse a table that breaks it
// ----------------------------------------------------

namespace {

std::vector<ContentType> table() { return {all_types().begin(), all_types().end()}; }

ContentType& named(std::vector<ContentType>& types, std::string_view name) {
  return *std::find_if(types.begin(), types.end(), [&](const ContentType& type) { return type.name == name; });
}

template <class T, std::size_t N>
T& row_where(Few<T, N>& rows, std::string_view T::*field, std::string_view value) {
  return *std::find_if(rows.items, rows.items + rows.count, [&](const T& row) { return row.*field == value; });
}
Part& part_named(ContentType& type, std::string_view name) { return row_where(type.parts, &Part::name, name); }
Reference& reference_at(ContentType& type, std::string_view field) {
  return row_where(type.references, &Reference::field, field);
}

}  // namespace

TEST_CASE("rules accept the table and refuse one that breaks them") {
  auto types = table();
  ContentType& brands = named(types, "brands");
  ContentType& products = named(types, "products");
  ContentType& records = named(types, "price_records");
  ContentType& emails = named(types, "email_templates");
  ContentType& customers = named(types, "customers");
  ContentType& orders = named(types, "orders");
  CHECK(rules::names_are_unique(types));
  CHECK(rules::order_is_restore_order(types));
  CHECK(rules::paths_are_complete(types));
  CHECK(rules::pages_are_in_range(types));
  CHECK(rules::parents_come_first(types));
  CHECK(rules::one_type_names_the_store(types));
  CHECK(rules::references_can_be_followed(types));
  CHECK(rules::restore_facts_agree(types));
  CHECK(rules::volatile_paths_can_be_followed(types));
  CHECK(rules::changes_can_be_read(types));

  SECTION("a name that stands twice") {
    named(types, "channels").name = "brands";
    CHECK_FALSE(rules::names_are_unique(types));
  }
  SECTION("a part that stands twice") {
    products.parts.items[1].name = "options";
    CHECK_FALSE(rules::names_are_unique(types));
  }
  SECTION("types out of restore order") {
    std::swap(named(types, "channels"), named(types, "products"));
    CHECK_FALSE(rules::order_is_restore_order(types));
    CHECK_FALSE(rules::references_can_be_followed(types));
  }
  SECTION("a reference to a type that is nowhere") {
    reference_at(products, "brand_id").type = "brand";
    CHECK_FALSE(rules::references_can_be_followed(types));
  }
  SECTION("a reference to a later type, unless it is sent in a second pass or never") {
    Reference& group = reference_at(customers, "customer_group_id");
    group.type = "orders";
    CHECK_FALSE(rules::references_can_be_followed(types));
    group.second_pass = true;
    CHECK(rules::references_can_be_followed(types));
    group.second_pass = false;
    group.computed = true;
    CHECK(rules::references_can_be_followed(types));
  }
  SECTION("a reference to a later row of the same item") {
    reference_at(products, "variants[].option_values[].option_id").target_part = "complex_rules";
    CHECK_FALSE(rules::references_can_be_followed(types));
  }
  SECTION("a reference to its own type that says nothing about the order") {
    reference_at(named(types, "categories"), "parent_id").parents_first = false;
    CHECK_FALSE(rules::references_can_be_followed(types));
  }
  SECTION("a type that came but is still among those to come") {
    brands.name = "tax_classes";
    CHECK_FALSE(rules::references_can_be_followed(types));
  }
  SECTION("paths of another version, or without the item's id") {
    products.list_path = "/catalog/products";
    CHECK_FALSE(rules::paths_are_complete(types));
    products.list_path = "/v3/catalog/products";
    CHECK(rules::paths_are_complete(types));
    products.parts.items[0].path = "/v3/catalog/products/options";
    CHECK_FALSE(rules::paths_are_complete(types));
  }
  SECTION("a list below a parent that does not say which, or whose ids do not") {
    records.parent_type = "";
    CHECK_FALSE(rules::paths_are_complete(types));
    records.parent_type = "price_lists";
    CHECK(rules::paths_are_complete(types));
    records.list_path = "/v3/pricelists/records";
    CHECK_FALSE(rules::paths_are_complete(types));
    records.list_path = "/v3/pricelists/{parent}/records";
    for (const std::string_view id : {"variant_id/currency", "variant_id/{parent}", "{parent}"}) {
      CAPTURE(id);
      records.id_field = id;
      CHECK_FALSE(rules::paths_are_complete(types));
    }
  }
  SECTION("a parent in the id of a type that has none") {
    brands.id_field = "{parent}/id";
    CHECK_FALSE(rules::paths_are_complete(types));
  }
  SECTION("orphans of a list whose path needs the parent") {
    records.has_orphans = true;
    CHECK_FALSE(rules::paths_are_complete(types));
    records.has_orphans = false;
    emails.list_query = "";
    CHECK_FALSE(rules::paths_are_complete(types));
  }
  SECTION("a parent that comes later, or never") {
    records.parent_type = "orders";
    CHECK_FALSE(rules::parents_come_first(types));
    records.parent_type = "price_records";  // itself
    CHECK_FALSE(rules::parents_come_first(types));
    records.parent_type = "price_list";
    CHECK_FALSE(rules::parents_come_first(types));
  }
  SECTION("further passes below a parent, or items by id") {
    emails.more_passes = {{"a=1", "a=1"}};
    CHECK_FALSE(rules::parents_come_first(types));
    emails.more_passes = {};
    CHECK(rules::parents_come_first(types));
    emails.fetch = Fetch::by_ids;
    CHECK_FALSE(rules::parents_come_first(types));
  }
  SECTION("two types that name the store") {
    brands.names_the_store = "name";
    CHECK_FALSE(rules::one_type_names_the_store(types));
  }
  SECTION("a whole list that cannot be joined") {
    part_named(brands, "metafields").join_key = "";
    CHECK_FALSE(rules::paths_are_complete(types));
  }
  SECTION("a whole list whose path names an item") {
    part_named(orders, "refunds").path = "/v3/orders/{id}/payment_actions/refunds";
    CHECK_FALSE(rules::paths_are_complete(types));
  }
  SECTION("changed rows of an embedded part that are nowhere to be read, or have no owner") {
    Part& values = part_named(customers, "attributes");
    values.changes_path = "";
    CHECK_FALSE(rules::paths_are_complete(types));
    values.changes_path = "/v3/customers/attribute-values";
    CHECK(rules::paths_are_complete(types));
    values.join_key = "";
    CHECK_FALSE(rules::paths_are_complete(types));
  }
  SECTION("pages beyond what the API gives") {
    products.page_limit = rules::kMostPerPage + 1;
    CHECK_FALSE(rules::pages_are_in_range(types));
    products.page_limit = 250;
    CHECK(rules::pages_are_in_range(types));
    products.id_filter = "";
    CHECK_FALSE(rules::pages_are_in_range(types));
  }
  SECTION("pages of parts beyond what the API gives") {
    part_named(orders, "refunds").page_limit = 0;
    CHECK_FALSE(rules::pages_are_in_range(types));
  }
  SECTION("something written both as a part and as a field") {
    products.writable = {"images"};
    CHECK_FALSE(rules::restore_facts_agree(types));
  }
  SECTION("something made anew that nothing identifies") {
    brands.natural_key = {};
    CHECK_FALSE(rules::restore_facts_agree(types));
  }
  SECTION("something sent once only that is never sent") {
    brands.create_only = {"id"};
    CHECK_FALSE(rules::restore_facts_agree(types));
  }
  SECTION("a computed reference that is sent") {
    reference_at(orders, "customer_id").computed = true;
    CHECK_FALSE(rules::restore_facts_agree(types));
  }
  SECTION("a part on the condition of an array that is no part; other conditions look at fields") {
    Part& rules_part = part_named(products, "complex_rules");
    rules_part.only_if = "categories";
    CHECK_FALSE(rules::restore_facts_agree(types));
    for (const std::string_view condition : {"type=physical", "total_sold>0", "options"}) {
      CAPTURE(condition);
      rules_part.only_if = condition;
      CHECK(rules::restore_facts_agree(types));
    }
  }
  SECTION("a volatile path that cannot be followed") {
    for (const std::string_view path : {"images[]", "a.b.c.d.e", "", "a..b", "a[0].b", "[].a"}) {
      CAPTURE(path);
      products.volatile_fields = {path};
      CHECK_FALSE(rules::volatile_paths_can_be_followed(types));
    }
  }
  SECTION("a change filter without the field that it looks at") {
    products.modified_field = "";
    CHECK_FALSE(rules::changes_can_be_read(types));
  }
  SECTION("parts that follow an item that shows no change, or that comes by id") {
    orders.fetch = Fetch::by_ids;
    CHECK_FALSE(rules::changes_can_be_read(types));
    orders.fetch = Fetch::from_list;
    CHECK(rules::changes_can_be_read(types));
    orders.change_filter = "";
    orders.modified_field = "";
    CHECK_FALSE(rules::changes_can_be_read(types));
  }
  SECTION("a sweep that finds no items, or of parts that are read in every run anyway") {
    orders.created_filter = "";
    CHECK_FALSE(rules::changes_can_be_read(types));
    orders.created_filter = "min_date_created";
    CHECK(rules::changes_can_be_read(types));
    orders.parts_follow_item = false;
    CHECK_FALSE(rules::changes_can_be_read(types));
  }
  SECTION("a webhook scope that is none") {
    brands.hook_scopes = {"brand/updated"};
    CHECK_FALSE(rules::changes_can_be_read(types));
  }
}
