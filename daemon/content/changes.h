// What changed from one version of an item to the next, in a few sentences for people.
//
// Each differing field is a sentence ("Price 19.99 → 17.50"), rows of a part are counted ("Images: 1 added, 2 removed")
// and named where few of them changed ("Variants: SKU-1 price 10 → 12"). Numbers that are equal as numbers are told as
// such, and last; volatile fields are not told; long values are cut or left out.
//
// Threads: pure.
#pragma once

#include <string>
#include <vector>

#include "content/row_names.h"

namespace backstock::content {

inline constexpr std::size_t kMostSentences = 5;

struct Changes {
  std::vector<std::string> sentences;  // at most kMostSentences
  std::size_t count = 0;               // sentences there would be
};

// `before` is the newest content before this version: null for none.
Changes describe_content(const ContentType& type, const Captured* before, const Captured& now, bool came_back);

// Of a tombstone.
Changes describe_tombstone();

}  // namespace backstock::content
