// Rows kept on disk, by key, for the time of one run: lists over all items whose rows belong to single items.
//
// Memory: 24 bytes a row; the bytes are in a file under the vault's folder that is gone with the object, or at the next
// open() of a writer after a crash.
//
// Threads: one at a time. Lifetime: the Fs outlives it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "vault/vault_options.h"

namespace backstock::vault {

class Scratch {
 public:
  static Result<std::unique_ptr<Scratch>> create(const Options& options);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  Result<> put(std::string_view key, std::string_view bytes);
  // Rows of the key, in the order they were put.
  Result<> for_each(std::string_view key, const std::function<void(std::string_view bytes)>& take);
  std::uint64_t rows() const { return places_.size(); }

 private:
  struct Place {
    std::uint64_t key;  // of the key's text, hashed: rows repeat their key, so a collision shows
    std::uint64_t offset;
    std::uint32_t key_size;
    std::uint32_t size;
  };
  Scratch(sys::Fs* fs, sys::Path path, std::unique_ptr<sys::File> file)
      : fs_(fs), path_(std::move(path)), file_(std::move(file)) {}
  Result<> write_out();

  sys::Fs* fs_;
  sys::Path path_;
  std::unique_ptr<sys::File> file_;
  std::string buffer_;
  std::uint64_t end_ = 0;  // of the file, buffer excluded
  std::vector<Place> places_;
  bool sorted_ = true;
};

// A name that nobody else has, in the same file system as the vault: for a file that is to be gone, or elsewhere, soon.
Result<sys::Path> scratch_path(const Options& options);

// Files that a crash left behind.
Result<> remove_old_scratch(const Options& options);

}  // namespace backstock::vault
