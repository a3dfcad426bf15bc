#include "vault/new_pack.h"

#include <algorithm>

namespace backstock::vault {

pack::PackHeader new_header(const Options& options) {
  pack::PackHeader header;
  const std::uint64_t bits = options.random->next();
  static_assert(sizeof bits == std::tuple_size_v<pack::PackIdentity>);
  std::copy_n(reinterpret_cast<const std::uint8_t*>(&bits), sizeof bits, header.identity.begin());
  header.created_ms = to_ms(options.clock->now());
  header.store_hash = options.store_hash;
  return header;
}

Result<> remove_unfinished_packs(const Options& options) {
  for (const sys::Entry& entry : TRY(options.fs->list(options.packs()))) {
    std::string_view name = entry.name;
    if (!name.ends_with(pack::kBeside)) continue;
    name.remove_suffix(pack::kBeside.size());
    if (pack::parse_pack_name(name) || pack::parse_dictionary_name(name))
      TRY(options.fs->remove(sys::join(options.packs(), entry.name)));
  }
  return {};
}

}  // namespace backstock::vault
