// Fills a vault with a large store's history, through the vault's own writer: for benches and for tests of the page.
//
//   make_vault --data-dir DIR [--store-hash abc123] [--items 500000] [--versions 2000000] [--seed 1] [--large BYTES]
//
// Products, categories and brands, backed up once in full and then changed, deleted and brought back in thirty runs, so
// that the newest versions of neighbours stand far apart; product 1 has 500 versions; --large gives product 2 a
// description of so many bytes. The same arguments give the same vault. What it made is told as JSON.
#include <charconv>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "content/fingerprint.h"
#include "content/registry.h"
#include "sys/posix_fs.h"
#include "vault/vault_writer.h"

using namespace backstock;

namespace {

struct Wanted {
  std::string data_dir;
  std::string store_hash = "abc123";
  std::uint64_t items = 500'000;
  std::uint64_t versions = 2'000'000;
  std::uint64_t seed = 1;
  std::uint64_t large = 0;
};

constexpr std::uint64_t kRounds = 30;
constexpr std::uint64_t kLongHistory = 500;
constexpr std::int64_t kBegin = 1'735'689'600'000;  // 2025-01-01T00:00:00Z
constexpr std::int64_t kDay = 86'400'000;

class StillClock final : public Clock {
 public:
  TimePoint now() const override { return from_ms(kBegin); }
  std::chrono::milliseconds ticks() const override { return std::chrono::milliseconds(0); }
  bool sleep_for(std::chrono::milliseconds, std::stop_token) override { return true; }
};

constexpr const char* kWords[] = {"oak",    "Äpfel", "linen", "chair",  "lamp",  "сад",  "blue",  "shelf",
                                  "jacket", "水",    "round", "light",  "table", "wool", "steel", "cup",
                                  "green",  "hat",   "bag",   "Ørsted", "boot",  "silk", "mug",   "clock",
                                  "rug",    "vase",  "plate", "spoon",  "bench", "quilt"};
constexpr std::size_t kWordCount = std::size(kWords);

struct Item {
  const content::ContentType* type;
  std::uint64_t id;
  std::uint32_t revision = 0;
  bool gone = false;
};

std::string words(SeededRandom& random, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text.append(i == 0 ? "" : " ").append(kWords[random.next() % kWordCount]);
  return text;
}

// An item's bytes follow from its number and its revision alone.
std::string bytes_of(const Item& item, std::uint64_t large) {
  SeededRandom fixed(item.id * 2 + 1);
  SeededRandom moving(item.id * 1000 + item.revision);
  const std::string id = std::to_string(item.id);
  const std::string price =
      std::to_string(5 + moving.next() % 200) + "." + std::to_string(10 + moving.next() % 90) + "00";
  const std::string name = words(fixed, 3) + " " + id;
  if (item.type->name == "brands") {
    return "{\"id\":" + id + ",\"name\":\"" + name + "\",\"page_title\":\"" + words(moving, 6) +
           "\",\"meta_keywords\":[],\"image_url\":\"\",\"custom_url\":{\"url\":\"/brand-" + id +
           "/\",\"is_customized\":false}}";
  }
  if (item.type->name == "categories") {
    return "{\"category_id\":" + id + ",\"parent_id\":0,\"tree_id\":1,\"name\":\"" + name + "\",\"description\":\"" +
           words(moving, 20) + "\",\"views\":0,\"is_visible\":true,\"url\":{\"path\":\"/category-" + id +
           "/\",\"is_customized\":false}}";
  }
  const std::string description =
      large != 0 && item.id == 2 ? std::string(large, 'x') : words(fixed, 120) + words(moving, 20);
  std::string text = "{\"id\":" + id + ",\"name\":\"" + name + "\",\"type\":\"physical\",\"sku\":\"SKU-" + id +
                     "\",\"description\":\"<p>" + description + "</p>\",\"weight\":4,\"price\":" + price +
                     ",\"cost_price\":0,\"retail_price\":0,\"sale_price\":0,\"categories\":[" +
                     std::to_string(fixed.next() % 1000) + "],\"brand_id\":" + std::to_string(fixed.next() % 500) +
                     ",\"inventory_level\":" + std::to_string(moving.next() % 100) +
                     ",\"inventory_warning_level\":0,\"is_visible\":true,\"is_featured\":false,\"condition\":\"New\","
                     "\"page_title\":\"\",\"meta_keywords\":[],\"date_created\":\"2024-08-15T14:49:05+00:00\","
                     "\"date_modified\":\"2025-01-03T20:55:30+00:00\",\"view_count\":" +
                     std::to_string(moving.next() % 5000) + ",\"custom_url\":{\"url\":\"/product-" + id +
                     "/\",\"is_customized\":false},\"variants\":[";
  const std::uint64_t variants = 1 + fixed.next() % 3;
  for (std::uint64_t i = 0; i < variants; ++i) {
    text += (i == 0 ? "{\"id\":" : ",{\"id\":") + std::to_string(item.id * 10 + i) + ",\"product_id\":" + id +
            ",\"sku\":\"SKU-" + id + "-" + std::to_string(i) + "\",\"price\":" + (i == 0 ? price : "null") +
            ",\"sale_price\":null,\"weight\":null,\"upc\":\"\",\"inventory_level\":3,\"option_values\":[{\"id\":" +
            std::to_string(i + 1) + ",\"label\":\"" + kWords[i] +
            "\",\"option_id\":7,\"option_display_name\":\"Color\"}]}";
  }
  text += "],\"images\":[";
  for (std::uint64_t i = 0; i < 2; ++i) {
    text += (i == 0 ? "{\"id\":" : ",{\"id\":") + std::to_string(item.id * 10 + i) + ",\"product_id\":" + id +
            ",\"is_thumbnail\":false,\"sort_order\":" + std::to_string(i) + ",\"description\":\"" + words(fixed, 4) +
            "\",\"url_standard\":\"https://cdn11.bigcommerce.com/s-abc123/products/" + id + "/images/" +
            std::to_string(i) + "/picture.386.513.jpg?c=1\"}";
  }
  return text +
         "],\"custom_fields\":[],\"bulk_pricing_rules\":[],\"options\":[],\"modifiers\":[],\"videos\":[],\"reviews\":[]"
         "}";
}

class Maker {
 public:
  Maker(const Wanted& wanted, vault::VaultWriter& vault) : wanted_(wanted), vault_(vault), random_(wanted.seed) {
    for (std::uint64_t i = 0; i < wanted.items; ++i) {
      const char* type = i % 100 == 98 ? "brands" : i % 100 >= 92 ? "categories" : "products";
      items_.push_back({content::find_type(type), i + 1});
    }
  }

