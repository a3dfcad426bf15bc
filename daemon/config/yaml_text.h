// What must hold for a text before a YAML parser sees it, and the words for what a parser says about it.
//
// Threads: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/problem.h"

namespace backstock::config {

// Bytes that are not UTF-8, control characters, tabs used as indentation: the first of each.
std::vector<Problem> check_text(std::string_view text, const std::string& file);

// Does the quoted text that begins at text[at] end on its line? True also when no quote stands there. yaml-cpp 0.7
// takes the end of the file for a closing quote, and would swallow the settings between.
bool quote_is_closed(std::string_view text, std::size_t at);

// The next step for a parser's complaint at that line. A value that begins with *, @, & or ! is the usual cause: cron
// without quotes.
std::string syntax_hint(std::string_view text, int line);

}  // namespace backstock::config
