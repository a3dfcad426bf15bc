#include "vault/verify.h"

#include <limits>
#include <map>
#include <set>

#include "base/crypto.h"
#include "base/json.h"
#include "index/self_check.h"
#include "vault/pack_chain.h"
#include "vault/vault_reader.h"
#include "vault/verify_removed.h"

namespace backstock::vault {
namespace {

constexpr std::uint64_t kToTheEnd = std::numeric_limits<std::int64_t>::max();
constexpr const char* kRebuild = "; run `backstock rebuild`";

bool is_blob_name(std::string_view name) {
  return name.size() == 64 && name.find_first_not_of("0123456789abcdef") == name.npos;
}

// The packs that there are, but for what is appended to them.
std::string packs_now(const Options& options) {
  std::string names;
  for (const sys::Path& folder : {options.packs(), options.removed()}) {
    const auto entries = options.fs->list(folder);
    if (!entries) continue;
    for (const sys::Entry& entry : *entries) names += entry.name + (entry.size == 0 ? "?/" : "/");
  }
  return names;
}

class Verifier {
 public:
  Verifier(const Options& options, const ByteProgress& progress, std::stop_token stop)
      : options_(options), progress_(progress), stop_(std::move(stop)) {}

  Result<Verified> run() {
    TRY(open_index());
    const auto entries = TRY(options_.fs->list(options_.packs()));
    for (const sys::Entry& entry : entries) {
      if (pack::parse_pack_name(entry.name)) total_ += entry.size;
    }
    removed_ = TRY(verify_removed(options_, stop_, found_));
    chain_ = TRY(PackChain::read(options_));
    for (const sys::Entry& entry : entries) {
      if (const auto number = pack::parse_pack_name(entry.name)) TRY(check_pack(*number, entry));
    }
    for (const std::uint64_t number : chain_.missing()) {
      if (known_.count(number) == 0) report(name_of(number), "the file is missing", number, 0, kToTheEnd);
    }
    for (const auto& [number, row] : known_) report(name_of(number), "the file is missing", number, 0, kToTheEnd);
    TRY(check_counts());
    check_dictionaries(entries);
    TRY(check_blobs());
    return std::move(found_);
  }

 private:
  static std::string name_of(std::uint64_t number) { return "pack " + pack::pack_name(number); }

  Result<> open_index() {
    auto reader = VaultReader::open(options_);
    if (!reader) {
      if (reader.error().kind == ErrorKind::not_found) return std::move(reader).error();
      lose_index(reader.error().message);
      return {};
    }
    reader_ = std::move(*reader);
    const auto wrong = index::self_check(reader_->connection());
    auto rows = reader_->items().packs();
    if (!wrong || !rows) {
      lose_index(wrong ? rows.error().message : wrong.error().message);
      return {};
    }
    for (const std::string& what : *wrong) found_.findings.push_back({"the index", what + kRebuild, {}, 0});
    for (index::PackRow& row : *rows) known_.emplace(row.pack, std::move(row));
    return {};
  }

  // Packs are checked without it.
  void lose_index(const std::string& why) {
    found_.findings.push_back({"the index", why + kRebuild, {}, 0});
    reader_.reset();
  }

  // Names what stood in those bytes, as far as the index knows.
  void report(std::string subject, std::string what, std::uint64_t pack, std::uint64_t from, std::uint64_t to) {
    Finding finding{std::move(subject), std::move(what), {}, 0};
    if (reader_ != nullptr) {
      const auto count = reader_->items().count_between(pack, from, to);
      const auto rows = reader_->items().versions_between(pack, from, to, kMaxNamed);
      if (count) finding.lost_count = *count;
      if (rows) {
        for (const auto& row : *rows) {
          finding.lost.push_back(row.type + " " + row.id + " version " + std::to_string(row.version.version));
        }
      }
    }
    found_.findings.push_back(std::move(finding));
  }

