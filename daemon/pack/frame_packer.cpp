#include "pack/frame_packer.h"

namespace backstock::pack {

FramePacker::~FramePacker() = default;

std::shared_ptr<FramePacker::Frame> FramePacker::begin(FrameHeader header, std::string raw) {
  auto frame = std::make_shared<Frame>(Frame{std::move(header), std::move(raw)});
  auto work = work_.lock();
  work->waiting.push_back(frame);
  // The first of several may yet be asked for at once.
  if (work->waiting.size() < 2) return frame;
  if (!thread_.joinable()) thread_ = std::jthread([this](std::stop_token stop) { this->work(std::move(stop)); });
  changed_.notify_all();
  return frame;
}

Result<PackedFrame> FramePacker::finish(const std::shared_ptr<Frame>& frame) {
  {
    auto work = work_.lock();
    if (std::erase(work->waiting, frame) == 0) {
      changed_.wait(work.lock(), [&] { return work->doing != frame; });
      return std::move(*frame->packed);
    }
  }
  return pack_frame(own_, std::move(frame->header), frame->raw);
}

void FramePacker::work(std::stop_token stop) {
  Compressor compressor(level_);
  auto work = work_.lock();
  while (changed_.wait(work.lock(), stop, [&] { return !work->waiting.empty(); })) {
    const auto frame = work->doing = std::move(work->waiting.front());
    work->waiting.pop_front();
    work.lock().unlock();
    frame->packed = pack_frame(compressor, std::move(frame->header), frame->raw);
    work.lock().lock();
    work->doing.reset();
    changed_.notify_all();
  }
}

}  // namespace backstock::pack
