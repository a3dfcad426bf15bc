#include "index/migrate.h"

namespace backstock::index {

namespace {

Error too_new(const Connection& connection, int schema, int known) {
  return make_error(ErrorKind::conflict,
                    connection.name() + " has schema " + std::to_string(schema) +
                        ", this program knows schemas up to " + std::to_string(known),
                    std::string(connection.words().if_too_new));
}

// VACUUM INTO refuses a file that exists, and a crash leaves half of one: so under another name first.
Result<std::string> copy_beside(sys::Fs& fs, Connection& connection, int schema) {
  const std::string copy = connection.path() + ".schema" + std::to_string(schema);
  const std::string unfinished = copy + ".new";
  const auto cleared = fs.remove(unfinished);
  if (!cleared && cleared.error().kind != ErrorKind::not_found) return cleared.error();
  Statement vacuum = TRY(connection.prepare("VACUUM INTO ?1"));
  TRY(vacuum.bind(unfinished).run());
  const auto file = TRY(fs.open_append(unfinished));
  TRY(file->sync());
  TRY(fs.rename(unfinished, copy));
  TRY(fs.sync_folder(sys::folder_of(copy)));
  return copy;
}

}  // namespace

Result<> check_schema(Connection& connection, std::span<const Migration> migrations) {
  const auto schema = static_cast<int>(TRY(connection.query_integer("PRAGMA user_version")));
  const auto known = static_cast<int>(migrations.size());
  if (schema == known) return {};
  if (schema > known) return too_new(connection, schema, known);
  if (schema == 0) return make_error(ErrorKind::not_found, connection.name() + " has no tables yet");
  return make_error(ErrorKind::conflict,
                    connection.name() + " has schema " + std::to_string(schema) + ", this program reads schema " +
                        std::to_string(known),
                    "start the daemon or a backup with this program: it brings the index up to date");
}

Result<Migrated> migrate(sys::Fs& fs, Connection& connection, std::span<const Migration> migrations) {
  Migrated done;
  done.from = static_cast<int>(TRY(connection.query_integer("PRAGMA user_version")));
  done.to = static_cast<int>(migrations.size());
  if (done.from > done.to) return too_new(connection, done.from, done.to);
  if (done.from == done.to) return done;
  if (done.from > 0) done.copy = TRY(copy_beside(fs, connection, done.from));
  for (int number = done.from + 1; number <= done.to; ++number) {
    const Migration& migration = migrations[static_cast<std::size_t>(number - 1)];
    Transaction transaction = TRY(Transaction::begin(connection));
    TRY(connection.execute(migration.sql).context("migration " + std::string(migration.name)));
    TRY(connection.execute("PRAGMA user_version=" + std::to_string(number)));
    Statement check = TRY(connection.prepare("PRAGMA foreign_key_check"));
    const bool dangling = TRY(check.step());
    if (dangling) {
      return make_error(
          ErrorKind::corrupt,
          connection.name() + ": rows without their owners after migration " + std::string(migration.name),
          std::string(connection.words().if_damaged));
    }
    check.reset();
    TRY(transaction.commit());
  }
  return done;
}

}  // namespace backstock::index
