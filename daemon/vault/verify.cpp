#include "vault/verify.h"

#include <limits>
#include <map>

#include "base/crypto.h"
#include "base/json.h"
#include "vault/vault_reader.h"

namespace backstock::vault {
namespace {

constexpr std::uint64_t kToTheEnd = std::numeric_limits<std::int64_t>::max();

class Verifier {
 public:
  Verifier(const Options& options, const ByteProgress& progress, std::stop_token stop)
      : options_(options), progress_(progress), stop_(std::move(stop)) {}

  Result<Verified> run() {
    auto reader = VaultReader::open(options_);
    if (reader) {
      reader_ = std::move(*reader);
      for (index::PackRow& row : TRY(reader_->items().packs())) known_.emplace(row.pack, std::move(row));
    } else if (reader.error().kind == ErrorKind::not_found) {
      return std::move(reader).error();
    } else {
      found_.findings.push_back({"the index", reader.error().message + "; run `backstock rebuild`", {}, 0});
    }
    const auto entries = TRY(options_.fs->list(options_.packs()));
    for (const sys::Entry& entry : entries) total_ += entry.size;
    for (const sys::Entry& entry : entries) {
      if (const auto number = pack::parse_pack_name(entry.name)) newest_ = *number;
    }
    for (const sys::Entry& entry : entries) {
      if (const auto number = pack::parse_pack_name(entry.name)) TRY(check_pack(*number, entry));
    }
    for (const auto& [number, row] : known_) {
      report("pack " + pack::pack_name(number), "the file is missing", number, 0, kToTheEnd);
    }
    TRY(check_blobs());
    return std::move(found_);
  }

 private:
  // Names what stood in those bytes, as far as the index knows.
  void report(std::string subject, std::string what, std::uint64_t pack, std::uint64_t from, std::uint64_t to) {
    Finding finding{std::move(subject), std::move(what), {}, 0};
    if (reader_ != nullptr) {
      if (auto rows = reader_->items().versions_between(pack, from, to)) {
        finding.lost_count = rows->size();
        for (const auto& row : *rows) {
          if (finding.lost.size() == kMaxNamed) break;
          finding.lost.push_back(row.type + " " + row.id + " version " + std::to_string(row.version.version));
        }
      }
    }
    found_.findings.push_back(std::move(finding));
  }

  Result<> check_pack(std::uint64_t number, const sys::Entry& entry) {
    const std::string subject = "pack " + entry.name;
    const auto row = known_.find(number);
    const std::uint64_t known_end = row == known_.end() ? 0 : row->second.known_end;
    const std::string known_identity = row == known_.end() ? std::string() : row->second.identity;
    if (row != known_.end()) known_.erase(row);
    const auto reader = pack::PackReader::open(*options_.fs, options_.packs(), number);
    ++found_.packs;
    if (!reader && reader.error().kind == ErrorKind::corrupt) {
      report(subject, reader.error().message, number, 0, kToTheEnd);
      return {};
    }
    if (!reader) return reader.error();
    const pack::PackHeader& header = (*reader)->header();
    if (header.store_hash != options_.store_hash) {
      report(subject, "it belongs to store " + header.store_hash, number, 0, kToTheEnd);
      return {};
    }
    if (!known_identity.empty() && known_identity != view(header.identity)) {
      report(subject, "it is not the file that was written under this name", number, 0, kToTheEnd);
      return {};
    }
    check_predecessor(subject, header);
    pack::PackWalk walk(**reader, (*reader)->header_size());
    while (true) {
      if (stop_.stop_requested())
        return make_error(ErrorKind::cancelled, "verify was stopped after " + std::to_string(found_.packs) + " packs");
      const auto step = TRY(walk.next());
      if (!step) break;
      if (step->damage) {
        check_damage(subject, *step->damage, known_end);
      } else {
        TRY(check_frame(subject, *step->frame, known_end));
      }
      if (progress_) progress_(found_.bytes + walk.end(), total_);
    }
    if (walk.end() < known_end && entry.size < known_end) {
      report(subject,
             "the file ends at byte " + std::to_string(entry.size) + ", " + std::to_string(known_end - entry.size) +
                 " bytes too early",
             number, walk.end(), kToTheEnd);
    }
    ends_[number] = {walk.end(), std::string(view(header.identity))};
    found_.bytes += entry.size;
    return {};
  }

