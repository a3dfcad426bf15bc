#include "index/item_list.h"

#include <algorithm>
#include <limits>

#include "index/item_columns.h"
#include "index/item_search.h"
#include "index/labels_text.h"

namespace backstock::index {
namespace {

// What an item's place in a list follows from. `id` and `number` stay empty by change.
struct Candidate {
  std::int64_t key = 0;
  std::optional<std::int64_t> number;
  std::string id;
  std::int64_t changed = 0;
};

bool is_before(Order order, const Candidate& a, const Candidate& b) {
  if (order == Order::by_change) return a.changed != b.changed ? a.changed > b.changed : a.key > b.key;
  const Candidate& low = order == Order::by_id ? a : b;
  const Candidate& high = order == Order::by_id ? b : a;
  if (low.number && high.number) return *low.number < *high.number;
  return low.number.has_value() != high.number.has_value() ? low.number.has_value() : low.id < high.id;
}

// Where a page begins: behind this candidate, or at the start.
using Start = std::optional<Candidate>;

Result<std::int64_t> key_of_type(Connection& connection, std::string_view name) {
  Statement s = TRY(connection.prepare("SELECT type_key FROM types WHERE name=?1"));
  const bool row = TRY(s.bind(name).step());
  return row ? s.integer(0) : std::int64_t{0};  // keys begin at 1
}

Result<Start> find_start(Connection& connection, std::int64_t type, const ListQuery& query) {
  if (query.after_id.empty()) return Start();
  Candidate start{0, number_of(query.after_id), query.after_id, query.after_change};
  if (query.order != Order::by_change) return Start(std::move(start));
  start.key = TRY(key_of_id(connection, type, query.after_id));
  return Start(std::move(start));
}

// The items of one type in one state, in order.
class Walk {
 public:
  static Result<Walk> open(Connection& connection, std::int64_t type, bool gone, Order order, const Start& start) {
    Walk walk(order);
    for (const Stretch& stretch : stretches(order, start)) {
      std::string sql =
          order == Order::by_change ? "SELECT item_key, at FROM changes" : "SELECT item_key, id_number, id FROM items";
      sql += " WHERE type_key=?1 AND gone=?2";
      sql += stretch.sql;
      Statement s = TRY(connection.prepare(sql));
      switch (stretch.bound) {
        case Bound::none:
          s.bind(type, gone);
          break;
        case Bound::number:
          s.bind(type, gone, *start->number);
          break;
        case Bound::text:
          s.bind(type, gone, start->id);
          break;
        case Bound::change:
          s.bind(type, gone, start->changed, start->key);
          break;
      }
      walk.stretches_.push_back(std::move(s));
    }
    TRY(walk.step());
    return walk;
  }

  // The next one; null at the end.
  const Candidate* head() const { return head_ ? &*head_ : nullptr; }
  Result<> step() {
    head_.reset();
    while (at_ < stretches_.size()) {
      Statement& s = stretches_[at_];
      const bool row = TRY(s.step());
      if (!row) {
        ++at_;
        continue;
      }
      head_.emplace();
      head_->key = s.integer(0);
      if (order_ == Order::by_change) {
        head_->changed = s.integer(1);
      } else {
        if (s.integer(1) >= 0) head_->number = s.integer(1);
        head_->id = read_id(s, 1);
      }
      return {};
    }
    return {};
  }

 private:
  enum class Bound { none, number, text, change };
  struct Stretch {
    const char* sql;
    Bound bound;
  };

