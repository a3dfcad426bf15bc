// `backstock items`, `history`, `show`: what the vault holds.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "content/registry.h"
#include "vault/vault_reader.h"

namespace backstock::cli {
namespace {

constexpr std::size_t kLabelWidth = 60;

Result<std::unique_ptr<vault::VaultReader>> open_vault(const std::string& config, const std::string& store,
                                                       Surroundings& s) {
  const Setup setup = TRY(s.load(config));
  const StoreSetup chosen = TRY(choose_store(setup, store));
  return vault::VaultReader::open(chosen.vault);
}

std::string seconds_only(std::int64_t at) { return format_rfc3339(from_ms(at / 1000 * 1000)); }

Json item_json(const content::ContentType& type, const index::ItemRow& row) {
  Json labels = Json::object();
  for (std::size_t i = 0; i < type.label_fields.size(); ++i)
    labels[std::string(type.label_fields[i])] = i < row.labels.size() ? row.labels[i] : "";
  return Json{{"id", row.id},
              {"version", row.version},
              {"deleted", row.gone},
              {"labels", std::move(labels)},
              {"first_seen", format_rfc3339(from_ms(row.first_at))},
              {"last_change", format_rfc3339(from_ms(row.last_at))}};
}

}  // namespace

Result<int> items_command(const ItemsArguments& arguments, Surroundings& s) {
  const content::ContentType* type = TRY(choose_type(arguments.type));
  index::ListQuery query;
  query.type = arguments.type;
  query.prefix = arguments.query;
  query.deleted = arguments.deleted ? index::Deleted::only : index::Deleted::hide;
  query.limit = arguments.limit;
  query.after_id = arguments.after;
  if (!arguments.at.empty()) query.at = to_ms(TRY(parse_time(arguments.at, s.clock->now())));
  const auto reader = TRY(open_vault(arguments.config, arguments.store, s));
  const std::vector<index::ItemRow> rows = TRY(reader->items().list(query));
  if (arguments.json) {
    Json items = Json::array();
    for (const index::ItemRow& row : rows) items.push_back(item_json(*type, row));
    print_json(s.out, Json{{"type", arguments.type},
                           {"items", std::move(items)},
                           {"next_after", rows.size() == arguments.limit ? Json(rows.back().id) : Json(nullptr)}});
    return 0;
  }
  std::vector<std::vector<std::string>> table = {{"ID"}};
  for (const std::string_view field : type->label_fields) table[0].push_back(printable(field, kLabelWidth));
  table[0].insert(table[0].end(), {"VERSIONS", "LAST CHANGE", ""});
  for (const index::ItemRow& row : rows) {
    std::vector<std::string> line = {row.id};
    for (std::size_t i = 0; i < type->label_fields.size(); ++i)
      line.push_back(i < row.labels.size() ? printable(row.labels[i], kLabelWidth) : "");
    line.insert(line.end(), {std::to_string(row.version), seconds_only(row.last_at), row.gone ? "deleted" : ""});
    table.push_back(std::move(line));
  }
  if (rows.empty()) print(s.out, "No " + arguments.type + " match.\n");
  if (!rows.empty()) print_table(s.out, table);
  if (rows.size() == arguments.limit)
    print(s.err,
          fmt::format("The first {}; go on with --after {}, or narrow with --query.\n", rows.size(), rows.back().id));
  return 0;
}

Result<int> history_command(const ItemArguments& arguments, Surroundings& s) {
  TRY(choose_type(arguments.type));
  const auto reader = TRY(open_vault(arguments.config, arguments.store, s));
  const std::vector<index::VersionRow> rows = TRY(reader->items().history(arguments.type, arguments.id));
  if (rows.empty())
    return make_error(ErrorKind::not_found, "no item " + arguments.type + " " + arguments.id + " in this vault",
                      "`backstock items STORE " + arguments.type + "` lists them");
  Json versions = Json::array();
  std::vector<std::vector<std::string>> table = {{"VERSION", "CAPTURED", "BY", "RUN", "SIZE", ""}};
  for (const index::VersionRow& row : rows) {
    versions.push_back(Json{{"version", row.version},
                            {"captured_at", format_rfc3339(from_ms(row.at))},
                            {"source", row.source},
                            {"run", row.run},
                            {"deleted", row.gone},
                            {"bytes", row.size}});
    table.push_back({std::to_string(row.version), format_rfc3339(from_ms(row.at)), row.source, row.run,
                     describe_size(row.size), row.gone ? "deleted" : ""});
  }
  arguments.json
      ? print_json(s.out, Json{{"type", arguments.type}, {"id", arguments.id}, {"versions", std::move(versions)}})
      : print_table(s.out, table);
  return 0;
}

// Prints bytes as they are: what the store sent.
Result<int> show_command(const ItemArguments& arguments, Surroundings& s) {
  TRY(choose_type(arguments.type));
  if (arguments.version && !arguments.at.empty())
    return make_error(ErrorKind::bad_input, "--version and --at exclude each other");
  const auto reader = TRY(open_vault(arguments.config, arguments.store, s));
  const auto read = [&]() -> Result<vault::StoredVersion> {
    if (arguments.version) return reader->read_version(arguments.type, arguments.id, *arguments.version);
    if (!arguments.at.empty())
      return reader->read_version_at(arguments.type, arguments.id, TRY(parse_time(arguments.at, s.clock->now())));
    return reader->read_newest(arguments.type, arguments.id);
  };
  const vault::StoredVersion version = TRY(read());
  if (version.meta.gone && !arguments.parts) {
    const auto item = TRY(reader->items().find_item(arguments.type, arguments.id));
    const auto before = TRY(reader->items().content_before(item ? item->key : 0, version.meta.version));
    return make_error(ErrorKind::not_found,
                      arguments.type + " " + arguments.id + " was deleted: version " +
                          std::to_string(version.meta.version) + ", noticed at " +
                          format_rfc3339(from_ms(version.meta.at)),
                      before ? "show the version before with --version " + std::to_string(before->version) : "");
  }
  print(s.out, arguments.parts ? version.line : version.item);
  print(s.out, "\n");
  return 0;
}

}  // namespace backstock::cli
