// `backstock repair`: takes damage out of a vault.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "vault/repair.h"

namespace backstock::cli {
namespace {

Json to_json(const std::string& store, const vault::Repaired& done, bool dry_run) {
  Json packs = Json::array();
  for (const vault::RepairedPack& pack : done.packs) {
    packs.push_back(Json{{"pack", pack.number},
                         {"what", pack.what},
                         {"saved", pack.saved},
                         {"into", pack.into == 0 ? Json(nullptr) : Json(pack.into)},
                         {"moved_to", pack.moved_to.empty() ? Json(nullptr) : Json(pack.moved_to)}});
  }
  Json files = Json::array();
  for (const vault::RepairedFile& file : done.files) files.push_back(Json{{"file", file.file}, {"done", file.done}});
  return Json{{"store", store},
              {"dry_run", dry_run},
              {"packs", std::move(packs)},
              {"files", std::move(files)},
              {"left", done.left},
              {"lost", done.lost},
              {"lost_count", done.lost_count},
              {"rebuilt_index", done.rebuilt_index},
              {"report", done.report.empty() ? Json(nullptr) : Json(done.report)}};
}

std::string describe_pack(const vault::RepairedPack& pack, bool dry_run) {
  std::string text = fmt::format("  pack {:08}: {}\n    ", pack.number, printable(pack.what, 300));
  if (dry_run) return text + fmt::format("{} versions of it can be read\n", describe_count(pack.saved));
  if (pack.into == 0) {
    text += "what could be saved of it stands in other packs";
  } else {
    text += fmt::format("{} versions of it were written anew, into pack {:08}", describe_count(pack.saved), pack.into);
  }
  return text + (pack.moved_to.empty() ? "\n" : "; the file is now " + pack.moved_to + "\n");
}

void print_repaired(const vault::Options& vault, const std::string& store, const vault::Repaired& done, bool dry_run,
                    std::FILE* out) {
  if (done.packs.empty() && done.files.empty() && done.left.empty()) {
    print(out, store + (done.rebuilt_index ? ": no file is damaged; the index was made again from the packs.\n"
                                           : ": nothing to repair.\n"));
    return;
  }
  const bool changed = !dry_run && done.left.empty();
  print(out, fmt::format("{}: {} damaged file{}{}.\n", store, done.packs.size() + done.files.size() + done.left.size(),
                         done.packs.size() + done.files.size() + done.left.size() == 1 ? "" : "s",
                         dry_run ? "; nothing was changed" : ""));
  for (const vault::RepairedPack& pack : done.packs) print(out, describe_pack(pack, !changed));
  for (const vault::RepairedFile& file : done.files)
    print(out, "  " + file.file + ": " + (dry_run ? "could be " : "") + file.done + "\n");
  for (const std::string& left : done.left) print(out, "  left as it is: " + printable(left, 500) + "\n");
  if (!done.left.empty())
    print(out, "  As long as these cannot be judged no pack is touched. Run it again when they are mended.\n");
  for (const std::string& lost : done.lost) print(out, "    cannot be read: " + printable(lost, 200) + "\n");
  if (done.lost_count > done.lost.size())
    print(out, fmt::format("    ... and {} more versions\n", done.lost_count - done.lost.size()));
  if (!changed) return;
  if (!done.report.empty()) print(out, "  All of it is written down in " + vault.folder + "/" + done.report + "\n");
  if (done.lost_count != 0)
    print(out, "  `backstock backup " + store + " --full` stores anew what the store still has.\n");
}

}  // namespace

Result<int> repair_command(const RepairArguments& arguments, Surroundings& s) {
  const Setup setup = TRY(s.load(arguments.config));
  int code = 0;
  Json json = Json::array();
  for (const StoreSetup& store : TRY(choose_stores(setup, arguments.store))) {
    ProgressLine line(s.err, s.err_is_terminal);
    const auto progress = [&](std::string_view doing, std::uint64_t done, std::uint64_t total) {
      line.show_text(
          fmt::format("{} repair, {}: {} of {}", store.name, doing, describe_size(done), describe_size(total)),
          s.clock->ticks(), false);
    };
    auto done = vault::repair(store.vault, {arguments.dry_run}, progress, s.stop);
    line.finish();
    if (!done) {
      code = 1;
      if (done.error().kind == ErrorKind::conflict) done.error().hint = "stop the daemon first, or wait for the backup";
      print(s.err, "backstock: " + store.name + ": " + done.error().sentence() + "\n");
      continue;
    }
    // What was mended without a loss is no failure.
    if (!done->left.empty() || done->lost_count != 0 || (arguments.dry_run && !done->packs.empty())) code = 1;
    if (arguments.json) {
      json.push_back(to_json(store.name, *done, arguments.dry_run));
    } else {
      print_repaired(store.vault, store.name, *done, arguments.dry_run, s.out);
    }
  }
  if (arguments.json) print_json(s.out, Json{{"stores", std::move(json)}});
  return code;
}

}  // namespace backstock::cli
