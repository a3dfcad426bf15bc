#include "vault/rebuild_notes.h"

#include "base/json.h"

namespace backstock::vault {

Result<RebuildNotes> RebuildNotes::begin(index::Connection& connection) {
  TRY(connection.execute(
      "CREATE TABLE rebuilt (pack INTEGER PRIMARY KEY, identity BLOB NOT NULL, size INTEGER NOT NULL, findings TEXT NOT"
      " NULL) STRICT"));
  return RebuildNotes(connection);
}

Result<RebuildNotes> RebuildNotes::take_up(index::Connection& connection) {
  const auto none = [&] { return make_error(ErrorKind::corrupt, connection.name() + " is no unfinished rebuild"); };
  if (TRY(connection.query_integer("SELECT count(*) FROM sqlite_master WHERE name='rebuilt'")) == 0) return none();
  index::Statement check = TRY(connection.prepare("PRAGMA quick_check(1)"));
  const bool row = TRY(check.step());
  if (!row || check.text(0) != "ok") return none();
  check.reset();
  RebuildNotes notes(connection);
  index::Statement s = TRY(connection.prepare("SELECT pack, identity, size, findings FROM rebuilt"));
  while (TRY(s.step())) {
    FinishedPack pack{std::string(s.text(1)), static_cast<std::uint64_t>(s.integer(2)), {}};
    const Json findings = TRY(parse_json(s.text(3), "what a rebuild found"));
    pack.findings = strings_at(Json{{"findings", findings}}, "findings");
    notes.packs_.emplace(static_cast<std::uint64_t>(s.integer(0)), std::move(pack));
  }
  return notes;
}

Result<> RebuildNotes::add(std::uint64_t number, FinishedPack pack) {
  index::Statement s = TRY(connection_->prepare("INSERT INTO rebuilt VALUES (?1, ?2, ?3, ?4)"));
  TRY(s.bind(number, index::Statement::Blob{pack.identity}, pack.size, to_text(Json(pack.findings))).run());
  packs_.emplace(number, std::move(pack));
  return {};
}

Result<> RebuildNotes::end() { return connection_->execute("DROP TABLE rebuilt"); }

}  // namespace backstock::vault
