// When a scrub is to read, and where it keeps how far it is.
#include <algorithm>

#include "base/json.h"
#include "vault/scrub.h"

namespace backstock::vault {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr milliseconds kPass = hours(25 * 24);
constexpr milliseconds kBetween = hours(1);   // portions of a large vault
constexpr ByteCount kLeastPortion = 64_MiB;   // of a small one: a disk that sleeps is woken a few times a month
constexpr milliseconds kAskAgain = hours(1);  // clocks are set, vaults grow
constexpr ByteCount kLargestState = 16_MiB;

sys::Path state_path(const Options& options) { return sys::join(options.folder, "scrub.json"); }

}  // namespace

ScrubDue scrub_due(const ScrubState& state, ByteCount size, TimePoint now) {
  const milliseconds elapsed(to_ms(now) - state.began);
  // The first pass, one that was begun by a clock that has been set back since, or the next one.
  const ByteCount portion =
      std::max(kLeastPortion, static_cast<ByteCount>(static_cast<double>(size) * (kBetween * 1.0 / kPass)));
  if (state.began == 0 || elapsed < milliseconds(0) || (state.ended && elapsed >= kPass)) return {portion, {}};
  if (state.ended) return {0, std::min(kPass - elapsed, kAskAgain)};
  const double share_of_time = std::min(elapsed * 1.0 / kPass, 1.0);
  const double share_done =
      size == 0 ? 0.0 : std::min(static_cast<double>(state.done) / static_cast<double>(size), 1.0);
  if (share_of_time >= share_done) {
    // What was missed while the machine was off is caught up with.
    const double late = (share_of_time - share_done) * static_cast<double>(size);
    return {std::max(portion, static_cast<ByteCount>(late)), {}};
  }
  const auto wait = std::chrono::duration_cast<milliseconds>((share_done - share_of_time) * kPass);
  return {0, std::clamp(wait, milliseconds(1000), kAskAgain)};
}

ScrubState read_scrub_state(const Options& options) {
  ScrubState state;
  const auto text = sys::read_file(*options.fs, state_path(options), kLargestState);
  const auto json = text ? parse_json(*text, "scrub.json") : Result<Json>(text.error());
  if (!json || !json->is_object()) return state;
  state.began = integer_at(*json, "began");
  state.ended = flag_at(*json, "ended");
  state.file = string_at(*json, "file");
  state.offset = count_at(*json, "offset");
  state.done = count_at(*json, "done");
  if (const auto at = integer_at(*json, "last_ended"); at != 0) state.last_ended = at;
  for (const Json& finding : array_at(*json, "findings"))
    state.findings.push_back({string_at(finding, "file"), string_at(finding, "what"), integer_at(finding, "at")});
  return state;
}

Result<> write_scrub_state(const Options& options, const ScrubState& state) {
  Json findings = Json::array();
  for (const ScrubFinding& finding : state.findings)
    findings.push_back(Json{{"file", finding.file}, {"what", finding.what}, {"at", finding.at}});
  const Json json{
      {"began", state.began},           {"ended", state.ended}, {"file", state.file},
      {"offset", state.offset},         {"done", state.done},   {"last_ended", state.last_ended.value_or(0)},
      {"findings", std::move(findings)}};
  return sys::replace_file(*options.fs, state_path(options), to_text(json) + "\n");
}

Result<> forget_scrub_findings(const Options& options) {
  ScrubState state = read_scrub_state(options);
  if (state.findings.empty()) return {};
  state.findings.clear();
  return write_scrub_state(options, state);
}

}  // namespace backstock::vault
