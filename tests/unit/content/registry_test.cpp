// Walks the table of content types against samples in the shape of the API reference: tests/golden/content/<type>/.
//   list_page.json     one page of the list
//   item.json          one whole item, with its embedded parts
//   part_<name>.json   the rows of one part that is read on its own, as they belong to that item
//   canonical.txt      what the hash of the item and those parts is made of; written with BACKSTOCK_ACCEPT=1
#include "content/registry.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json_text.h"
#include "content/fingerprint.h"
#include "content/registry_rules.h"

using namespace backstock;
using namespace backstock::content;

namespace {

// Paths that the sample cannot show, each with its reason.
struct Absence {
  std::string_view type;
  std::string_view path;
};
constexpr Absence kAbsences[] = {
    {"products", "options[].image_url"},  // in the request body only
    {"products", "images[].image_url"},   // in the request body; shown by some answers only
};

bool may_be_absent(const ContentType& type, std::string_view path) {
  return std::any_of(std::begin(kAbsences), std::end(kAbsences),
                     [&](const Absence& absence) { return absence.type == type.name && absence.path == path; });
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

// One item with the parts that are read on their own.
struct Sample {
  std::string item;
  std::vector<std::pair<std::string, std::string>> parts;

  explicit Sample(const ContentType& type) : item(read_sample(type, "item.json")) {
    for (const Part& part : type.parts)
      if (part.from != PartFrom::embedded)
        parts.emplace_back(part.name, read_sample(type, "part_" + std::string(part.name) + ".json"));
  }
  std::vector<RawPart> raw() const {
    std::vector<RawPart> views;
    for (const auto& [name, value] : parts) views.push_back({name, value});
    return views;
  }
  // All values that a registry path leads to.
  std::vector<std::string> at(std::string_view path) const {
    const std::string_view first = path.substr(0, path.find_first_of(".["));
    for (const auto& [name, value] : parts)
      if (name == first) return follow(value, path.substr(first.size()));
    return follow(item, path);
  }

 private:
  static std::vector<std::string> follow(std::string_view value, std::string_view path) {
    if (path.empty()) return {std::string(value)};
    std::vector<std::string> found;
    if (path.starts_with("[]")) {
      json_text::for_each_element(value, [&](std::string_view element) {
        for (auto& inner : follow(element, path.substr(2))) found.push_back(std::move(inner));
        return true;
      });
      return found;
    }
    if (path.starts_with('.')) path.remove_prefix(1);
    const std::string_view key = path.substr(0, path.find_first_of(".["));
    const auto inner = json_text::find(value, key);
    return inner ? follow(*inner, path.substr(key.size())) : found;
  }
};

}  // namespace

TEST_CASE("types are found by name") {
  for (const ContentType& type : all_types()) CHECK(find_type(type.name) == &type);
  CHECK(find_type("category") == nullptr);
  CHECK(find_type("") == nullptr);
}

TEST_CASE("the table is in restore order: trees, brands, categories, products") {
  std::vector<std::string_view> names;
  for (const ContentType& type : all_types()) names.push_back(type.name);
  CHECK(names == std::vector<std::string_view>{"category_trees", "brands", "categories", "products"});
}

TEST_CASE("each type's list page has items with ids that ascend") {
  for (const ContentType& type : all_types()) {
    CAPTURE(type.name);
    const std::string page = read_sample(type, "list_page.json");
    REQUIRE(json_text::check(page));
    const bool v2 = type.paging == Paging::v2_pages;
    const auto rows = v2 ? json_text::first_value(page) : json_text::find(page, "data");
    REQUIRE(rows);
    CHECK(json_text::count_elements(*rows) >= 2);
    if (!v2) CHECK(json_text::find(page, "meta"));
    std::int64_t last = 0;
    json_text::for_each_element(*rows, [&](std::string_view row) {
      const std::string id = item_id(type, row);
      CHECK_FALSE(id.empty());
      if (type.paging == Paging::v3_id_after) {
        CHECK(json_text::as_int(id).value_or(0) > last);
        last = json_text::as_int(id).value_or(0);
      }
      if (type.fetch == Fetch::from_list) CHECK_FALSE(labels(type, row).front().empty());
      if (!type.modified_field.empty()) CHECK(json_text::find_path(row, type.modified_field));
      return true;
    });
  }
}

TEST_CASE("each type's item has an id, labels, dates and every part") {
  for (const ContentType& type : all_types()) {
    CAPTURE(type.name);
    const Sample sample(type);
    REQUIRE(json_text::check(sample.item));
    CHECK_FALSE(item_id(type, sample.item).empty());
    for (const std::string& label : labels(type, sample.item)) CHECK_FALSE(label.empty());
    for (const std::string_view field : {type.modified_field, type.created_field})
      if (!field.empty()) CHECK_FALSE(sample.at(field).empty());
    for (const std::string_view name : type.includes) {
      CAPTURE(name);
      CHECK_FALSE(sample.at(name).empty());
    }
    for (const Part& part : type.parts) {
      CAPTURE(part.name);
      const auto found = sample.at(part.name);
      REQUIRE(found.size() == 1);
      REQUIRE(json_text::check(found.front()));
      CHECK(json_text::count_elements(found.front()) >= 1);
      // Where includes are named at all, a part that is not among them would be empty in every version.
      if (part.from == PartFrom::embedded && !type.includes.empty()) CHECK(rules::contains(type.includes, part.name));
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
      CHECK(sample.at(path).empty() == may_be_absent(type, path));
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
    for (const std::string_view key : type.natural_key) demand_keys(key, "");
    for (const Reference& reference : type.references) demand(std::string(reference.field));
    for (const Part& part : type.parts) {
      const std::string row = std::string(part.name) + "[].";
      for (const std::string_view field : part.writable) demand(row + std::string(field));
      for (const std::string_view key : part.natural_key) demand_keys(key, row);
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

TEST_CASE("no volatile field is part of the hash, and the rest of the sample is") {
  for (const ContentType& type : all_types()) {
    CAPTURE(type.name);
    const Sample sample(type);
    const std::string text = canonical(type, sample.item, sample.raw());
    for (const std::string_view path : type.volatile_fields) {
      CAPTURE(path);
      if (path.find('.') == path.npos) CHECK_FALSE(json_text::find(text, path));
    }
    std::size_t fields = 0;
    std::size_t kept = 0;
    json_text::for_each_field(sample.item, [&](std::string_view raw_key, std::string_view) {
      const std::string key = *json_text::as_string(raw_key);
      ++fields;
      kept += json_text::find(text, key) ? 1 : 0;
      CHECK((json_text::find(text, key).has_value() != rules::contains(type.volatile_fields, key)));
      return true;
    });
    CHECK(kept > 0);
    CHECK(fields >= kept);
  }
}

// --- the rules themselves: each must refuse a table that breaks it
// ----------------------------------------------------

namespace {

std::vector<ContentType> table() { return {all_types().begin(), all_types().end()}; }

}  // namespace

TEST_CASE("rules accept the table and refuse one that breaks them") {
  auto types = table();
  ContentType& products = types[3];
  CHECK(rules::names_are_unique(types));
  CHECK(rules::references_can_be_followed(types));

  SECTION("a name that stands twice") {
    types[0].name = "brands";
    CHECK_FALSE(rules::names_are_unique(types));
  }
  SECTION("a part that stands twice") {
    products.parts.items[1].name = "options";
    CHECK_FALSE(rules::names_are_unique(types));
  }
  SECTION("types out of restore order") {
    std::swap(types[0], types[3]);
    CHECK_FALSE(rules::order_is_restore_order(types));
    CHECK_FALSE(rules::references_can_be_followed(types));
  }
  SECTION("a reference to a type that is nowhere") {
    products.references.items[0].type = "brand";
    CHECK_FALSE(rules::references_can_be_followed(types));
  }
  SECTION("a reference to a later row of the same item") {
    products.references.items[8].target_part = "complex_rules";
    CHECK_FALSE(rules::references_can_be_followed(types));
  }
  SECTION("a reference to its own type that says nothing about the order") {
    types[2].references.items[1].parents_first = false;
    CHECK_FALSE(rules::references_can_be_followed(types));
  }
  SECTION("a type that came but is still among those to come") {
    types[1].name = "channels";
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
  SECTION("a whole list that cannot be joined") {
    types[1].parts.items[0].join_key = "";
    CHECK_FALSE(rules::paths_are_complete(types));
  }
  SECTION("pages beyond what the API gives") {
    products.page_limit = 251;
    CHECK_FALSE(rules::pages_are_in_range(types));
    products.page_limit = 250;
    products.id_filter = "";
    CHECK_FALSE(rules::pages_are_in_range(types));
  }
  SECTION("something written both as a part and as a field") {
    products.writable = {"images"};
    CHECK_FALSE(rules::restore_facts_agree(types));
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
}
