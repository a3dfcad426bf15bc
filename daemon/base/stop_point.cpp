#include "base/stop_point.h"

#ifdef BACKSTOCK_STOP_POINTS

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string_view>

namespace backstock {

void stop_point(const char* name) {
  static const char* const wanted = std::getenv("BACKSTOCK_STOP_AT");
  if (wanted == nullptr) return;
  static std::atomic<int> passes = 0;
  const std::string_view spec = wanted;
  const auto colon = spec.find(':');
  if (spec.substr(0, colon) != name) return;
  const int at = colon == spec.npos ? 1 : std::atoi(wanted + colon + 1);
  if (++passes == at) std::raise(SIGKILL);
}

}  // namespace backstock

#endif
