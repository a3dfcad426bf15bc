#include "store_api/usage.h"

#include <algorithm>

namespace backstock::store_api {
namespace {

bool is_id(std::string_view segment) {
  const auto all = [&](std::string_view allowed) { return segment.find_first_not_of(allowed) == segment.npos; };
  if (segment.empty()) return false;
  if (all("0123456789")) return true;
  return segment.size() >= 16 && all("0123456789abcdefABCDEF-");
}

}  // namespace

std::string path_template(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    out += is_id(segment) ? std::string_view("{id}") : segment;
    if (slash == path.npos) break;
    out += '/';
    path.remove_prefix(slash + 1);
  }
  return out;
}

}  // namespace backstock::store_api
