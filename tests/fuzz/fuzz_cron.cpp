// Any text as a schedule, any instant, some zone: never a crash, and what is due is later and fits.
// The first eight bytes are the instant in milliseconds, the ninth chooses the zone.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "time/cron.h"

using namespace backstock;
using backstock::time::Cron;
using backstock::time::Zone;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const Zone kZones[] = {Zone(), Zone::find("America/New_York").value_or(Zone()),
                                Zone::find("Europe/Berlin").value_or(Zone()),
                                Zone::find("Australia/Lord_Howe").value_or(Zone())};
  std::int64_t ms = 0;
  if (size < sizeof ms + 1) return 0;
  std::memcpy(&ms, bytes, sizeof ms);
  const Zone& zone = kZones[bytes[sizeof ms] % 4];
  const std::string_view text(reinterpret_cast<const char*>(bytes) + sizeof ms + 1, size - sizeof ms - 1);
  const auto cron = Cron::parse(text);
  if (!cron) {
    if (cron.error().message.empty() || cron.error().hint.empty()) std::abort();
    return 0;
  }
  const auto again = Cron::parse(cron->text);
  if (!again || again->minutes != cron->minutes || again->days != cron->days) std::abort();
  TimePoint after = from_ms(ms);
  for (int i = 0; i < 4; ++i) {
    const auto next = backstock::time::next_fire(*cron, after, zone);
    if (!next) break;
    if (*next <= after) std::abort();
    // A schedule of every hour is due only when the clock shows a fitting time.
    if (cron->every_hour() && !cron->minutes[static_cast<std::size_t>(zone.fields_at(*next).minute)]) std::abort();
    after = *next;
  }
  return 0;
}
