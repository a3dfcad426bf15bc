// The one spelling of a JSON value that the hash is made of.
//
// Keys are sorted (equal ones keep their order), white space is dropped, numbers and words keep their text, strings are
// unescaped and then escaped as little as possible: quote, backslash, control characters (\u00xx) and lone surrogates
// (\udxxx). Bytes that are not UTF-8 stay as they are. So two values have the same canonical text exactly if they
// differ in nothing but white space, the order of keys and the way that strings are escaped.
//
// Threads: pure.
#pragma once

#include <string>
#include <string_view>

#include "content/volatile_paths.h"

namespace backstock::content {

// Appends the canonical text of `value`, which passed json_text::check(), without the fields that `paths` drops.
// `alive` and `depth`: where `value` stands (see VolatilePaths::into); `elements` is what is alive inside its elements
// when it is an array. On text that never passed check() the result means nothing, but nothing outside `value` is read.
void append_canonical(std::string& out, std::string_view value, const VolatilePaths& paths,
                      const VolatilePaths::Step& place, unsigned depth);

// The same with no path dropped.
std::string canonical_value(std::string_view value);

}  // namespace backstock::content
