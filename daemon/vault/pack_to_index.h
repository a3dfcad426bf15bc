// Reads pack frames into index rows: rolling forward at every open, and the whole of a rebuild.
//
// Lines that cannot be read are reported as damage and passed over; everything else gets in. Applying a frame twice
// changes nothing.
//
// Threads: those of the connection.
#pragma once

#include <functional>
#include <stop_token>
#include <vector>

#include "index/item_writer.h"
#include "pack/pack_reader.h"
#include "vault/vault_options.h"

namespace backstock::vault {

// How a pack stands after it was read.
struct PackState {
  pack::PackHeader header;
  std::uint64_t end = 0;     // behind the last whole frame
  std::uint32_t frames = 0;  // what a writer that goes on counts from
  bool sealed = false;
  bool clean = false;  // the file ends there
  std::vector<pack::Damage> damage;
  std::uint64_t versions = 0;  // that the index had not known
};

using ByteProgress = std::function<void(std::uint64_t bytes_done, std::uint64_t bytes_total)>;

// Who reads along while a pack is applied.
struct ApplyWatch {
  std::function<void(std::uint64_t at)> tell = {};  // the byte of the pack that was reached
  std::stop_token stop = {};                        // `cancelled`; transactions that were committed stay
};

// Applies everything from `from` (0: the first frame) in one transaction per some MiB. The connection must not be in
// one. Syncs the pack first: what a killed process left in the page cache only must not be outlived by its rows.
// `corrupt` speaks of the index; damage of the pack is in the state.
Result<PackState> apply_pack(const Options& options, index::Connection& connection, const pack::PackReader& reader,
                             std::uint64_t from, std::uint32_t frames_before, const ApplyWatch& watch = {});

// Rows for one frame that was read; inside the caller's transaction.
// Its pack must have a row. Gives how many of its versions the index had not known; in words what could not be applied:
// a line that cannot be read, or one whose version number another line has.
Result<std::uint64_t> apply_frame(const Options& options, index::Connection& connection, index::ItemWriter& writer,
                                  const pack::FrameContent& frame, std::vector<std::string>& bad_lines);

// Calls with each line of the NDJSON (without its line break) and the byte where it begins.
void for_each_line(std::string_view raw, const std::function<void(std::string_view line, std::size_t at)>& take);

}  // namespace backstock::vault
