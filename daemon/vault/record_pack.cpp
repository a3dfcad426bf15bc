#include "vault/record_pack.h"

#include <algorithm>

#include "index/item_writer.h"
#include "index/run_rows.h"
#include "vault/new_pack.h"
#include "vault/rebuild.h"
#include "vault/rewriting.h"

namespace backstock::vault {
namespace {

constexpr int kLevel = 19;
constexpr std::size_t kFrame = 128_KiB;

}  // namespace

Result<index::PackRow> write_record_pack(const Options& options, std::uint64_t& next_number, std::string_view lines,
                                         std::vector<std::uint64_t> replaces) {
  pack::PackHeader header = new_header(options);
  header.compacted = true;
  header.replaces = std::move(replaces);
  auto writer = TRY(with_free_number(next_number, header, [&] {
    return pack::PackWriter::create_beside(*options.fs, options.packs(), header, {kLevel});
  }));
  std::uint64_t frames = 0;
  while (!lines.empty()) {
    const std::size_t cut = std::min(lines.find('\n', std::min(lines.size() - 1, kFrame)), lines.size() - 1) + 1;
    pack::FrameHeader frame;
    frame.kind = pack::FrameKind::control;
    frame.lines =
        static_cast<std::uint32_t>(std::count(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(cut), '\n'));
    TRY(writer->append(frame, lines.substr(0, cut)));
    lines.remove_prefix(cut);
    ++frames;
  }
  TRY(writer->seal());
  return index::PackRow{writer->number(), std::string(view(writer->header().identity)), writer->end(), frames, true};
}

Result<> write_record(const Options& options, const Json& record) {
  const auto connection = TRY(open_index(options));
  const auto rows = TRY(index::ItemWriter::open(*connection));
  std::uint64_t next_number = TRY(first_free_number(options, *connection));
  const index::PackRow pack = TRY(write_record_pack(options, next_number, to_text(record) + "\n", {}));
  index::Transaction transaction = TRY(index::Transaction::begin(*connection));
  TRY(rows->set_pack(pack));
  TRY(index::apply_control(*connection, record));
  return transaction.commit();
}

}  // namespace backstock::vault
