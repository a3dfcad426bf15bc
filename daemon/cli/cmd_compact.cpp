// `backstock compact`: by the running daemon, or here when none runs.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/compacted_json.h"
#include "cli/terminal.h"
#include "vault/vault_writer.h"

namespace backstock::cli {

Json to_json(const vault::Compacted& done) {
  Json types = Json::array();
  for (const vault::CompactedType& type : done.types) {
    types.push_back(Json{{"type", type.type},
                         {"versions", type.versions},
                         {"raw", type.raw},
                         {"stored", type.stored},
                         {"dictionary", type.dictionary}});
  }
  return Json{{"types", std::move(types)},
              {"removed_packs", done.removed},
              {"before", done.before},
              {"after", done.after},
              {"findings", done.findings}};
}

namespace {

using ShowProgress = std::function<void(const std::string& doing, std::uint64_t done, std::uint64_t total)>;

Result<Json> compact_here(const StoreSetup& store, const ShowProgress& show, Surroundings& s) {
  const auto vault = TRY(vault::VaultWriter::open(store.vault, "compaction"));
  for (const std::string& finding : vault->opened().findings) print(s.err, store.name + ": " + finding + "\n");
  TRY(vault->end_pack());
  const auto progress = [&](const vault::CompactProgress& now) { show(std::string(now.doing), now.done, now.total); };
  return to_json(TRY(vault::compact(store.vault, {}, progress, s.stop)));
}

void print_compacted(const std::string& store, const Json& done, std::FILE* out) {
  const Json types = array_at(done, "types");
  if (types.empty()) {
    print(out, store + ": nothing to do; most of the vault is compact.\n");
  } else {
    print(out, fmt::format("{}: {} before, {} now.\n", store, describe_size(count_at(done, "before")),
                           describe_size(count_at(done, "after"))));
    std::vector<std::vector<std::string>> rows = {{"TYPE", "VERSIONS", "AS SENT", "STORED"}};
    for (const Json& type : types) {
      rows.push_back({string_at(type, "type"), describe_count(count_at(type, "versions")),
                      describe_size(count_at(type, "raw")), describe_size(count_at(type, "stored"))});
    }
    print_table(out, rows);
  }
  for (const std::string& finding : strings_at(done, "findings")) print(out, "  " + printable(finding, 500) + "\n");
}

}  // namespace

Result<int> compact_command(const CommonArguments& arguments, Surroundings& s) {
  const Setup setup = TRY(s.load(arguments.config));
  int code = 0;
  Json json = Json::array();
  for (const StoreSetup& store : TRY(choose_stores(setup, arguments.store))) {
    ProgressLine line(s.err, s.err_is_terminal);
    const auto show = [&](const std::string& doing, std::uint64_t done, std::uint64_t total) {
      line.show_text(
          fmt::format("{} compact {}: {} of {}", store.name, doing, describe_size(done), describe_size(total)),
          s.clock->ticks(), false);
    };
    const auto show_json = [&](const Json& progress) {
      show(string_at(progress, "doing"), count_at(progress, "done"), count_at(progress, "total"));
    };
    DaemonAnswer daemon =
        s.ask_daemon(setup.socket, Json{{"command", "compact"}, {"store", store.name}}, show_json, s.stop);
    const Result<Json> done = daemon.reached ? std::move(daemon.answer) : compact_here(store, show, s);
    line.finish();
    if (!done) {
      code = 1;
      print(s.err, "backstock: " + store.name + ": " + done.error().sentence() + "\n");
      continue;
    }
    if (!array_at(*done, "findings").empty()) code = 1;
    if (arguments.json) {
      Json of_store = *done;
      of_store["store"] = store.name;
      json.push_back(std::move(of_store));
    } else {
      print_compacted(store.name, *done, s.out);
    }
  }
  if (arguments.json) print_json(s.out, Json{{"stores", std::move(json)}});
  return code;
}

}  // namespace backstock::cli
