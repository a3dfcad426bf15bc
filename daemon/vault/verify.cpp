#include "vault/verify.h"

#include "index/self_check.h"
#include "vault/verify_run.h"

namespace backstock::vault {
namespace {

// The packs that there are, but for what is appended to them.
std::string packs_now(const Options& options) {
  std::string names;
  if (const auto entries = options.fs->list(options.packs())) {
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
  const auto wrong = index::self_check((*reader)->connection());
  const auto rows = (*reader)->items().packs();
  if (!wrong || !rows) {
    run.tell_of_index("the index", wrong ? rows.error().message : wrong.error().message);
    return {};
  }
  for (const std::string& what : *wrong) run.tell_of_index("the index", what);
  run.reader = std::move(*reader);
  return {};
}

Result<Verified> verify_once(const Options& options, const ByteProgress& progress, std::stop_token stop) {
  VerifyRun run{options, progress, std::move(stop)};
  TRY(check_index(run));
  const auto entries = TRY(options.fs->list(options.packs()));
  for (const sys::Entry& entry : entries) {
    if (pack::parse_pack_name(entry.name)) run.total += entry.size;
  }
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

Result<Verified> verify(const Options& options, const ByteProgress& progress, std::stop_token stop) {
  constexpr int kAttempts = 3;
  for (int attempt = 1;; ++attempt) {
    const std::string before = packs_now(options);
    auto verified = verify_once(options, progress, stop);
    // A compaction that went on meanwhile moves versions and removes packs under the reader: what looks wrong then is
    // looked at again.
    if (!verified || verified->findings.empty() || attempt == kAttempts || packs_now(options) == before)
      return verified;
  }
}

}  // namespace backstock::vault
