#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "cli/commands.h"
#include "cli/terminal.h"

#ifndef BACKSTOCK_VERSION
#define BACKSTOCK_VERSION "development"
#endif

namespace backstock::cli {
namespace {

constexpr int kFailed = 1;
constexpr int kBadUsage = 2;
constexpr int kNotFound = 3;

int exit_code(const Error& error) {
  switch (error.kind) {
    case ErrorKind::bad_input:
      return kBadUsage;
    case ErrorKind::not_found:
      return kNotFound;
    default:
      return kFailed;
  }
}

std::string default_config() {
  const char* from_environment = std::getenv("BACKSTOCK_CONFIG");
  return from_environment != nullptr ? from_environment : "/etc/backstock/backstock.yaml";
}

// Declares the commands; what was chosen is run after parsing.
class CommandLine {
 public:
  explicit CommandLine(Surroundings& s) : s_(s) {
    app_.name("backstock");
    app_.description("Keeps every version of every item of BigCommerce stores.");
    app_.set_version_flag("--version", BACKSTOCK_VERSION);
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.add_option("--config", config_, "YAML file (default: $BACKSTOCK_CONFIG, else /etc/backstock/backstock.yaml)");
    app_.footer("Exit codes: 0 done, 1 failed in part or whole, 2 bad usage or config, 3 not found.");
    declare_running();
    declare_reading();
    declare_retention();
    declare_admin();
    declare_bad_day();
  }

  int run(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      const int code = app_.exit(error);
      return code == 0 ? 0 : kBadUsage;
    }
    Result<int> ended = chosen_();
    if (ended) return *ended;
    if (ended.error().kind == ErrorKind::corrupt && ended.error().hint.empty())
      ended.error().hint = "`backstock verify` names everything that is damaged, and what to do";
    print(s_.err, "backstock: " + ended.error().sentence() + "\n");
    if (!ended.error().detail.empty()) print(s_.err, "the store said: " + printable(ended.error().detail, 500) + "\n");
    return exit_code(ended.error());
  }

 private:
  template <class Arguments>
  CLI::App* declare(CLI::App& under, const std::string& name, const std::string& what, Arguments& arguments,
                    Result<int> (*function)(const Arguments&, Surroundings&)) {
    CLI::App* command = under.add_subcommand(name, what);
    command->fallthrough();
    command->callback([this, &arguments, function] {
      chosen_ = [this, &arguments, function]() -> Result<int> {
        if constexpr (std::is_base_of_v<CommonArguments, Arguments>) arguments.config = config_;
        return function(arguments, s_);
      };
    });
    return command;
  }
  static void add_json(CLI::App* command, bool& json) { command->add_flag("--json", json, "print JSON"); }

  void declare_running() {
    app_.add_subcommand("serve", "run the daemon in the foreground, as systemd does")->fallthrough()->callback([this] {
      chosen_ = [this]() -> Result<int> { return s_.serve(config_); };
    });
    CLI::App* config = app_.add_subcommand("config", "look at the configuration")->require_subcommand(1)->fallthrough();
    CLI::App* check =
        config->add_subcommand("check", "name every problem with file and line; exit 2 if there is one")->fallthrough();
    add_json(check, config_json_);
    check->callback([this] { chosen_ = [this]() -> Result<int> { return s_.config_check(config_, config_json_); }; });
    CLI::App* show = config->add_subcommand("show", "effective values and where each comes from")->fallthrough();
    add_json(show, config_json_);
    show->callback([this] { chosen_ = [this]() -> Result<int> { return s_.config_show(config_, config_json_); }; });

    CLI::App* backup =
        declare(app_, "backup", "back up now; the running daemon does it where there is one", backup_, backup_command);
    backup->add_option("STORE", backup_.store, "default: all stores");
    backup->add_option("--type", backup_.types, "only this content type (repeatable)");
    backup->add_flag("--full", backup_.full, "read every item, not only those the store says changed");
    backup->add_flag("--accept-deletions", backup_.accept_deletions,
                     "believe a listing from which many items vanished at once");
    add_json(backup, backup_.json);

    CLI::App* stores = declare(app_, "stores", "the stores of the config", stores_, stores_command);
    add_json(stores, stores_.json);
    add_json(declare(app_, "types", "the content types that are backed up", types_, types_command), types_.json);
    for (auto& [name, what, arguments, function] :
         {std::tuple{"status", "how the backups stand", &status_, &status_command},
          {"coverage", "what is covered, and how long a change may go unseen", &coverage_, &coverage_command},
          {"check", "ask the store whether the token works, and for what", &check_, &check_command}}) {
      CLI::App* command = declare(app_, name, what, *arguments, function);
      command->add_option("STORE", arguments->store, "default: all stores");
      add_json(command, arguments->json);
    }
  }

