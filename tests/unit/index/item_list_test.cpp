// Pages of lists, against sorting everything.
#include "index/item_list.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "base/fold_case.h"
#include "base/random.h"
#include "index/self_check.h"
#include "index_world.h"

namespace backstock::index {
namespace {

// What was put into the index, kept the simple way.
struct Model {
  struct Version {
    std::int64_t at = 0;
    bool gone = false;
    std::vector<std::string> labels;
  };
  std::map<std::string, std::vector<Version>> items;  // of "products"

  struct Seen {
    std::string id;
    std::int64_t last_at = 0;
    std::uint32_t version = 0;
    bool gone = false;
    bool operator==(const Seen&) const = default;
  };

  static bool is_found(const std::string& id, const std::vector<Version>& versions, const std::string& prefix) {
    if (prefix.empty() || id == prefix) return true;
    const auto content =
        std::find_if(versions.rbegin(), versions.rend(), [](const Version& version) { return !version.gone; });
    return content != versions.rend() &&
           std::any_of(content->labels.begin(), content->labels.end(),
                       [&](const std::string& label) { return fold_case(label).starts_with(fold_case(prefix)); });
  }

  std::vector<Seen> list(const ListQuery& query) const {
    std::vector<Seen> seen;
    for (const auto& [id, versions] : items) {
      std::size_t count = versions.size();
      if (query.at) {
        while (count > 0 && versions[count - 1].at > *query.at) --count;
      }
      if (count == 0 || !is_found(id, versions, query.prefix)) continue;
      const Version& newest = versions[count - 1];
      if (query.deleted != Deleted::include && newest.gone != (query.deleted == Deleted::only)) continue;
      seen.push_back({id, newest.at, static_cast<std::uint32_t>(count), newest.gone});
    }
    std::sort(seen.begin(), seen.end(), [&](const Seen& a, const Seen& b) {
      if (query.order == Order::by_change) return a.last_at > b.last_at;
      const Seen& low = query.order == Order::by_id ? a : b;
      const Seen& high = query.order == Order::by_id ? b : a;
      const auto x = number_of(low.id);
      const auto y = number_of(high.id);
      if (x && y) return *x < *y;
      return x.has_value() != y.has_value() ? x.has_value() : low.id < high.id;
    });
    return seen;
  }
};

// Items of every kind of id, with histories, some gone, some come back. Each version has an instant of its own.
struct ListWorld : IndexWorld {
  Model model;

  explicit ListWorld(std::uint64_t seed, int steps) {
    SeededRandom random(seed);
    const auto below = [&](std::uint64_t n) { return random.next() % n; };
    static const char* kNames[] = {"Äpfel", "äther", "Blue chair", "BLUE table", "bl", "Zaun", ""};
    std::int64_t now = 1000;
    auto transaction = must(Transaction::begin(*connection));
    for (int i = 0; i < steps; ++i) {
      const std::string id = below(3) == 0 ? "k-" + std::to_string(below(60)) : std::to_string(below(150));
      auto& versions = model.items[id];
      ++now;
      const bool gone = !versions.empty() && !versions.back().gone && below(3) == 0;
      std::vector<std::string> labels;
      if (!gone) labels = {kNames[below(7)], "SKU-" + id};
      versions.push_back({now, gone, labels});
      const auto number = static_cast<std::uint32_t>(versions.size());
      NewVersionRow made = gone ? tombstone("products", id, number) : row("products", id, number, labels);
      made.at = now;
      add(made);
      if (below(4) == 0) {
        NewVersionRow other = row("customers", id, 1, {"Blue man"});
        other.at = now;
        add(other);
      }
    }
    must(transaction.commit());
  }

