#include "index/migrate.h"

namespace backstock::index {

Result<Migrated> migrate(Connection& connection, std::span<const Migration> migrations) {
  Migrated done;
  done.from = static_cast<int>(TRY(connection.query_integer("PRAGMA user_version")));
  done.to = static_cast<int>(migrations.size());
  if (done.from > done.to) {
    return make_error(ErrorKind::conflict,
                      "index " + connection.path() + " has schema " + std::to_string(done.from) +
                          ", this program knows schemas up to " + std::to_string(done.to),
                      "use the newer program, or move the index away and run `backstock rebuild`");
  }
  if (done.from == done.to) return done;
  if (done.from > 0) {
    done.copy = connection.path() + ".schema" + std::to_string(done.from);
    Statement copy = TRY(connection.prepare("VACUUM INTO ?1"));
    TRY(copy.bind(*done.copy).run());
  }
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
          "index " + connection.path() + ": rows without their owners after migration " + std::string(migration.name),
          "run `backstock rebuild`");
    }
    check.reset();
    TRY(transaction.commit());
  }
  return done;
}

}  // namespace backstock::index
