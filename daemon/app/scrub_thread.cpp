#include "app/scrub_thread.h"

#include "base/log.h"

namespace backstock::app {
namespace {

constexpr ByteCount kPiece = 4_MiB;  // read without a rest
constexpr int kShare = 10;           // of the time: one part of so many
constexpr std::chrono::milliseconds kAfterTrouble = std::chrono::hours(1);
// While the daemon starts there is other work.
constexpr std::chrono::milliseconds kFirst = std::chrono::minutes(1);

}  // namespace

void ScrubThread::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    // The catch-all of this thread: an exception is a bug of ours, which ends the scrub and never the daemon.
    try {
      work(stop);
    } catch (const std::exception& exception) {
      log_error("vault",
                std::string("a bug in Backstock ended the scrub; please report this line: ") + exception.what(),
                {{"store", store_}});
    }
  });
}

void ScrubThread::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void ScrubThread::work(const std::stop_token& stop) {
  bool goes_on = options_.clock->sleep_for(kFirst, stop);
  while (goes_on) goes_on = options_.clock->sleep_for(turn(stop), stop);
}

std::chrono::milliseconds ScrubThread::turn(const std::stop_token& stop) {
  const auto size = vault::scrub_size(options_);
  if (!size) {
    log_warn("vault", "the vault cannot be looked through: " + size.error().sentence(), {{"store", store_}});
    return kAfterTrouble;
  }
  if (*size == 0) return kAfterTrouble;
  vault::ScrubState state = vault::read_scrub_state(options_);
  const vault::ScrubDue due = vault::scrub_due(state, *size, options_.clock->now());
  if (due.bytes == 0) return due.wait;
  const auto read = read_portion(std::move(state), due.bytes, stop);
  if (read) return std::chrono::seconds(1);
  log_warn("vault", "the vault was not looked through: " + read.error().sentence(), {{"store", store_}});
  return kAfterTrouble;
}

Result<> ScrubThread::read_portion(vault::ScrubState state, ByteCount bytes, const std::stop_token& stop) {
  ByteCount since_rest = 0;
  auto since = options_.clock->ticks();
  const auto rest = [&](ByteCount read) {
    since_rest += read;
    if (since_rest < kPiece) return;
    since_rest = 0;
    const auto worked = options_.clock->ticks() - since;
    if (!options_.clock->sleep_for(worked * (kShare - 1), stop)) return;
    since = options_.clock->ticks();
  };
  const auto found = TRY(vault::scrub(options_, state, bytes, rest, stop));
  for (const vault::ScrubFinding& finding : found) {
    log_error("vault", finding.file + " is damaged: " + finding.what + " - run `backstock verify " + store_ + "`",
              {{"store", store_}});
  }
  if (state.ended)
    log_info("vault", "the vault was read through",
             {{"store", store_}, {"damaged", std::to_string(state.findings.size())}});
  return vault::write_scrub_state(options_, state);
}

}  // namespace backstock::app
