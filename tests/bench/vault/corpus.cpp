#include "corpus.h"

#include <algorithm>

namespace backstock::bench {
namespace {

constexpr std::int64_t kBegin = 1'735'689'600;  // 2025-01-01T00:00:00Z
constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kYears = 5 * 365 * kDay;  // how old the store is

}  // namespace

std::string_view name_of(Kind kind) {
  return kind == Kind::customers ? "customers" : kind == Kind::orders ? "orders" : "products";
}

Corpus::Corpus(const Settings& settings)
    : settings_(settings), vocabulary_(settings.seed), chance_(mix(settings.seed, 1)) {
  for (int i = 0; i < 300; ++i) brands_.push_back(vocabulary_.title(chance_, chance_.between(1, 2)));
  for (int i = 0; i < 400; ++i) cities_.push_back(vocabulary_.title(chance_, 1));
  for (int i = 0; i < 60; ++i) {
    std::string notice = vocabulary_.sentence(chance_);
    for (std::uint64_t more = chance_.between(0, 2); more > 0; --more) notice += " " + vocabulary_.sentence(chance_);
    notices_.push_back(std::move(notice));
  }
  const std::uint64_t products = settings.items * 60 / 100;
  const std::uint64_t customers = settings.items * 15 / 100;
  const std::uint64_t counts[] = {customers, settings.items - products - customers, products};
  for (const Kind kind : {Kind::customers, Kind::orders, Kind::products}) {
    const std::uint64_t count = counts[static_cast<int>(kind)];
    for (std::uint64_t i = 0; i < count; ++i) {
      // Older items have lower ids.
      const auto age = static_cast<std::int64_t>((count - i) * kYears / count);
      const Item item = make(kind, kBegin - age - static_cast<std::int64_t>(chance_.below(kDay)));
      items_[static_cast<int>(kind)].push_back(item);
    }
  }
}

std::uint64_t Corpus::seed_of(Kind kind, std::uint64_t id) const {
  return mix(settings_.seed, static_cast<std::uint64_t>(kind) + 11, id);
}

Item Corpus::make(Kind kind, std::int64_t at) {
  const std::vector<Item>& others = items_[static_cast<int>(kind)];
  Item item;
  item.kind = kind;
  // Ids skip those of items deleted long ago; an order's never do.
  const std::uint64_t first = kind == Kind::customers ? 1 : kind == Kind::orders ? 1001 : 77;
  const std::uint64_t step = kind != Kind::orders && chance_.percent(12) ? chance_.between(2, 9) : 1;
  item.id = others.empty() ? first : others.back().id + step;
  item.seed = seed_of(kind, item.id);
  item.created = at;
  const std::int64_t until = std::max(at, kBegin - kDay);
  const std::int64_t life = until - at;
  item.modified = at + (life > 0 ? static_cast<std::int64_t>(chance_.below(static_cast<std::uint64_t>(life))) : 0);
  item.cents = chance_.percent(60) ? chance_.between(4, 250) * 100 - 5 : chance_.between(199, 89'999);
  item.stock = chance_.percent(20) ? 0 : chance_.between(1, 480);
  item.sold = chance_.between(0, 900);
  item.views = item.sold * 31 + chance_.below(4000);
  item.status = kind == Kind::orders ? (life > 40 * kDay ? 10 : chance_.percent(50) ? 11 : 2) : chance_.below(5);
  return item;
}

void Corpus::change(Item& item, std::int64_t at) {
  item.modified = at;
  if (item.kind != Kind::products) {
    constexpr std::uint64_t kStatuses[] = {2, 3, 4, 9, 10, 11};
    const std::uint64_t before = item.status;
    while (item.status == before) item.status = item.kind == Kind::orders ? chance_.pick(kStatuses) : chance_.below(5);
    if (chance_.percent(25)) item.sentences.assign(1, {0, chance_.below(1 << 30)});
    return;
  }
  const bool rewritten = chance_.percent(25);
  if (rewritten) {
    const std::uint64_t which = chance_.below(kLeastSentences);
    const std::uint64_t seed = chance_.below(1 << 30);
    const auto known = std::find_if(item.sentences.begin(), item.sentences.end(),
                                    [&](const auto& sentence) { return sentence.first == which; });
    if (known == item.sentences.end()) {
      item.sentences.emplace_back(which, seed);
    } else {
      known->second = seed;
    }
  }
  // Stock and what was sold move by themselves in the real store and count as no change there: something else has to.
  if (!rewritten || chance_.percent(40))
    item.cents += chance_.percent(50) ? 100 : item.cents > 400 ? -std::uint64_t{150} : 350;
  if (chance_.percent(60)) {
    const std::uint64_t bought = std::min(item.stock, chance_.between(1, 9));
    item.sold += bought;
    item.stock = item.stock == bought ? chance_.between(40, 300) : item.stock - bought;
  }
  item.views += chance_.between(3, 300);
}

void Corpus::day(const std::function<void(const Captured&)>& take) {
  const std::uint64_t today = today_++;
  const std::int64_t begin = kBegin + static_cast<std::int64_t>(today) * kDay - kDay;  // what happened since yesterday
  for (const Kind kind : {Kind::customers, Kind::orders, Kind::products}) {
    std::vector<Item>& items = items_[static_cast<int>(kind)];
    const std::size_t before = items.size();
    const auto moment = [&] { return begin + static_cast<std::int64_t>(chance_.below(kDay)); };
    for (std::size_t i = 0; i < before; ++i) {
      Item& item = items[i];
      if (item.gone) continue;
      const std::uint64_t dice = chance_.below(10'000);
      if (today > 0 && dice < 2) {
        item.gone = true;
        take({kind, item.id, {}, true});
      } else if (today == 0 || dice < 102) {
        if (today > 0) change(item, moment());
        write(item);
        take({kind, item.id, out_.text(), false});
      }
    }
    if (today == 0) continue;
    std::vector<std::int64_t> arrivals;
    for (std::size_t i = 0; i < before; ++i) {
      if (chance_.below(10'000) < 5) arrivals.push_back(moment());
    }
    std::sort(arrivals.begin(), arrivals.end());
    for (const std::int64_t at : arrivals) {
      Item item = make(kind, at);
      if (kind == Kind::orders) item.status = 11;
      items.push_back(item);
      write(item);
      take({kind, item.id, out_.text(), false});
    }
  }
}

void Corpus::write(const Item& item) {
  out_.clear();
  switch (item.kind) {
    case Kind::customers:
      return write_customer(item);
    case Kind::orders:
      return write_order(item);
    case Kind::products:
      return write_product(item);
  }
}

}  // namespace backstock::bench
