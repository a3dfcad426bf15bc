#include "vault/removed_packs.h"

#include <algorithm>
#include <map>

#include "base/crypto.h"
#include "index/item_queries.h"
#include "vault/pack_to_index.h"

namespace backstock::vault {
namespace {

Result<std::vector<sys::Entry>> entries_of(const Options& options) {
  auto entries = options.fs->list(options.removed());
  if (!entries && entries.error().kind == ErrorKind::not_found) return std::vector<sys::Entry>();
  return entries;
}

// Of versions, up to where the index knows the pack.
Result<std::uint64_t> count_lines(const Options& options, std::uint64_t number, std::uint64_t known_end) {
  const auto reader = TRY(pack::PackReader::open(*options.fs, options.packs(), number));
  if (reader->header_damaged()) return make_error(ErrorKind::corrupt, "its header is damaged");
  std::uint64_t lines = 0;
  for (std::uint64_t at = reader->header_size(); at < known_end;) {
    const auto frame = TRY(reader->frame_at(at));
    if (!frame) break;
    if (frame->kind == pack::FrameKind::versions) lines += frame->lines;
    at += pack::kMinFrameHeader + frame->content_type.size() + frame->stored_size;
  }
  return lines;
}

}  // namespace

Result<std::vector<RemovedPack>> list_removed_packs(const Options& options) {
  std::vector<RemovedPack> packs;
  for (const sys::Entry& entry : TRY(entries_of(options))) {
    const auto number = pack::parse_pack_name(entry.name);
    if (!number || entry.size == 0) continue;  // or a number that was taken and not used
    RemovedPack pack{*number, std::nullopt, entry.size, {}};
    const auto reader = pack::PackReader::open(*options.fs, options.removed(), *number);
    if (!reader && reader.error().kind != ErrorKind::corrupt && reader.error().kind != ErrorKind::rejected)
      return reader.error();
    if (!reader) {
      pack.trouble = reader.error().message;
    } else if ((*reader)->header_damaged()) {
      pack.trouble = "its header is damaged";
    } else if ((*reader)->header().store_hash != options.store_hash) {
      pack.trouble = "it belongs to store " + (*reader)->header().store_hash;
    } else {
      pack.removed_at = from_ms((*reader)->header().created_ms);
      pack.copies_in = (*reader)->header().replaces;
    }
    packs.push_back(std::move(pack));
  }
  std::sort(packs.begin(), packs.end(), [](const RemovedPack& a, const RemovedPack& b) { return a.number < b.number; });
  return packs;
}

Result<std::set<std::uint64_t>> packs_with_loose_lines(const Options& options, index::Connection& connection,
                                                       const std::set<std::uint64_t>& numbers) {
  std::set<std::uint64_t> found;
  for (const sys::Entry& entry : TRY(options.fs->list(options.packs()))) {
    const auto number = pack::parse_pack_name(entry.name);
    if (number && entry.size > 0 && numbers.count(*number) != 0) found.insert(*number);
  }
  if (found.empty()) return found;
  const auto items = TRY(index::ItemQueries::open(connection));
  std::map<std::uint64_t, std::uint64_t> ends;
  for (const index::PackRow& row : TRY(items->packs())) ends[row.pack] = row.known_end;
  std::map<std::uint64_t, std::uint64_t> rows;
  for (const index::PackUse& use : TRY(items->pack_use())) rows[use.pack] = use.versions;
  std::erase_if(found, [&](std::uint64_t number) {
    const auto lines = count_lines(options, number, ends[number]);
    return lines && *lines == rows[number];
  });
  return found;
}

RemovedLines::Digest RemovedLines::digest_of(std::string_view line) {
  const Sha256Digest whole = sha256(line);
  Digest half;
  std::copy_n(whole.begin(), half.size(), half.begin());
  return half;
}

Result<RemovedLines> RemovedLines::read(const Options& options, const std::stop_token& stop) {
  RemovedLines lines;
  for (const RemovedPack& pack : TRY(list_removed_packs(options))) {
    const auto reader = pack::PackReader::open(*options.fs, options.removed(), pack.number);
    if (!reader) continue;
    pack::PackWalk walk(**reader, (*reader)->header_size());
    while (!stop.stop_requested()) {
      const auto step = walk.next();
      if (!step || !*step) break;  // what cannot be read is not there
      if (!(*step)->frame) continue;
      for_each_line((*step)->frame->raw,
                    [&](std::string_view line, std::size_t) { lines.digests_.push_back(digest_of(line)); });
    }
  }
  std::sort(lines.digests_.begin(), lines.digests_.end());
  return lines;
}

bool RemovedLines::contains(std::string_view line) const {
  return std::binary_search(digests_.begin(), digests_.end(), digest_of(line));
}

}  // namespace backstock::vault