  Result<> check_pack(std::uint64_t number, const sys::Entry& entry) {
    const std::string subject = "pack " + entry.name;
    const auto row = known_.extract(number);
    const std::uint64_t known_end = row.empty() ? 0 : row.mapped().known_end;
    found_.bytes += entry.size;
    const auto reader = pack::PackReader::open(*options_.fs, options_.packs(), number);
    if (!reader) {
      if (row.empty() && chain_.is_never_begun(options_, number, entry.size)) {
        found_.notes.push_back(subject + " was being begun when a write was cut off; nothing was ever in it");
      } else {
        ++found_.packs;
        report(subject, reader.error().message, number, 0, kToTheEnd);
      }
      return {};
    }
    ++found_.packs;
    const pack::PackHeader& header = (*reader)->header();
    if (!(*reader)->header_damaged() && header.store_hash != options_.store_hash) {
      report(subject, "it belongs to store " + header.store_hash, number, 0, kToTheEnd);
      return {};
    }
    if (!row.empty() && row.mapped().identity != view(header.identity)) {
      report(subject, "it is not the file that was written under this name", number, 0, kToTheEnd);
      return {};
    }
    if (const auto first = (*reader)->first_frame(); first && *first && (*first)->dictionary != 0)
      needed_.insert((*first)->dictionary);
    const bool was_sealed = !row.empty() && row.mapped().sealed;
    const std::size_t before_walk = found_.findings.size();
    standing_ = 0;
    const Walked walked = TRY(walk_pack(subject, **reader, known_end, was_sealed, entry));
    const std::size_t before = found_.findings.size();
    check_end(subject, header, walked.end, known_end, entry);
    if (was_sealed && !walked.sealed && found_.findings.size() == before && walked.end == known_end)
      found_.findings.push_back({subject, "the seal at its end is damaged or missing; its versions are whole", {}, 0});
    if (found_.findings.size() == before_walk) standing_in_.emplace(number, standing_);
    return {};
  }

  struct Walked {
    std::uint64_t end;  // of the last whole frame
    bool sealed;
  };
  Result<Walked> walk_pack(const std::string& subject, const pack::PackReader& reader, std::uint64_t known_end,
                           bool was_sealed, const sys::Entry& entry) {
    pack::PackWalk walk(reader, reader.header_size());
    std::optional<Unreadable> unreadable;
    const std::uint64_t number = reader.header().number;
    const auto end_unreadable = [&](std::uint64_t to) {
      if (unreadable)
        report(subject, "bytes from " + std::to_string(unreadable->from) + " on: " + unreadable->why, number,
               unreadable->from, to);
      unreadable.reset();
    };
    while (true) {
      if (stop_.stop_requested())
        return make_error(ErrorKind::cancelled, "verify was stopped after " + std::to_string(found_.packs) + " packs");
      const auto step = walk.next();
      if (!step) {
        // A bad sector. The walk goes on behind it if it can, else it repeats itself.
        if (unreadable && unreadable->why == step.error().message) break;
        if (!unreadable) unreadable = Unreadable{walk.end(), step.error().message};
        unreadable->why = step.error().message;
        continue;
      }
      if (!*step) break;
      if ((*step)->damage) {
        const pack::Damage& damage = *(*step)->damage;
        end_unreadable(damage.offset);
        // Where a file was cut off, and of a seal, check_end() or check_pack() tells it at once.
        const bool of_end =
            damage.at_end && (entry.size < known_end || (was_sealed && !walk.sealed() && damage.offset >= known_end));
        if (!of_end) check_damage(subject, damage, known_end);
      } else {
        end_unreadable((*step)->frame->place.offset);
        check_frame(subject, *(*step)->frame, known_end);
      }
      if (progress_) progress_(found_.bytes - entry.size + walk.end(), total_);
    }
    end_unreadable(kToTheEnd);
    return Walked{walk.end(), walk.sealed()};
  }

  void check_end(const std::string& subject, const pack::PackHeader& header, std::uint64_t end, std::uint64_t known_end,
                 const sys::Entry& entry) {
    const auto told = chain_.told_of(header.number);
    if (told && told->identity != header.identity) {
      found_.findings.push_back({subject, "it is not the file that " + name_of(told->by) + " was begun after", {}, 0});
    } else if (entry.size < known_end) {
      report(subject,
             "the file ends at byte " + std::to_string(entry.size) + ", " + std::to_string(known_end - entry.size) +
                 " bytes too early",
             header.number, end, kToTheEnd);
    } else if (told && entry.size < told->end) {
      report(subject,
             "it ended at byte " + std::to_string(told->end) + " when " + name_of(told->by) + " was begun, now at " +
                 std::to_string(entry.size),
             header.number, end, kToTheEnd);
    }
  }

