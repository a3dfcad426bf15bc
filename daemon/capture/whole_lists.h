// Rows of lists over all items (metafields), joined to the items that own them.
//
// load() walks each such list of a content type once, to the end, into a scratch file; append_rows() then gives the
// rows of one item as JSON arrays, in the order of the list. An incomplete list is an error: a missing row would look
// like an edit of its item.
//
// Threads: one at a time. Lifetime: client and vault options outlive it.
#pragma once

#include <map>
#include <stop_token>
#include <vector>

#include "capture/recorder.h"
#include "store_api/store_client.h"
#include "vault/scratch.h"

namespace backstock::capture {

class WholeLists {
 public:
  WholeLists(const content::ContentType& type, store_api::StoreClient& client, const vault::Options& options)
      : type_(&type), client_(&client), options_(&options) {}

  // Gives how many requests a walk without any trouble needs, for the run's report.
  Result<std::uint64_t> load(std::stop_token stop);
  // Rows that load() found, by part.
  std::map<std::string, std::uint64_t> row_counts() const;
  // Adds a part for each list in which the item owns rows. Without load() before it, the rows are asked for this one
  // item: for a look at a few items, where walking the whole lists would be the dearer way.
  Result<> append_rows(FetchedItem& item, std::stop_token stop);

 private:
  struct Loaded {
    const content::Part* part;
    std::unique_ptr<vault::Scratch> rows;
  };
  Result<std::uint64_t> load_part(const content::Part& part, std::stop_token stop);
  Result<> read_rows(const content::Part& part, const FetchedItem& item, FetchedPart& into, std::stop_token stop);

  const content::ContentType* type_;
  store_api::StoreClient* client_;
  const vault::Options* options_;
  bool is_loaded_ = false;
  std::vector<Loaded> loaded_;
};

// The texts at a path such as "id" or "variants[].id" in an item.
std::vector<std::string> values_at(std::string_view item, std::string_view path);

}  // namespace backstock::capture