  Result<> run() {
    TRY(round("full", 0, [&](std::int64_t at) -> Result<> {
      for (Item& item : items_) TRY(capture(item, at++));
      return {};
    }));
    for (std::uint64_t number = 1; number <= kRounds; ++number) {
      TRY(round("incremental", number, [&](std::int64_t at) -> Result<> { return change(number, at); }));
    }
    return {};
  }
  std::uint64_t versions() const { return versions_; }

 private:
  template <class Work>
  Result<> round(const char* kind, std::uint64_t number, const Work& work) {
    const std::int64_t at = kBegin + static_cast<std::int64_t>(number) * kDay;
    run_ = make_ulid(from_ms(at), random_);
    kind_ = kind;
    TRY(vault_.append_control(Json{{"control", "run_begin"},
                                   {"run", run_},
                                   {"at", at},
                                   {"kind", kind},
                                   {"origin", "manual"},
                                   {"types", Json::array({"brands", "categories", "products"})}}));
    const std::uint64_t before = versions_;
    TRY(work(at));
    for (const char* type : {"brands", "categories", "products"}) {
      TRY(vault_.append_control(
          Json{{"control", "type_end"},
               {"run", run_},
               {"type", type},
               {"at", at + kDay / 8},
               {"started", at},
               {"outcome", "done"},
               {"complete", true},
               {"full", number == 0},
               {"report",
                Json{{"type", type}, {"outcome", "done"}, {"seen", items_.size()}, {"changed", versions_ - before}}}}));
    }
    TRY(vault_.append_control(
        Json{{"control", "run_end"}, {"run", run_}, {"at", at + kDay / 8}, {"outcome", "done"}, {"message", ""}}));
    TRY(vault_.flush());
    std::fprintf(stderr, "make_vault: run %llu of %llu, %llu versions\n", static_cast<unsigned long long>(number),
                 static_cast<unsigned long long>(kRounds), static_cast<unsigned long long>(versions_));
    return {};
  }

