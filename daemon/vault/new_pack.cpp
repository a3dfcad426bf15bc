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
  const auto is_unfinished = [](std::string_view name) {
    if (!name.ends_with(pack::kBeside)) return false;
    name.remove_suffix(pack::kBeside.size());
    return pack::parse_pack_name(name).has_value() || pack::parse_dictionary_name(name).has_value();
  };
  for (const sys::Entry& entry : TRY(options.fs->list(options.packs()))) {
    if (is_unfinished(entry.name)) TRY(options.fs->remove(sys::join(options.packs(), entry.name)));
  }
  const auto removed = options.fs->list(options.removed());
  if (!removed && removed.error().kind == ErrorKind::not_found) return {};
  for (const sys::Entry& entry : TRY(Result<std::vector<sys::Entry>>(removed))) {
    // Nothing points at a number that was only taken there.
    const bool taken = entry.size == 0 && pack::parse_pack_name(entry.name);
    if (taken || is_unfinished(entry.name)) TRY(options.fs->remove(sys::join(options.removed(), entry.name)));
  }
  return {};
}

}  // namespace backstock::vault
