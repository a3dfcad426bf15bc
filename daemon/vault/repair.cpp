#include "vault/repair.h"

#include <algorithm>
#include <map>

#include "index/lost_rows.h"
#include "vault/aside.h"
#include "vault/file_mending.h"
#include "vault/lost_records.h"
#include "vault/pack_rescue.h"
#include "vault/rebuild.h"
#include "vault/repair_report.h"
#include "vault/scrub.h"
#include "vault/vault_reader.h"
#include "vault/vault_writer.h"
#include "vault/verify.h"

namespace backstock::vault {
namespace {

constexpr ByteCount kCache = 16_MiB;

class Repair {
 public:
  Repair(const Options& options, const RepairOptions& how, const OnRepairProgress& progress, std::stop_token stop)
      : options_(options), how_(how), progress_(progress), stop_(std::move(stop)) {}

  Result<Repaired> run() {
    if (!how_.dry_run) TRY(take_vault());
    const Verified verified = TRY(verify(options_, bytes("looking for damage"), stop_));
    for (const Finding& finding : verified.findings) sort(finding);
    TRY(mend_files());
    TRY(examine_packs());
    if (!how_.dry_run && done_.left.empty()) TRY(mend_packs());
    tell_lost();
    // Of files that were moved although packs are left as they are.
    if (!how_.dry_run && done_.report.empty() && !done_.files.empty()) done_.report = TRY(write_report(options_, ""));
    if (!done_.report.empty()) TRY(replace_report(options_, done_.report, repair_report(options_, done_, lost_)));
    if (!how_.dry_run && done_.left.empty()) TRY(forget_scrub_findings(options_));
    return std::move(done_);
  }

 private:
  // Opened and closed once, so that nothing is unknown to the index that a crash had kept from it.
  Result<> take_vault() {
    TRY(VaultWriter::open(options_, "repair"));
    lock_ = TRY(options_.fs->lock(options_.lock()).context("repairing the vault " + options_.folder));
    return {};
  }

  void sort(const Finding& finding) {
    const std::string name = finding.file.substr(finding.file.rfind('/') + 1);
    if (finding.of == Finding::Of::index) index_is_wrong_ = true;
    if (finding.of != Finding::Of::file) return;
    if (const auto number = pack::parse_pack_name(name)) {
      packs_.emplace(*number, finding.what);
    } else {
      files_.emplace(finding.file, finding.what);
    }
  }

  Result<> mend_files() {
    for (const auto& [file, what] : files_) {
      if (stop_.stop_requested())
        return make_error(ErrorKind::cancelled, "the repair was stopped", "run it again: it goes on where it was");
      const Mended mended = TRY(mend_file(options_, file, how_.dry_run));
      if (mended.left) {
        done_.left.push_back(file + ": " + what);
      } else {
        done_.files.push_back({file, mended.what});
      }
    }
    return {};
  }

  Result<> examine_packs() {
    chain_ = TRY(PackChain::read(options_));
    cache_ = std::make_unique<FrameCache>(options_, kCache);
    const auto reader = VaultReader::open(options_);
    // Without one nobody knows what is lost: a plan can be made all the same.
    if (!reader && (!how_.dry_run || reader.error().kind != ErrorKind::corrupt)) return reader.error();
    for (const auto& [number, what] : packs_) {
      auto damaged = examine_pack(options_, chain_, *cache_, reader ? &(*reader)->items() : nullptr, number, stop_);
      if (!damaged && damaged.error().kind == ErrorKind::cancelled) return damaged.error();
      if (!damaged) {
        done_.left.push_back("pack " + pack::pack_name(number) + ": " + damaged.error().sentence());
        continue;
      }
      damaged->what = what;
      lost_.insert(lost_.end(), damaged->lost.begin(), damaged->lost.end());
      done_.packs.push_back({number, what, damaged->readable, 0, ""});
      damaged_.push_back(std::move(*damaged));
    }
    return {};
  }

  Result<> mend_packs() {
    TRY(use_index());
    if (!packs_.empty() || !files_.empty()) {
      TRY(keep_lost_numbers());
      done_.report = TRY(write_report(options_, repair_report(options_, done_, lost_)));
    }
    if (index_is_wrong_) TRY(rebuild());
    bool rows_left = false;
    for (std::size_t nth = 0; nth < damaged_.size(); ++nth) {
      TRY(mend_pack(damaged_[nth], done_.packs[nth]));
      rows_left = TRY(forget_pack(damaged_[nth].number)) || rows_left;
    }
    if (rows_left) TRY(rebuild());
    std::erase_if(lost_, [&](const LostVersion& lost) {
      const auto row = items_->find_version(lost.type, lost.id, lost.version);
      return row && row->has_value();
    });
    return {};
  }