  void declare_reading() {
    CLI::App* items = declare(app_, "items", "list the items of a content type", items_, items_command);
    items->add_option("STORE", items_.store)->required();
    items->add_option("TYPE", items_.type)->required();
    items->add_option("--query", items_.query, "those whose id is this, or whose name, SKU or the like begins with it");
    items->add_option("--at", items_.at, "as they were then: 2026-11-21T14:05:00Z, 2026-11-21, \"2h ago\"");
    items->add_flag("--deleted", items_.deleted, "only those that are gone from the store");
    items->add_option("--limit", items_.limit, "at most so many")->check(CLI::Range(1, 100000));
    items->add_option("--after", items_.after, "go on behind this id");
    add_json(items, items_.json);

    CLI::App* history = declare(app_, "history", "the versions of one item", history_, history_command);
    add_item(history, history_.store, history_.type, history_.id);
    add_json(history, history_.json);

    CLI::App* show = declare(app_, "show", "print a version as the store sent it, byte for byte", show_, show_command);
    add_item(show, show_.store, show_.type, show_.id);
    show->add_option("--version", show_.version, "its number; default: the newest");
    show->add_option("--at", show_.at, "the newest captured by then");
    show->add_flag("--parts", show_.parts, "the whole stored line: metadata, item and parts");

    CLI::App* diff = declare(app_, "diff", "what changed between two versions", diff_, diff_command);
    add_item(diff, diff_.store, diff_.type, diff_.id);
    diff->add_option("--from", diff_.from, "version number; default: the one before --to");
    diff->add_option("--to", diff_.to, "version number, or live for the store as it is now; default: the newest");
    diff->add_flag("--all", diff_.all, "also what moves by itself and is not counted as a change");
    add_json(diff, diff_.json);

    CLI::App* search = declare(app_, "search", "find a text in all fields of all items", search_, search_command);
    search->add_option("TEXT", search_.text, "upper and lower case mean the same")->required();
    search->add_option("STORE", search_.store, "default: all stores");
    search->add_option("--type", search_.types, "only this content type (repeatable)");
    search->add_flag("--all-versions", search_.all_versions, "also in what was changed since; default: newest content");
    search->add_option("--at", search_.at, "as it was then: 2026-11-21T14:05:00Z, 2026-11-21, \"2h ago\"");
    search->add_flag("--match-case", search_.match_case, "tell upper from lower case");
    search->add_option("--limit", search_.limit, "at most so many fields")->check(CLI::Range(1, 1000000));
    search->add_option("--threads", search_.threads, "so many at once; default: two")->check(CLI::Range(1, 64));
    search->add_flag("--json", search_.json, "print JSON, an object per line; the last one tells how much was read");
  }

  void declare_retention() {
    CLI::App* prune =
        declare(app_, "prune", "remove versions that the retention of the config does not keep", prune_, prune_command);
    prune->add_option("STORE", prune_.store, "default: all stores");
    CLI::Option* dry =
        prune->add_flag("--dry-run", prune_.dry_run, "only tell what would be removed, and why the rest stays");
    prune->add_flag("--list", prune_.list, "name every version that would be removed")->needs(dry);
    CLI::Option* force = prune->add_flag("--force-clock", prune_.force_clock,
                                         "the clock is right, although runs and versions speak against it");
    prune->add_flag("--undo", prune_.undo, "put back what was removed and is still within its grace")
        ->excludes(dry)
        ->excludes(force);
    add_json(prune, prune_.json);
    CLI::App* pin = declare(app_, "pin", "keep a version for ever, whatever the retention", pin_, pin_command);
    add_item(pin, pin_.store, pin_.type, pin_.id);
    pin->add_option("--version", pin_.version, "its number; default: the newest");
    pin->add_option("--note", pin_.note, "why, in a few words");
    add_json(pin, pin_.json);
    CLI::App* unpin = declare(app_, "unpin", "end a pin", unpin_, unpin_command);
    add_item(unpin, unpin_.store, unpin_.type, unpin_.id);
    unpin->add_option("--version", unpin_.version, "its number; default: the only one that is pinned");
    add_json(unpin, unpin_.json);
    CLI::App* pins = declare(app_, "pins", "the versions that are pinned", pins_, pins_command);
    pins->add_option("STORE", pins_.store, "default: all stores");
    add_json(pins, pins_.json);
  }

