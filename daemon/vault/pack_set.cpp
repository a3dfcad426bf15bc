#include "vault/pack_set.h"

namespace backstock::vault {
namespace {

constexpr std::size_t kOpenPacks = 64;  // each is a file descriptor

}  // namespace

Result<const pack::PackReader*> PackSet::get(std::uint64_t number) {
  auto found = open_.find(number);
  if (found == open_.end()) {
    if (open_.size() >= kOpenPacks) open_.erase(open_.begin());
    found = open_.emplace(number, TRY(pack::PackReader::open(*options_->fs, options_->packs(), number, dictionaries_)))
                .first;
  }
  return found->second.get();
}

}  // namespace backstock::vault
