#include "bench_store.h"

#include <ctime>
#include <filesystem>

#include "content/fingerprint.h"
#include "content/registry.h"
#include "figures.h"
#include "vault/state_stream.h"

namespace backstock::bench {
namespace {

constexpr const char* kTypes[] = {"customers", "orders", "products"};

Result<> append(vault::VaultWriter& vault, const History& history, const Entry& entry, const std::string& run) {
  const content::ContentType* type = content::find_type(entry.type);
  if (type == nullptr) return make_error(ErrorKind::bad_input, entry.type + " is no content type");
  vault::VersionMeta meta;
  meta.type = entry.type;
  meta.id = entry.id;
  meta.at = entry.at;
  meta.gone = entry.gone();
  meta.source = entry.day == 0 ? "full" : "incremental";
  meta.run = run;
  const std::string_view bytes = history.bytes(entry);
  if (!meta.gone) {
    meta.hash = content::fingerprint(*type, bytes, {});
    meta.scheme = content::kScheme;
    const auto known = TRY(vault.current(entry.type, entry.id));
    if (known && !known->gone && known->hash == meta.hash) {
      return make_error(ErrorKind::bad_input,
                        "the corpus changes nothing that counts in " + entry.type + " " + entry.id + " on day " +
                            std::to_string(entry.day),
                        "a change has to touch a field that is not volatile");
    }
  }
  TRY(vault.append(std::move(meta), {bytes}, {}));
  return {};
}

Result<> run_day(vault::VaultWriter& vault, const History& history, std::uint32_t day, const std::string& run) {
  const std::int64_t at = kBegin + static_cast<std::int64_t>(day) * kDay;
  TRY(vault.append_control(Json{{"control", "run_begin"},
                                {"run", run},
                                {"at", at},
                                {"kind", day == 0 ? "full" : "incremental"},
                                {"origin", "manual"},
                                {"types", kTypes}}));
  for (std::size_t i = history.begin_of(day); i < history.end_of(day); ++i) {
    TRY(append(vault, history, history.entries()[i], run));
  }
  for (const char* type : kTypes) {
    TRY(vault.append_control(Json{{"control", "type_end"},
                                  {"run", run},
                                  {"type", type},
                                  {"at", at + kDay / 4},
                                  {"started", at},
                                  {"outcome", "done"},
                                  {"complete", true},
                                  {"full", day == 0},
                                  {"report", Json{{"type", type}, {"outcome", "done"}}}}));
  }
  TRY(vault.append_control(
      Json{{"control", "run_end"}, {"run", run}, {"at", at + kDay / 4}, {"outcome", "done"}, {"message", ""}}));
  return vault.flush();
}

}  // namespace

Store::Store(const std::string& folder) {
  options_.fs = &fs_;
  options_.clock = &clock_;
  options_.random = &random_;
  options_.folder = folder;
  options_.store_hash = "abc123";
  options_.labels = [](std::string_view type, std::string_view item) {
    const content::ContentType* entry = content::find_type(type);
    return entry == nullptr ? std::vector<std::string>() : content::labels(*entry, item);
  };
  options_.content_hash = [](const vault::StoredVersion& version) -> std::optional<vault::ContentHash> {
    const content::ContentType* entry = content::find_type(version.meta.type);
    if (entry == nullptr) return std::nullopt;
    return vault::ContentHash{content::fingerprint(*entry, version.item, {}), content::kScheme};
  };
}

Result<Filled> fill(Store& store, const History& history) {
  Filled filled;
  SeededRandom random(11);
  std::filesystem::create_directories(store.options().folder);
  const auto vault = TRY(vault::VaultWriter::open(store.options(), "the bench"));
  for (std::uint32_t day = 0; day <= history.days(); ++day) {
    const std::string run = make_ulid(from_ms(kBegin + static_cast<std::int64_t>(day) * kDay), random);
    const Stopwatch watch;
    const std::clock_t cpu = std::clock();
    TRY(run_day(*vault, history, day, run));
    filled.seconds.push_back(watch.seconds());
    if (day == 0) filled.day0_cpu_seconds = static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
  }
  return filled;
}

std::vector<vault::VersionMeta> metas_of(const History& history) {
  std::vector<vault::VersionMeta> metas(history.end_of(0));
  for (std::size_t i = 0; i < metas.size(); ++i) {
    const Entry& entry = history.entries()[i];
    metas[i].type = entry.type;
    metas[i].id = entry.id;
    metas[i].at = entry.at;
    metas[i].source = "full";
    metas[i].run = "01JGF8M0000000000000000000";
    metas[i].scheme = content::kScheme;
    metas[i].hash = content::fingerprint(*content::find_type(entry.type), history.bytes(entry), {});
  }
  return metas;
}

Result<double> vault_appends(const std::string& folder, const History& history,
                             const std::vector<vault::VersionMeta>& metas, std::size_t group, double seconds) {
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  Store store(folder);
  const auto vault = TRY(vault::VaultWriter::open(store.options(), "the bench"));
  const Stopwatch watch;
  std::size_t done = 0;
  while (watch.seconds() < seconds && done + group <= metas.size()) {
    for (std::size_t i = 0; i < group; ++i, ++done) {
      TRY(vault->append(metas[done], {history.bytes(history.entries()[done])}, {}));
    }
    TRY(vault->flush());
  }
  return static_cast<double>(done) / watch.seconds();
}

Result<Json> compact(Store& store, const vault::CompactOptions& how) {
  const auto vault = TRY(vault::VaultWriter::open(store.options(), "the bench"));
  TRY(vault->end_pack());
  const Stopwatch watch;
  const std::clock_t cpu = std::clock();
  const vault::Compacted compacted = TRY(vault::compact(store.options(), how));
  const double cpu_seconds = static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
  for (const std::string& finding : compacted.findings) return make_error(ErrorKind::corrupt, finding);
  Json types = Json::array();
  std::uint64_t raw = 0;
  for (const vault::CompactedType& type : compacted.types) {
    raw += type.raw;
    types.push_back({{"type", type.type},
                     {"versions", type.versions},
                     {"raw", type.raw},
                     {"stored", type.stored},
                     {"dictionary", type.dictionary}});
  }
  return Json{{"types", types},
              {"removed", compacted.removed.size()},
              {"before", compacted.before},
              {"after", compacted.after},
              {"raw", raw},
              {"seconds", watch.seconds()},
              {"cpu_seconds", cpu_seconds},
              {"mb_s_core", static_cast<double>(raw) / 1e6 / cpu_seconds}};
}

Result<Json> sizes(const std::string& folder) {
  std::uint64_t packs = 0;
  std::uint64_t dictionaries = 0;
  std::uint64_t index = 0;
  std::uint64_t other = 0;
  std::error_code failed;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder, failed)) {
    if (!file.is_regular_file()) continue;
    const std::string name = file.path().filename().string();
    std::uint64_t& sum = name.find(".dict") != std::string::npos           ? dictionaries
                         : name.rfind("index.db", 0) == 0                  ? index
                         : file.path().parent_path().filename() == "packs" ? packs
                                                                           : other;
    sum += file.file_size();
  }
  if (failed) return make_error(ErrorKind::not_found, "the vault " + folder + " could not be listed");
  return Json{{"packs", packs}, {"dictionaries", dictionaries}, {"index", index}, {"other", other}};
}

Result<> stream_state(const Store& store, std::int64_t at, const TakeLine& take) {
  for (const char* type : kTypes) {
    Result<> taken;
    TRY(vault::stream_state(
        store.options(), type, from_ms(at),
        [&](const vault::StateItem& item) {
          taken = take(type, item.id, item.line);
          return taken.has_value();
        },
        [&](std::string_view, std::uint32_t, const Error& why) {
          if (taken) taken = why;
        }));
    TRY(std::move(taken));
  }
  return {};
}

}  // namespace backstock::bench
