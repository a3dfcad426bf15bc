// One function per command; each gives its exit code or an error that command_line.cpp prints as one sentence.
#pragma once

#include <optional>

#include "cli/surroundings.h"

namespace backstock::cli {

struct CommonArguments {
  std::string config;
  bool json = false;
  std::string store;  // empty: the only one, or all, as the command says
};

struct BackupArguments : CommonArguments {
  std::vector<std::string> types;
  bool full = false;
  bool accept_deletions = false;
};
struct ItemsArguments : CommonArguments {
  std::string type;
  std::string query;
  std::string at;
  bool deleted = false;
  std::uint32_t limit = 100;
  std::string after;
};
struct ItemArguments : CommonArguments {
  std::string type;
  std::string id;
  std::optional<std::uint32_t> version;
  std::string at;
  bool parts = false;
};
struct DiffArguments : CommonArguments {
  std::string type;
  std::string id;
  std::optional<std::uint32_t> from;
  std::string to;  // a number, "live", or empty for the newest
  bool all = false;
};
struct SearchArguments : CommonArguments {
  std::string text;
  std::vector<std::string> types;
  std::string at;
  bool all_versions = false;
  bool match_case = false;
  std::uint64_t limit = 100;
  unsigned threads = 0;
};
struct PruneArguments : CommonArguments {
  bool dry_run = false;
  bool list = false;
  bool undo = false;
  bool force_clock = false;
};
struct PinArguments : CommonArguments {
  std::string type;
  std::string id;
  std::optional<std::uint32_t> version;
  std::string note;
};
struct TokenArguments : CommonArguments {
  std::string name;
  std::string access = "read";
  std::string id;
};
struct VerifyArguments : CommonArguments {
  std::string sample;  // "5%" or "500MB"; empty: everything
};
struct RepairArguments : CommonArguments {
  bool dry_run = false;
};
struct PackArguments {
  std::string file;
};

Result<int> backup_command(const BackupArguments& arguments, Surroundings& s);
Result<int> types_command(const CommonArguments& arguments, Surroundings& s);
Result<int> stores_command(const CommonArguments& arguments, Surroundings& s);
Result<int> status_command(const CommonArguments& arguments, Surroundings& s);
Result<int> coverage_command(const CommonArguments& arguments, Surroundings& s);
Result<int> check_command(const CommonArguments& arguments, Surroundings& s);
Result<int> items_command(const ItemsArguments& arguments, Surroundings& s);
Result<int> history_command(const ItemArguments& arguments, Surroundings& s);
Result<int> show_command(const ItemArguments& arguments, Surroundings& s);
Result<int> diff_command(const DiffArguments& arguments, Surroundings& s);
Result<int> search_command(const SearchArguments& arguments, Surroundings& s);
Result<int> admin_link_command(const CommonArguments& arguments, Surroundings& s);
Result<int> admin_tokens_command(const CommonArguments& arguments, Surroundings& s);
Result<int> admin_token_command(const TokenArguments& arguments, Surroundings& s);
Result<int> admin_revoke_command(const TokenArguments& arguments, Surroundings& s);
Result<int> verify_command(const VerifyArguments& arguments, Surroundings& s);
Result<int> repair_command(const RepairArguments& arguments, Surroundings& s);
Result<int> rebuild_command(const CommonArguments& arguments, Surroundings& s);
Result<int> compact_command(const CommonArguments& arguments, Surroundings& s);
Result<int> prune_command(const PruneArguments& arguments, Surroundings& s);
Result<int> pin_command(const PinArguments& arguments, Surroundings& s);
Result<int> unpin_command(const PinArguments& arguments, Surroundings& s);
Result<int> pins_command(const CommonArguments& arguments, Surroundings& s);
Result<int> pack_show_command(const PackArguments& arguments, Surroundings& s);
Result<int> pack_cat_command(const PackArguments& arguments, Surroundings& s);

// The store of that name; with no name the only one of the config. bad_input names the stores there are.
Result<StoreSetup> choose_store(const Setup& setup, const std::string& name);
// With no name all of them.
Result<std::vector<StoreSetup>> choose_stores(const Setup& setup, const std::string& name);
// not_found names the types there are.
Result<const content::ContentType*> choose_type(const std::string& name);

}  // namespace backstock::cli
