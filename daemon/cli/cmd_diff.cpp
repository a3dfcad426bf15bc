// `backstock diff`: what changed between two versions, or between a version and the live store.
#include <fmt/format.h>

#include "capture/item_reader.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "content/compare.h"
#include "vault/vault_reader.h"

namespace backstock::cli {
namespace {

constexpr std::size_t kValueWidth = 200;

struct Side {
  std::string name;
  std::string item;
  std::vector<vault::StoredPart> parts;
  bool gone = false;

  std::vector<content::RawPart> raw_parts() const {
    std::vector<content::RawPart> raw;
    for (const vault::StoredPart& part : parts) raw.push_back({part.name, part.bytes});
    return raw;
  }
};

Result<Side> stored_side(vault::VaultReader& reader, const DiffArguments& arguments, std::uint32_t version) {
  vault::StoredVersion stored = TRY(reader.read_version(arguments.type, arguments.id, version));
  Side side{fmt::format("version {} ({})", version, format_rfc3339(from_ms(stored.meta.at))), std::move(stored.item),
            std::move(stored.parts), stored.meta.gone};
  if (side.gone) side.item = "{}";
  return side;
}

Result<Side> live_side(const content::ContentType& type, const DiffArguments& arguments, const StoreSetup& store,
                       Surroundings& s) {
  const store_api::Options api = TRY(with_token(store));
  const auto transport = s.make_transport();
  store_api::StoreClient client(api, *transport, *s.clock, *s.random);
  capture::WholeLists lists(type, client, store.vault);
  capture::Fetched fetched =
      TRY(capture::ItemReader(type, client, lists, store.extra_parts).read({{arguments.id}}, s.stop));
  if (!fetched.problems.empty()) return fetched.problems.front().error;
  if (fetched.items.empty()) return Side{"the live store (not there)", "{}", {}, true};
  Side side{"the live store", std::move(fetched.items.front().bytes), {}, false};
  for (capture::FetchedPart& part : fetched.items.front().parts)
    side.parts.push_back({std::move(part.name), std::move(part.bytes)});
  return side;
}

Result<std::uint32_t> parse_version_number(const std::string& text) {
  try {
    const unsigned long number = std::stoul(text);
    if (number >= 1 && number <= 0xFFFFFFFFUL && std::to_string(number) == text)
      return static_cast<std::uint32_t>(number);
  } catch (const std::exception&) {
    // Falls through to the same complaint.
  }
  return make_error(ErrorKind::bad_input, "\"" + text + "\" is no version number",
                    "give a number from `backstock history`, or live");
}

// The same one where there is none: retention may have removed those in between.
Result<std::uint32_t> version_before(vault::VaultReader& reader, std::int64_t item, std::uint32_t version) {
  const std::vector<index::VersionRow> before = TRY(reader.items().history_before(item, version, 1));
  return before.empty() ? version : before.front().version;
}

Json to_json(const content::Difference& d) {
  constexpr const char* kKinds[] = {"added", "removed", "changed"};
  return Json{{"path", d.path},   {"kind", kKinds[static_cast<int>(d.kind)]}, {"before", d.before},
              {"after", d.after}, {"moves_by_itself", d.is_volatile},         {"same_number", d.same_number}};
}

void print_difference(const content::Difference& d, std::FILE* out) {
  const char* mark = d.kind == content::Difference::Kind::added     ? "+"
                     : d.kind == content::Difference::Kind::removed ? "-"
                                                                    : "~";
  std::string note;
  if (d.same_number) note = "   (the same number, written differently)";
  if (d.is_volatile) note = "   (moves by itself; not counted as a change)";
  print(out, fmt::format("{} {}{}\n", mark, printable(d.path, 300), note));
  if (d.kind != content::Difference::Kind::added) print(out, "    before  " + printable(d.before, kValueWidth) + "\n");
  if (d.kind != content::Difference::Kind::removed) print(out, "    after   " + printable(d.after, kValueWidth) + "\n");
}

}  // namespace

Result<int> diff_command(const DiffArguments& arguments, Surroundings& s) {
  const content::ContentType* type = TRY(choose_type(arguments.type));
  const Setup setup = TRY(s.load(arguments.config));
  const StoreSetup store = TRY(choose_store(setup, arguments.store));
  const auto reader = TRY(vault::VaultReader::open(store.vault));
  const auto item = TRY(reader->items().find_item(arguments.type, arguments.id));
  if (!item)
    return make_error(ErrorKind::not_found, "no item " + arguments.type + " " + arguments.id + " in this vault",
                      "`backstock items STORE " + arguments.type + "` lists them");
  const bool live = arguments.to == "live";
  const std::uint32_t to = live || arguments.to.empty() ? item->version : TRY(parse_version_number(arguments.to));
  const std::uint32_t from = arguments.from ? *arguments.from
                             : live         ? item->version
                                            : TRY(version_before(*reader, item->key, to));
  const Side before = TRY(stored_side(*reader, arguments, from));
  const Side after = live ? TRY(live_side(*type, arguments, store, s)) : TRY(stored_side(*reader, arguments, to));
  std::vector<content::Difference> differences =
      content::compare(*type, before.item, before.raw_parts(), after.item, after.raw_parts());
  if (!arguments.all) std::erase_if(differences, [](const content::Difference& d) { return d.is_volatile; });
  if (arguments.json) {
    Json list = Json::array();
    for (const content::Difference& d : differences) list.push_back(to_json(d));
    print_json(s.out, Json{{"type", arguments.type},
                           {"id", arguments.id},
                           {"before", before.name},
                           {"after", after.name},
                           {"before_deleted", before.gone},
                           {"after_deleted", after.gone},
                           {"differences", std::move(list)}});
    return 0;
  }
  print(s.out, fmt::format("{} {}: {} -> {}\n", arguments.type, arguments.id, before.name, after.name));
  if (before.gone != after.gone) {
    print(s.out, after.gone ? "The item was deleted.\n" : "The item came into being.\n");
    return 0;
  }
  if (!live && from == to)
    print(s.out, "There is only one version to look at; --to live compares it with the store.\n");
  if (differences.empty() && (live || from != to)) print(s.out, "No difference.\n");
  for (const content::Difference& d : differences) print_difference(d, s.out);
  return 0;
}

}  // namespace backstock::cli
