#include "backup/coverage.h"

#include <algorithm>

#include "content/registry.h"
#include "index/run_rows.h"

namespace backstock::backup {
namespace {

std::vector<std::string> blind_spots(const content::ContentType& type) {
  std::vector<std::string> spots;
  if (type.change_filter.empty()) return spots;  // every pass reads everything
  std::string parts;
  for (const content::Part& part : type.parts) {
    // Lists with dates of their own, owned by the item itself, are asked for changes in every pass.
    if (!part.change_filter.empty() && part.owner_ids == "id") continue;
    parts += (parts.empty() ? "" : ", ") + std::string(part.label);
  }
  std::string until;
  if (type.sweep_days != 0) {
    until = " (of those of the last " + std::to_string(type.sweep_window_days) + " days they are read anew every " +
            std::to_string(type.sweep_days) + " days)";
  }
  if (!parts.empty())
    spots.push_back("edits to parts that leave " + std::string(type.modified_field) + " as it is: " + parts + until);
  if (type.absence == content::Absence::gone)
    spots.push_back("deleted " + std::string(type.name) + ", and deleted rows of their parts");
  return spots;
}

std::vector<std::string> gaps(const content::ContentType& type) {
  std::vector<std::string> found;
  std::string parts;
  std::string scope;
  for (const content::Part& part : type.parts) {
    if (part.on_request) {
      found.push_back(std::string(part.label) + " are left out unless extra_parts in the config names " +
                      std::string(type.name) + "." + std::string(part.name));
    }
    if (part.needs_scope.empty()) continue;
    parts += (parts.empty() ? "" : ", ") + std::string(part.label);
    scope = part.needs_scope;
  }
  if (!parts.empty()) {
    found.push_back(parts + " made by another API account stay invisible unless the token has the scope " + scope +
                    "; the store does not tell whether it has");
  }
  return found;
}

Json time_or_null(const std::optional<std::int64_t>& at) {
  return at ? Json(format_rfc3339(from_ms(*at))) : Json(nullptr);
}

}  // namespace

Result<Coverage> read_coverage(index::Connection& connection) {
  Coverage coverage;
  bool all_known = true;
  for (const content::ContentType& type : content::all_types()) {
    TypeCoverage row;
    row.type = type.name;
    row.label = type.label;
    const auto last = TRY(index::last_attempt(connection, type.name));
    const auto good = TRY(index::last_good(connection, type.name, false));
    const auto full = TRY(index::last_good(connection, type.name, true));
    row.state = !last                                                       ? "never"
                : last->outcome == "done"                                   ? "covered"
                : last->outcome == "forbidden" || last->outcome == "braked" ? last->outcome
                                                                            : "failing";
    if (good) row.last_good = good->started;
    if (full) row.blind_since = row.deletions_known_to = full->started;
    if (last && last->outcome != "done") {
      const auto report = parse_json(last->report, "a type's report");
      row.trouble = report ? string_at(*report, "message") : "";
    }
    row.blind_spots = blind_spots(type);
    row.gaps = gaps(type);
    if (last) {
      const auto report = parse_json(last->report, "a type's report");
      for (std::string& gap : report ? strings_at(*report, "gaps") : std::vector<std::string>())
        row.gaps.push_back(std::move(gap));
    }
    if (!row.blind_since) all_known = false;
    if (row.blind_since && (!coverage.longest_blind_since || *row.blind_since < *coverage.longest_blind_since))
      coverage.longest_blind_since = row.blind_since;
    coverage.types.push_back(std::move(row));
  }
  if (!all_known) coverage.longest_blind_since.reset();
  return coverage;
}

Json to_json(const Coverage& coverage, TimePoint now) {
  Json types = Json::array();
  for (const TypeCoverage& row : coverage.types) {
    types.push_back(Json{{"type", row.type},
                         {"state", row.state},
                         {"last_good", time_or_null(row.last_good)},
                         {"blind_since", time_or_null(row.blind_since)},
                         {"deletions_known_to", time_or_null(row.deletions_known_to)},
                         {"trouble", row.trouble},
                         {"blind_spots", row.blind_spots},
                         {"gaps", row.gaps}});
  }
  Json json{{"types", std::move(types)},
            {"longest_blind_since", time_or_null(coverage.longest_blind_since)},
            {"longest_blind_seconds", nullptr}};
  if (coverage.longest_blind_since) json["longest_blind_seconds"] = (to_ms(now) - *coverage.longest_blind_since) / 1000;
  return json;
}

}  // namespace backstock::backup