  // This run's share of the versions that are still to come.
  Result<> change(std::uint64_t number, std::int64_t at) {
    if (number == 1) {
      for (std::uint64_t i = 1; i < kLongHistory && versions_ < wanted_.versions; ++i)
        TRY(capture(items_.front(), at++));
    }
    const std::uint64_t left = wanted_.versions > versions_ ? wanted_.versions - versions_ : 0;
    for (std::uint64_t share = left / (kRounds - number + 1); share > 0; --share) {
      Item& item = items_[random_.next() % items_.size()];
      item.gone = !item.gone && item.id > 2 && random_.next() % 50 == 0;
      TRY(capture(item, at++));
    }
    return {};
  }

  Result<> capture(Item& item, std::int64_t at) {
    vault::VersionMeta meta;
    meta.type = item.type->name;
    meta.id = std::to_string(item.id);
    meta.at = at;
    meta.gone = item.gone;
    meta.source = kind_;
    meta.run = run_;
    meta.scheme = content::kScheme;
    std::string bytes;
    if (!item.gone) {
      ++item.revision;
      bytes = bytes_of(item, wanted_.large);
      const Sha256Digest digest = sha256(bytes);
      std::copy_n(digest.begin(), meta.hash.size(), meta.hash.begin());
    }
    TRY(vault_.append(std::move(meta), {bytes}, {}));
    ++versions_;
    return {};
  }

  const Wanted& wanted_;
  vault::VaultWriter& vault_;
  SeededRandom random_;
  std::vector<Item> items_;
  std::string run_;
  std::string kind_;
  std::uint64_t versions_ = 0;
};

Result<Wanted> read_arguments(int argc, char** argv) {
  Wanted wanted;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (i + 1 == argc) return make_error(ErrorKind::bad_input, std::string(name) + " needs a value");
    const std::string_view value = argv[++i];
    std::uint64_t* number = name == "--items"      ? &wanted.items
                            : name == "--versions" ? &wanted.versions
                            : name == "--seed"     ? &wanted.seed
                            : name == "--large"    ? &wanted.large
                                                   : nullptr;
    if (name == "--data-dir") {
      wanted.data_dir = value;
    } else if (name == "--store-hash") {
      wanted.store_hash = value;
    } else if (number == nullptr || std::from_chars(value.begin(), value.end(), *number).ptr != value.end()) {
      return make_error(ErrorKind::bad_input, "not understood: " + std::string(name) + " " + std::string(value));
    }
  }
  if (wanted.data_dir.empty()) return make_error(ErrorKind::bad_input, "--data-dir is missing");
  return wanted;
}

Result<> make(const Wanted& wanted) {
  sys::PosixFs fs;
  StillClock clock;
  SeededRandom random(wanted.seed + 7);
  vault::Options options;
  options.fs = &fs;
  options.clock = &clock;
  options.random = &random;
  options.folder = wanted.data_dir + "/stores/" + wanted.store_hash;
  options.store_hash = wanted.store_hash;
  options.labels = [](std::string_view type, std::string_view item) {
    const content::ContentType* entry = content::find_type(type);
    return entry == nullptr ? std::vector<std::string>() : content::labels(*entry, item);
  };
  options.level = 1;
  options.flush_size = 64_MiB;
  TRY(fs.make_folder(options.folder));
  const auto vault = TRY(vault::VaultWriter::open(options, "make_vault"));
  // A vault that is not finished is made anew: nothing here must survive a power cut.
  TRY(vault->connection().execute(
      "PRAGMA synchronous=OFF; PRAGMA cache_size=-500000; PRAGMA wal_autocheckpoint=50000"));
  Maker maker(wanted, *vault);
  TRY(maker.run());
  std::printf(
      "%s\n",
      to_text(Json{{"items", wanted.items}, {"versions", maker.versions()}, {"folder", options.folder}}).c_str());
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const auto wanted = read_arguments(argc, argv);
  const Result<> made = wanted ? make(*wanted) : Result<>(wanted.error());
  if (made) return 0;
  std::fprintf(stderr, "make_vault: %s\n", made.error().sentence().c_str());
  return 1;
}
