// Text as it is compared when upper and lower case mean the same: for searching.
//
// Letters of the Latin, Greek, Cyrillic and Armenian scripts fold to their lower case, one character to one, whatever
// the locale; all else stays, bytes that are not UTF-8 too. Texts folded by one release are stored (the index's
// labels), so a changed table needs a migration that folds them anew.
//
// Threads: pure.
#pragma once

#include <string>
#include <string_view>

namespace backstock {

std::string fold_case(std::string_view text);

}  // namespace backstock
