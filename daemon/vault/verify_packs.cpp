// The part of verify that reads packs, and holds them against the index and against each other.
#include <algorithm>
#include <map>

#include "base/json.h"
#include "vault/verify_run.h"

namespace backstock::vault {
namespace {

class PackCheck {
 public:
  explicit PackCheck(VerifyRun& run) : run_(run) {}

  Result<std::set<std::uint32_t>> check_all(const std::vector<sys::Entry>& entries) {
    if (run_.reader != nullptr) {
      for (index::PackRow& row : TRY(run_.reader->items().packs())) known_.emplace(row.pack, std::move(row));
    }
    for (const sys::Entry& entry : entries) {
      const auto number = pack::parse_pack_name(entry.name);
      if (!number) continue;
      TRY(check(*number, entry));
      passed_ += entry.size;
    }
    for (const std::uint64_t number : run_.chain.missing()) {
      if (known_.count(number) == 0) run_.tell_of_pack(number, "the file is missing", 0, kToTheEnd);
    }
    for (const auto& [number, row] : known_) run_.tell_of_pack(number, "the file is missing", 0, kToTheEnd);
    check_counts();
    return std::move(needed_);
  }

 private:
  struct Walked {
    std::uint64_t end;  // of the last whole frame
    bool sealed;
    std::uint64_t known_frames;  // of those up to the end that the index knows
    std::uint64_t known_end;     // of the last of these
  };

  Result<> check(std::uint64_t number, const sys::Entry& entry) {
    const auto row = known_.extract(number);
    known_end_ = row.empty() ? 0 : row.mapped().known_end;
    was_sealed_ = !row.empty() && row.mapped().sealed;
    if (!run_.found.sampled) run_.found.bytes += entry.size;
    const auto reader = pack::PackReader::open(*run_.options.fs, run_.options.packs(), number);
    if (!reader) {
      if (row.empty() && run_.chain.is_never_begun(run_.options, number, entry.size)) {
        run_.found.notes.push_back(pack_subject(number) +
                                   " was being begun when a write was cut off; nothing was ever in it");
      } else {
        ++run_.found.packs;
        run_.tell_of_pack(number, reader.error().message, 0, kToTheEnd);
      }
      return {};
    }
    ++run_.found.packs;
    const pack::PackHeader& header = (*reader)->header();
    if (!(*reader)->header_damaged() && header.store_hash != run_.options.store_hash) {
      run_.tell_of_pack(number, "it belongs to store " + header.store_hash, 0, kToTheEnd);
      return {};
    }
    if (!row.empty() && row.mapped().identity != view(header.identity)) {
      run_.tell_of_pack(number, "it is not the file that was written under this name", 0, kToTheEnd);
      return {};
    }
    if (const auto first = (*reader)->first_frame(); first && *first && (*first)->dictionary != 0)
      needed_.insert((*first)->dictionary);
    const std::size_t before_walk = run_.found.findings.size();
    const std::size_t notes = run_.found.notes.size();
    standing_ = 0;
    const Walked walked = TRY(walk_pack(**reader, entry));
    const std::size_t before = run_.found.findings.size();
    check_end(header, walked.end, entry);
    if (was_sealed_ && !walked.sealed && run_.found.findings.size() == before && walked.end == known_end_)
      run_.tell_of_file(pack_file(number), pack_subject(number),
                        "the seal at its end is damaged or missing; its versions are whole");
    else if (is_cut_off(header, walked.sealed) && run_.found.findings.size() == before_walk)
      run_.tell_of_file(pack_file(number), pack_subject(number), kNoSeal);
    if (run_.found.findings.size() == before_walk) {
      standing_in_.emplace(number, standing_);
      // Not of one with a torn tail, whose last frame may have been counted by its header alone.
      if (!row.empty() && run_.found.notes.size() == notes) check_row(row.mapped(), header, walked);
    }
    return {};
  }

  // Of a pack that is as it was written. What is behind the end that the index knows may just have been appended.
  void check_row(const index::PackRow& row, const pack::PackHeader& header, const Walked& walked) {
    if (row.frames != walked.known_frames || row.known_end != walked.known_end) {
      run_.tell_of_index(pack_subject(row.pack), "the index knows " + std::to_string(row.frames) +
                                                     " frames in it up to byte " + std::to_string(row.known_end) +
                                                     ", there are " + std::to_string(walked.known_frames) +
                                                     " up to byte " + std::to_string(walked.known_end));
    } else if (!row.sealed && walked.sealed && (header.compacted || run_.chain.told_of(row.pack))) {
      run_.tell_of_index(pack_subject(row.pack), "the index takes it for one that is still appended to");
    }
  }

