#include "vault/frame_cache.h"

namespace backstock::vault {
namespace {

constexpr std::size_t kKeptRoom = 1_MiB;

}  // namespace

Result<std::shared_ptr<const std::string>> FrameCache::frame(const index::FrameRow& row) {
  const Place place{row.pack, row.offset};
  if (const auto found = by_place_.find(place); found != by_place_.end()) {
    kept_.splice(kept_.begin(), kept_, found->second);
    return kept_.front().raw;
  }
  const pack::PackReader* reader = TRY(packs_.get(row.pack));
  auto content = TRY(reader->read({row.pack, row.offset, row.header_size, row.stored_size}, std::move(spare_)));
  spare_ = {};
  kept_.push_front({place, std::make_shared<std::string>(std::move(content.raw))});
  by_place_[place] = kept_.begin();
  size_ += kept_.front().raw->size();
  while (size_ > cap_ && kept_.size() > 1) {
    size_ -= kept_.back().raw->size();
    by_place_.erase(kept_.back().place);
    if (kept_.back().raw.use_count() == 1) spare_ = std::move(*kept_.back().raw);
    kept_.pop_back();
  }
  if (spare_.capacity() > kKeptRoom) spare_ = {};
  return kept_.front().raw;
}

Result<std::string_view> FrameCache::line(std::string_view type, std::string_view id, const index::VersionRow& row) {
  const auto raw = TRY(frame(row.frame));
  const std::uint64_t begin = row.at_byte;
  const std::uint64_t end = begin + row.size;
  const std::string_view lines = *raw;
  const bool whole =
      row.size > 0 && end < lines.size() && lines[end] == '\n' && (begin == 0 || lines[begin - 1] == '\n');
  const std::string_view found = whole ? lines.substr(begin, row.size) : std::string_view();
  if (!whole || !is_line_of(found, type, id, row.version)) {
    return make_error(ErrorKind::corrupt,
                      "the index points at other bytes for " + std::string(type) + " " + std::string(id) + " version " +
                          std::to_string(row.version),
                      "run `backstock rebuild`; it makes the index again from the packs");
  }
  return found;
}

}  // namespace backstock::vault
