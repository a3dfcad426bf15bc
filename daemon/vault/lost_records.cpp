#include "vault/lost_records.h"

#include <algorithm>
#include <map>

#include "index/control_records.h"
#include "index/lost_rows.h"
#include "vault/new_pack.h"
#include "vault/pack_to_index.h"

namespace backstock::vault {
namespace {

constexpr int kLevel = 19;
constexpr std::size_t kItemsPerRecord = 1000;
constexpr std::size_t kFrame = 128_KiB;

}  // namespace

Result<std::string> lost_lines(const Options& options, index::Connection& connection,
                               const std::vector<LostVersion>& lost) {
  const index::LostNumbers known = TRY(index::lost_numbers(connection));
  std::map<std::string, std::map<std::string, std::uint32_t>> by_type;
  for (const LostVersion& one : lost) {
    const auto kept = known.find({one.type, one.id});
    if (kept != known.end() && kept->second >= one.version) continue;
    std::uint32_t& highest = by_type[one.type][one.id];
    highest = std::max(highest, one.version);
  }
  std::string lines;
  const std::int64_t at = to_ms(options.clock->now());
  for (const auto& [type, items] : by_type) {
    Json batch = Json::array();
    const auto put = [&] {
      if (batch.empty()) return;
      lines += to_text(Json{{"control", "lost"}, {"at", at}, {"type", type}, {"items", std::move(batch)}}) + "\n";
      batch = Json::array();
    };
    for (const auto& [id, version] : items) {
      batch.push_back(Json::array({id, version}));
      if (batch.size() >= kItemsPerRecord) put();
    }
    put();
  }
  return lines;
}

Result<std::string> known_records(index::Connection& connection) {
  std::string lines;
  TRY(index::for_each_control_record(connection, [&](const Json& record) { lines += to_text(record) + "\n"; }));
  return lines;
}

Result<> write_lost_records(const Options& options, index::Connection& connection, std::uint64_t& next_number,
                            const std::string& lines, std::vector<std::uint64_t> gone) {
  pack::PackHeader header = new_header(options);
  header.compacted = true;
  header.replaces = std::move(gone);
  const auto writer = TRY(with_free_number(next_number, header, [&] {
    return pack::PackWriter::create_beside(*options.fs, options.packs(), header, {kLevel});
  }));
  std::string_view left = lines;
  while (!left.empty()) {
    const std::string_view part = left.substr(0, left.find('\n', std::min(left.size() - 1, kFrame)) + 1);
    pack::FrameHeader frame;
    frame.kind = pack::FrameKind::control;
    frame.lines = static_cast<std::uint32_t>(std::count(part.begin(), part.end(), '\n'));
    TRY(writer->append(frame, part));
    left.remove_prefix(part.size());
  }
  TRY(writer->seal());
  const auto reader = TRY(pack::PackReader::open(*options.fs, options.packs(), writer->number()));
  TRY(apply_pack(options, connection, *reader, 0, 0));
  return {};
}

}  // namespace backstock::vault
