// Many small versions: whether lookups and lists stay as fast when the vault grows.
//
// Threads: one at a time.
#pragma once

#include "bench_store.h"

namespace backstock::bench {

// Versions of 300 bytes, five of each item, in five runs.
Result<Json> grow(Store& store, std::uint64_t versions);

// Microseconds of one version by item and instant, of a page of a list, and of one as it was at an instant; each of
// anywhere, warm. What is read is compared with what was written.
Result<Json> growth_reads(Store& store, std::uint64_t versions);

Json spread(const std::vector<double>& microseconds);

}  // namespace backstock::bench
