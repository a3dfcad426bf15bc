// Backs up one content type: lists, reads what must be read, records what changed, settles what is gone.
//
// A full pass reads every item. An incremental pass reads what the store says was changed since the last good pass
// began, with an overlap; where the store cannot say, it reads everything too. Versions are flushed as it goes. A pass
// that was killed goes on: behind a checkpoint where items are read by id, else by listing again and reading the parts
// of only those items that are not stored yet.
// Parts that change without a trace in their item are swept: a share of the recent items is read whole in each run.
// A store that gives nothing usable several rounds in a row ends the pass: knocking on would do harm.
// Item-level failures are listed and the pass goes on; an incomplete listing concludes nothing about deletions.
//
// Threads: one at a time. Lifetime: everything given outlives it.
#pragma once

#include <stop_token>

#include "backup/gone_items.h"
#include "backup/progress_meter.h"
#include "backup/run_types.h"
#include "capture/item_reader.h"
#include "capture/type_listing.h"
#include "store_api/listing.h"

namespace backstock::backup {

// Its code is in three files: type_backup.cpp (the pass and its report), _lists (items out of lists), _ids (by id).
class TypeBackup {
 public:
  struct Parts {
    store_api::StoreClient& client;
    vault::VaultWriter& vault;
    Clock& clock;
    capture::Recorder& recorder;
    ProgressMeter& meter;
  };
  TypeBackup(const content::ContentType& type, const RunRequest& request, std::string run, Parts parts);

  // The report is the result even when the pass failed; the error is one that ends the run (token, disk, cancel).
  struct Ended {
    TypeReport report;
    std::optional<Error> ends_run;
  };
  Ended run(std::stop_token stop);

 private:
  struct Checkpoint {
    std::string through;   // every id up to this one is stored
    std::int64_t started;  // when the first of them was read
  };
  Result<std::optional<Checkpoint>> find_checkpoint();
  void set_checkpoint(const std::string& through);
  Result<> load_lists(std::stop_token stop);
  Result<> pass(std::stop_token stop);
  Result<std::optional<std::int64_t>> changed_since();
  Result<> list_whole_items(std::stop_token stop);
  Result<> list_changed_items(std::int64_t since, std::stop_token stop);
  Result<> sweep_parts(std::stop_token stop);
  Result<> read_all_by_ids(std::stop_token stop);
  Result<> read_changed_by_ids(std::int64_t since, std::stop_token stop);
  Result<> read_ids(const std::vector<std::string>& ids, bool with_checkpoint, std::stop_token stop);
  Result<> take_page(const capture::ListedPage& page, bool all_parts, std::stop_token stop);
  Result<> take(capture::Fetched fetched);
  Result<> flush_in_time();
  Result<> settle_gone(SeenIds& seen, const store_api::Completeness& completeness,
                       const std::set<std::string>& unread_parents, std::stop_token stop);
  Result<> settle_absent(std::stop_token stop);
  Result<> add_changed_owners(std::int64_t since, std::vector<std::string>& ids, std::stop_token stop);
  Result<std::optional<std::uint64_t>> count_items(std::stop_token stop);
  Result<TypeReport> last_report(bool full);
  void not_whole(std::string_view of_what, const store_api::Completeness& completeness, std::string_view outlook);
  std::uint64_t pages_for(std::uint64_t items) const;
  void end_with(const Error& error, std::optional<Error>& ends_run);
  void name_closed_parts();

  const content::ContentType* type_;
  const RunRequest* request_;
  std::string run_;
  Parts parts_;
  capture::WholeLists lists_;
  capture::ItemReader reader_;
  std::vector<std::string> absent_;  // listed, and not there when read
  std::string witness_;              // an item that was there when read
  std::chrono::milliseconds flushed_{};
  TypeReport report_;
};

}  // namespace backstock::backup
