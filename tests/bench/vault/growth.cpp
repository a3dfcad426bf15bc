#include "growth.h"

#include <filesystem>

#include "content/fingerprint.h"
#include "content/registry.h"
#include "figures.h"
#include "text.h"

namespace backstock::bench {
namespace {

constexpr const char* kType = "brands";
constexpr std::uint64_t kRounds = 5;
constexpr std::uint32_t kPage = 100;

// An item's bytes follow from its number and the round alone.
std::string small_item(std::uint64_t id, std::uint64_t round) {
  static const Vocabulary vocabulary(1);
  Chance fixed(mix(id, 51));
  Chance moving(mix(id, 52, round));
  Out out;
  const std::string name = vocabulary.title(fixed, 2) + " " + std::to_string(id);
  out.open('{').number("id", id).field("name", name).field("page_title", vocabulary.words(moving, 4));
  out.open("meta_keywords", '[').close(']').field("meta_description", vocabulary.words(fixed, 8));
  out.field("image_url", "https://cdn11.bigcommerce.com/s-abc123/product_images/" + fixed.hex(8) + ".png");
  out.open("custom_url", '{').field("url", "/" + slug(name) + "/").flag("is_customized", false).close('}').close('}');
  return std::move(out.text());
}

Result<> grow_round(vault::VaultWriter& vault, std::uint64_t items, std::uint64_t round, const std::string& run) {
  const content::ContentType& type = *content::find_type(kType);
  const std::int64_t at = kBegin + static_cast<std::int64_t>(round) * kDay;
  TRY(vault.append_control(Json{
      {"control", "run_begin"}, {"run", run}, {"at", at}, {"kind", "full"}, {"origin", "manual"}, {"types", {kType}}}));
  for (std::uint64_t id = 1; id <= items; ++id) {
    const std::string bytes = small_item(id, round);
    vault::VersionMeta meta;
    meta.type = kType;
    meta.id = std::to_string(id);
    meta.at = at;
    meta.source = "full";
    meta.run = run;
    meta.hash = content::fingerprint(type, bytes, {});
    meta.scheme = content::kScheme;
    TRY(vault.append(std::move(meta), {bytes}, {}));
  }
  TRY(vault.append_control(
      Json{{"control", "run_end"}, {"run", run}, {"at", at + kDay / 4}, {"outcome", "done"}, {"message", ""}}));
  return vault.flush();
}

Result<std::vector<double>> time_reads(vault::VaultReader& vault, std::uint64_t items, std::uint64_t count,
                                       SeededRandom& random) {
  std::vector<double> times;
  while (times.size() < count) {
    const std::uint64_t id = 1 + random.next() % items;
    const std::uint64_t round = random.next() % kRounds;
    const Stopwatch watch;
    const auto version =
        vault.read_version_at(kType, std::to_string(id), from_ms(History::evening(static_cast<std::uint32_t>(round))));
    times.push_back(watch.seconds() * 1e6);
    if (!version) return version.error();
    if (version->item != small_item(id, round)) {
      return make_error(ErrorKind::corrupt, "brand " + std::to_string(id) + " was read back otherwise");
    }
  }
  return times;
}

Result<std::vector<double>> time_pages(vault::VaultReader& vault, std::uint64_t items, std::uint64_t count, bool as_of,
                                       SeededRandom& random) {
  std::vector<double> times;
  while (times.size() < count) {
    const std::uint64_t after = 1 + random.next() % (items - kPage);
    index::ListQuery query;
    query.type = kType;
    query.after_id = std::to_string(after);
    query.limit = kPage;
    if (as_of) query.at = History::evening(static_cast<std::uint32_t>(random.next() % kRounds));
    const Stopwatch watch;
    const auto rows = vault.items().list(query);
    times.push_back(watch.seconds() * 1e6);
    if (!rows) return rows.error();
    if (rows->size() != kPage || rows->front().id != std::to_string(after + 1)) {
      return make_error(ErrorKind::corrupt, "the page behind brand " + std::to_string(after) + " is another");
    }
  }
  return times;
}

}  // namespace

Json spread(const std::vector<double>& microseconds) {
  return Json{{"count", microseconds.size()},
              {"p50_us", quantile(microseconds, 0.5)},
              {"p99_us", quantile(microseconds, 0.99)},
              {"max_us", quantile(microseconds, 1)}};
}

Result<Json> grow(Store& store, std::uint64_t versions) {
  const std::uint64_t items = versions / kRounds;
  SeededRandom random(13);
  std::filesystem::create_directories(store.options().folder);
  store.options().flush_size = 64_MiB;
  const auto vault = TRY(vault::VaultWriter::open(store.options(), "the bench"));
  // Only what comes afterwards is measured, and nothing here must survive a power cut.
  TRY(vault->connection().execute("PRAGMA synchronous=OFF; PRAGMA cache_size=-500000"));
  const Stopwatch watch;
  for (std::uint64_t round = 0; round < kRounds; ++round) {
    const std::int64_t at = kBegin + static_cast<std::int64_t>(round) * kDay;
    TRY(grow_round(*vault, items, round, make_ulid(from_ms(at), random)));
  }
  return Json{{"items", items}, {"versions", items * kRounds}, {"seconds", watch.seconds()}};
}

Result<Json> growth_reads(Store& store, std::uint64_t versions) {
  const std::uint64_t items = versions / kRounds;
  const auto vault = TRY(vault::VaultReader::open(store.options()));
  SeededRandom random(17);
  TRY(time_reads(*vault, items, 2'000, random));  // warms
  TRY(time_pages(*vault, items, 200, false, random));
  const auto reads = TRY(time_reads(*vault, items, 20'000, random));
  const auto pages = TRY(time_pages(*vault, items, 2'000, false, random));
  const auto pages_at = TRY(time_pages(*vault, items, 2'000, true, random));
  return Json{{"reads", spread(reads)}, {"pages", spread(pages)}, {"pages_at", spread(pages_at)}};
}

}  // namespace backstock::bench
