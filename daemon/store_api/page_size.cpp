#include "store_api/page_size.h"

namespace backstock::store_api {

unsigned next_smaller(unsigned limit) {
  for (unsigned factor = 2; factor <= limit; ++factor) {
    if (limit % factor == 0) return limit / factor;
  }
  return 1;
}

bool PageSize::lower() {
  const unsigned now = limit();
  if (now <= 1) return false;
  const unsigned smaller = next_smaller(now);
  done();
  stretch_.insert(stretch_.end(), now / smaller, smaller);
  return true;
}

}  // namespace backstock::store_api
