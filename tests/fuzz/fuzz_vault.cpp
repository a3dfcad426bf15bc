// libFuzzer: bytes that claim to be the packs of a vault. Whatever they are, verify and rebuild come to an end, and
// every version that the index then knows reads as the line that stands in a pack; never a crash, never other bytes.
//
// Random bytes do not get past a SHA-256, so the first byte chooses how much of it is made to hold:
//   0  files as they are                                        2  edits of the golden vault's files
//   1  files, the checksums of all records made to hold         3  edits, the checksums made to hold
// Files are: a byte that names one (0 to 7: that pack; 8, 9: the two of the golden vault's dictionary; 10: a blob), its
// size in two bytes, its bytes. Edits are: which of them, offset in two bytes, value. The golden vault is the seed
// `whole`; tests/damage writes the seeds when that vault is made anew.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <unistd.h>

#include "base/random.h"
#include "pack/pack_format.h"
#include "support/manual_clock.h"
#include "support/memory_fs.h"
#include "support/split_fs.h"
#include "vault/rebuild.h"
#include "vault/vault_reader.h"
#include "vault/vault_writer.h"
#include "vault/verify.h"

using namespace backstock;
using namespace backstock::vault;

namespace {

constexpr const char* kStore = "golden1";
constexpr std::uint32_t kDictionary = pack::kFirstDictionary + 3;
using Files = std::map<std::string, std::string>;

void demand(bool holds) {
  if (!holds) std::abort();
}

// The index needs a real folder; in memory, and gone with the process.
struct Folder {
  std::string path;
  Folder() {
    const bool in_memory = std::filesystem::is_directory("/dev/shm");
    std::string name = in_memory ? "/dev/shm/fuzz-vault-XXXXXX" : "/tmp/fuzz-vault-XXXXXX";
    demand(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

std::size_t number_at(ByteView bytes, std::size_t at) {
  return static_cast<std::size_t>(static_cast<std::uint8_t>(bytes[at])) << 8 | static_cast<std::uint8_t>(bytes[at + 1]);
}

std::string name_of(std::uint8_t which) {
  which = static_cast<std::uint8_t>(which % 11);
  if (which < 8) return "packs/" + pack::pack_name(which == 0 ? 65'536U : which);
  if (which == 8) return "packs/" + pack::dictionary_name(kDictionary);
  if (which == 9) return "packs/" + pack::dictionary_copy_name(kDictionary);
  return "blobs/ab/" + std::string(64, 'a');
}

Files files_of(ByteView input) {
  Files files;
  while (input.size() >= 3) {
    const std::string name = name_of(static_cast<std::uint8_t>(input[0]));
    const std::size_t size = std::min(number_at(input, 1), input.size() - 3);
    files[name] = std::string(input.substr(3, size));
    input.remove_prefix(3 + size);
  }
  return files;
}

template <class T>
T get(const std::string& bytes, std::size_t at) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    value = static_cast<T>(value | static_cast<T>(static_cast<std::uint8_t>(bytes[at + i])) << (8 * i));
  return value;
}

void put_checksum(std::string& bytes, std::size_t at, ByteView over) {
  const pack::Checksum sum = pack::checksum_of(over);
  std::copy(sum.begin(), sum.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

// Goes from record to record by the sizes they claim, and makes each one's checksums hold, so that what they say is
// believed. Offsets and identity are left as they are.
void make_hold(std::string& bytes) {
  constexpr std::size_t kSum = std::tuple_size_v<pack::Checksum>;
  std::size_t at = 0;
  while (at + pack::kPrologue <= bytes.size()) {
    const auto magic = get<std::uint32_t>(bytes, at);
    const std::size_t size = pack::kPrologue + get<std::uint32_t>(bytes, at + 4);
    if ((magic & 0xFFFFFFF0U) != pack::kSkippableMagic || size < pack::kPrologue + kSum || size > pack::kMaxHeader ||
        at + size > bytes.size()) {
      ++at;
      continue;
    }
    std::size_t stored = 0;
    if (magic == pack::kFrameHeaderMagic && size >= pack::kMinFrameHeader) {
      stored = std::min<std::size_t>(get<std::uint32_t>(bytes, at + 20), bytes.size() - at - size);
      put_checksum(bytes, at + 48, ByteView(bytes).substr(at + size, stored));
    }
    put_checksum(bytes, at + size - kSum, ByteView(bytes).substr(at, size - kSum));
    at += size + stored;
  }
}

struct World {
  testing::MemoryFs memory;
  testing::SplitFs fs{memory};
  testing::ManualClock clock;
  SeededRandom random{7};
  Options options;

  World(const std::string& folder, const Files& files) {
    options.fs = &fs;
    options.clock = &clock;
    options.random = &random;
    options.folder = folder;
    options.store_hash = kStore;
    demand(memory.make_folder(options.packs()).has_value());
    for (const auto& [name, bytes] : files) {
      const sys::Path path = sys::join(folder, name);
      demand(memory.make_folder(sys::folder_of(path)).has_value());
      memory.plant(path, bytes);
    }
    for (const char* end : {"index.db", "index.db-wal", "index.db-shm", "index.db.before-rebuild"}) {
      std::error_code ignored;
      std::filesystem::remove(sys::join(folder, end), ignored);
    }
  }
};

// Every line that stands in a frame of a pack.
std::set<std::string> lines_of(World& world) {
  std::set<std::string> lines;
  const auto entries = world.fs.list(world.options.packs()).value();
  for (const sys::Entry& entry : entries) {
    const auto number = pack::parse_pack_name(entry.name);
    if (!number) continue;
    const auto reader = pack::PackReader::open(world.fs, world.options.packs(), *number);
    if (!reader) continue;
    pack::PackWalk walk(**reader, (*reader)->header_size());
    while (const auto step = walk.next().value()) {
      if (!step->frame) continue;
      for_each_line(step->frame->raw, [&](std::string_view line, std::size_t) { lines.emplace(line); });
    }
  }
  return lines;
}

// Gives how many versions there are.
std::uint64_t check_reads(World& world, const std::set<std::string>& lines) {
  const auto reader = VaultReader::open(world.options);
  demand(reader.has_value());
  std::uint64_t versions = 0;
  const auto types = (*reader)->items().counts().value();
  for (const index::TypeCount& type : types) {
    const auto items =
        (*reader)->items().list({type.type, "", index::Deleted::include, {}, "", index::kNoLimit}).value();
    for (const index::ItemRow& item : items) {
      const auto rows = (*reader)->items().history(type.type, item.id).value();
      for (const index::VersionRow& row : rows) {
        const auto back = (*reader)->read_version(type.type, item.id, row.version);
        demand(back.has_value() ? lines.count(back->line) == 1 : back.error().kind == ErrorKind::corrupt);
        ++versions;
      }
    }
  }
  return versions;
}

void try_vault(const Files& files) {
  static const Folder folder;
  World world(folder.path, files);
  const std::set<std::string> lines = lines_of(world);
  const auto bare = verify(world.options, {}, {});
  demand(bare.has_value() || bare.error().kind == ErrorKind::not_found);
  const auto rebuilt = rebuild_index_locked(world.options, {});
  if (!rebuilt) {
    demand(rebuilt.error().kind == ErrorKind::rejected);  // a pack of a newer format version
    return;
  }
  const std::uint64_t versions = check_reads(world, lines);
  demand(verify(world.options, {}, {}).has_value());
  // A writer refuses the vault of another store, and takes up any other; it changes no pack and loses no version.
  const auto writer = VaultWriter::open(world.options, "the fuzzer");
  if (!writer) {
    demand(writer.error().kind == ErrorKind::conflict);
    return;
  }
  demand(!(*writer)->opened().rebuilt_index);
  VersionMeta meta;
  meta.type = "products";
  meta.id = "1";
  meta.source = "full";
  meta.run = "01FUZZ";
  const auto number = (*writer)->append(meta, {"{\"new\":true}"}, {});
  demand(number.has_value() && (*writer)->flush().has_value());
  std::set<std::string> more = lines_of(world);
  demand(std::includes(more.begin(), more.end(), lines.begin(), lines.end()) && more.size() == lines.size() + 1);
  demand(check_reads(world, more) == versions + 1);
  demand(VaultReader::open(world.options).value()->read_newest("products", "1").value().item == "{\"new\":true}");
}

const Files& good_files() {
  static const Files files = [] {
    const std::string path = BACKSTOCK_SEEDS "/whole";
    std::ifstream file(path, std::ios::binary);
    demand(file.good());
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    return files_of(ByteView(bytes).substr(1));
  }();
  return files;
}

Files edited(ByteView edits) {
  Files files = good_files();
  for (; edits.size() >= 4; edits.remove_prefix(4)) {
    const auto found = files.find(name_of(static_cast<std::uint8_t>(edits[0])));
    if (found == files.end() || found->second.empty()) continue;
    found->second[number_at(edits, 1) % found->second.size()] = edits[3];
  }
  return files;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView input(reinterpret_cast<const char*>(data) + 1, size - 1);
  Files files = data[0] % 4 < 2 ? files_of(input) : edited(input);
  if (data[0] % 2 == 1) {
    for (auto& [name, bytes] : files) {
      if (name.ends_with(".zst")) make_hold(bytes);
    }
  }
  try_vault(files);
  return 0;
}
