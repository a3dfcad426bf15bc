// What ItemWriter writes and ItemQueries reads.
#include <sqlite3.h>

#include <algorithm>

#include "index_world.h"

namespace backstock::index {
namespace {

TEST_CASE("an id is a number only where it is written as one") {
  CHECK(number_of("0") == 0);
  CHECK(number_of("77") == 77);
  CHECK(number_of("9223372036854775807") == 9223372036854775807);
  for (const char* text : {"", "007", "-1", "+1", "1.0", " 1", "1 ", "a", "9223372036854775808", "00", "1e2"}) {
    INFO(text);
    CHECK_FALSE(number_of(text));
  }
}

TEST_CASE("an item's row tells its newest version and when its history began") {
  IndexWorld world;
  world.add(IndexWorld::row("products", "77", 1));
  world.add(IndexWorld::row("products", "77", 2));
  const auto item = must(world.items->find_item("products", "77"));
  REQUIRE(item);
  CHECK(item->version == 2);
  CHECK_FALSE(item->gone);
  CHECK(item->hash == "2222222222222222");
  CHECK(item->first_at == 1000);
  CHECK(item->last_at == 2000);
  CHECK_FALSE(must(world.items->find_item("products", "78")));
  CHECK_FALSE(must(world.items->find_item("orders", "77")));
}

TEST_CASE("a version leads to its frame and its bytes in it") {
  IndexWorld world;
  world.add(IndexWorld::row("products", "77", 1));
  const auto version = must(world.items->find_version("products", "77", 1));
  REQUIRE(version);
  CHECK(version->frame.pack == 1);
  CHECK(version->frame.offset == 200);
  CHECK(version->frame.header_size == 176);
  CHECK(version->frame.stored_size == 824);
  CHECK(version->at_byte == 100);
  CHECK(version->size == 99);
  CHECK(version->source == "full");
  CHECK(version->run == "run1");
  CHECK_FALSE(must(world.items->find_version("products", "77", 2)));
}

TEST_CASE("adding a version, a frame or a pack twice changes nothing") {
  IndexWorld world;
  CHECK(world.add(IndexWorld::row("products", "77", 1, {"Chair", "C-1"})) == Added::fresh);
  CHECK(world.add(IndexWorld::row("products", "77", 2, {"Chair", "C-2"})) == Added::fresh);
  must(world.writer->set_hash("products", "77", "hashhashhashhash", 9));
  const std::string before = world.dump();
  CHECK(world.add(IndexWorld::row("products", "77", 1, {"Chair", "C-1"})) == Added::known);
  CHECK(world.add(IndexWorld::row("products", "77", 2, {"Chair", "C-2"})) == Added::known);
  CHECK(must(world.writer->add_frame({1, 200, 176, 824})) == world.frame);
  must(world.writer->set_pack({1, std::string(16, 'i'), 5000, 3, false}));
  CHECK(world.dump() == before);
  CHECK(must(world.connection->query_integer("SELECT count(*) FROM frames")) == 1);
}

TEST_CASE("a second line under a number that is taken is a clash, and the first keeps it") {
  IndexWorld world;
  world.add(IndexWorld::row("products", "77", 1));
  const std::string before = world.dump();
  NewVersionRow other = IndexWorld::row("products", "77", 1);
  other.at_byte = 4711;
  CHECK(world.add(other) == Added::clash);
  CHECK(world.dump() == before);
}

TEST_CASE("versions may come in any order: the rows are the same afterwards") {
  const std::vector<NewVersionRow> history = {
      IndexWorld::row("products", "77", 1, {"Chair", "C-1", "old"}),
      IndexWorld::row("products", "77", 2, {"Armchair"}),
      IndexWorld::tombstone("products", "77", 3),
      IndexWorld::tombstone("products", "77", 4),
  };
  std::vector<std::size_t> order = {0, 1, 2, 3};
  std::string expected;
  do {
    IndexWorld world;
    for (const std::size_t at : order) world.add(history[at]);
    if (expected.empty()) expected = world.dump();
    CHECK(world.dump() == expected);
  } while (std::next_permutation(order.begin(), order.end()));
  INFO(expected);
  CHECK(expected.find("item|products|77|4|1|" + std::string("32323232323232323232323232323232") + "|1|1000|4000") !=
        std::string::npos);
  CHECK(expected.find("label|products|77|0|Armchair") != std::string::npos);
  CHECK(expected.find("C-1") == std::string::npos);
}

TEST_CASE("a tombstone keeps the hash and the labels, and a returned item goes on with its numbers") {
  IndexWorld world;
  world.add(IndexWorld::row("products", "77", 1, {"Chair"}));
  world.add(IndexWorld::tombstone("products", "77", 2));
  auto item = must(world.items->find_item("products", "77"));
  CHECK(item->gone);
  CHECK(item->version == 2);
  CHECK(item->hash == "1111111111111111");
  CHECK(item->scheme == 1);
  CHECK(world.ids({"products", "chair", Deleted::only, {}, "", 10}) == Ids{"77"});
  world.add(IndexWorld::row("products", "77", 3, {"Stool"}));
  item = must(world.items->find_item("products", "77"));
  CHECK_FALSE(item->gone);
  CHECK(item->hash == "3333333333333333");
  CHECK(world.ids({"products", "stool", Deleted::hide, {}, "", 10}) == Ids{"77"});
  CHECK(must(world.items->history("products", "77")).size() == 3);
}

TEST_CASE("an item whose only version is a tombstone has no hash") {
  IndexWorld world;
  world.add(IndexWorld::tombstone("products", "77", 1));
  CHECK(must(world.items->find_item("products", "77"))->hash.empty());
}

TEST_CASE("set_hash changes the hash alone") {
  IndexWorld world;
  world.add(IndexWorld::row("products", "77", 1));
  must(world.writer->set_hash("products", "77", "hashhashhashhash", 9));
  const auto item = must(world.items->find_item("products", "77"));
  CHECK(item->hash == "hashhashhashhash");
  CHECK(item->scheme == 9);
  CHECK(item->version == 1);
  must(world.writer->set_hash("products", "nobody", "hashhashhashhash", 9));
}

TEST_CASE("lists are in id order: numbers first by value, then texts") {
  IndexWorld world;
  for (const char* id : {"b", "10", "9", "100", "a", "007", "B", "-3", "99999999999999999999", "0"}) {
    world.add(IndexWorld::row("products", id, 1));
  }
  world.add(IndexWorld::row("orders", "5", 1));
  const Ids expected = {"0", "9", "10", "100", "-3", "007", "99999999999999999999", "B", "a", "b"};
  CHECK(world.ids({"products", "", Deleted::hide, {}, "", 100}) == expected);
  CHECK(must(world.items->present_ids("products", "", 100)) == expected);
  CHECK(world.ids({"nothing", "", Deleted::hide, {}, "", 100}).empty());
}

TEST_CASE("pages of every size put together are the whole list, over numbers and texts") {
  IndexWorld world;
  for (int i = 0; i < 23; ++i) world.add(IndexWorld::row("products", std::to_string(i * 7 % 100), 1));
  for (int i = 0; i < 11; ++i) world.add(IndexWorld::row("products", "sku-" + std::to_string(i * 3), 1));
  const Ids all = world.ids({"products", "", Deleted::hide, {}, "", 1000});
  REQUIRE(all.size() == 34);
  for (const std::uint32_t limit : {1U, 2U, 5U, 22U, 23U, 24U, 33U, 34U, 35U}) {
    Ids listed;
    Ids present;
    for (std::string after;;) {
      const Ids page = world.ids({"products", "", Deleted::hide, {}, after, limit});
      const Ids same = must(world.items->present_ids("products", after, limit));
      CHECK(page == same);
      CHECK(page.size() <= limit);
      listed.insert(listed.end(), page.begin(), page.end());
      if (page.empty()) break;
      after = page.back();
    }
    CHECK(listed == all);
  }
  CHECK(world.ids({"products", "", Deleted::hide, {}, "3", 2}) == Ids{"5", "7"});  // an id that is not there
}

TEST_CASE("a prefix finds each label whatever its case, and a whole id") {
  IndexWorld world;
  world.add(IndexWorld::row("products", "1", 1, {"Blue Chair", "CH-1"}));
  world.add(IndexWorld::row("products", "2", 1, {"blue table", "TA-2"}));
  world.add(IndexWorld::row("products", "21", 1, {"100% cotton_shirt", "CH-21"}));
  world.add(IndexWorld::row("products", "Ab-C", 1, {""}));
  world.add(IndexWorld::row("customers", "1", 1, {"Blue Man"}));
  const auto find = [&](const char* prefix) { return world.ids({"products", prefix, Deleted::hide, {}, "", 10}); };
  CHECK(find("BLUE") == Ids{"1", "2"});
  CHECK(find("blue c") == Ids{"1"});
  CHECK(find("ch-") == Ids{"1", "21"});
  CHECK(find("2") == Ids{"2"});  // the whole id, not its beginning
  CHECK(find("Ab-C") == Ids{"Ab-C"});
  CHECK(find("100%") == Ids{"21"});
  CHECK(find("%") == Ids{});
  CHECK(find("chair") == Ids{});
  CHECK(find("\xFF\xFF") == Ids{});
  CHECK(world.ids({"products", "blue", Deleted::hide, {}, "1", 10}) == Ids{"2"});
}

TEST_CASE("labels in any script are found and come back as they were") {
  IndexWorld world;
  const std::string name = "Äpfel \xE6\xB0\xB4 🍏 \xC3\x9F";
  const std::string broken = "caf\xE9";  // Latin-1, not UTF-8
  world.add(IndexWorld::row("products", "1", 1, {name}));
  world.add(IndexWorld::row("products", "2", 1, {broken}));
  CHECK(world.ids({"products", "Äpf", Deleted::hide, {}, "", 10}) == Ids{"1"});
  CHECK(world.ids({"products", "\xC3\x84PFEL \xE6\xB0\xB4", Deleted::hide, {}, "", 10}) == Ids{"1"});
  CHECK(world.ids({"products", broken, Deleted::hide, {}, "", 10}) == Ids{"2"});
  const auto rows = must(world.items->list({"products", "", Deleted::hide, {}, "", 10}));
  CHECK(rows.at(0).labels == Ids{name});
  CHECK(rows.at(1).labels == Ids{broken});
}

TEST_CASE("a search for more than the kept beginning looks at the labels themselves") {
  IndexWorld world;
  world.add(IndexWorld::row("products", "1", 1, {"Sample product one", "SP-1"}));
  world.add(IndexWorld::row("products", "2", 1, {"sample PRODUCT two", "SP-2"}));
  world.add(IndexWorld::row("products", "3", 1, {"sample product", "SP-3"}));
  world.add(IndexWorld::row("products", "4", 1, {"x", "Sample pro", "sample product twelve"}));
  const auto find = [&](const char* prefix) { return world.ids({"products", prefix, Deleted::hide, {}, "", 10}); };
  CHECK(find("sample pro") == Ids{"1", "2", "3", "4"});
  CHECK(find("sample product") == Ids{"1", "2", "3", "4"});
  CHECK(find("sample product ") == Ids{"1", "2", "4"});
  CHECK(find("sample product t") == Ids{"2", "4"});
  CHECK(find("SAMPLE PRODUCT TWO") == Ids{"2"});
  CHECK(find("sample product two!").empty());
  world.add(IndexWorld::row("products", "2", 2, {"sample product six", "SP-2"}));  // begins as it began
  CHECK(find("sample product t") == Ids{"4"});
  CHECK(find("sample product s") == Ids{"2"});
  world.add(IndexWorld::row("products", "2", 3, {"other"}));
  CHECK(find("sample product") == Ids{"1", "3", "4"});
  CHECK(find("sp-2").empty());
}

TEST_CASE("labels come back one by one whatever is in them, and an item may have none") {
  IndexWorld world;
  const std::vector<Ids> all = {{},
                                {""},
                                {"", ""},
                                {"a\x1F"
                                 "b",
                                 "\x1E", "\x1E?"},
                                {"", "x", ""}};
  for (std::size_t i = 0; i < all.size(); ++i) world.add(IndexWorld::row("products", std::to_string(i), 1, all[i]));
  const auto rows = must(world.items->list({"products", "", Deleted::hide, {}, "", 10}));
  REQUIRE(rows.size() == all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(rows[i].labels == all[i]);
    CHECK(must(world.items->labels(rows[i].key)) == all[i]);
  }
}

TEST_CASE("a content whose hash is not known takes away the older one's") {
  IndexWorld world;
  world.add(IndexWorld::row("products", "1", 1));
  NewVersionRow unknown = IndexWorld::row("products", "1", 2);
  unknown.hash = {};
  unknown.scheme = 0;
  world.add(unknown);
  CHECK(must(world.items->find_item("products", "1"))->hash.empty());
  CHECK(must(world.items->find_item("products", "1"))->scheme == 0);
  must(world.writer->set_hash("products", "1", "hashhashhashhash", 9));
  CHECK(must(world.items->find_item("products", "1"))->hash == "hashhashhashhash");
  IndexWorld backwards;
  backwards.add(unknown);
  backwards.add(IndexWorld::row("products", "1", 1));
  CHECK(must(backwards.items->find_item("products", "1"))->hash.empty());
}

TEST_CASE("deleted items are hidden, alone, or among the others") {
  IndexWorld world;
  world.add(IndexWorld::row("products", "1", 1));
  world.add(IndexWorld::row("products", "2", 1));
  world.add(IndexWorld::tombstone("products", "2", 2));
  CHECK(world.ids({"products", "", Deleted::hide, {}, "", 10}) == Ids{"1"});
  CHECK(world.ids({"products", "", Deleted::only, {}, "", 10}) == Ids{"2"});
  CHECK(world.ids({"products", "", Deleted::include, {}, "", 10}) == Ids{"1", "2"});
  CHECK(must(world.items->present_ids("products", "", 10)) == Ids{"1"});
  CHECK(must(world.items->count_present("products")) == 1);
  CHECK(must(world.items->count_present("orders")) == 0);
}

TEST_CASE("a list as it was shows what was captured by then, and what was gone by then") {
  IndexWorld world;
  world.add(IndexWorld::row("products", "1", 1));        // at 1000
  world.add(IndexWorld::row("products", "1", 2));        // at 2000
  world.add(IndexWorld::tombstone("products", "1", 3));  // at 3000
  world.add(IndexWorld::row("products", "2", 2));        // its first, at 2000
  const auto at = [&](std::int64_t t, Deleted deleted) {
    return must(world.items->list({"products", "", deleted, t, "", 10}));
  };
  CHECK(at(999, Deleted::include).empty());
  REQUIRE(at(1000, Deleted::hide).size() == 1);
  CHECK(at(1999, Deleted::hide).at(0).version == 1);
  const auto then = at(2000, Deleted::hide);
  REQUIRE(then.size() == 2);
  CHECK(then.at(0).version == 2);
  CHECK(then.at(0).last_at == 2000);
  CHECK(at(3000, Deleted::hide).size() == 1);
  CHECK(at(3000, Deleted::only).at(0).id == "1");
  CHECK(at(2999, Deleted::only).empty());
  CHECK(must(world.items->find_version_at("products", "1", 2999))->version == 2);
  CHECK(must(world.items->find_version_at("products", "1", 3000))->gone);
  CHECK_FALSE(must(world.items->find_version_at("products", "1", 999)));
}

TEST_CASE("counts tell present, gone and all versions of each type") {
  IndexWorld world;
  world.add(IndexWorld::row("products", "1", 1));
  world.add(IndexWorld::row("products", "1", 2));
  world.add(IndexWorld::row("products", "2", 1));
  world.add(IndexWorld::tombstone("products", "2", 2));
  world.add(IndexWorld::row("customers", "2", 3));
  const auto counts = must(world.items->counts());
  REQUIRE(counts.size() == 2);
  CHECK(counts.at(0).type == "customers");
  CHECK(counts.at(0).versions == 1);  // there is one, whatever its number
  CHECK(counts.at(1).type == "products");
  CHECK(counts.at(1).present == 1);
  CHECK(counts.at(1).gone == 1);
  CHECK(counts.at(1).versions == 4);
  CHECK(counts.at(1).first_at == 1000);
  CHECK(counts.at(1).last_at == 2000);
}

TEST_CASE("versions_between names what stands in a stretch of a pack") {
  IndexWorld world;
  must(world.writer->set_pack({2, std::string(16, 'j'), 5000, 3, false}));
  world.add(IndexWorld::row("products", "1", 2));
  world.add(IndexWorld::row("products", "2", 1));
  world.frame = must(world.writer->add_frame({1, 1200, 176, 824}));
  world.add(IndexWorld::row("products", "3", 1));
  world.frame = must(world.writer->add_frame({2, 200, 176, 824}));
  world.add(IndexWorld::row("products", "4", 1));
  const auto between = [&](std::uint64_t pack, std::uint64_t from, std::uint64_t to) {
    Ids found;
    for (const auto& row : must(world.items->versions_between(pack, from, to))) found.push_back(row.id);
    CHECK(must(world.items->count_between(pack, from, to)) == found.size());
    return found;
  };
  CHECK(between(1, 0, 9999) == Ids{"2", "1", "3"});
  CHECK(between(1, 200, 201) == Ids{"2", "1"});
  CHECK(between(1, 201, 1201) == Ids{"3"});
  CHECK(between(2, 0, 9999) == Ids{"4"});
  CHECK(between(3, 0, 9999).empty());
  CHECK(must(world.items->versions_between(1, 0, 9999, 1)).size() == 1);
}

// The plan as SQLite tells it, one step a line.
std::string plan(Connection& connection, const std::string& sql) {
  Statement s = must(connection.prepare("EXPLAIN QUERY PLAN " + sql));
  std::string steps;
  while (must(s.step())) steps += std::string(s.text(3)) + "\n";
  return steps;
}

// Every statement that connections opened from now on run, as SQLite itself tells.
struct Traced {
  static std::vector<std::string>& sql() {
    static std::vector<std::string> texts;
    return texts;
  }
  static int note(unsigned, void*, void* statement, void*) {
    const char* text = sqlite3_sql(static_cast<sqlite3_stmt*>(statement));
    if (text != nullptr) sql().emplace_back(text);
    return 0;
  }
  static int attach(sqlite3* database, const char**, const sqlite3_api_routines*) {
    return sqlite3_trace_v2(database, SQLITE_TRACE_STMT, &note, nullptr);
  }
  Traced() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(&attach)); }
  ~Traced() { sqlite3_reset_auto_extension(); }
};

