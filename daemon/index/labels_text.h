// An item's labels in one column: joined by U+001F, which stands for itself nowhere else.
//
// Threads: pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backstock::index {

// Nothing where there are no labels at all; one empty label is an empty text.
std::optional<std::string> join_labels(const std::vector<std::string>& labels);
// Any bytes have a reading; those of join_labels() give the labels back.
std::vector<std::string> split_labels(std::string_view text);

}  // namespace backstock::index
