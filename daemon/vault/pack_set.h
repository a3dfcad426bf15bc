// The packs of a vault, opened when first needed, with one set of dictionaries between them. Only for this room.
//
// Threads: one at a time. Lifetime: the options outlive it.
#pragma once

#include <map>
#include <memory>

#include "pack/pack_reader.h"
#include "vault/vault_options.h"

namespace backstock::vault {

class PackSet {
 public:
  explicit PackSet(const Options& options)
      : options_(&options), dictionaries_(std::make_shared<pack::Dictionaries>(*options.fs, options.packs())) {}

  // corrupt when it cannot be opened, not_found when the file is not there. Valid until the next call.
  Result<const pack::PackReader*> get(std::uint64_t number);
  void forget(std::uint64_t number) { open_.erase(number); }
  const std::shared_ptr<pack::Dictionaries>& dictionaries() const { return dictionaries_; }

 private:
  const Options* options_;
  std::shared_ptr<pack::Dictionaries> dictionaries_;
  std::map<std::uint64_t, std::unique_ptr<pack::PackReader>> open_;
};

}  // namespace backstock::vault
