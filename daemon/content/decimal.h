// Are two JSON numbers, as texts, the same number? Exact, for any number of digits: no detour through double.
//
// Threads: pure.
#pragma once

#include <string_view>

namespace backstock::content {

bool is_number(std::string_view value);

// True for `10` and `10.0000`, `1e2` and `100`, `-0` and `0`. False if either is no number, or its exponent is absurd.
bool same_number(std::string_view a, std::string_view b);

}  // namespace backstock::content