  void declare_admin() {
    CLI::App* admin =
        app_.add_subcommand("admin", "who may use the page and the API")->require_subcommand(1)->fallthrough();
    declare(*admin, "link", "print a link that sets a new password, once (forgotten password)", admin_link_,
            admin_link_command);
    add_json(declare(*admin, "tokens", "list the API tokens", admin_tokens_, admin_tokens_command), admin_tokens_.json);
    CLI::App* token = declare(*admin, "token", "make an API token for a script or a monitor, and print it once",
                              admin_token_, admin_token_command);
    token->add_option("NAME", admin_token_.name, "who will use it, in a word or two")->required();
    token
        ->add_option("--access", admin_token_.access,
                     "read: may look (the default); operate: may also start and cancel backups")
        ->check(CLI::IsMember({"read", "operate"}));
    declare(*admin, "revoke", "end an API token at once", admin_revoke_, admin_revoke_command)
        ->add_option("ID", admin_revoke_.id, "as `backstock admin tokens` lists it")
        ->required();
  }

  void declare_bad_day() {
    CLI::App* verify =
        declare(app_, "verify", "read every byte of the vault and name what is damaged", verify_, verify_command);
    verify->add_option("STORE", verify_.store, "default: all stores");
    verify->add_option("--sample", verify_.sample,
                       "only so much of it, chosen by chance: a share such as 5%, or a size such as 2GB");
    add_json(verify, verify_.json);
    CLI::App* repair = declare(app_, "repair", "write what is whole in damaged files anew and name what is lost",
                               repair_, repair_command);
    repair->add_option("STORE", repair_.store, "default: all stores");
    repair->add_flag("--dry-run", repair_.dry_run, "only say what would be done");
    add_json(repair, repair_.json);
    CLI::App* rebuild = declare(app_, "rebuild", "make the index again from the packs", rebuild_, rebuild_command);
    rebuild->add_option("STORE", rebuild_.store, "default: all stores");
    CLI::App* compact = declare(app_, "compact", "pack all versions anew and smaller (the daemon does it by itself)",
                                compact_, compact_command);
    compact->add_option("STORE", compact_.store, "default: all stores");
    add_json(compact, compact_.json);
    CLI::App* pack = app_.add_subcommand("pack", "look into one pack file")->require_subcommand(1)->fallthrough();
    declare(*pack, "show", "its header and frames", pack_show_, pack_show_command)
        ->add_option("FILE", pack_show_.file)
        ->required();
    declare(*pack, "cat", "its lines, as stock zstdcat prints them", pack_cat_, pack_cat_command)
        ->add_option("FILE", pack_cat_.file)
        ->required();
  }

  static void add_item(CLI::App* command, std::string& store, std::string& type, std::string& id) {
    command->add_option("STORE", store)->required();
    command->add_option("TYPE", type)->required();
    command->add_option("ID", id)->required();
  }

  Surroundings& s_;
  CLI::App app_;
  std::string config_ = default_config();
  bool config_json_ = false;
  BackupArguments backup_;
  CommonArguments types_, stores_, status_, coverage_, check_, rebuild_, compact_, pins_;
  VerifyArguments verify_;
  RepairArguments repair_;
  PruneArguments prune_;
  PinArguments pin_, unpin_;
  ItemsArguments items_;
  ItemArguments history_, show_;
  DiffArguments diff_;
  SearchArguments search_;
  CommonArguments admin_link_, admin_tokens_;
  TokenArguments admin_token_, admin_revoke_;
  PackArguments pack_show_, pack_cat_;
  std::function<Result<int>()> chosen_;
};

}  // namespace

int run_command_line(int argc, const char* const* argv, Surroundings surroundings) {
  return CommandLine(surroundings).run(argc, argv);
}

}  // namespace backstock::cli
