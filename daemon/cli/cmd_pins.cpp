// `backstock pin`, `unpin` and `pins`: which versions retention never removes.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/pruned_json.h"
#include "cli/terminal.h"
#include "vault/pins.h"
#include "vault/vault_reader.h"
#include "vault/vault_writer.h"

namespace backstock::cli {
namespace {

constexpr std::size_t kNoteWidth = 60;

Result<Json> change_here(const StoreSetup& store, vault::PinChange change, Surroundings& s) {
  // For its lock.
  const auto vault = TRY(vault::VaultWriter::open(store.vault, change.pinned ? "a pin" : "the end of a pin"));
  for (const std::string& finding : vault->opened().findings) print(s.err, store.name + ": " + finding + "\n");
  return to_json(TRY(vault::change_pin(store.vault, change)));
}

Result<int> change(const PinArguments& arguments, bool pinned, Surroundings& s) {
  TRY(choose_type(arguments.type));
  if (arguments.version == 0U) return make_error(ErrorKind::bad_input, "there is no version 0", "they begin at 1");
  const Setup setup = TRY(s.load(arguments.config));
  const StoreSetup store = TRY(choose_store(setup, arguments.store));
  const std::uint32_t version = arguments.version.value_or(0);
  DaemonAnswer daemon = s.ask_daemon(
      setup.socket,
      Json{{"command", pinned ? "pin" : "unpin"},
           {"store", store.name},
           {"type", arguments.type},
           {"id", arguments.id},
           {"version", version},
           {"by", "command line"},
           {"note", arguments.note}},
      [](const Json&) {}, s.stop);
  const Json pin =
      TRY(daemon.reached
              ? std::move(daemon.answer)
              : change_here(store, {pinned, arguments.type, arguments.id, version, "command line", arguments.note}, s));
  if (arguments.json) {
    print_json(s.out, pin);
  } else {
    print(s.out, fmt::format("{} {} version {} {}.\n", string_at(pin, "type"), printable(string_at(pin, "id"), 200),
                             count_at(pin, "version"),
                             pinned ? "is pinned: retention never removes it" : "is not pinned any more"));
  }
  return 0;
}

}  // namespace

Result<int> pin_command(const PinArguments& arguments, Surroundings& s) { return change(arguments, true, s); }
Result<int> unpin_command(const PinArguments& arguments, Surroundings& s) { return change(arguments, false, s); }

Result<int> pins_command(const CommonArguments& arguments, Surroundings& s) {
  const Setup setup = TRY(s.load(arguments.config));
  Json stores = Json::array();
  for (const StoreSetup& store : TRY(choose_stores(setup, arguments.store))) {
    const auto reader = TRY(vault::VaultReader::open(store.vault));
    Json pins = Json::array();
    std::vector<std::vector<std::string>> rows = {{"STORE", "TYPE", "ID", "VERSION", "SINCE", "BY", "NOTE"}};
    for (const index::PinRow& pin : TRY(index::pins(reader->connection()))) {
      pins.push_back(to_json(pin));
      rows.push_back({store.name, pin.type, printable(pin.id, kNoteWidth), std::to_string(pin.version),
                      format_rfc3339(from_ms(pin.at / 1000 * 1000)), printable(pin.by, kNoteWidth),
                      printable(pin.note, kNoteWidth)});
    }
    if (!arguments.json && pins.empty()) print(s.out, store.name + ": no version is pinned.\n");
    if (!arguments.json && !pins.empty()) print_table(s.out, rows);
    stores.push_back(Json{{"store", store.name}, {"pins", std::move(pins)}});
  }
  if (arguments.json) print_json(s.out, Json{{"stores", std::move(stores)}});
  return 0;
}

}  // namespace backstock::cli