  void check_damage(const std::string& subject, const pack::Damage& damage, std::uint64_t known_end) {
    if (chain_.is_torn_tail(damage, known_end)) {
      found_.notes.push_back(subject + ": " + std::to_string(damage.size) +
                             " bytes at the end belong to a write that was cut off; no version was lost");
      return;
    }
    std::string what = "bytes " + std::to_string(damage.offset) + " to " + std::to_string(damage.offset + damage.size) +
                       " are damaged: " + damage.what;
    if (!damage.content_type.empty())
      what += " (" + std::to_string(damage.lines) + " versions of " + damage.content_type + ")";
    report(subject, what, damage.pack, damage.offset, damage.offset + std::max<std::uint64_t>(damage.size, 1));
  }

  void check_frame(const std::string& subject, const pack::FrameContent& frame, std::uint64_t known_end) {
    ++found_.frames;
    std::string mismatch;
    if (frame.header.kind == pack::FrameKind::versions) {
      mismatch = check_versions(frame, known_end);
    } else {
      for_each_line(frame.raw, [&](std::string_view line, std::size_t) {
        if (!parse_json(line, "a control record")) mismatch = "a control record is not JSON";
      });
    }
    if (!mismatch.empty())
      found_.findings.push_back(
          {subject, "frame at byte " + std::to_string(frame.place.offset) + ": " + mismatch, {}, 0});
  }

  // Gives what is wrong with its lines or with the index's rows for them.
  std::string check_versions(const pack::FrameContent& frame, std::uint64_t known_end) {
    const bool is_known = reader_ != nullptr && frame.place.end() <= known_end;
    std::string mismatch;
    for_each_line(frame.raw, [&](std::string_view line, std::size_t at) {
      ++found_.versions;
      const auto version = parse_version_line(line);
      if (!version) {
        mismatch = version.error().message;
      } else if (is_known && mismatch.empty()) {
        mismatch = compare(frame.place, *version, at);
      }
    });
    return mismatch;
  }

  // A line with an equal one in a later pack is one that was moved there.
  std::string compare(const pack::FramePlace& place, const StoredVersion& version, std::size_t at) {
    const VersionMeta& meta = version.meta;
    const auto row = reader_->items().find_version(meta.type, meta.id, meta.version);
    if (!row) return row.error().message;
    if (!*row && removed_.contains(version.line)) {
      --found_.versions;  // its pack has not been removed yet
      return {};
    }
    const bool equal = *row && (*row)->at == meta.at && (*row)->gone == meta.gone && (*row)->source == meta.source &&
                       (*row)->run == meta.run && (*row)->size == version.line.size();
    if (equal && (*row)->frame.pack > place.pack) {
      --found_.versions;  // counted there
      return {};
    }
    if (!equal || (*row)->frame.pack != place.pack || (*row)->frame.offset != place.offset || (*row)->at_byte != at) {
      return "the index disagrees about " + meta.type + " " + meta.id + " version " + std::to_string(meta.version) +
             kRebuild;
    }
    ++standing_;
    return {};
  }

  // Of packs in which nothing else is wrong: does the index know versions that are not there?
  Result<> check_counts() {
    if (reader_ == nullptr) return {};
    for (const index::PackUse& use : TRY(reader_->items().pack_use())) {
      const auto whole = standing_in_.find(use.pack);
      if (whole == standing_in_.end() || whole->second == use.versions) continue;
      found_.findings.push_back({name_of(use.pack),
                                 "the index knows " + std::to_string(use.versions) + " versions in it, there are " +
                                     std::to_string(whole->second) + kRebuild,
                                 {},
                                 0});
    }
    return {};
  }

