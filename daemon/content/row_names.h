// What the rows inside two versions of an item are called, and where a path of compare() leads, in words.
//
// A row of a part is called by the part's natural key ("SKU-1"), other rows by the first field that usually names one,
// or by "#12" or "no. 3" where nothing does.
//
// Threads: one at a time. Lifetime: type, items and parts outlive it.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "content/content_type.h"
#include "content/fingerprint.h"

namespace backstock::content {

// A captured state of an item, for the length of a call. A tombstone has neither item nor parts.
struct Captured {
  std::string_view item = "{}";
  std::span<const RawPart> parts = {};
};

// A path taken apart: "variants[id=12].price" is root "variants", row "[id=12]", rest "price".
struct PathPieces {
  std::string_view root;  // without a row the whole path
  std::string_view row;   // with its brackets; "[]" is the order of all rows; empty: there is none
  std::string_view rest;
};
PathPieces split_path(std::string_view path);

class RowNames {
 public:
  RowNames(const ContentType& type, const Captured& before, const Captured& after)
      : type_(&type), before_(before), after_(after) {}

  // Of the row itself, as it is called now; else as it was.
  const std::string& name(const PathPieces& path);

  struct Place {
    std::string section;  // "Variants"; "Details" for fields of the item itself
    std::string label;    // "SKU-1: Price"
  };
  Place place_of(std::string_view path);

  // The array at `root` as it was or is, the part's where there is one; empty when it is not there.
  std::string_view array_before(std::string_view root) const { return find_array(before_, root); }
  std::string_view array_after(std::string_view root) const { return find_array(after_, root); }

 private:
  static std::string_view find_array(const Captured& captured, std::string_view root);
  std::string find_name(const PathPieces& path) const;
  std::string name_of_row(std::string_view root, std::string_view row) const;

  const ContentType* type_;
  Captured before_;
  Captured after_;
  std::map<std::string, std::string, std::less<>> known_;
};

// "price", "option values: label": the labels of what follows a row.
std::string rest_label(std::string_view rest);

}  // namespace backstock::content