  // All pages put together.
  std::vector<Model::Seen> pages(ListQuery query) {
    std::vector<Model::Seen> seen;
    while (true) {
      const ItemPage page = must(items->list_page(query));
      CHECK(page.rows.size() <= query.limit);
      for (const ItemRow& item : page.rows) {
        seen.push_back({item.id, item.last_at, item.version, item.gone});
        const auto& versions = model.items.at(item.id);
        CHECK(item.first_at == versions.front().at);
      }
      if (!page.next) return seen;
      if (query.look_at == kNoLimit) CHECK(page.rows.size() == query.limit);
      query.after_id = page.next->id;
      query.after_change = page.next->changed;
    }
  }
};

TEST_CASE("pages of every order, state, search and instant are what sorting everything gives") {
  const char* given = std::getenv("BACKSTOCK_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : 4;
  INFO("run again with BACKSTOCK_SEED=" << seed);
  ListWorld world(seed, 600);
  for (const Order order : {Order::by_id, Order::by_id_backwards, Order::by_change}) {
    for (const Deleted deleted : {Deleted::hide, Deleted::only, Deleted::include}) {
      for (const char* prefix : {"", "ä", "blue", "sku-1", "17", "k-3", "nothing"}) {
        for (const std::int64_t at : {0, 999, 1100, 1400}) {
          if (at != 0 && order == Order::by_change) continue;
          ListQuery query;
          query.type = "products";
          query.prefix = prefix;
          query.deleted = deleted;
          query.order = order;
          if (at != 0) query.at = at;
          const auto expected = world.model.list(query);
          for (const std::uint32_t limit : {1U, 7U, 1000U}) {
            query.limit = limit;
            query.look_at = kNoLimit;
            INFO(static_cast<int>(order) << " " << static_cast<int>(deleted) << " " << prefix << " " << at << " "
                                         << limit);
            CHECK(world.pages(query) == expected);
            query.look_at = 3;  // pages cut short
            CHECK(world.pages(query) == expected);
          }
        }
      }
    }
  }
}

TEST_CASE("a search that finds more than are looked up one by one gives the same") {
  IndexWorld world;
  auto transaction = must(Transaction::begin(*world.connection));
  Ids names;
  for (int i = 1; i <= 5000; ++i) {
    const std::string id = std::to_string(i);
    world.add(IndexWorld::row("products", id, 1, {i % 2 == 0 ? "Even " + id : "Odd " + id}));
    if (i % 10 == 0) world.add(IndexWorld::tombstone("products", id, 2));
  }
  must(transaction.commit());
  ListQuery query{"products", "even", Deleted::hide, {}, "4980", 4};
  CHECK(world.ids(query) == Ids{"4982", "4984", "4986", "4988"});
  query.deleted = Deleted::only;
  CHECK(world.ids(query) == Ids{"4990", "5000"});
  query.deleted = Deleted::include;
  query.order = Order::by_id_backwards;
  query.after_id = "7";
  CHECK(world.ids(query) == Ids{"6", "4", "2"});
  query.order = Order::by_change;
  query.after_id = "";
  CHECK(must(world.items->list_page(query)).rows.size() == 4);
  CHECK(world.ids(query) == Ids{"5000", "4990", "4980", "4970"});  // their tombstones came last
}

TEST_CASE("a list by change goes on behind items of the same instant") {
  IndexWorld world;
  for (int i = 1; i <= 9; ++i) world.add(IndexWorld::row("products", std::to_string(i), i < 7 ? 1 : 2));
  ListQuery query{"products", "", Deleted::hide, {}, "", 2};
  query.order = Order::by_change;
  Ids all;
  while (true) {
    const ItemPage page = must(world.items->list_page(query));
    for (const ItemRow& row : page.rows) all.push_back(row.id);
    if (!page.next) break;
    query.after_id = page.next->id;
    query.after_change = page.next->changed;
  }
  CHECK(all == Ids{"9", "8", "7", "6", "5", "4", "3", "2", "1"});
}

TEST_CASE("a list as it was has no order by change") {
  IndexWorld world;
  world.add(IndexWorld::row("products", "1", 1));
  ListQuery query{"products", "", Deleted::hide, 1000, "", 10};
  query.order = Order::by_change;
  CHECK(world.items->list_page(query).error().kind == ErrorKind::bad_input);
}

TEST_CASE("pages of a history go from the newest to the first") {
  IndexWorld world;
  for (std::uint32_t version = 1; version <= 7; ++version) {
    world.add(version == 4 ? IndexWorld::tombstone("products", "1", version)
                           : IndexWorld::row("products", "1", version));
  }
  world.add(IndexWorld::row("products", "2", 1));
  const std::int64_t key = must(world.items->find_item("products", "1"))->key;
  const auto page = [&](std::uint32_t before, std::uint32_t limit) {
    std::vector<std::uint32_t> numbers;
    for (const VersionRow& row : must(world.items->history_before(key, before, limit))) numbers.push_back(row.version);
    return numbers;
  };
  CHECK(page(kNoLimit, 3) == std::vector<std::uint32_t>{7, 6, 5});
  CHECK(page(5, 3) == std::vector<std::uint32_t>{4, 3, 2});
  CHECK(page(2, 3) == std::vector<std::uint32_t>{1});
  CHECK(page(1, 3).empty());
  CHECK(must(world.items->history_before(key, 5, 1)).at(0).gone);
  CHECK(must(world.items->newest_content(key, {}))->version == 7);
  CHECK(must(world.items->newest_content(key, 4999))->version == 3);
  CHECK_FALSE(must(world.items->newest_content(key, 999)));
}

TEST_CASE("a reader's snapshot stays as it is while a writer goes on") {
  IndexWorld world;
  world.add(IndexWorld::row("products", "1", 1));
  const auto connection = must(Connection::open(world.path, Access::read));
  const auto reader = must(ItemQueries::open(*connection));
  {
    const Snapshot snapshot = must(Snapshot::begin(*connection));
    CHECK(must(reader->counts()).at(0).present == 1);
    world.add(IndexWorld::row("products", "2", 1));
    CHECK(must(reader->counts()).at(0).present == 1);
  }
  CHECK(must(reader->counts()).at(0).present == 2);
}

TEST_CASE("counts are those of the rows whatever order versions come in, and the self-check says when not") {
  std::vector<NewVersionRow> rows = {IndexWorld::row("products", "1", 1), IndexWorld::tombstone("products", "1", 2),
                                     IndexWorld::row("products", "1", 3), IndexWorld::row("products", "2", 2),
                                     IndexWorld::tombstone("products", "2", 3)};
  std::vector<std::size_t> order = {0, 1, 2, 3, 4};
  do {
    IndexWorld world;
    for (const std::size_t at : order) {
      world.add(rows[at]);
      REQUIRE(must(self_check(*world.connection)).empty());
    }
    world.add(rows[0]);  // known
    REQUIRE(must(self_check(*world.connection)).empty());
    const TypeCount count = must(world.items->counts()).at(0);
    REQUIRE((count.present == 1 && count.gone == 1 && count.versions == 5));
    REQUIRE((count.first_at == 1000 && count.last_at == 3000));
  } while (std::next_permutation(order.begin(), order.end()));
  IndexWorld world;
  world.add(rows[0]);
  must(world.connection->execute("UPDATE type_counts SET gone=1"));
  CHECK(must(self_check(*world.connection)) == Ids{"the counts of products are not those of its rows"});
  must(world.connection->execute("DELETE FROM type_counts"));
  CHECK(must(self_check(*world.connection)).size() == 1);
}

}  // namespace
}  // namespace backstock::index