  // By id there are two, ids that are numbers and ids that are texts; each follows items_by_id.
  static std::vector<Stretch> stretches(Order order, const Start& start) {
    const bool behind_number = start && start->number;
    const bool behind_text = start && !start->number;
    switch (order) {
      case Order::by_id: {
        const Stretch texts = behind_text ? Stretch{" AND id_number=-1 AND id>?3 ORDER BY id", Bound::text}
                                          : Stretch{" AND id_number=-1 ORDER BY id", Bound::none};
        if (behind_text) return {texts};
        if (behind_number) return {{" AND id_number>?3 ORDER BY id_number", Bound::number}, texts};
        return {{" AND id_number>=0 ORDER BY id_number", Bound::none}, texts};
      }
      case Order::by_id_backwards: {
        if (behind_number) return {{" AND id_number>=0 AND id_number<?3 ORDER BY id_number DESC", Bound::number}};
        const Stretch numbers{" AND id_number>=0 ORDER BY id_number DESC", Bound::none};
        if (behind_text) return {{" AND id_number=-1 AND id<?3 ORDER BY id DESC", Bound::text}, numbers};
        return {{" AND id_number=-1 ORDER BY id DESC", Bound::none}, numbers};
      }
      case Order::by_change:
        break;
    }
    if (start) return {{" AND (at, item_key)<(?3, ?4) ORDER BY at DESC, item_key DESC", Bound::change}};
    return {{" ORDER BY at DESC, item_key DESC", Bound::none}};
  }

  explicit Walk(Order order) : order_(order) {}
  Order order_;
  std::vector<Statement> stretches_;
  std::size_t at_ = 0;
  std::optional<Candidate> head_;
};

// Candidates in the order of the list, from the start on: from the walks, or from a search's few finds.
class Candidates {
 public:
  static constexpr std::size_t kFew = 2000;  // finds: looked up one by one; more are met on the walk

  static Result<Candidates> open(Connection& connection, std::int64_t type, const ListQuery& query) {
    Candidates all(query.order);
    const Start start = TRY(find_start(connection, type, query));
    // Whether it was gone at an instant, its state now does not tell.
    const bool present = query.at || query.deleted != Deleted::only;
    const bool gone = query.at || query.deleted != Deleted::hide;
    if (!query.prefix.empty()) {
      std::vector<std::int64_t> keys = TRY(find_keys(connection, type, query.prefix));
      if (keys.size() <= kFew) {
        TRY(all.look_up(connection, keys, start, present, gone));
        return all;
      }
      all.wanted_.resize(static_cast<std::size_t>(keys.back()) + 1);
      for (const std::int64_t key : keys) all.wanted_[static_cast<std::size_t>(key)] = true;
    }
    if (present) all.walks_.push_back(TRY(Walk::open(connection, type, false, query.order, start)));
    if (gone) all.walks_.push_back(TRY(Walk::open(connection, type, true, query.order, start)));
    return all;
  }

  Result<std::optional<Candidate>> next() {
    if (walks_.empty()) return at_ < few_.size() ? std::optional<Candidate>(few_[at_++]) : std::optional<Candidate>();
    while (true) {
      Walk* first = nullptr;
      for (Walk& walk : walks_) {
        if (walk.head() != nullptr && (first == nullptr || is_before(order_, *walk.head(), *first->head())))
          first = &walk;
      }
      if (first == nullptr) return std::optional<Candidate>();
      Candidate candidate = *first->head();
      TRY(first->step());
      if (is_wanted(candidate.key)) return std::optional<Candidate>(std::move(candidate));
    }
  }

 private:
  explicit Candidates(Order order) : order_(order) {}

  bool is_wanted(std::int64_t key) const {
    return wanted_.empty() ||
           (static_cast<std::size_t>(key) < wanted_.size() && wanted_[static_cast<std::size_t>(key)]);
  }

  Result<> look_up(Connection& connection, const std::vector<std::int64_t>& keys, const Start& start, bool present,
                   bool gone) {
    std::string sql = "SELECT id_number, id, gone, ";
    sql += order_ == Order::by_change
               ? "(SELECT at FROM versions v WHERE v.item_key=i.item_key AND v.version=i.version)"
               : "0";
    Statement s = TRY(connection.prepare(sql + " FROM items i WHERE item_key=?1"));
    for (const std::int64_t key : keys) {
      const bool row = TRY(s.bind(key).step());
      if (!row || !(s.integer(2) != 0 ? gone : present)) continue;
      Candidate candidate{key, std::nullopt, read_id(s, 0), s.integer(3)};
      if (s.integer(0) >= 0) candidate.number = s.integer(0);
      if (!start || is_before(order_, *start, candidate)) few_.push_back(std::move(candidate));
    }
    std::sort(few_.begin(), few_.end(),
              [order = order_](const Candidate& a, const Candidate& b) { return is_before(order, a, b); });
    return {};
  }

