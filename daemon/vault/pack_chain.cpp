#include "vault/pack_chain.h"

#include <algorithm>

namespace backstock::vault {

std::uint64_t header_only_size(const Options& options) {
  pack::PackHeader header;
  header.store_hash = options.store_hash;
  return pack::encode(header).size();
}

Result<PackChain> PackChain::read(const Options& options) {
  PackChain chain;
  for (const sys::Entry& entry : TRY(options.fs->list(options.packs()))) {
    const auto number = pack::parse_pack_name(entry.name);
    if (!number) continue;
    chain.there_.insert(*number);
    const auto reader = pack::PackReader::open(*options.fs, options.packs(), *number);
    if (!reader) continue;  // whoever reads that pack says so
    const pack::PackHeader& header = (*reader)->header();
    if (!(*reader)->header_damaged() && header.store_hash != options.store_hash) continue;
    if (!header.compacted) chain.newest_ = std::max(chain.newest_, *number);
    chain.replaced_.insert(header.replaces.begin(), header.replaces.end());
    if (header.predecessor) {
      chain.told_[header.predecessor->number] = {header.predecessor->identity, header.predecessor->end, *number};
    }
  }
  return chain;
}

std::optional<ToldEnd> PackChain::told_of(std::uint64_t number) const {
  const auto found = told_.find(number);
  return found == told_.end() ? std::nullopt : std::optional<ToldEnd>(found->second);
}

std::vector<std::uint64_t> PackChain::missing() const {
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, told] : told_) {
    if (there_.count(number) == 0 && replaced_.count(number) == 0) numbers.push_back(number);
  }
  return numbers;
}

bool PackChain::is_torn_tail(const pack::Damage& damage, std::uint64_t known_end) const {
  if (!damage.at_end || damage.offset < known_end) return false;
  const auto told = told_of(damage.pack);
  return told ? damage.offset >= told->end : damage.pack == newest_;
}

bool PackChain::is_never_begun(const Options& options, std::uint64_t number, std::uint64_t size) const {
  return size <= header_only_size(options) && told_.count(number) == 0;
}

}  // namespace backstock::vault