  // Either file of a dictionary serves; with both gone all that needs it is lost.
  void check_dictionaries(const std::vector<sys::Entry>& entries) {
    std::set<std::uint32_t> numbers = needed_;
    for (const sys::Entry& entry : entries) {
      if (const auto number = pack::parse_dictionary_name(entry.name)) numbers.insert(*number);
    }
    for (const std::uint32_t number : numbers) {
      const std::string file = pack::dictionary_name(number);
      const std::string copy = pack::dictionary_copy_name(number);
      const auto wrong_file = check_dictionary(file, number);
      const auto wrong_copy = check_dictionary(copy, number);
      const auto tell = [&](const std::string& name, const std::string& other, const std::optional<std::string>& wrong,
                            bool other_is_whole) {
        if (!wrong) return;
        if (needed_.count(number) == 0) {
          found_.notes.push_back("dictionary " + name + ": " + *wrong + "; no pack needs it");
          return;
        }
        const std::string hint = other_is_whole ? "; nothing is lost yet: put a copy of " + other + " in its place"
                                                : "; bring it back from a copy of this folder";
        found_.findings.push_back({"dictionary " + name, *wrong + hint, {}, 0});
      };
      tell(file, copy, wrong_file, !wrong_copy);
      tell(copy, file, wrong_copy, !wrong_file);
    }
  }

  // What is wrong with that file.
  std::optional<std::string> check_dictionary(const std::string& name, std::uint32_t number) {
    const auto file =
        sys::read_file(*options_.fs, sys::join(options_.packs(), name), pack::kMaxDictionary + pack::kMaxHeader);
    if (!file && file.error().kind == ErrorKind::not_found) return "the file is missing";
    if (!file) return file.error().message;
    found_.bytes += file->size();
    const auto bytes = pack::decode_dictionary(*file, number);
    return bytes ? std::nullopt : std::optional(bytes.error().message);
  }

  Result<> check_blobs() {
    const auto folders = options_.fs->list(options_.blobs());
    if (!folders && folders.error().kind == ErrorKind::not_found) return {};
    if (!folders) return folders.error();
    for (const sys::Entry& folder : *folders) {
      if (!folder.is_folder) continue;
      const sys::Path inside = sys::join(options_.blobs(), folder.name);
      for (const sys::Entry& blob : TRY(options_.fs->list(inside))) {
        if (stop_.stop_requested()) return make_error(ErrorKind::cancelled, "verify was stopped");
        if (blob.is_folder || !is_blob_name(blob.name)) continue;  // nothing of ours
        ++found_.blobs;
        found_.bytes += blob.size;
        const auto bytes = sys::read_file(*options_.fs, sys::join(inside, blob.name), blob.size);
        if (!bytes || to_hex(view(sha256(*bytes))) != blob.name) {
          found_.findings.push_back(
              {"blob " + blob.name, bytes ? "its bytes are not those of its name" : bytes.error().message, {}, 0});
        } else if (blob.name.substr(0, 2) != folder.name) {
          found_.findings.push_back({"blob " + blob.name, "it stands in the folder " + folder.name, {}, 0});
        }
      }
    }
    return {};
  }

  struct Unreadable {
    std::uint64_t from;
    std::string why;
  };
  const Options& options_;
  const ByteProgress& progress_;
  std::stop_token stop_;
  std::unique_ptr<VaultReader> reader_;
  std::map<std::uint64_t, index::PackRow> known_;
  PackChain chain_;
  std::set<std::uint32_t> needed_;                      // dictionaries, by the packs
  std::uint64_t standing_ = 0;                          // versions met in this pack that the index has there
  std::map<std::uint64_t, std::uint64_t> standing_in_;  // of packs that are whole
  std::uint64_t total_ = 0;
  RemovedLines removed_;
  Verified found_;
};

}  // namespace

Result<Verified> verify(const Options& options, const ByteProgress& progress, std::stop_token stop) {
  constexpr int kAttempts = 3;
  for (int attempt = 1;; ++attempt) {
    const std::string before = packs_now(options);
    auto verified = Verifier(options, progress, stop).run();
    // A compaction that went on meanwhile moves versions and removes packs under the reader: what looks wrong then is
    // looked at again.
    if (!verified || verified->findings.empty() || attempt == kAttempts || packs_now(options) == before)
      return verified;
  }
}

}  // namespace backstock::vault
