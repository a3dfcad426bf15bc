// What compaction and pruning have in common: how types stand in the packs, space, numbers, progress. Only for this
// room.
//
// Threads: one at a time.
#pragma once

#include <map>

#include "index/connection.h"
#include "vault/compact.h"
#include "vault/frame_cache.h"

namespace backstock::vault {

inline constexpr ByteCount kRewriteCache = 64_MiB;  // of unpacked frames

// A type as it stands in the packs.
struct TypeState {
  std::string type;
  ByteCount raw = 0;
  ByteCount loose = 0;                       // of it, in packs that were appended to
  std::uint32_t dictionary = 0;              // of its newest compacted pack
  std::map<std::uint64_t, ByteCount> packs;  // bytes of its lines in each
};

// By name. Looks at every version.
Result<std::vector<TypeState>> read_type_states(index::Connection& connection, FrameCache& cache);

// A number that no pack has, neither in the index nor on disk.
Result<std::uint64_t> first_free_number(const Options& options, index::Connection& connection);

// Of a folder's files; 0 when there is none.
Result<ByteCount> folder_size(sys::Fs& fs, const sys::Path& folder);

// `no_space` unless that many bytes of lines can be written again and `reserve` is left. `doing` begins the sentence.
Result<> check_space(const Options& options, const std::string& doing, ByteCount raw, ByteCount reserve);

// Rows that came in the order of runs leave pages half full. Not worth a failure: the file is only larger without it.
void tidy_index(index::Connection& connection);

// Tells progress, keeps the budget, and hears a stop.
class WorkMeter {
 public:
  // `subject` names the work in the error of a stop: "compaction".
  WorkMeter(std::string subject, const CompactOptions& how, const OnCompactProgress& progress, std::stop_token stop)
      : subject_(std::move(subject)), how_(how), progress_(progress), stop_(std::move(stop)) {}

  void set_total(ByteCount lines) { total_ = lines; }
  void begin(std::string doing);
  Result<> written(ByteCount lines);
  Result<> check_stop() const;
  const std::stop_token& stop() const { return stop_; }

 private:
  void tell() const;

  std::string subject_;
  const CompactOptions& how_;
  const OnCompactProgress& progress_;
  std::stop_token stop_;
  std::string doing_;
  ByteCount done_ = 0;
  ByteCount total_ = 0;
};

}  // namespace backstock::vault
