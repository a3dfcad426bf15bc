#include <algorithm>

#include "index/item_queries.h"
#include "vault/new_pack.h"
#include "vault/pack_to_index.h"
#include "vault/prune.h"
#include "vault/rebuild.h"
#include "vault/record_pack.h"
#include "vault/rewriting.h"

namespace backstock::vault {
namespace {

constexpr std::size_t kLinesPerPack = 100'000;
constexpr std::uint64_t kLinesPerCommit = 5'000;  // so that no append waits for long

class Undoing {
 public:
  Undoing(const Options& options, const CompactOptions& how, const OnCompactProgress& progress, std::stop_token stop)
      : options_(options), how_(how), meter_("putting back", how, progress, std::move(stop)), cache_(options_, 1_MiB) {}

  Result<Unpruned> run() {
    const std::vector<RemovedPack> packs = TRY(list_removed_packs(options_));
    connection_ = TRY(open_index(options_));
    items_ = TRY(index::ItemQueries::open(*connection_));
    rows_ = TRY(index::ItemWriter::open(*connection_));
    next_number_ = TRY(first_free_number(options_, *connection_));
    ByteCount total = 0;
    for (const RemovedPack& pack : packs) total += pack.bytes;
    TRY(check_space(options_, "putting versions back", 3 * total, how_.reserve));
    meter_.set_total(total);
    meter_.begin("removed versions");
    for (const RemovedPack& pack : packs) TRY(put_back(pack));
    if (done_.versions > 0) {
      TRY(write_record(options_, Json{{"control", "prune"},
                                      {"at", to_ms(options_.clock->now())},
                                      {"undo", true},
                                      {"types", {{"versions", done_.versions}, {"bytes", done_.bytes}}}}));
    }
    return std::move(done_);
  }

 private:
  // Its file goes when each of its lines is where the index says.
  Result<> put_back(const RemovedPack& pack) {
    const std::string name = "removed/" + pack::pack_name(pack.number);
    const std::size_t before = done_.findings.size();
    const auto reader = pack::PackReader::open(*options_.fs, options_.removed(), pack.number);
    if (!reader) {
      done_.findings.push_back(name + " cannot be read: " + reader.error().message);
      return {};
    }
    pack::PackWalk walk(**reader, (*reader)->header_size());
    while (auto step = TRY(walk.next().context("reading " + name))) {
      if (step->damage) {
        done_.findings.push_back(name + " is damaged at byte " + std::to_string(step->damage->offset) + ": " +
                                 step->damage->what);
      } else {
        TRY(put_back_frame(*step->frame));
        TRY(meter_.written(step->frame->place.header_size + step->frame->place.stored_size));
      }
    }
    if (!walk.sealed()) done_.findings.push_back(name + " has lost its end");
    TRY(finish_pack());
    if (done_.findings.size() != before) return {};
    TRY(options_.fs->remove(sys::join(options_.removed(), pack::pack_name(pack.number))));
    return options_.fs->sync_folder(options_.removed());
  }

  Result<> put_back_frame(const pack::FrameContent& frame) {
    std::string raw;
    std::uint32_t lines = 0;
    Result<> worked;
    for_each_line(frame.raw, [&](std::string_view line, std::size_t) {
      if (!worked) return;
      const auto missing = is_missing(line);
      if (!missing) {
        worked = missing.error();
      } else if (*missing) {
        raw.append(line).append("\n");
        ++lines;
      }
    });
    TRY(std::move(worked));
    if (raw.empty()) return {};
    // A compacted pack is of one type, which its first frame tells.
    if (type_ != frame.header.content_type) TRY(finish_pack());
    type_ = frame.header.content_type;
    TRY(open_pack());
    pack::FrameHeader header;
    header.kind = pack::FrameKind::versions;
    header.content_type = frame.header.content_type;
    header.lines = lines;
    frames_.push_back(TRY(pack_->append(header, raw)));
    done_.bytes += raw.size() - lines;
    lines_in_pack_ += lines;
    if (pack_->end() >= options_.pack_size || lines_in_pack_ >= kLinesPerPack) TRY(finish_pack());
    return {};
  }

  // Or it was never removed from the index: then the line there is the same.
  Result<bool> is_missing(std::string_view line) {
    const auto version = parse_version_line(line);
    if (!version) {
      done_.findings.push_back("a line among removed versions cannot be read: " + version.error().message);
      return false;
    }
    const VersionMeta& meta = version->meta;
    const auto row = TRY(items_->find_version(meta.type, meta.id, meta.version));
    if (!row) return true;
    const auto there = cache_.line(meta.type, meta.id, *row);
    if (!there || *there != line) {
      done_.findings.push_back(
          meta.type + " " + meta.id + " version " + std::to_string(meta.version) + " was not put back: " +
          (there ? std::string("there is another version of that number") : there.error().message));
    }
    return false;
  }

  Result<> open_pack() {
    if (pack_ != nullptr) return {};
    pack::PackHeader header = new_header(options_);
    header.compacted = true;
    pack_ = TRY(with_free_number(next_number_, header, [&] {
      return pack::PackWriter::create_beside(*options_.fs, options_.packs(), header, {how_.level});
    }));
    return {};
  }

  // Sealed and in its place before a row points into it. After a crash here the next open() makes what rows are
  // missing: those behind the end that the index knows.
  Result<> finish_pack() {
    if (pack_ == nullptr) return {};
    TRY(pack_->seal());
    const auto reader = TRY(pack::PackReader::open(*options_.fs, options_.packs(), pack_->number()));
    index::PackRow row{pack_->number(), std::string(view(pack_->header().identity)), reader->header_size(), 0, false};
    while (!row.sealed) {
      index::Transaction transaction = TRY(index::Transaction::begin(*connection_));
      TRY(rows_->set_pack(row));  // frames point at it
      std::uint64_t versions = 0;
      for (; row.frames < frames_.size() && versions < kLinesPerCommit; ++row.frames) {
        const pack::FramePlace& place = frames_[row.frames];
        const pack::FrameContent frame = TRY(reader->read(place).context("reading back what was put back"));
        versions += TRY(apply_frame(options_, *connection_, *rows_, frame, done_.findings));
        row.known_end = place.end();
      }
      row.sealed = row.frames == frames_.size();
      TRY(rows_->set_pack(row));
      TRY(transaction.commit());
      done_.versions += versions;
    }
    pack_.reset();
    frames_.clear();
    lines_in_pack_ = 0;
    return {};
  }

  const Options options_;
  const CompactOptions& how_;
  WorkMeter meter_;
  FrameCache cache_;
  std::unique_ptr<index::Connection> connection_;
  std::unique_ptr<index::ItemQueries> items_;
  std::unique_ptr<index::ItemWriter> rows_;
  std::uint64_t next_number_ = 1;
  std::string type_;  // of the pack in the making
  std::unique_ptr<pack::PackWriter> pack_;
  std::vector<pack::FramePlace> frames_;
  std::size_t lines_in_pack_ = 0;
  Unpruned done_;
};

}  // namespace

Result<Unpruned> undo_prune(const Options& options, const CompactOptions& how, const OnCompactProgress& progress,
                            std::stop_token stop) {
  return Undoing(options, how, progress, std::move(stop)).run();
}

}  // namespace backstock::vault
