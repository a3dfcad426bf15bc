// From "missing in the listing" to a tombstone: the most careful step of a run.
//
// Only a complete listing gives candidates. Many at once are braked: a wrong answer is likelier than a merchant who
// deletes a fifth of a shop. Each of the rest must be confirmed by a read by its id whose answer also contains a
// witness, an item that the listing did show: an answer without the witness proves nothing. A candidate that is there
// after all shows that the listing was not whole, and then none of them is taken for deleted.
// Types without a read by id: a second complete listing must lack the candidate too, and show the witness.
//
// Threads: one at a time.
#pragma once

#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "backup/progress_meter.h"
#include "backup/run_types.h"
#include "capture/recorder.h"
#include "store_api/store_client.h"

namespace backstock::backup {

// In the order of ids as numbers, whatever their length.
bool id_before(const std::string& a, const std::string& b);

class SeenIds {
 public:
  void add(const std::string& id);
  void seal();  // sorts; contains() after this
  bool contains(std::string_view id) const;
  std::size_t size() const { return numbers_.size() + ids_.size(); }
  std::string any() const;  // some id, for a witness; empty when there is none

 private:
  std::vector<std::int64_t> numbers_;  // most ids: 8 bytes each
  std::vector<std::string> ids_;
};

// May `missing` of `present` items be taken for deleted without asking a person?
bool brakes(std::uint64_t missing, std::uint64_t present, std::uint64_t seen, double share);

class GoneItems {
 public:
  GoneItems(const content::ContentType& type, store_api::StoreClient& client, vault::VaultWriter& vault,
            capture::Recorder& recorder, ProgressMeter& meter)
      : type_(&type), client_(&client), vault_(&vault), recorder_(&recorder), meter_(&meter) {}

  // After a complete listing that showed `seen`; items below `unread` parents are left as they are. Counts and any
  // message go into the report.
  Result<> settle(const SeenIds& seen, const std::set<std::string>& unread, const RunRequest& request,
                  TypeReport& report, std::stop_token stop);
  // Which of the ids the store does not have, by a read of their own, or by another listing.
  Result<std::vector<std::string>> absent_of(const std::vector<std::string>& ids, std::stop_token stop);

 private:
  Result<std::vector<std::string>> missing(const SeenIds& seen);
  Result<std::vector<std::string>> absent_of_second_listing(const std::vector<std::string>& candidates,
                                                            std::stop_token stop);
  Result<> confirm(const std::vector<std::string>& candidates, const std::string& witness, TypeReport& report,
                   std::stop_token stop);

  const content::ContentType* type_;
  store_api::StoreClient* client_;
  vault::VaultWriter* vault_;
  capture::Recorder* recorder_;
  ProgressMeter* meter_;
};

}  // namespace backstock::backup
