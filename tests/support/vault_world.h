// One vault: packs in memory, the index in a folder of its own, faults on demand. For tests of vault/ and of crashes.
//
// Header-only: the support library does not know the rooms above sys/.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "base/json_text.h"
#include "index/run_rows.h"
#include "index/self_check.h"
#include "support/faulty_fs.h"
#include "support/manual_clock.h"
#include "support/memory_fs.h"
#include "support/split_fs.h"
#include "support/temp_folder.h"
#include "vault/rebuild.h"
#include "vault/vault_reader.h"
#include "vault/vault_writer.h"
#include "vault/verify.h"

namespace backstock::testing {

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().sentence());
  return std::move(*result);
}
inline void must(const Result<>& result) {
  if (!result) FAIL(result.error().sentence());
}

inline vault::Hash hash_of(std::string_view text) {
  vault::Hash hash;
  const Sha256Digest digest = sha256(text);
  std::copy_n(digest.begin(), hash.size(), hash.begin());
  return hash;
}

inline vault::VersionMeta meta_of(std::string type, std::string id, std::int64_t at = 1000) {
  vault::VersionMeta meta;
  meta.type = std::move(type);
  meta.id = std::move(id);
  meta.at = at;
  meta.source = "full";
  meta.run = "01RUN";
  meta.scheme = 1;
  return meta;
}

inline std::string product(std::string_view name, std::string_view price = "19.9900") {
  std::string item = "{\"name\":";
  json_text::append_quoted(item, name);
  return item + ",\"price\":" + std::string(price) + "}";
}

// SQLite syncs each commit; in memory that costs nothing, and no test here is about the disk under the index.
inline void use_memory_for_temp_folders() {
  if (std::filesystem::is_directory("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 0);
}

struct VaultWorld {
  const int chosen = (use_memory_for_temp_folders(), 0);
  TempFolder folder;
  MemoryFs memory;
  SplitFs split{memory};
  FaultyFs fs{split};
  ManualClock clock;
  SeededRandom random{7};
  vault::Options options;

  VaultWorld() {
    must(memory.make_folder(folder.path()));
    options.fs = &fs;
    options.clock = &clock;
    options.random = &random;
    options.folder = folder.path();
    options.store_hash = "abc123";
    options.labels = [](std::string_view, std::string_view item) {
      const auto name = json_text::find(item, "name");
      return name ? std::vector<std::string>{json_text::as_label(*name)} : std::vector<std::string>{};
    };
    options.content_hash = [](const vault::StoredVersion& version) {
      return std::optional(vault::ContentHash{hash_of(version.item), 1});
    };
    options.frame_size = 600;
    options.flush_size = 100'000;
    options.pack_size = 100'000;
  }

  std::unique_ptr<vault::VaultWriter> open() { return must(vault::VaultWriter::open(options, "a test")); }
  std::unique_ptr<vault::VaultReader> reader() { return must(vault::VaultReader::open(options)); }
  vault::Verified verify() { return must(vault::verify(options, {}, {})); }
  std::string dump() { return must(reader()->items().dump()); }

  sys::Path pack(std::uint64_t number) const { return sys::join(options.packs(), pack::pack_name(number)); }
  std::string bytes(std::uint64_t number) const { return memory.bytes_of(pack(number)); }
  void damage(std::uint64_t number, std::string changed) { memory.plant(pack(number), std::move(changed)); }
  void flip(std::uint64_t number, std::size_t at) {
    std::string changed = bytes(number);
    changed.at(at) = static_cast<char>(changed.at(at) ^ 0x10);
    damage(number, std::move(changed));
  }

  void drop_index() {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(options.index() + suffix);
  }
  std::string index_bytes() const {
    std::ifstream file(options.index(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  void put_index(const std::string& bytes) {
    drop_index();
    std::ofstream(options.index(), std::ios::binary) << bytes;
  }
};

inline std::uint32_t put(vault::VaultWriter& writer, const std::string& type, const std::string& id,
                         const std::string& item, std::int64_t at = 1000) {
  vault::VersionMeta meta = meta_of(type, id, at);
  meta.hash = hash_of(item);
  return must(writer.append(meta, {item}, {}));
}
inline std::uint32_t bury(vault::VaultWriter& writer, const std::string& type, const std::string& id,
                          std::int64_t at = 2000) {
  vault::VersionMeta meta = meta_of(type, id, at);
  meta.gone = true;
  return must(writer.append(meta, {}, {}));
}

inline std::string all_of(const vault::Verified& verified) {
  std::string text;
  for (const vault::Finding& finding : verified.findings) {
    text += finding.subject + ": " + finding.what;
    for (const std::string& lost : finding.lost) text += " [" + lost + "]";
    text += "\n";
  }
  for (const std::string& note : verified.notes) text += "(" + note + ")\n";
  return text;
}

inline std::uint64_t seed_from_environment(std::uint64_t otherwise) {
  const char* text = std::getenv("BACKSTOCK_SEED");
  const std::uint64_t seed = text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
  std::cout << "BACKSTOCK_SEED=" << seed << std::endl;
  return seed;
}

}  // namespace backstock::testing