  Result<Walked> walk_pack(const pack::PackReader& reader, const sys::Entry& entry) {
    pack::PackWalk::ChooseDepth choose;
    if (run_.found.sampled)
      choose = [&](const pack::FrameHeader&) { return run_.chance() ? pack::Depth::lines : pack::Depth::header; };
    pack::PackWalk walk(reader, reader.header_size(), std::move(choose));
    std::optional<Unreadable> unreadable;
    const std::uint64_t number = reader.header().number;
    std::uint64_t known_frames = 0;
    std::uint64_t known_end = reader.header_size();
    const auto end_unreadable = [&](std::uint64_t to) {
      if (unreadable)
        run_.tell_of_pack(number, "bytes from " + std::to_string(unreadable->from) + " on: " + unreadable->why,
                          unreadable->from, to);
      unreadable.reset();
    };
    while (true) {
      if (run_.stop.stop_requested())
        return make_error(ErrorKind::cancelled,
                          "verify was stopped after " + std::to_string(run_.found.packs) + " packs");
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
        // Where a file was cut off, and of a seal, check_end() or check() tells it at once.
        const bool of_end = damage.at_end &&
                            (entry.size < known_end_ || (was_sealed_ && !walk.sealed() && damage.offset >= known_end_));
        if (!of_end) check_damage(damage);
      } else {
        const std::uint64_t end = (*step)->frame->place.end();
        if (end <= known_end_) ++known_frames, known_end = end;
        end_unreadable((*step)->frame->place.offset);
        check_frame(*(*step)->frame);
      }
      if (run_.progress) run_.progress(passed_ + walk.end(), run_.total);
    }
    end_unreadable(kToTheEnd);
    return Walked{walk.end(), walk.sealed(), known_frames, known_end};
  }

  void check_end(const pack::PackHeader& header, std::uint64_t end, const sys::Entry& entry) {
    const auto told = run_.chain.told_of(header.number);
    if (told && told->identity != header.identity) {
      run_.tell_of_file(pack_file(header.number), pack_subject(header.number),
                        "it is not the file that " + pack_subject(told->by) + " was begun after");
    } else if (entry.size < known_end_) {
      run_.tell_of_pack(header.number,
                        "the file ends at byte " + std::to_string(entry.size) + ", " +
                            std::to_string(known_end_ - entry.size) + " bytes too early",
                        end, kToTheEnd);
    } else if (told && entry.size < told->end) {
      run_.tell_of_pack(header.number,
                        "it ended at byte " + std::to_string(told->end) + " when " + pack_subject(told->by) +
                            " was begun, now at " + std::to_string(entry.size),
                        end, kToTheEnd);
    }
  }

  void check_damage(const pack::Damage& damage) {
    if (run_.chain.is_torn_tail(damage, known_end_)) {
      run_.found.notes.push_back(pack_subject(damage.pack) + ": " + std::to_string(damage.size) +
                                 " bytes at the end belong to a write that was cut off; no version was lost");
      return;
    }
    std::string what = "bytes " + std::to_string(damage.offset) + " to " + std::to_string(damage.offset + damage.size) +
                       " are damaged: " + damage.what;
    if (!damage.content_type.empty())
      what += " (" + std::to_string(damage.lines) + " versions of " + damage.content_type + ")";
    run_.tell_of_pack(damage.pack, what, damage.offset, damage.offset + std::max<std::uint64_t>(damage.size, 1));
  }

  void check_frame(const pack::FrameContent& frame) {
    ++run_.found.frames_there;
    if (frame.raw.empty()) return;  // its header alone was read
    ++run_.found.frames;
    if (run_.found.sampled) run_.found.bytes += frame.place.header_size + frame.place.stored_size;
    if (frame.header.kind == pack::FrameKind::versions) {
      check_versions(frame);
      return;
    }
    for_each_line(frame.raw, [&](std::string_view line, std::size_t) {
      if (!parse_json(line, "a control record"))
        run_.found.findings.push_back(
            {pack_subject(frame.place.pack), at_frame(frame) + "a control record is not JSON", {}, 0});
    });
  }

