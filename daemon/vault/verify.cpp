#include "vault/verify.h"

#include <algorithm>

#include "index/self_check.h"
#include "vault/verify_removed.h"
#include "vault/verify_run.h"

namespace backstock::vault {
namespace {

// The packs that there are, but for what is appended to them.
std::string packs_now(const Options& options) {
  std::string names;
  for (const sys::Path& folder : {options.packs(), options.removed()}) {
    const auto entries = options.fs->list(folder);
    if (!entries) continue;
    for (const sys::Entry& entry : *entries) names += entry.name + (entry.size == 0 ? "?/" : "/");
  }
  return names;
}

// A damaged one is a finding, and packs are checked without it.
Result<> check_index(VerifyRun& run) {
  auto reader = VaultReader::open(run.options);
  if (!reader && reader.error().kind == ErrorKind::not_found) return std::move(reader).error();
  if (!reader) {
    run.tell_of_index("the index", reader.error().message);
    return {};
  }
  // Of a sample only what it asks for: the check reads the whole file.
  const auto wrong = run.found.sampled ? std::vector<std::string>() : index::self_check((*reader)->connection());
  const auto rows = (*reader)->items().packs();
  if (!wrong || !rows) {
    run.tell_of_index("the index", wrong ? rows.error().message : wrong.error().message);
    return {};
  }
  for (const std::string& what : *wrong) run.tell_of_index("the index", what);
  run.reader = std::move(*reader);
  return {};
}

Result<ByteCount> size_of_blobs(const Options& options) {
  ByteCount size = 0;
  const auto folders = options.fs->list(options.blobs());
  if (!folders && folders.error().kind == ErrorKind::not_found) return size;
  for (const sys::Entry& folder : TRY(Result<std::vector<sys::Entry>>(folders))) {
    if (!folder.is_folder) continue;
    for (const sys::Entry& blob : TRY(options.fs->list(sys::join(options.blobs(), folder.name)))) size += blob.size;
  }
  return size;
}

Result<> choose_share(VerifyRun& run, const Sample& sample, const std::vector<sys::Entry>& entries) {
  run.found.sampled = sample.share || sample.bytes;
  if (!run.found.sampled) return {};
  for (const sys::Entry& entry : entries) run.found.bytes_there += entry.size;
  run.found.bytes_there += TRY(size_of_blobs(run.options));
  run.share = sample.share.value_or(1);
  if (sample.bytes && *sample.bytes < run.found.bytes_there)
    run.share = std::min(run.share, static_cast<double>(*sample.bytes) / static_cast<double>(run.found.bytes_there));
  return {};
}

Result<Verified> verify_once(const Options& options, const ByteProgress& progress, std::stop_token stop,
                             const Sample& sample) {
  VerifyRun run{options, progress, std::move(stop)};
  const auto listed = options.fs->list(options.packs());
  TRY(choose_share(run, sample, listed ? *listed : std::vector<sys::Entry>()));
  TRY(check_index(run));
  const auto entries = TRY(options.fs->list(options.packs()));
  for (const sys::Entry& entry : entries) {
    if (pack::parse_pack_name(entry.name)) run.total += entry.size;
  }
  run.removed = TRY(verify_removed(options, run.stop, run.found));
  run.chain = TRY(PackChain::read(options));
  auto needed = TRY(check_packs(run, entries));
  check_dictionaries(run, entries, std::move(needed));
  TRY(check_blobs(run));
  return std::move(run.found);
}

}  // namespace

std::string pack_file(std::uint64_t number) { return "packs/" + pack::pack_name(number); }
std::string pack_subject(std::uint64_t number) { return "pack " + pack::pack_name(number); }

void VerifyRun::tell_of_pack(std::uint64_t pack, std::string what, std::uint64_t from, std::uint64_t to) {
  Finding finding{pack_subject(pack), std::move(what), {}, 0, Finding::Of::file, pack_file(pack)};
  if (reader != nullptr) {
    const auto count = reader->items().count_between(pack, from, to);
    const auto rows = reader->items().versions_between(pack, from, to, kMaxNamed);
    if (count) finding.lost_count = *count;
    if (rows) {
      for (const auto& row : *rows) {
        finding.lost.push_back(row.type + " " + row.id + " version " + std::to_string(row.version.version));
      }
    }
  }
  found.findings.push_back(std::move(finding));
}

Result<Verified> verify(const Options& options, const ByteProgress& progress, std::stop_token stop,
                        const Sample& sample) {
  constexpr int kAttempts = 3;
  for (int attempt = 1;; ++attempt) {
    const std::string before = packs_now(options);
    auto verified = verify_once(options, progress, stop, sample);
    // A compaction that went on meanwhile moves versions and removes packs under the reader: what looks wrong then is
    // looked at again.
    if (!verified || verified->findings.empty() || attempt == kAttempts || packs_now(options) == before)
      return verified;
  }
}

}  // namespace backstock::vault
