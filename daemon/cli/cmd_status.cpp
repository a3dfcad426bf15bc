// `backstock stores`, `status`, `coverage`: how the backups stand.
#include <fmt/format.h>

#include "backup/coverage.h"
#include "backup/store_status.h"
#include "cli/commands.h"
#include "cli/terminal.h"

namespace backstock::cli {
namespace {

void print_status(const backup::StoreStatus& status, TimePoint now, std::FILE* out) {
  print(out, backup::verdict(status, now) + "\n");
  if (status.room && status.room->level != vault::RoomLevel::enough)
    print(out, backup::disk_sentence(status.name, *status.room) + "\n");
  if (!status.has_backup) return;
  std::vector<std::vector<std::string>> rows = {{"TYPE", "ITEMS", "DELETED", "VERSIONS", "LAST CHANGE SEEN"}};
  for (const index::TypeCount& type : status.types) {
    rows.push_back({type.type, describe_count(type.present), describe_count(type.gone), describe_count(type.versions),
                    format_rfc3339(from_ms(type.last_at / 1000 * 1000))});
  }
  print(out, "\n");
  print_table(out, rows);
  print(out, fmt::format("\n{} in {} pack{} on disk. {}\n\n", describe_size(status.disk.pack_bytes), status.disk.packs,
                         status.disk.packs == 1 ? "" : "s", backup::describe_scrub(status, now)));
  std::vector<std::vector<std::string>> runs = {{"RUN", "KIND", "BEGAN", "OUTCOME", ""}};
  for (const index::RunRow& run : status.runs) {
    runs.push_back({run.run, run.kind, format_rfc3339(from_ms(run.started / 1000 * 1000)),
                    run.ended ? run.outcome : "unfinished", printable(run.message, 100)});
  }
  print_table(out, runs);
}

std::string since(const std::optional<std::int64_t>& at, TimePoint now) {
  return at ? backup::describe_age(*at, now) : "never";
}

void print_coverage(const std::string& store, const backup::Coverage& coverage, TimePoint now, std::FILE* out) {
  print(out,
        coverage.longest_blind_since
            ? fmt::format("{}: a change may be unseen for at most as long as the oldest full pass: it began {}.\n\n",
                          store, backup::describe_age(*coverage.longest_blind_since, now))
            : fmt::format("{}: not every content type has been read whole yet; run `backstock backup {} --full`.\n\n",
                          store, store));
  std::vector<std::vector<std::string>> rows = {
      {"TYPE", "STATE", "LAST GOOD PASS", "LAST FULL PASS", "DELETIONS KNOWN TO"}};
  for (const backup::TypeCoverage& type : coverage.types)
    rows.push_back({type.type, type.state, since(type.last_good, now), since(type.blind_since, now),
                    since(type.deletions_known_to, now)});
  print_table(out, rows);
  for (const backup::TypeCoverage& type : coverage.types) {
    if (!type.trouble.empty()) print(out, fmt::format("\n{}: {}\n", type.type, printable(type.trouble, 500)));
    for (const std::string& spot : type.blind_spots)
      print(out, fmt::format("\n{}: only a full pass sees {}\n", type.type, spot));
    for (const std::string& gap : type.gaps) print(out, fmt::format("\n{}: not covered: {}\n", type.type, gap));
  }
}

}  // namespace

Result<int> stores_command(const CommonArguments& arguments, Surroundings& s) {
  const Setup setup = TRY(s.load(arguments.config));
  std::vector<std::vector<std::string>> rows = {{"STORE", "HASH", "API", "SHARE OF QUOTA", "VAULT"}};
  Json json = Json::array();
  for (const StoreSetup& store : setup.stores) {
    rows.push_back({store.name, store.vault.store_hash, store.api.api_url,
                    fmt::format("{:.0f}%", store.api.api_share * 100), store.vault.folder});
    json.push_back(Json{{"store", store.name},
                        {"store_hash", store.vault.store_hash},
                        {"api_url", store.api.api_url},
                        {"api_share", store.api.api_share},
                        {"vault", store.vault.folder}});
  }
  arguments.json ? print_json(s.out, Json{{"stores", std::move(json)}}) : print_table(s.out, rows);
  return 0;
}

Result<int> status_command(const CommonArguments& arguments, Surroundings& s) {
  const Setup setup = TRY(s.load(arguments.config));
  Json json = Json::array();
  const std::vector<StoreSetup> chosen = TRY(choose_stores(setup, arguments.store));
  int code = 0;
  for (const StoreSetup& store : chosen) {
    const auto read = backup::read_status(store.name, store.vault);
    if (!read) {
      if (chosen.size() == 1) return read.error();
      code = 1;
      print(s.err, "backstock: " + store.name + ": " + read.error().sentence() + "\n");
      continue;
    }
    const backup::StoreStatus& status = *read;
    if (arguments.json) {
      json.push_back(backup::to_json(status, s.clock->now()));
    } else {
      print_status(status, s.clock->now(), s.out);
    }
  }
  if (arguments.json) print_json(s.out, Json{{"stores", std::move(json)}});
  return code;
}

Result<int> coverage_command(const CommonArguments& arguments, Surroundings& s) {
  const Setup setup = TRY(s.load(arguments.config));
  Json json = Json::array();
  const std::vector<StoreSetup> chosen = TRY(choose_stores(setup, arguments.store));
  int code = 0;
  for (const StoreSetup& store : chosen) {
    const auto read = [&]() -> Result<backup::Coverage> {
      const auto reader = TRY(vault::VaultReader::open(store.vault));
      return backup::read_coverage(reader->connection());
    };
    const auto read_now = read();
    if (!read_now) {
      // The other stores are still told of.
      if (chosen.size() == 1) return read_now.error();
      code = 1;
      print(s.err, "backstock: " + store.name + ": " + read_now.error().sentence() + "\n");
      continue;
    }
    const backup::Coverage& coverage = *read_now;
    if (arguments.json) {
      Json one = backup::to_json(coverage, s.clock->now());
      one["store"] = store.name;
      json.push_back(std::move(one));
    } else {
      print_coverage(store.name, coverage, s.clock->now(), s.out);
    }
  }
  if (arguments.json) print_json(s.out, Json{{"stores", std::move(json)}});
  return code;
}

}  // namespace backstock::cli