  static std::string at_frame(const pack::FrameContent& frame) {
    return "frame at byte " + std::to_string(frame.place.offset) + ": ";
  }

  // The first thing that is wrong with its lines or with the index's rows for them.
  void check_versions(const pack::FrameContent& frame) {
    const std::string subject = pack_subject(frame.place.pack);
    const bool is_known = run_.reader != nullptr && frame.place.end() <= known_end_;
    bool told = false;
    for_each_line(frame.raw, [&](std::string_view line, std::size_t at) {
      ++run_.found.versions;
      const auto version = parse_version_line(line);
      if (!version && !told) {
        run_.found.findings.push_back({subject, at_frame(frame) + version.error().message, {}, 0});
        told = true;
      } else if (version && is_known && !told) {
        const std::string mismatch = compare(frame.place, *version, at);
        if (!mismatch.empty()) run_.tell_of_index(subject, at_frame(frame) + mismatch);
        told = !mismatch.empty();
      }
    });
  }

  // A line with an equal one in a later pack is one that was moved there.
  std::string compare(const pack::FramePlace& place, const StoredVersion& version, std::size_t at) {
    const VersionMeta& meta = version.meta;
    const auto row = run_.reader->items().find_version(meta.type, meta.id, meta.version);
    if (!row) return row.error().message;
    if (!*row && run_.removed.contains(version.line)) {
      --run_.found.versions;  // its pack has not been removed yet
      return {};
    }
    const bool equal = *row && (*row)->at == meta.at && (*row)->gone == meta.gone && (*row)->source == meta.source &&
                       (*row)->run == meta.run && (*row)->size == version.line.size();
    if (equal && (*row)->frame.pack > place.pack) {
      --run_.found.versions;  // counted there
      return {};
    }
    const bool same_place = *row && (*row)->frame.pack == place.pack && (*row)->frame.offset == place.offset &&
                            (*row)->frame.header_size == place.header_size &&
                            (*row)->frame.stored_size == place.stored_size && (*row)->at_byte == at;
    if (!equal || !same_place) {
      return "the index disagrees about " + meta.type + " " + meta.id + " version " + std::to_string(meta.version);
    }
    ++standing_;
    return check_hash(version);
  }

  // By its hash a run tells whether an item has changed: a wrong one stores the same again, or hides a change.
  std::string check_hash(const StoredVersion& version) {
    const VersionMeta& meta = version.meta;
    if (meta.gone || !run_.options.content_hash) return {};
    const auto item = run_.reader->items().find_item(meta.type, meta.id);
    if (!item) return item.error().message;
    if (!*item || (*item)->version != meta.version || (*item)->hash.empty()) return {};
    const auto content = run_.options.content_hash(version);
    if (!content || content->scheme != (*item)->scheme || view(content->hash) == (*item)->hash) return {};
    return "the index disagrees about the fingerprint of " + meta.type + " " + meta.id;
  }

  // Of packs in which nothing else is wrong: does the index know versions that are not there?
  void check_counts() {
    if (run_.reader == nullptr || run_.found.sampled) return;
    const auto uses = run_.reader->items().pack_use();
    if (!uses) {
      run_.tell_of_index("the index", uses.error().message);
      return;
    }
    for (const index::PackUse& use : *uses) {
      const auto whole = standing_in_.find(use.pack);
      if (whole == standing_in_.end() || whole->second == use.versions) continue;
      run_.tell_of_index(pack_subject(use.pack), "the index knows " + std::to_string(use.versions) +
                                                     " versions in it, there are " + std::to_string(whole->second));
    }
  }

  struct Unreadable {
    std::uint64_t from;
    std::string why;
  };
  VerifyRun& run_;
  std::map<std::uint64_t, index::PackRow> known_;  // to the index, and not looked at yet
  std::set<std::uint32_t> needed_;
  std::map<std::uint64_t, std::uint64_t> standing_in_;  // versions in packs that are whole
  std::uint64_t passed_ = 0;                            // bytes of packs
  // Of the pack that is looked at: what the index knows of it, and versions met that the index has there.
  std::uint64_t known_end_ = 0;
  bool was_sealed_ = false;
  std::uint64_t standing_ = 0;
};

}  // namespace

Result<std::set<std::uint32_t>> check_packs(VerifyRun& run, const std::vector<sys::Entry>& entries) {
  return PackCheck(run).check_all(entries);
}

}  // namespace backstock::vault
