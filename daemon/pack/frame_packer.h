// Packs frames on a thread of its own, beside whoever hands them over.
//
// A frame that the thread has not begun when it is asked for is packed by the asker: nobody waits idle, and who hands
// over one frame and asks for it at once pays for no thread. What pack_frame() says of a frame is finish()'s answer.
//
// Threads: begin() and finish() by one thread at a time.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <thread>

#include "base/guarded.h"
#include "pack/packed_frame.h"

namespace backstock::pack {

class FramePacker {
 public:
  struct Frame {
    FrameHeader header;
    std::string raw;  // the thread's until finish() has returned
    std::optional<Result<PackedFrame>> packed = std::nullopt;
  };

  explicit FramePacker(int level) : level_(level), own_(level) {}
  ~FramePacker();

  // Its thread starts with the first frame that is not asked for at once.
  std::shared_ptr<Frame> begin(FrameHeader header, std::string raw);
  Result<PackedFrame> finish(const std::shared_ptr<Frame>& frame);

 private:
  struct Work {
    std::deque<std::shared_ptr<Frame>> waiting;
    std::shared_ptr<Frame> doing;
  };
  void work(std::stop_token stop);

  int level_;
  Compressor own_;  // for finish()
  Guarded<Work> work_;
  std::condition_variable_any changed_;
  std::jthread thread_;
};

}  // namespace backstock::pack
