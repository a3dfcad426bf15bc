#include "state/state_file.h"

#include "base/log.h"

namespace backstock::state {
namespace {

constexpr index::FileWords kWords{
    .noun = "state",
    .if_damaged =
        "put back a copy of it, or move state.db and the files beside it (state.db-*) away and restart: "
        "the daemon then prints a link for setting a password; the backups are not affected",
    .if_missing = "may this user read and write the data_dir?",
    .if_too_new = "use the newer program, or put back the copy of state.db that it left beside it"};

Result<> make_file(sys::Fs& fs, const sys::Path& path) {
  if (TRY(sys::exists(fs, path))) return {};
  const auto made = fs.create(path);
  // Another process was faster: fine.
  if (!made && made.error().kind != ErrorKind::conflict) return made.error();
  return fs.sync_folder(sys::folder_of(path));
}

Result<> check_pages(index::Connection& connection) {
  index::Statement check = TRY(connection.prepare("PRAGMA integrity_check(1)"));
  const bool row = TRY(check.step());
  if (row && check.text(0) == "ok") return {};
  return make_error(ErrorKind::corrupt, connection.name() + " is damaged: " + std::string(row ? check.text(0) : ""),
                    std::string(kWords.if_damaged));
}

}  // namespace

Result<std::unique_ptr<index::Connection>> open_state(sys::Fs& fs, const sys::Path& path) {
  TRY(make_file(fs, path));
  auto connection = TRY(index::Connection::open(path, index::Access::write, kWords));
  TRY(check_pages(*connection));
  const index::Migrated migrated = TRY(index::migrate(fs, *connection, released_migrations()));
  if (migrated.copy) log_info("state", "state.db was brought to a new schema", {{"copy", *migrated.copy}});
  return connection;
}

}  // namespace backstock::state
