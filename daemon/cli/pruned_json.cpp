#include "cli/pruned_json.h"

namespace backstock::cli {
namespace {

Json time_json(const std::optional<TimePoint>& at) { return at ? Json(format_rfc3339(*at)) : Json(nullptr); }

}  // namespace

Json to_json(const vault::PrunePlan& plan) {
  Json types = Json::array();
  for (const vault::PlannedType& type : plan.types) {
    Json kept = Json::object();
    for (const auto& [reason, count] : type.kept) kept[std::string(to_string(reason))] = count;
    types.push_back(Json{{"type", type.type},
                         {"items", type.items},
                         {"versions", type.versions},
                         {"bytes", type.bytes},
                         {"going", type.going},
                         {"going_bytes", type.going_bytes},
                         {"kept_as", std::move(kept)}});
  }
  Json removed = Json::array();
  for (const vault::PlannedDeletion& one : plan.removed) {
    removed.push_back(Json{{"pack", one.pack.number},
                           {"removed_at", time_json(one.pack.removed_at)},
                           {"bytes", one.pack.bytes},
                           {"deleted_from", time_json(one.due)},
                           {"due", plan.is_due(one)}});
  }
  return Json{{"now", format_rfc3339(plan.now)}, {"types", std::move(types)}, {"removed_before", std::move(removed)}};
}

Json to_json(const vault::Pruned& done) {
  Json types = Json::array();
  for (const vault::PrunedType& type : done.types)
    types.push_back(Json{{"type", type.type}, {"versions", type.versions}, {"bytes", type.bytes}});
  return Json{{"types", std::move(types)},
              {"removed_packs", done.removed_packs},
              {"deleted_for_good", done.deleted_packs},
              {"before", done.before},
              {"after", done.after},
              {"findings", done.findings}};
}

Json to_json(const vault::Unpruned& done) {
  return Json{{"put_back", done.versions}, {"bytes", done.bytes}, {"findings", done.findings}};
}

Json to_json(const index::PinRow& pin) {
  return Json{{"type", pin.type}, {"id", pin.id},    {"version", pin.version}, {"at", format_rfc3339(from_ms(pin.at))},
              {"by", pin.by},     {"note", pin.note}};
}

}  // namespace backstock::cli
