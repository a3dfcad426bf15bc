// Does a stored line hold a text, and in which fields? Fields are looked at as people read them: strings without
// escapes, numbers as written. Names of fields and what stands around the item are not looked at.
//
// A quick test over a frame's lines comes first. It may give a line too much, never one too few, however the store
// wrote its characters: é as two bytes, as \u00e9, or the item in base64.
//
// Threads: const functions by any number at once.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "vault/version_line.h"

namespace backstock::vault {

class TextMatch {
 public:
  inline static constexpr std::size_t kExcerpt = 120;  // characters

  // `any_case`: upper and lower case mean the same (base/fold_case.h). The text is not empty.
  TextMatch(std::string_view text, bool any_case);

  // Calls with each line (without its line break) that may hold the text, and the byte where it begins, until the
  // function gives false.
  void for_each_candidate(std::string_view raw,
                          const std::function<bool(std::string_view line, std::size_t at)>& take) const;

  struct Field {
    std::string path;     // "variants[2].sku"; a part stands under its name
    std::string excerpt;  // of its text, around the first place in it
  };
  // The fields that hold the text, in their order, until the function gives false.
  void for_each_field(const StoredVersion& version, const std::function<bool(Field field)>& take) const;

 private:
  std::string folded(std::string_view text) const;
  bool is_in(std::string_view line, std::string_view folded_line, bool any_base64) const;

  std::string needle_;  // folded, when `any_case_`
  bool any_case_;
  bool ascii_;      // then only ASCII needs folding: no other letter folds to one of it
  bool escapable_;  // holds a character that JSON writes with two
};

}  // namespace backstock::vault
