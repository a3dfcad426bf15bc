// Decides whether what was fetched is a new version, and appends it if so.
//
// An item whose hash equals that of its current version makes no version; one hashed by older rules is hashed anew and
// makes none either when only the rules changed. Nothing is durable before the vault's flush.
//
// Threads: one at a time. Lifetime: the vault outlives it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "content/fingerprint.h"
#include "vault/vault_reader.h"
#include "vault/vault_writer.h"

namespace backstock::capture {

// One item as fetched. The bytes are owned, so that it outlives the answer it came in.
struct FetchedPart {
  std::string name;
  std::string bytes;
  bool textual = true;
};
struct FetchedItem {
  std::string id;
  std::string bytes;
  bool textual = true;
  std::vector<FetchedPart> parts;  // those not embedded in the item
  bool as_stored = false;          // see Recorder::is_stored(): nothing to record
};

enum class Outcome { added, changed, unchanged, returned };

class Recorder {
 public:
  struct Context {
    std::string run;
    std::string source;  // kind of the run
  };
  Recorder(vault::VaultWriter& vault, Clock& clock, Context context)
      : vault_(&vault), clock_(&clock), context_(std::move(context)) {}

  Result<Outcome> record(const content::ContentType& type, const FetchedItem& item);
  // Are the item's own JSON and its rows of lists over all items those of its current version, its date of change
  // included? For types whose other parts are read only when they are not. Of these, the ones named must be stored too.
  Result<bool> is_stored(const content::ContentType& type, const FetchedItem& item,
                         std::span<const std::string> with_parts = {});
  // False when the item is unknown or a tombstone already.
  Result<bool> record_gone(const content::ContentType& type, std::string_view id);

 private:
  vault::VersionMeta meta(const content::ContentType& type, std::string_view id) const;
  Result<bool> only_rules_changed(const content::ContentType& type, std::string_view id, const vault::Current& known,
                                  const vault::Hash& hash);

  Result<vault::VaultReader*> reader();

  vault::VaultWriter* vault_;
  Clock* clock_;
  Context context_;
  std::unique_ptr<vault::VaultReader> reader_;  // opened when first needed
};

}  // namespace backstock::capture
