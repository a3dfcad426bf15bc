#include "backup/run_types.h"

namespace backstock::backup {
namespace {

constexpr std::string_view kOutcomes[] = {"done", "failed", "forbidden", "braked", "cancelled"};

// One list ties the counts to their names, for writing and reading.
struct CountField {
  const char* name;
  std::uint64_t TypeReport::*member;
};
constexpr CountField kCounts[] = {{"seen", &TypeReport::seen},
                                  {"added", &TypeReport::added},
                                  {"changed", &TypeReport::changed},
                                  {"unchanged", &TypeReport::unchanged},
                                  {"returned", &TypeReport::returned},
                                  {"gone", &TypeReport::gone},
                                  {"bytes", &TypeReport::bytes},
                                  {"requests", &TypeReport::requests},
                                  {"requests_minimum", &TypeReport::requests_minimum},
                                  {"problem_count", &TypeReport::problem_count}};

}  // namespace

std::string_view to_string(TypeOutcome outcome) { return kOutcomes[static_cast<std::size_t>(outcome)]; }

std::uint64_t RunReport::versions() const {
  std::uint64_t sum = 0;
  for (const TypeReport& type : types) sum += type.added + type.changed + type.returned + type.gone;
  return sum;
}

Json to_json(const TypeReport& report) {
  Json json{{"type", report.type},       {"outcome", to_string(report.outcome)},
            {"full", report.full},       {"complete", report.complete},
            {"started", report.started}, {"ended", report.ended}};
  for (const CountField& field : kCounts) json[field.name] = report.*field.member;
  json["message"] = report.message;
  json["problems"] = report.problems;
  json["gaps"] = report.gaps;
  json["closed_parts"] = report.closed_parts;
  json["list_rows"] = report.list_rows;
  json["swept_until"] = report.swept_until;
  json["swept_shares"] = report.swept_shares;
  return json;
}

TypeReport type_report_from_json(const Json& json) {
  TypeReport report;
  report.type = string_at(json, "type");
  const std::string outcome = string_at(json, "outcome");
  report.outcome = TypeOutcome::failed;  // also what an outcome that is not known here reads as
  for (std::size_t i = 0; i < std::size(kOutcomes); ++i) {
    if (kOutcomes[i] == outcome) report.outcome = static_cast<TypeOutcome>(i);
  }
  report.full = flag_at(json, "full");
  report.complete = flag_at(json, "complete");
  report.started = integer_at(json, "started");
  report.ended = integer_at(json, "ended");
  for (const CountField& field : kCounts) report.*field.member = count_at(json, field.name);
  report.message = string_at(json, "message");
  report.problems = strings_at(json, "problems");
  report.gaps = strings_at(json, "gaps");
  report.closed_parts = strings_at(json, "closed_parts");
  report.swept_until = integer_at(json, "swept_until");
  report.swept_shares = count_at(json, "swept_shares");
  if (const auto rows = json.find("list_rows"); rows != json.end() && rows->is_object()) {
    for (const auto& [part, count] : rows->items()) report.list_rows[part] = count_at(*rows, part.c_str());
  }
  return report;
}

Json to_json(const RunReport& report) {
  Json types = Json::array();
  for (const TypeReport& type : report.types) types.push_back(to_json(type));
  return Json{{"run", report.run},         {"kind", report.kind},       {"store", report.store},
              {"started", report.started}, {"ended", report.ended},     {"resumed", report.resumed},
              {"outcome", report.outcome}, {"message", report.message}, {"versions", report.versions()},
              {"types", std::move(types)}};
}

}  // namespace backstock::backup
