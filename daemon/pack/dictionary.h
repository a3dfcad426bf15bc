// zstd dictionaries: what the frames of compacted packs are packed against, and the files that keep them.
//
// A dictionary lies beside the packs, twice (a damaged byte of one would cost every frame that needs it), packed and
// with a checksum: `zstd -d 32769.dict.zst` gives the file that `zstd -D 32769.dict` takes. It never changes once its
// number is told to anybody; a better one gets the next number.
//
// Threads: a Dictionary and the set of them may be used by any number at once. Lifetime: the Fs outlives the set.
// Bytes: FORMAT.md.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/guarded.h"
#include "pack/pack_format.h"
#include "sys/fs.h"

namespace backstock::pack {

// zstd leaves the numbers below to dictionaries that are public.
inline constexpr std::uint32_t kFirstDictionary = 32768;
inline constexpr std::size_t kMaxDictionary = 16_MiB;

class Dictionary {
 public:
  // As made by train_dictionary(); corrupt when these bytes are none.
  static Result<std::shared_ptr<const Dictionary>> take(std::string bytes);
  ~Dictionary();

  std::uint32_t number() const;
  ByteView bytes() const;

  struct State;  // for zstd_frame.cpp
  const State& state() const { return *state_; }

 private:
  explicit Dictionary(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// What the samples have in common, in at most `size` bytes. nullopt when they are too few or too much unlike each other
// for a dictionary to pay.
Result<std::optional<std::string>> train_dictionary(std::string_view samples, std::span<const std::size_t> sizes,
                                                    std::size_t size, std::uint32_t number);

// The two files of a dictionary.
std::string dictionary_name(std::uint32_t number);
std::string dictionary_copy_name(std::uint32_t number);
// Of either name.
std::optional<std::uint32_t> parse_dictionary_name(std::string_view name);

// The bytes of such a file, and back; corrupt on anything that does not hold.
Result<std::string> encode_dictionary(ByteView dictionary, std::uint32_t number);
Result<std::string> decode_dictionary(ByteView file, std::uint32_t number);

class Dictionaries {
 public:
  Dictionaries(sys::Fs& fs, sys::Path folder) : fs_(fs), folder_(std::move(folder)) {}

  // From memory, else from its file, else from the copy. not_found or corrupt when neither serves.
  Result<std::shared_ptr<const Dictionary>> get(std::uint32_t number);

  // Both files, written beside, synced and renamed: durable when this returns.
  Result<> keep(ByteView dictionary, std::uint32_t number);

 private:
  sys::Fs& fs_;
  sys::Path folder_;
  Guarded<std::map<std::uint32_t, std::shared_ptr<const Dictionary>>> loaded_;
};

}  // namespace backstock::pack
