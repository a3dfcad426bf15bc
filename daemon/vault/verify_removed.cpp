#include "vault/verify_removed.h"

namespace backstock::vault {
namespace {

Result<> verify_pack(const std::string& subject, const RemovedPack& pack, const pack::PackReader& reader,
                     const std::stop_token& stop, Verified& found) {
  const auto tell = [&](std::string what) { found.findings.push_back({subject, std::move(what), {}, 0}); };
  pack::PackWalk walk(reader, reader.header_size());
  while (true) {
    if (stop.stop_requested()) return make_error(ErrorKind::cancelled, "verify was stopped");
    const auto step = walk.next();
    if (!step) {
      tell(step.error().message);
      return {};
    }
    if (!*step) break;
    if ((*step)->frame) {
      found.removed_versions += (*step)->frame->header.lines;
    } else if (!pack.trouble) {  // else of the header, which is told already
      const pack::Damage& damage = *(*step)->damage;
      tell("bytes " + std::to_string(damage.offset) + " to " + std::to_string(damage.offset + damage.size) +
           " are damaged: " + damage.what + "; removed versions that stood there cannot be put back");
    }
  }
  if (!walk.sealed()) tell("the seal at its end is damaged or missing");
  return {};
}

}  // namespace

Result<RemovedLines> verify_removed(const Options& options, const std::stop_token& stop, Verified& found) {
  for (const RemovedPack& pack : TRY(list_removed_packs(options))) {
    const std::string subject = "removed/" + pack::pack_name(pack.number);
    ++found.removed_packs;
    found.bytes += pack.bytes;
    if (pack.trouble) found.findings.push_back({subject, *pack.trouble, {}, 0});
    const auto reader = pack::PackReader::open(*options.fs, options.removed(), pack.number);
    if (reader) TRY(verify_pack(subject, pack, **reader, stop, found));
  }
  return RemovedLines::read(options, stop);
}

}  // namespace backstock::vault