  // A pack tells where the one before it ended: a cut-off or exchanged predecessor shows even without the index.
  void check_predecessor(const std::string& subject, const pack::PackHeader& header) {
    if (!header.predecessor) return;
    const auto before = ends_.find(header.predecessor->number);
    const std::string name = "pack " + pack::pack_name(header.predecessor->number);
    if (before == ends_.end())
      return;  // missing or unreadable: reported where the index knows it, or by its own header
    if (before->second.identity != view(header.predecessor->identity)) {
      found_.findings.push_back({name, "it is not the file that " + subject + " was written after", {}, 0});
    } else if (before->second.end < header.predecessor->end) {
      report(name,
             "it ended at byte " + std::to_string(header.predecessor->end) + " when " + subject +
                 " was begun, now at " + std::to_string(before->second.end),
             header.predecessor->number, before->second.end, kToTheEnd);
    }
  }

  void check_damage(const std::string& subject, const pack::Damage& damage, std::uint64_t known_end) {
    if (damage.at_end && damage.offset >= known_end && damage.pack == newest_) {
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

  Result<> check_frame(const std::string& subject, const pack::FrameContent& frame, std::uint64_t known_end) {
    ++found_.frames;
    std::uint64_t lines = 0;
    std::vector<index::ItemQueries::InFrame> rows;
    const bool is_known = reader_ != nullptr && frame.place.end() <= known_end;
    const bool holds_versions = frame.header.kind == pack::FrameKind::versions;
    if (is_known && holds_versions)
      rows = TRY(reader_->items().versions_between(frame.place.pack, frame.place.offset, frame.place.offset + 1));
    std::string mismatch;
    for_each_line(frame.raw, [&](std::string_view line, std::size_t at) {
      const std::size_t place = lines++;
      if (!holds_versions) {
        if (!parse_json(line, "a control record")) mismatch = "a control record is not JSON";
        return;
      }
      const auto version = parse_version_line(line);
      if (!version) {
        mismatch = version.error().message;
      } else if (is_known &&
                 (place >= rows.size() || rows[place].id != version->meta.id ||
                  rows[place].type != version->meta.type || rows[place].version.version != version->meta.version ||
                  rows[place].version.at_byte != at)) {
        mismatch = "the index disagrees about " + version->meta.type + " " + version->meta.id + " version " +
                   std::to_string(version->meta.version) + "; run `backstock rebuild`";
      }
    });
    if (holds_versions) found_.versions += lines;
    if (mismatch.empty() && is_known && holds_versions && rows.size() != lines)
      mismatch = "the index knows " + std::to_string(rows.size()) + " versions in it, there are " +
                 std::to_string(lines) + "; run `backstock rebuild`";
    if (!mismatch.empty())
      found_.findings.push_back(
          {subject, "frame at byte " + std::to_string(frame.place.offset) + ": " + mismatch, {}, 0});
    return {};
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
        if (blob.name.size() != 64) continue;  // a file that replace_file() had not finished
        ++found_.blobs;
        found_.bytes += blob.size;
        const auto bytes = sys::read_file(*options_.fs, sys::join(inside, blob.name), blob.size);
        if (!bytes || to_hex(view(sha256(*bytes))) != blob.name) {
          found_.findings.push_back(
              {"blob " + blob.name, bytes ? "its bytes are not those of its name" : bytes.error().message, {}, 0});
        }
      }
    }
    return {};
  }

  struct End {
    std::uint64_t end;
    std::string identity;
  };
  const Options& options_;
  const ByteProgress& progress_;
  std::stop_token stop_;
  std::unique_ptr<VaultReader> reader_;
  std::map<std::uint64_t, index::PackRow> known_;
  std::map<std::uint64_t, End> ends_;
  std::uint64_t newest_ = 0;
  std::uint64_t total_ = 0;
  Verified found_;
};

}  // namespace

Result<Verified> verify(const Options& options, const ByteProgress& progress, std::stop_token stop) {
  return Verifier(options, progress, std::move(stop)).run();
}

}  // namespace backstock::vault
