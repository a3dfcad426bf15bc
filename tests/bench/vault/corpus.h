// A store's history from a seed: what the vault is measured with, and what others are measured with beside it.
//
// Of the items 60 % are products (with variants, options and images; 7.7 KB of JSON on average), 25 % orders (4.8 KB)
// and 15 % customers (1 KB), in the field order of the service's own answers. Each day 1 % of the items change
// (modification date always; price, stock, sold, a sentence of the description; an order's status and notes; a
// customer's phone, notes or group), 0.05 % come and 0.02 % go. The text is made up, so absolute sizes are not those of
// a real store; ratios between contenders are what to look at.
//
// Threads: one at a time.
#pragma once

#include <functional>
#include <utility>

#include "text.h"

namespace backstock::bench {

enum class Kind { customers, orders, products };  // in the order of capture
std::string_view name_of(Kind kind);

inline constexpr std::uint64_t kLeastSentences = 4;  // of a description: one of these is what gets rewritten

// What an item's bytes follow from.
struct Item {
  Kind kind = Kind::products;
  std::uint64_t id = 0;
  std::uint64_t seed = 0;
  std::int64_t created = 0;  // seconds
  std::int64_t modified = 0;
  std::uint64_t cents = 0;  // a product's price
  std::uint64_t stock = 0;
  std::uint64_t sold = 0;
  std::uint64_t views = 0;
  std::uint64_t status = 0;                                        // an order's, a customer's group
  std::vector<std::pair<std::uint64_t, std::uint64_t>> sentences;  // rewritten ones: which, and from what seed
  bool gone = false;
};

struct Settings {
  std::uint64_t items = 10'000;
  std::uint64_t days = 30;
  std::uint64_t seed = 1;
};

struct Captured {
  Kind kind;
  std::uint64_t id;
  std::string_view bytes;  // empty when gone
  bool gone;
};

class Corpus {
 public:
  explicit Corpus(const Settings& settings);
  // Day 0 is every item, each later call the next day's changes; in the order of types, then ids.
  void day(const std::function<void(const Captured&)>& take);

 private:
  Item make(Kind kind, std::int64_t at);
  void change(Item& item, std::int64_t at);
  void write(const Item& item);
  void write_product(const Item& item);
  void write_variants(const Item& item, std::uint64_t sizes, std::uint64_t colors);
  void write_options(const Item& item, std::uint64_t sizes, std::uint64_t colors);
  void write_images(const Item& item, const std::string& name);
  void write_order(const Item& item);
  void write_line(const Item& order, std::uint64_t nth, std::uint64_t product);
  void write_customer(const Item& item);
  std::string description(const Item& item);
  std::string product_name(std::uint64_t product_seed) const;
  std::string product_sku(std::uint64_t product_seed) const;
  std::uint64_t seed_of(Kind kind, std::uint64_t id) const;

  Settings settings_;
  Vocabulary vocabulary_;
  Chance chance_;
  std::vector<std::string> brands_;
  std::vector<std::string> notices_;  // paragraphs that many products share
  std::vector<std::string> cities_;
  std::vector<Item> items_[3];
  std::uint64_t today_ = 0;
  Out out_;
};

}  // namespace backstock::bench
