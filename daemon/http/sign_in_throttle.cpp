#include "http/sign_in_throttle.h"

namespace backstock::http {
namespace {

bool is_this_machine(std::string_view address) {
  return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

}  // namespace

std::chrono::seconds SignInThrottle::admit(std::string_view remote_addr) {
  const std::chrono::milliseconds now = clock_->ticks();
  auto held = held_.lock();
  Tries& tries = is_this_machine(remote_addr) ? held->here : held->elsewhere;
  while (!tries.empty() && now - tries.front() >= kWindow) tries.pop_front();
  if (tries.size() >= kWrongOnes)
    return std::chrono::ceil<std::chrono::seconds>(std::chrono::milliseconds(kWindow) - (now - tries.front()));
  tries.push_back(now);
  return std::chrono::seconds(0);
}

void SignInThrottle::right(std::string_view remote_addr) {
  auto held = held_.lock();
  (is_this_machine(remote_addr) ? held->here : held->elsewhere).clear();
}

}  // namespace backstock::http
