// Backs up one content type: lists, reads what must be read, records what changed, settles what is gone.
//
// A full pass reads every item. An incremental pass reads what the store says was changed since the last good pass
// began, with an overlap; where the store cannot say, it reads everything too. Versions are flushed as it goes, with a
// checkpoint: a pass that was killed goes on behind the last item up to which everything was read.
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
#include "store_api/listing.h"

namespace backstock::backup {

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
  Result<> read_all_by_ids(std::stop_token stop);
  Result<> read_changed_by_ids(std::int64_t since, std::stop_token stop);
  Result<> read_ids(const std::vector<std::string>& ids, bool with_checkpoint, std::stop_token stop);
  Result<> take(capture::Fetched fetched);
  Result<> settle_gone(SeenIds& seen, const store_api::Completeness& completeness, std::stop_token stop);
  Result<> settle_absent(std::stop_token stop);
  Result<> add_changed_owners(std::int64_t since, std::vector<std::string>& ids, std::stop_token stop);
  store_api::ListSpec list_spec() const;
  std::uint64_t pages_for(std::uint64_t items) const;
  void end_with(const Error& error, std::optional<Error>& ends_run);

  const content::ContentType* type_;
  const RunRequest* request_;
  std::string run_;
  Parts parts_;
  capture::WholeLists lists_;
  capture::ItemReader reader_;
  std::vector<std::string> absent_;  // listed, and not there when read
  std::string witness_;              // an item that was there when read
  TypeReport report_;
};

}  // namespace backstock::backup
