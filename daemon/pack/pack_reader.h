// Reads frames from one pack file, and walks all of them.
//
// read() gives the frame's NDJSON or an error; never wrong bytes: header checksum, position, pack identity, stored
// checksum and zstd's own checksum must all hold. A damaged frame is `corrupt` and names pack, offset and content type
// if known. next() of a walk goes on behind damage where it can find the next whole frame header.
//
// Threads: any number may read() at once; a walk belongs to one. Lifetime: the Fs outlives the reader. Bytes:
// FORMAT.md.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "pack/dictionary.h"
#include "pack/pack_format.h"
#include "sys/fs.h"

namespace backstock::pack {

struct FrameContent {
  FrameHeader header;
  FramePlace place;
  std::string raw;
};

class PackReader {
 public:
  // corrupt when the file holds another pack, or neither a whole header nor one frame; rejected when the pack is of a
  // newer format version.
  // Without `dictionaries` it reads those it needs from the folder for itself.
  static Result<std::unique_ptr<PackReader>> open(sys::Fs& fs, const sys::Path& folder, std::uint64_t number,
                                                  std::shared_ptr<Dictionaries> dictionaries = nullptr);
  ~PackReader();

  const PackHeader& header() const;
  // With a damaged header only `number` (from the file's name) and `identity` are set.
  bool header_damaged() const;
  // Where the first frame begins; 0 with a damaged header, so that a walk from here names the damage.
  std::size_t header_size() const;
  Result<std::uint64_t> file_size() const;
  // The header of its first frame: what it tells of its kind and dictionary holds for all frames of a compacted pack.
  // nullopt when there is a seal in its place; corrupt when there is neither.
  Result<std::optional<FrameHeader>> first_frame() const;
  // The same of the frame whose header stands at that pack offset.
  Result<std::optional<FrameHeader>> frame_at(std::uint64_t offset) const;
  // `room`: a string that is needed no more, whose memory the lines may take.
  Result<FrameContent> read(const FramePlace& place, std::string room = {}) const;
  // The frame as it is stored, header and checksum checked, not unpacked.
  struct StoredFrame {
    FrameHeader header;
    std::string bytes;
  };
  Result<StoredFrame> read_stored(const FramePlace& place) const;

 private:
  friend class PackWalk;
  struct State;
  explicit PackReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

struct Damage {
  std::uint64_t pack = 0;
  std::uint64_t offset = 0;  // where it begins
  std::uint64_t size = 0;    // bytes that could not be read as frames
  std::string content_type;  // when the frame's header was still whole
  std::uint32_t lines = 0;   // how many versions were in it, when known
  bool at_end = false;       // nothing readable follows: a torn tail, unless somebody was told of these bytes
  std::string what;          // a clause
};

// How much of a frame is read: its header alone, its bytes against their checksum, or its lines too.
enum class Depth { header, stored, lines };

// All frames from `from` on (header_size() for all), in file order.
class PackWalk {
 public:
  // Asked for each frame whose header is whole; without it all is read.
  using ChooseDepth = std::function<Depth(const FrameHeader& header)>;

  PackWalk(const PackReader& reader, std::uint64_t from, ChooseDepth choose = {});
  struct Step {
    std::optional<FrameContent> frame;  // `raw` is empty unless its lines were read
    std::optional<Damage> damage;       // one of the two
  };
  // nullopt at the end. Errors are those of reading the file at all (a bad sector); after one, the next call goes on
  // behind that frame if its header could be read, and otherwise repeats the error.
  Result<std::optional<Step>> next();
  // After the end: offset behind the last whole frame, frames seen whole, and whether a matching seal stood there.
  // next_sequence() is what a resumed writer needs as its number of frames, wherever the walk began; 0 if it saw none.
  std::uint64_t end() const { return good_end_; }
  std::uint64_t frames() const { return frames_; }
  std::uint32_t next_sequence() const { return next_sequence_.value_or(0); }
  bool sealed() const { return sealed_; }

 private:
  Result<FrameContent> read_frame(const FrameHeader& header, const FramePlace& place, std::uint64_t size) const;
  Result<Step> step_over_frame(const DecodedFrameHeader& decoded, std::uint64_t size);
  Result<Step> step_over_damage(std::string what, std::uint64_t size);
  Result<bool> pass_seal(ByteView bytes);

  const PackReader* reader_;
  ChooseDepth choose_;
  std::uint64_t at_;
  std::uint64_t good_end_;
  std::uint64_t frames_ = 0;
  std::optional<std::uint32_t> next_sequence_;  // not known at the start of a walk from the middle, or behind damage
  bool sealed_ = false;
};

}  // namespace backstock::pack
