#include "vault/pack_rescue.h"

#include <algorithm>

#include "vault/new_pack.h"
#include "vault/pack_to_index.h"
#include "vault/verify_run.h"

namespace backstock::vault {
namespace {

constexpr int kCompactLevel = 12;
constexpr std::size_t kControlFrame = 128_KiB;

Error stopped() {
  return make_error(ErrorKind::cancelled, "the repair was stopped", "run it again: it goes on where it was");
}

// Calls with each frame that can be read; gives whether others were met. A bad sector ends its own frame, as far as the
// walk can go on behind it.
Result<bool> for_each_frame(const pack::PackReader& reader, const std::stop_token& stop,
                            pack::PackWalk::ChooseDepth choose,
                            const std::function<Result<>(const pack::FrameContent& frame, std::uint64_t at)>& take) {
  pack::PackWalk walk(reader, reader.header_size(), std::move(choose));
  std::string trouble;
  bool damaged = false;
  while (true) {
    if (stop.stop_requested()) return stopped();
    const auto step = walk.next();
    if (!step) {
      damaged = true;
      if (step.error().message == trouble) return damaged;
      trouble = step.error().message;
      continue;
    }
    if (!*step) return damaged;
    if ((*step)->damage) damaged = true;
    if ((*step)->frame) TRY(take(*(*step)->frame, walk.end()));
  }
}

// A frame that is as it was stored and cannot be unpacked: its dictionary is what is damaged.
Result<> check_dictionaries_of(const pack::PackReader& reader, FrameCache& cache, const std::stop_token& stop) {
  std::set<std::uint32_t> numbers;
  TRY(for_each_frame(
      reader, stop, [](const pack::FrameHeader&) { return pack::Depth::stored; },
      [&](const pack::FrameContent& frame, std::uint64_t) -> Result<> {
        if (frame.header.dictionary != 0) numbers.insert(frame.header.dictionary);
        return {};
      }));
  for (const std::uint32_t number : numbers) {
    if (cache.packs().dictionaries()->get(number)) continue;
    const std::string files = pack::dictionary_name(number) + " and " + pack::dictionary_copy_name(number);
    return make_error(ErrorKind::corrupt,
                      "the pack is whole, but needs a dictionary of which " + files + " are damaged",
                      "bring one of them back from a copy of this folder");
  }
  return {};
}

class Rescue {
 public:
  Rescue(const Options& options, index::Connection& connection, FrameCache& cache, std::uint64_t& next_number,
         const DamagedPack& damaged)
      : options_(options), connection_(connection), cache_(cache), next_number_(next_number), damaged_(damaged) {}

  Result<Rescued> run(const std::function<void(std::uint64_t)>& tell, const std::stop_token& stop) {
    items_ = TRY(index::ItemQueries::open(connection_));
    replaces_.insert(damaged_.number);
    if (damaged_.ours) {
      const auto reader =
          TRY(pack::PackReader::open(*options_.fs, options_.packs(), damaged_.number, cache_.packs().dictionaries()));
      header_ = reader->header();
      replaces_.insert(header_.replaces.begin(), header_.replaces.end());
      TRY(for_each_frame(*reader, stop, {}, [&](const pack::FrameContent& frame, std::uint64_t at) {
        if (tell) tell(at);
        return take(frame);
      }));
    }
    if (!damaged_.told_replaced) TRY(write_control());
    if (pack_ == nullptr && damaged_.told_replaced) return Rescued{};
    TRY(open_pack());
    TRY(pack_->seal());
    TRY(check_written());
    return Rescued{versions_, pack_->number()};
  }

 private:
  Result<> take(const pack::FrameContent& frame) {
    if (frame.header.kind == pack::FrameKind::control) {
      control_ += frame.raw;
      return {};
    }
    std::string raw;
    std::uint32_t lines = 0;
    Result<> worked;
    for_each_line(frame.raw, [&](std::string_view line, std::size_t at) {
      if (!worked) return;
      const auto wanted = is_wanted(frame.place, line, at);
      if (!wanted) worked = wanted.error();
      if (!wanted || !*wanted) return;
      raw.append(line).push_back('\n');
      ++lines;
    });
    TRY(std::move(worked));
    if (raw.empty()) return {};
    versions_ += lines;
    return write(pack::FrameKind::versions, frame.header.content_type, raw, lines);
  }

  // The line that the index has, and that no other place gives. A line that it does not have is no version that
  // anybody was told of, or one that was removed on purpose.
  Result<bool> is_wanted(const pack::FramePlace& place, std::string_view line, std::size_t at) {
    const auto version = parse_version_line(line);
    if (!version) return false;
    const VersionMeta& meta = version->meta;
    const auto row = TRY(items_->find_version(meta.type, meta.id, meta.version));
    if (!row || row->at != meta.at || row->gone != meta.gone || row->source != meta.source || row->run != meta.run ||
        row->size != line.size())
      return false;
    if (row->frame.pack == place.pack && row->frame.offset == place.offset && row->at_byte == at) return true;
    return !cache_.line(meta.type, meta.id, *row).has_value();
  }

