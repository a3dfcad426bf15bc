#include "vault/dictionary_choice.h"

#include <algorithm>

#include "index/item_scans.h"
#include "pack/zstd_frame.h"

namespace backstock::vault {
namespace {

constexpr ByteCount kWorthTrying = 256_KiB;    // of lines: below, no dictionary earns its two files
constexpr ByteCount kSample = 24_MiB;          // of lines
constexpr ByteCount kTrial = 2_MiB;            // of the sample, packed to compare
constexpr ByteCount kLargestSample = 128_KiB;  // what zstd looks at of each
// A dictionary is this part of the lines: of 40, 80 and 160 the smallest in all on corpus S of tests/bench/vault.
constexpr std::size_t kShareOfRaw = 80;
constexpr double kWorthChanging = 0.98;

struct Sample {
  std::string bytes;
  std::vector<std::size_t> sizes;
};

// The newest version of items spread evenly over the type. What cannot be read is no sample.
Result<Sample> take_sample(index::Connection& connection, FrameCache& cache, std::string_view type, ByteCount raw) {
  Sample sample;
  const double share = std::min(1.0, static_cast<double>(kSample) / static_cast<double>(raw));
  double due = 1.0;
  auto scan = TRY(index::VersionScan::open(connection, type));
  auto row = TRY(scan.next());
  while (row && sample.bytes.size() < kSample) {
    auto next = TRY(scan.next());
    const bool newest = !next || next->item_key != row->item_key;
    if (newest && !row->version.gone) due += share;
    if (newest && !row->version.gone && due >= 1.0) {
      due -= 1.0;
      if (const auto line = cache.line(type, row->id, row->version)) {
        const std::string_view part = line->substr(0, kLargestSample);
        sample.bytes += part;
        sample.sizes.push_back(part.size());
      }
    }
    row = std::move(next);
  }
  return sample;
}

// What the sample's lines take in frames like those of a pack.
Result<ByteCount> trial(const Sample& sample, const CompactOptions& how, std::shared_ptr<const pack::Dictionary> with) {
  pack::Compressor compressor(how.level, std::move(with));
  ByteCount stored = 0;
  std::size_t at = 0;
  while (at < std::min<std::size_t>(sample.bytes.size(), kTrial)) {
    const auto lines = std::string_view(sample.bytes).substr(at, how.frame_size);
    stored += TRY(compressor.compress(lines)).size();
    at += lines.size();
  }
  return stored;
}

}  // namespace

Result<std::shared_ptr<const pack::Dictionary>> choose_dictionary(const CompactOptions& how,
                                                                  index::Connection& connection, FrameCache& cache,
                                                                  std::string_view type, ByteCount raw,
                                                                  std::uint32_t in_use, std::uint64_t& next_number) {
  std::shared_ptr<const pack::Dictionary> none;
  pack::Dictionaries& known = *cache.packs().dictionaries();
  if (raw < kWorthTrying) return none;
  const Sample sample = TRY(take_sample(connection, cache, type, raw));
  const double trial_raw = static_cast<double>(std::min<ByteCount>(sample.bytes.size(), kTrial));
  if (trial_raw == 0) return none;
  const auto whole = [&](ByteCount stored) {
    return static_cast<double>(stored) * static_cast<double>(raw) / trial_raw;
  };
  std::shared_ptr<const pack::Dictionary> best;
  double best_bytes = whole(TRY(trial(sample, how, nullptr)));
  if (in_use != 0) {
    // Damaged in both its files, it is not gone on with.
    if (const auto former = known.get(in_use)) {
      const double bytes = whole(TRY(trial(sample, how, *former)));
      if (bytes < best_bytes) best = *former, best_bytes = bytes;
    }
  }
  const auto number = static_cast<std::uint32_t>(pack::kFirstDictionary + next_number);
  const std::size_t size = std::min<std::size_t>(how.dictionary_size, raw / kShareOfRaw);
  const auto trained = TRY(pack::train_dictionary(sample.bytes, sample.sizes, size, number));
  if (!trained) return best;
  const std::string file = TRY(pack::encode_dictionary(*trained, number));
  auto fresh = TRY(pack::Dictionary::take(*trained));
  const double bytes = whole(TRY(trial(sample, how, fresh))) + 2.0 * static_cast<double>(file.size());
  if (bytes > best_bytes * kWorthChanging) return best;
  ++next_number;
  TRY(known.keep(*trained, number));
  return known.get(number);  // what will be read with it is packed with what stands on disk
}

}  // namespace backstock::vault