  // Before the index forgets them, and reports of runs that damaged frames may have held. Packs that are missing are
  // said to be gone by the same record.
  Result<> keep_lost_numbers() {
    std::vector<std::uint64_t> missing;
    for (const DamagedPack& pack : damaged_) {
      if (!pack.there && !pack.told_replaced) missing.push_back(pack.number);
    }
    std::string lines = TRY(lost_lines(options_, *connection_, lost_));
    const bool incomplete = std::any_of(damaged_.begin(), damaged_.end(),
                                        [](const DamagedPack& pack) { return pack.incomplete && !pack.told_replaced; });
    if (incomplete) lines += TRY(known_records(*connection_));
    if (lines.empty() && missing.empty()) return {};
    return write_lost_records(options_, *connection_, next_number_, lines, std::move(missing));
  }

  Result<> mend_pack(const DamagedPack& damaged, RepairedPack& told) {
    if (!damaged.there) return {};
    const std::string name = pack::pack_name(damaged.number);
    const ByteProgress tell = bytes("writing " + name + " anew");
    const Rescued rescued = TRY(rescue_pack(
        options_, *connection_, *cache_, next_number_, damaged, [&](std::uint64_t at) { tell(at, at); }, stop_));
    told.saved = rescued.versions;
    told.into = rescued.into;
    cache_->packs().forget(damaged.number);
    told.moved_to = TRY(move_aside(options_, "packs/" + name));
    return {};
  }

  // True when the index has versions there that no other place was found for.
  Result<bool> forget_pack(std::uint64_t number) {
    if (TRY(items_->count_between(number, 0, std::numeric_limits<std::int64_t>::max())) != 0) return true;
    index::Transaction transaction = TRY(index::Transaction::begin(*connection_));
    const auto dropped = rows_->drop_pack(number);
    if (!dropped && dropped.error().kind != ErrorKind::not_found) return dropped.error();
    TRY(transaction.commit());
    return false;
  }

  Result<> use_index() {
    connection_ = TRY(open_index(options_));
    items_ = TRY(index::ItemQueries::open(*connection_));
    rows_ = TRY(index::ItemWriter::open(*connection_));
    next_number_ = 1;
    for (const index::PackRow& row : TRY(items_->packs())) next_number_ = std::max(next_number_, row.pack + 1);
    for (const sys::Entry& entry : TRY(options_.fs->list(options_.packs()))) {
      if (const auto taken = pack::parse_pack_name(entry.name)) next_number_ = std::max(next_number_, *taken + 1);
    }
    return {};
  }

  // From the packs as they now are: it finds a version that stands in two, and forgets those that stand in none.
  Result<> rebuild() {
    rows_.reset();
    items_.reset();
    connection_.reset();
    TRY(rebuild_index(options_, bytes("rebuilding the index"), stop_));
    done_.rebuilt_index = true;
    return use_index();
  }

  void tell_lost() {
    done_.lost_count = lost_.size();
    for (std::size_t nth = 0; nth < lost_.size() && nth < kMaxNamed; ++nth) done_.lost.push_back(name_of(lost_[nth]));
  }

  ByteProgress bytes(std::string doing) const {
    return [this, doing = std::move(doing)](std::uint64_t done, std::uint64_t total) {
      if (progress_) progress_(doing, done, total);
    };
  }

  const Options& options_;
  const RepairOptions& how_;
  const OnRepairProgress& progress_;
  std::stop_token stop_;
  std::unique_ptr<sys::Lock> lock_;
  std::map<std::uint64_t, std::string> packs_;  // damaged or missing, and what is wrong with them
  std::map<std::string, std::string> files_;    // dictionaries and blobs likewise
  bool index_is_wrong_ = false;
  PackChain chain_;
  std::unique_ptr<FrameCache> cache_;
  std::vector<DamagedPack> damaged_;
  std::vector<LostVersion> lost_;
  std::unique_ptr<index::Connection> connection_;
  std::unique_ptr<index::ItemQueries> items_;
  std::unique_ptr<index::ItemWriter> rows_;
  std::uint64_t next_number_ = 1;
  Repaired done_;
};

}  // namespace

Result<Repaired> repair(const Options& options, const RepairOptions& how, const OnRepairProgress& progress,
                        std::stop_token stop) {
  return Repair(options, how, progress, std::move(stop)).run();
}

}  // namespace backstock::vault
