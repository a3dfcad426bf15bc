#include "vault/scrub.h"

#include <algorithm>
#include <map>

#include "base/crypto.h"
#include "vault/blobs.h"
#include "vault/pack_chain.h"
#include "vault/vault_reader.h"

namespace backstock::vault {
namespace {

constexpr const char* kRemoved = "removed";  // packs of what retention took out

struct ScrubFile {
  std::string file;  // below the vault's folder
  ByteCount size = 0;
};

// Files of ours in a folder; none when there is no such folder.
Result<> list_files(const Options& options, const std::string& folder, std::vector<ScrubFile>& files) {
  const auto entries = options.fs->list(sys::join(options.folder, folder));
  if (!entries && entries.error().kind == ErrorKind::not_found) return {};
  for (const sys::Entry& entry : TRY(Result<std::vector<sys::Entry>>(entries))) {
    const bool blob = entry.name.size() == 64 && folder.starts_with("blobs/");
    if (entry.is_folder && folder == "blobs") {
      TRY(list_files(options, folder + "/" + entry.name, files));
    } else if (!entry.is_folder &&
               (blob || pack::parse_pack_name(entry.name) || pack::parse_dictionary_name(entry.name))) {
      files.push_back({folder + "/" + entry.name, entry.size});
    }
  }
  return {};
}

Result<std::vector<ScrubFile>> list_all(const Options& options) {
  std::vector<ScrubFile> files;
  for (const char* folder : {"blobs", "packs", kRemoved}) TRY(list_files(options, folder, files));
  std::sort(files.begin(), files.end(), [](const ScrubFile& a, const ScrubFile& b) { return a.file < b.file; });
  return files;
}

// What the index knows of packs; nothing when it cannot be read.
std::map<std::uint64_t, index::PackRow> known_packs(const Options& options) {
  std::map<std::uint64_t, index::PackRow> known;
  const auto reader = VaultReader::open(options);
  if (!reader) return known;
  if (auto rows = (*reader)->items().packs()) {
    for (index::PackRow& row : *rows) known.emplace(row.pack, std::move(row));
  }
  return known;
}

class Portion {
 public:
  Portion(const Options& options, ScrubState& state, ByteCount bytes, const std::function<void(ByteCount)>& rest,
          const std::stop_token& stop)
      : options_(options), state_(state), left_(bytes), rest_(rest), stop_(stop), now_(to_ms(options.clock->now())) {}

  Result<std::vector<ScrubFinding>> run() {
    if (state_.began == 0 || state_.ended || state_.began > now_) begin_pass();
    known_ = known_packs(options_);
    const std::vector<ScrubFile> files = TRY(list_all(options_));
    auto file = std::lower_bound(files.begin(), files.end(), state_.file,
                                 [](const ScrubFile& a, const std::string& b) { return a.file < b; });
    for (; file != files.end() && left_ > 0 && !stop_.stop_requested(); ++file) {
      if (state_.file != file->file) state_.offset = 0;
      state_.file = file->file;
      if (!read(*file)) return std::move(fresh_);  // in the middle of it
      end_file(file->file);
    }
    if (file == files.end()) end_pass(files);
    return std::move(fresh_);
  }

 private:
  void begin_pass() {
    state_.began = now_;
    state_.ended = false;
    state_.file.clear();
    state_.offset = 0;
    state_.done = 0;
  }

  void end_pass(const std::vector<ScrubFile>& files) {
    find_missing();
    // A file that went without being missed needs no finding any more.
    std::erase_if(state_.findings, [&](const ScrubFinding& finding) {
      return finding.at < state_.began &&
             std::none_of(files.begin(), files.end(), [&](const ScrubFile& file) { return file.file == finding.file; });
    });
    state_.ended = true;
    state_.last_ended = now_;
    state_.file.clear();
    state_.offset = 0;
  }

  // Asked twice: a compaction drops rows before it removes packs, and makes packs before their rows.
  void find_missing() {
    const auto before = known_packs(options_);
    const auto entries = options_.fs->list(options_.packs());
    const auto after = known_packs(options_);
    if (!entries) return;
    for (const auto& [number, row] : before) {
      const bool there =
          std::any_of(entries->begin(), entries->end(),
                      [&, wanted = pack::pack_name(number)](const sys::Entry& e) { return e.name == wanted; });
      if (!there && after.count(number) != 0) tell("packs/" + pack::pack_name(number), "the file is missing");
    }
  }

  void count(ByteCount bytes) {
    state_.done += bytes;
    left_ -= std::min(left_, bytes);
    if (rest_) rest_(bytes);
  }

  // One finding for each file; only that which is new is given out.
  void tell(const std::string& file, const std::string& what) {
    const auto known = std::find_if(state_.findings.begin(), state_.findings.end(),
                                    [&](const ScrubFinding& finding) { return finding.file == file; });
    if (known == state_.findings.end()) {
      state_.findings.push_back({file, what, now_});
      fresh_.push_back(state_.findings.back());
    } else if (known->at < state_.began) {
      *known = {file, what, now_};
    }
  }