TEST_CASE("no hot query reads all items or all versions, and no page of a list is sorted") {
  const Traced traced;
  IndexWorld world;
  for (int i = 0; i < 300; ++i) {
    world.add(IndexWorld::row("products", std::to_string(i), 1, {"name " + std::to_string(i)}));
  }
  Traced::sql().clear();
  must(world.items->find_item("products", "7"));
  must(world.items->find_version("products", "7", 1));
  must(world.items->find_version_at("products", "7", 1000));
  must(world.items->history("products", "7"));
  must(world.items->history_before(7, 9, 10));
  must(world.items->newest_content(7, {}));
  must(world.items->counts());
  must(world.items->present_ids("products", "7", 10));
  must(world.items->present_ids("products", "text", 10));
  must(world.items->count_present("products"));
  for (const Deleted deleted : {Deleted::hide, Deleted::only, Deleted::include}) {
    for (const char* prefix : {"", "name", "name that is longer than what is kept"}) {
      world.ids({"products", prefix, deleted, {}, "7", 500});
      world.ids({"products", prefix, deleted, 1000, "7", 500});
      for (const Order order : {Order::by_id_backwards, Order::by_change}) {
        for (const char* after : {"", "7", "text"}) world.ids({"products", prefix, deleted, {}, after, 500, order, 9});
      }
    }
  }
  world.add(IndexWorld::row("products", "7", 2, {"name"}));
  world.add(IndexWorld::row("products", "8", 3, {"name"}));
  world.add(IndexWorld::row("products", "8", 2, {"name"}));
  must(world.writer->set_hash("products", "7", "hashhashhashhash", 9));
  must(last_good(*world.connection, "products", true));
  must(last_attempt(*world.connection, "products"));
  must(find_run(*world.connection, "01A"));
  must(find_checkpoint(*world.connection, "01A", "products"));
  const std::vector<std::string> queries = Traced::sql();
  REQUIRE(queries.size() > 40);
  for (const std::string& sql : queries) {
    const std::string steps = plan(*world.connection, sql);
    INFO(sql << "\n" << steps);
    CHECK((steps.find("SCAN") == std::string::npos || sql.find("type_counts") != std::string::npos));
    const bool sorts = steps.find("USE TEMP B-TREE FOR ORDER BY") != std::string::npos;
    CHECK((!sorts || sql.find("type_counts") != std::string::npos));
    if (sql.starts_with("SELECT item_key, id_number, id FROM"))
      CHECK(steps.find("USING COVERING INDEX items_by_id") != std::string::npos);
    if (sql.starts_with("SELECT item_key, at FROM"))
      CHECK(steps.find("changes USING PRIMARY KEY") != std::string::npos);
  }
}

}  // namespace
}  // namespace backstock::index
