// Differences between two versions of an item, field by field, for people and for plans.
//
// Arrays of objects are matched by `id` where all elements have one of their own, else by position. Matched elements in
// another order are one difference at `images[]`, with the ids as its values. Numbers that are equal as numbers (`10`
// and `10.0000`) are marked `same_number`: a change to the hash, none to a person. Volatile fields are marked too.
//
// Two versions have the same fingerprint exactly if every difference between them is volatile (as long as their parts
// have the same names in the same order).
//
// Threads: pure.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "content/content_type.h"
#include "content/fingerprint.h"

namespace backstock::content {

struct Difference {
  enum class Kind { added, removed, changed, same };  // same: from compare_fields() only
  std::string path;                                   // "variants[id=12].price"; parts begin with their name
  Kind kind = Kind::changed;
  std::string before;  // raw JSON; empty when added
  std::string after;   // raw JSON; empty when removed
  bool is_volatile = false;
  bool same_number = false;
};

// Items and parts passed json_text::check(). In the order of `before`, what was added after what was there.
std::vector<Difference> compare(const ContentType& type, std::string_view item_before,
                                std::span<const RawPart> parts_before, std::string_view item_after,
                                std::span<const RawPart> parts_after);

// One value on both sides, for the length of a call.
struct FieldPair {
  std::string_view path;
  Difference::Kind kind;
  std::string_view before;
  std::string_view after;
  bool is_volatile = false;
  bool same_number = false;
};

// Every value of the two versions down to the last field, equal ones too. What stands on one side only is told field by
// field, where compare() tells it as a whole; else in the same order and by the same rules.
void compare_fields(const ContentType& type, std::string_view item_before, std::span<const RawPart> parts_before,
                    std::string_view item_after, std::span<const RawPart> parts_after,
                    const std::function<void(const FieldPair&)>& take);

}  // namespace backstock::content