  // Found whole in this pass: what an earlier one had found there is mended.
  void end_file(const std::string& file) {
    std::erase_if(state_.findings,
                  [&](const ScrubFinding& finding) { return finding.file == file && finding.at < state_.began; });
    state_.file = file + " ";  // behind it, before all others
    state_.offset = 0;
  }

  // False when it was left in its middle.
  bool read(const ScrubFile& file) {
    const std::string name = file.file.substr(file.file.rfind('/') + 1);
    if (const auto number = pack::parse_pack_name(name)) return read_pack(*number, file);
    if (const auto number = pack::parse_dictionary_name(name)) {
      const auto bytes =
          sys::read_file(*options_.fs, sys::join(options_.folder, file.file), pack::kMaxDictionary + 64_KiB);
      judge(file.file, bytes, [&](const std::string& b) { return pack::decode_dictionary(b, *number).has_value(); });
    } else {
      const auto bytes = sys::read_file(*options_.fs, sys::join(options_.folder, file.file), kMaxBlob);
      judge(file.file, bytes, [&](const std::string& b) { return to_hex(view(sha256(b))) == name; });
    }
    count(file.size);
    return true;
  }

  template <class Whole>
  void judge(const std::string& file, const Result<std::string>& bytes, Whole&& is_whole) {
    if (!bytes && bytes.error().kind == ErrorKind::not_found) return;  // went meanwhile
    if (!bytes || !is_whole(*bytes)) tell(file, bytes ? "its bytes are not what was written" : bytes.error().message);
  }

  bool read_pack(std::uint64_t number, const ScrubFile& file) {
    const bool removed = file.file.starts_with(kRemoved);
    const auto row = removed ? known_.end() : known_.find(number);
    // Behind this a writer may be at it just now; of a pack that nobody appends to it is the whole file.
    const std::uint64_t known_end = removed ? file.size : row != known_.end() ? row->second.known_end : 0;
    const bool sealed = removed || (row != known_.end() && row->second.sealed);
    if (file.size <= header_only_size(options_) && known_end == 0) return true;  // being begun, or never
    const auto reader =
        pack::PackReader::open(*options_.fs, sys::folder_of(sys::join(options_.folder, file.file)), number);
    if (!reader) {
      if (reader.error().kind == ErrorKind::corrupt || reader.error().kind == ErrorKind::failed)
        tell(file.file, reader.error().message);
      count(file.size);
      return true;
    }
    if (!removed && file.size < known_end) tell(file.file, "it is shorter than it was");
    return walk(**reader, file, known_end, sealed);
  }

  bool walk(const pack::PackReader& reader, const ScrubFile& file, std::uint64_t known_end, bool sealed) {
    const std::uint64_t from = std::max<std::uint64_t>(state_.offset, reader.header_size());
    pack::PackWalk walk(reader, from, [](const pack::FrameHeader&) { return pack::Depth::stored; });
    std::uint64_t at = state_.offset;
    std::string trouble;
    while (true) {
      const auto step = walk.next();
      if (!step) {
        if (step.error().message == trouble) break;
        trouble = step.error().message;
        tell(file.file, trouble);
        continue;
      }
      if (!*step) break;
      if ((*step)->damage) {
        const pack::Damage& damage = *(*step)->damage;
        if (!damage.at_end || damage.offset < known_end)
          tell(file.file, "damaged at byte " + std::to_string(damage.offset) + ": " + damage.what);
        continue;
      }
      const std::uint64_t end = (*step)->frame->place.end();
      count(end - at);
      at = end;
      if (left_ > 0 && !stop_.stop_requested()) continue;
      state_.offset = at;
      return false;
    }
    if (sealed && !walk.sealed()) tell(file.file, "the seal at its end is damaged or missing");
    if (file.size > at) count(file.size - at);
    return true;
  }

  const Options& options_;
  ScrubState& state_;
  ByteCount left_;
  const std::function<void(ByteCount)>& rest_;
  const std::stop_token& stop_;
  const std::int64_t now_;
  std::map<std::uint64_t, index::PackRow> known_;
  std::vector<ScrubFinding> fresh_;
};

}  // namespace

Result<ByteCount> scrub_size(const Options& options) {
  ByteCount size = 0;
  for (const ScrubFile& file : TRY(list_all(options))) size += file.size;
  return size;
}

Result<std::vector<ScrubFinding>> scrub(const Options& options, ScrubState& state, ByteCount bytes,
                                        const std::function<void(ByteCount read)>& rest, const std::stop_token& stop) {
  return Portion(options, state, bytes, rest, stop).run();
}

}  // namespace backstock::vault
