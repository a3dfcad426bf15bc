#include "vault/repair_report.h"

namespace backstock::vault {

std::string name_of(const LostVersion& lost) {
  return lost.type + " " + lost.id + " version " + std::to_string(lost.version);
}

std::string repair_report(const Options& options, const Repaired& done, const std::vector<LostVersion>& lost) {
  std::string text = "Repair of the vault of store " + options.store_hash + ", begun before " +
                     format_rfc3339(options.clock->now()) + "\n\nDamaged:\n";
  for (const RepairedPack& pack : done.packs) {
    text += "  packs/" + pack::pack_name(pack.number) + ": " + pack.what + "\n";
    if (!pack.moved_to.empty()) text += "    now " + pack.moved_to + "\n";
    if (pack.into != 0)
      text += "    " + std::to_string(pack.saved) + " versions are now in packs/" + pack::pack_name(pack.into) + "\n";
  }
  for (const RepairedFile& file : done.files) text += "  " + file.file + ": " + file.done + "\n";
  text += "\nVersions that could not be read there and stand nowhere else: " + std::to_string(lost.size()) + "\n";
  for (const LostVersion& one : lost) text += "  " + name_of(one) + "\n";
  return text;
}

}  // namespace backstock::vault