  Order order_;
  std::vector<Walk> walks_;
  std::vector<bool> wanted_;  // by key; empty: all
  std::vector<Candidate> few_;
  std::size_t at_ = 0;
};

// Makes rows of candidates.
class Rows {
 public:
  static Result<Rows> open(Connection& connection, const ListQuery& query) {
    return Rows(
        query,
        TRY(connection.prepare(
            "SELECT id_number, id, version, gone, labels, (SELECT at FROM versions v WHERE v.item_key=i.item_key ORDER "
            "BY"
            " v.version LIMIT 1), (SELECT at FROM versions v WHERE v.item_key=i.item_key AND v.version=i.version) FROM"
            " items i WHERE item_key=?1")),
        TRY(connection.prepare(
            "SELECT version, gone, at FROM versions WHERE item_key=?1 AND at<=?2 ORDER BY version DESC LIMIT 1")));
  }

  // Nothing if the item was not there then, or not in the state that is asked for.
  Result<std::optional<ItemRow>> make(const Candidate& candidate) {
    ItemRow row;
    row.key = candidate.key;
    if (query_->at && !TRY(go_back(row))) return std::optional<ItemRow>();
    const bool found = TRY(item_.bind(candidate.key).step());
    if (!found) return std::optional<ItemRow>();
    row.id = read_id(item_, 0);
    if (!item_.is_null(4)) row.labels = split_labels(item_.text(4));
    row.first_at = item_.integer(5);
    if (!query_->at) {
      row.version = static_cast<std::uint32_t>(item_.integer(2));
      row.gone = item_.integer(3) != 0;
      row.last_at = item_.integer(6);
    }
    item_.reset();
    return std::optional<ItemRow>(std::move(row));
  }

 private:
  Rows(const ListQuery& query, Statement item, Statement then)
      : query_(&query), item_(std::move(item)), then_(std::move(then)) {}

  // The number, state and time of then.
  Result<bool> go_back(ItemRow& row) {
    const bool found = TRY(then_.bind(row.key, *query_->at).step());
    if (!found) return false;
    row.version = static_cast<std::uint32_t>(then_.integer(0));
    row.gone = then_.integer(1) != 0;
    row.last_at = then_.integer(2);
    then_.reset();
    return query_->deleted == Deleted::include || row.gone == (query_->deleted == Deleted::only);
  }

  const ListQuery* query_;
  Statement item_;
  Statement then_;
};

}  // namespace

Result<ItemPage> read_page(Connection& connection, const ListQuery& query) {
  if (query.at && query.order == Order::by_change)
    return make_error(ErrorKind::bad_input, "a list as it was at an instant cannot be ordered by change",
                      "order it by id");
  ItemPage page;
  const std::int64_t type = TRY(key_of_type(connection, query.type));
  if (type == 0 || query.limit == 0) return page;
  Candidates candidates = TRY(Candidates::open(connection, type, query));
  Rows rows = TRY(Rows::open(connection, query));
  std::uint32_t looked_at = 0;
  for (Candidate last;;) {
    auto candidate = TRY(candidates.next());
    if (!candidate) return page;
    if (looked_at++ == query.look_at) {
      // By change there are no rows passed over, so that the last one has its id.
      page.next = ItemPage::Place{last.id, last.changed};
      return page;
    }
    auto row = TRY(rows.make(*candidate));
    if (row && page.rows.size() == query.limit) {
      page.next = ItemPage::Place{page.rows.back().id, page.rows.back().last_at};
      return page;
    }
    last = std::move(*candidate);
    if (!row) continue;
    if (last.id.empty()) last.id = row->id;
    page.rows.push_back(std::move(*row));
  }
}

}  // namespace backstock::index