  Result<> write_control() {
    std::string_view left = control_;
    while (!left.empty()) {
      const std::size_t cut = std::min(left.find('\n', std::min(left.size() - 1, kControlFrame)), left.size() - 1) + 1;
      const std::string_view part = left.substr(0, cut);
      TRY(write(pack::FrameKind::control, "", part,
                static_cast<std::uint32_t>(std::count(part.begin(), part.end(), '\n'))));
      left.remove_prefix(cut);
    }
    return {};
  }

  Result<> write(pack::FrameKind kind, const std::string& type, std::string_view raw, std::uint32_t lines) {
    TRY(open_pack());
    pack::FrameHeader header;
    header.kind = kind;
    header.content_type = type;
    header.lines = lines;
    places_.push_back(TRY(pack_->append(std::move(header), raw)));
    return {};
  }

  // With the dictionary of the damaged one: what was packed with it takes far more without.
  Result<> open_pack() {
    if (pack_ != nullptr) return {};
    pack::PackHeader header = new_header(options_);
    header.compacted = true;
    header.replaces.assign(replaces_.begin(), replaces_.end());
    pack::Packing how(header_.compacted ? kCompactLevel : options_.level);
    if (header_.compacted) how.dictionary = dictionary();
    pack_ = TRY(with_free_number(next_number_, header, [&] {
      return pack::PackWriter::create_beside(*options_.fs, options_.packs(), header, how);
    }));
    return {};
  }

  std::shared_ptr<const pack::Dictionary> dictionary() {
    const auto reader = cache_.packs().get(damaged_.number);
    const auto first = reader ? (*reader)->first_frame() : Result<std::optional<pack::FrameHeader>>(reader.error());
    if (!first || !*first || (*first)->dictionary == 0) return nullptr;
    return cache_.packs().dictionaries()->get((*first)->dictionary).value_or(nullptr);
  }

  // Read back before a row points into it.
  Result<> check_written() {
    const auto reader =
        TRY(pack::PackReader::open(*options_.fs, options_.packs(), pack_->number(), cache_.packs().dictionaries()));
    for (const pack::FramePlace& place : places_)
      TRY(reader->read_stored(place).context("reading back a pack that was just written"));
    TRY(apply_pack(options_, connection_, *reader, 0, 0));
    return {};
  }

  const Options& options_;
  index::Connection& connection_;
  FrameCache& cache_;
  std::uint64_t& next_number_;
  const DamagedPack& damaged_;
  std::unique_ptr<index::ItemQueries> items_;
  pack::PackHeader header_;  // of the damaged pack, as far as it can be read
  std::set<std::uint64_t> replaces_;
  std::string control_;
  std::unique_ptr<pack::PackWriter> pack_;
  std::vector<pack::FramePlace> places_;
  std::uint64_t versions_ = 0;
};

}  // namespace

Result<DamagedPack> examine_pack(const Options& options, const PackChain& chain, FrameCache& cache,
                                 index::ItemQueries* items, std::uint64_t number, const std::stop_token& stop) {
  DamagedPack damaged;
  damaged.number = number;
  damaged.told_replaced = chain.is_replaced(number);
  damaged.incomplete = true;
  std::set<std::uint64_t> whole;
  const auto reader = pack::PackReader::open(*options.fs, options.packs(), number, cache.packs().dictionaries());
  if (!reader && reader.error().kind != ErrorKind::corrupt && reader.error().kind != ErrorKind::not_found)
    return reader.error();
  damaged.there = reader.has_value() || reader.error().kind == ErrorKind::corrupt;
  damaged.ours = reader && ((*reader)->header_damaged() || (*reader)->header().store_hash == options.store_hash);
  if (damaged.ours) {
    TRY(check_dictionaries_of(**reader, cache, stop));
    damaged.incomplete =
        TRY(for_each_frame(**reader, stop, {}, [&](const pack::FrameContent& frame, std::uint64_t) -> Result<> {
          whole.insert(frame.place.offset);
          return {};
        }));
  }
  if (items == nullptr) return damaged;
  for (const auto& row : TRY(items->versions_between(number, 0, kToTheEnd))) {
    if (whole.count(row.version.frame.offset) != 0) {
      ++damaged.readable;
    } else {
      damaged.lost.push_back({row.type, row.id, row.version.version});
    }
  }
  return damaged;
}

Result<Rescued> rescue_pack(const Options& options, index::Connection& connection, FrameCache& cache,
                            std::uint64_t& next_number, const DamagedPack& damaged,
                            const std::function<void(std::uint64_t at)>& tell, const std::stop_token& stop) {
  return Rescue(options, connection, cache, next_number, damaged)
      .run(tell, stop)
      .context("writing what is whole of " + pack_subject(damaged.number));
}

}  // namespace backstock::vault
