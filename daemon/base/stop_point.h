// Named places where a crash test ends the process hard (SIGKILL), as a power cut or the OOM killer would.
// BACKSTOCK_STOP_AT=after_sync:3 kills at the third pass through stop_point("after_sync"). Nothing in other builds.
#pragma once

namespace backstock {

#ifdef BACKSTOCK_STOP_POINTS
void stop_point(const char* name);
#else
inline void stop_point(const char*) {}
#endif

}  // namespace backstock
