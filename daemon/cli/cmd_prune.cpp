// `backstock prune`: what retention would remove; removing it and putting it back, by the running daemon, or here when
// none runs.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/pruned_json.h"
#include "cli/terminal.h"
#include "vault/vault_writer.h"

namespace backstock::cli {
namespace {

using ShowProgress = std::function<void(const std::string& doing, std::uint64_t done, std::uint64_t total)>;

constexpr const char* kKeepsAll =
    "every version is kept: the config has no retention, or one that keeps all for ever. Nothing to do.";

std::string seconds_only(TimePoint at) { return format_rfc3339(std::chrono::floor<std::chrono::seconds>(at)); }

void print_going(const vault::GoingVersion& going, std::FILE* out) {
  print(out, fmt::format("{} {} version {}, {}{}, {}\n", going.type, printable(going.id, 200), going.version,
                         going.gone ? "deleted by " : "captured ", seconds_only(going.at), describe_size(going.bytes)));
}

Json going_json(const vault::GoingVersion& going) {
  return Json{{"type", going.type},       {"id", going.id},
              {"version", going.version}, {"captured_at", format_rfc3339(going.at)},
              {"deleted", going.gone},    {"bytes", going.bytes}};
}

void print_types(const vault::PrunePlan& plan, std::FILE* out) {
  std::vector<std::vector<std::string>> rows = {
      {"TYPE", "ITEMS", "VERSIONS", "TO GO", "AS SENT", "THE OTHERS STAY, AS EACH IS"}};
  for (const vault::PlannedType& type : plan.types) {
    std::vector<std::string> line = {type.type, describe_count(type.items), describe_count(type.versions),
                                     describe_count(type.going), describe_size(type.going_bytes)};
    for (const auto& [reason, count] : type.kept) {
      line.push_back(describe_count(count) + ": " + std::string(to_string(reason)));
      rows.push_back(std::move(line));
      line = {"", "", "", "", ""};
    }
    if (type.kept.empty()) rows.push_back(std::move(line));
  }
  print_table(out, rows);
}

void print_removed_before(const vault::PrunePlan& plan, std::FILE* out) {
  for (const vault::PlannedDeletion& one : plan.removed) {
    const std::string name =
        fmt::format("{} ({}, {})", pack::pack_name(one.pack.number),
                    one.pack.removed_at ? "removed " + seconds_only(*one.pack.removed_at) : "cannot be read",
                    describe_size(one.pack.bytes));
    if (!one.due)
      print(out, fmt::format("  removed/{} is kept: {}.\n", name, one.pack.trouble.value_or("its age is not known")));
    else if (plan.is_due(one))
      print(out, fmt::format("  removed/{} would be deleted for good.\n", name));
    else
      print(out, fmt::format("  removed/{} can be put back until {}.\n", name, seconds_only(*one.due)));
  }
}

Result<Json> tell_plan(const StoreSetup& store, const PruneArguments& arguments, Surroundings& s) {
  Json going = Json::array();
  const vault::EachGoing each = [&](const vault::GoingVersion& version) {
    arguments.json ? going.push_back(going_json(version)) : print_going(version, s.out);
  };
  const vault::PrunePlan plan = TRY(vault::plan_prune(store.vault, store.retention, arguments.force_clock,
                                                      arguments.list ? each : vault::EachGoing()));
  Json json = to_json(plan);
  if (arguments.list) json["going"] = std::move(going);
  if (arguments.json) return json;
  ByteCount bytes = 0;
  std::uint64_t versions = 0;
  for (const vault::PlannedType& type : plan.types) versions += type.versions, bytes += type.going_bytes;
  print(s.out, fmt::format("{}: {} of {} versions would be removed, {} as the store sent them.\n", store.name,
                           describe_count(plan.going()), describe_count(versions), describe_size(bytes)));
  if (!plan.types.empty()) print_types(plan, s.out);
  print_removed_before(plan, s.out);
  return json;
}

Result<Json> prune_here(const StoreSetup& store, const PruneArguments& arguments, const ShowProgress& show,
                        Surroundings& s) {
  const auto vault = TRY(vault::VaultWriter::open(store.vault, arguments.undo ? "undo" : "pruning"));
  for (const std::string& finding : vault->opened().findings) print(s.err, store.name + ": " + finding + "\n");
  TRY(vault->end_pack());
  const auto progress = [&](const vault::CompactProgress& now) { show(std::string(now.doing), now.done, now.total); };
  if (arguments.undo) return to_json(TRY(vault::undo_prune(store.vault, {}, progress, s.stop)));
  vault::PruneOptions how;
  how.force_clock = arguments.force_clock;
  return to_json(TRY(vault::prune(store.vault, store.retention, how, progress, s.stop)));
}

void print_undone(const std::string& store, const Json& done, std::FILE* out) {
  const std::uint64_t versions = count_at(done, "put_back");
  if (versions == 0) return print(out, store + ": there is nothing to put back.\n");
  print(out, fmt::format("{}: {} versions were put back. The next `backstock prune` removes them again, unless the "
                         "retention in the config or pins keep them.\n",
                         store, describe_count(versions)));
}

void print_pruned(const StoreSetup& store, const Json& done, Surroundings& s) {
  const Json& types = array_at(done, "types");
  std::vector<std::vector<std::string>> rows = {{"TYPE", "REMOVED", "AS SENT"}};
  std::uint64_t versions = 0;
  for (const Json& type : types) {
    versions += count_at(type, "versions");
    rows.push_back(
        {string_at(type, "type"), describe_count(count_at(type, "versions")), describe_size(count_at(type, "bytes"))});
  }
  if (versions == 0) print(s.out, store.name + ": there is nothing to remove.\n");
  if (versions > 0) {
    print(s.out, fmt::format("{}: {} versions were removed; `backstock prune --undo {}` puts them back until {}.\n",
                             store.name, describe_count(versions), store.name,
                             seconds_only(s.clock->now() + store.retention.grace)));
    print_table(s.out, rows);
  }
  const std::size_t deleted = array_at(done, "deleted_for_good").size();
  if (deleted > 0)
    print(s.out,
          fmt::format("{}: versions removed before were deleted for good, {} packs of them.\n", store.name, deleted));
}

Result<Json> do_store(const StoreSetup& store, const sys::Path& socket, const PruneArguments& arguments,
                      Surroundings& s) {
  if (!arguments.undo && store.retention.keeps_everything()) {
    if (!arguments.json) print(s.out, store.name + ": " + kKeepsAll + "\n");
    return Json{{"keeps_everything", true}};
  }
  if (arguments.dry_run) return tell_plan(store, arguments, s);
  ProgressLine line(s.err, s.err_is_terminal);
  const auto show = [&](const std::string& doing, std::uint64_t done, std::uint64_t total) {
    line.show_text(fmt::format("{} prune {}: {} of {}", store.name, doing, describe_size(done), describe_size(total)),
                   s.clock->ticks(), false);
  };
  const auto show_json = [&](const Json& progress) {
    show(string_at(progress, "doing"), count_at(progress, "done"), count_at(progress, "total"));
  };
  DaemonAnswer daemon = s.ask_daemon(socket,
                                     Json{{"command", arguments.undo ? "undo_prune" : "prune"},
                                          {"store", store.name},
                                          {"force_clock", arguments.force_clock}},
                                     show_json, s.stop);
  Result<Json> done = daemon.reached ? std::move(daemon.answer) : prune_here(store, arguments, show, s);
  line.finish();
  if (!done || arguments.json) return done;
  arguments.undo ? print_undone(store.name, *done, s.out) : print_pruned(store, *done, s);
  for (const std::string& finding : strings_at(*done, "findings")) print(s.out, "  " + printable(finding, 500) + "\n");
  return done;
}

}  // namespace

Result<int> prune_command(const PruneArguments& arguments, Surroundings& s) {
  const Setup setup = TRY(s.load(arguments.config));
  int code = 0;
  Json json = Json::array();
  for (const StoreSetup& store : TRY(choose_stores(setup, arguments.store))) {
    Result<Json> done = do_store(store, setup.socket, arguments, s);
    if (!done) {
      code = 1;
      print(s.err, "backstock: " + store.name + ": " + done.error().sentence() + "\n");
      continue;
    }
    if (!array_at(*done, "findings").empty()) code = 1;
    Json of_store = Json{{"store", store.name}};
    of_store.update(*done);
    json.push_back(std::move(of_store));
  }
  if (arguments.json) print_json(s.out, Json{{"stores", std::move(json)}});
  return code;
}

}  // namespace backstock::cli
