#include "content/changes.h"

#include <algorithm>
#include <map>

#include "base/json_text.h"
#include "content/compare.h"
#include "content/describe.h"

namespace backstock::content {
namespace {

constexpr std::size_t kValueWidth = 60;   // characters; a longer text is not shown
constexpr std::size_t kRowsOneByOne = 2;  // changed fields of rows that get a sentence each
constexpr std::size_t kFieldsNamed = 3;   // in a sentence over several
constexpr std::string_view kArrow = " → ";

std::string thousands(std::size_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

bool is_nothing(std::string_view value) { return value.empty() || value == "null" || value == "\"\""; }
bool is_container(std::string_view value) { return json_text::is_object(value) || json_text::is_array(value); }

// In one line.
std::string shown(std::string_view value) {
  if (value == "true") return "yes";
  if (value == "false") return "no";
  std::string text = json_text::as_label(value);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return json_text::is_string(value) ? "“" + text + "”" : text;
}

bool is_long(std::string_view value) {
  return json_text::is_string(value) && count_characters(json_text::as_label(value)) > kValueWidth;
}

// What happened to a field, behind its label.
std::string happened(const Difference& d) {
  if (is_container(d.before) || is_container(d.after)) {
    if (d.kind == Difference::Kind::added || is_nothing(d.before)) return " added";
    return d.kind == Difference::Kind::removed || is_nothing(d.after) ? " removed" : " changed";
  }
  if (is_nothing(d.before) && is_nothing(d.after)) return " changed";  // null and an empty text
  if (is_nothing(d.before)) return is_long(d.after) ? " set to a long text" : " set to " + shown(d.after);
  if (is_nothing(d.after)) return is_long(d.before) ? " cleared" : " cleared, was " + shown(d.before);
  if (is_long(d.before) || is_long(d.after)) {
    const std::size_t before = count_characters(json_text::as_label(d.before));
    const std::size_t after = count_characters(json_text::as_label(d.after));
    return before == after ? std::string(" changed")
                           : " changed (" + thousands(before) + std::string(kArrow) + thousands(after) + " characters)";
  }
  std::string text = " " + shown(d.before) + std::string(kArrow) + shown(d.after);
  if (d.same_number) text += " (the same number)";
  return text;
}

// "a, b, c and 2 more"
std::string some_of(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < std::min(words.size(), kFieldsNamed); ++i) text += (i == 0 ? "" : ", ") + words[i];
  if (words.size() > kFieldsNamed) text += " and " + std::to_string(words.size() - kFieldsNamed) + " more";
  return text;
}

// How many elements one array has that the other lacks, equal ones counted.
std::size_t count_missing(std::string_view from, std::string_view in) {
  std::map<std::string, std::size_t> there;
  json_text::for_each_element(in, [&](std::string_view value) { return ++there[json_text::as_label(value)], true; });
  std::size_t missing = 0;
  json_text::for_each_element(from, [&](std::string_view value) {
    const auto found = there.find(json_text::as_label(value));
    if (found == there.end() || found->second == 0)
      ++missing;
    else
      --found->second;
    return true;
  });
  return missing;
}

// All differences of one array.
struct Rows {
  std::string root;
  std::size_t added = 0;
  std::size_t removed = 0;
  bool reordered = false;
  bool of_values = false;  // numbers or texts, not rows
  std::vector<const Difference*> fields;

  std::vector<std::string> sentences(const ContentType& type, RowNames& names) const {
    const std::string label = field_label(type, root) + ": ";
    std::vector<std::string> told;
    std::size_t more = added;
    std::size_t fewer = removed;
    bool moved = reordered;
    if (of_values) {
      more = count_missing(names.array_after(root), names.array_before(root));
      fewer = count_missing(names.array_before(root), names.array_after(root));
      moved = more == 0 && fewer == 0;
    }
    std::string counts;
    const auto count = [&](const std::string& words) { counts += (counts.empty() ? "" : ", ") + words; };
    if (more != 0) count(thousands(more) + " added");
    if (fewer != 0) count(thousands(fewer) + " removed");
    if (moved) count("order changed");
    if (!counts.empty()) told.push_back(label + counts);
    for (std::string& sentence : field_sentences(label, names)) told.push_back(std::move(sentence));
    return told;
  }

 private:
  std::vector<std::string> field_sentences(const std::string& label, RowNames& names) const {
    std::vector<std::string> told;
    if (fields.size() <= kRowsOneByOne) {
      for (const Difference* d : fields) {
        const PathPieces pieces = split_path(d->path);
        told.push_back(label + names.name(pieces) + " " + rest_label(pieces.rest) + happened(*d));
      }
      return told;
    }
    std::vector<std::string_view> rows;
    std::vector<std::string> changed;
    for (const Difference* d : fields) {
      const PathPieces pieces = split_path(d->path);
      if (std::find(rows.begin(), rows.end(), pieces.row) == rows.end()) rows.push_back(pieces.row);
      const std::string what = rest_label(pieces.rest.substr(0, pieces.rest.find('[')));
      if (std::find(changed.begin(), changed.end(), what) == changed.end()) changed.push_back(what);
    }
    const std::string who = rows.size() == 1 ? names.name(split_path(fields.front()->path)) : thousands(rows.size());
    told.push_back(label + who + " changed (" + some_of(changed) + ")");
    return told;
  }
};

// Differences in the order in which they are told: fields one by one, those of an array where its first one stood.
class Telling {
 public:
  Telling(const ContentType& type, RowNames& names) : type_(type), names_(names) {}

  void add(const Difference& d) {
    const PathPieces pieces = split_path(d.path);
    if (pieces.row.empty() && !is_container(d.before) && !is_container(d.after)) {
      (d.same_number ? same_numbers_ : order_).push_back({&d, 0});
      return;
    }
    if (pieces.row.empty()) return add_whole(d);
    Rows& rows = rows_of(pieces.root);
    if (pieces.row == "[]") {
      rows.reordered = true;
    } else if (!pieces.rest.empty()) {
      rows.fields.push_back(&d);
    } else if (!json_text::is_object(d.kind == Difference::Kind::removed ? d.before : d.after)) {
      rows.of_values = true;
    } else {
      ++(d.kind == Difference::Kind::removed ? rows.removed : rows.added);
    }
  }

  std::vector<std::string> sentences() {
    std::vector<std::string> told;
    for (const auto* list : {&order_, &same_numbers_}) {
      for (const Entry& entry : *list) {
        if (entry.field != nullptr) {
          told.push_back(label_of(entry.field->path) + happened(*entry.field));
          continue;
        }
        for (std::string& sentence : rows_[entry.rows].sentences(type_, names_)) told.push_back(std::move(sentence));
      }
    }
    return told;
  }

 private:
  struct Entry {
    const Difference* field;  // null: the rows of that number
    std::size_t rows;
  };

  // A whole list or object that came, went or took another shape.
  void add_whole(const Difference& d) {
    const bool lists = (json_text::is_array(d.before) || is_nothing(d.before)) &&
                       (json_text::is_array(d.after) || is_nothing(d.after));
    if (!lists) {
      order_.push_back({&d, 0});
      return;
    }
    const std::size_t added = json_text::count_elements(d.after);
    const std::size_t removed = json_text::count_elements(d.before);
    if (added == 0 && removed == 0) return;  // an empty list and none are the same to a person
    Rows& rows = rows_of(d.path);
    rows.added += added;
    rows.removed += removed;
  }

  Rows& rows_of(std::string_view root) {
    for (Rows& rows : rows_)
      if (rows.root == root) return rows;
    order_.push_back({nullptr, rows_.size()});
    rows_.emplace_back().root = root;
    return rows_.back();
  }

  std::string label_of(std::string_view path) const {
    const auto dot = path.find('.');
    std::string label = field_label(type_, path);
    const bool own_word = std::any_of(type_.columns.begin(), type_.columns.end(),
                                      [&](const Column& column) { return column.field == path; });
    return dot == path.npos || own_word
               ? label
               : field_label(type_, path.substr(0, dot)) + ": " + rest_label(path.substr(dot + 1));
  }

  const ContentType& type_;
  RowNames& names_;
  std::vector<Entry> order_;
  std::vector<Entry> same_numbers_;
  std::vector<Rows> rows_;
};

Changes first_of(std::vector<std::string> sentences) {
  Changes changes{std::move(sentences), 0};
  changes.count = changes.sentences.size();
  changes.sentences.resize(std::min(changes.count, kMostSentences));
  return changes;
}

}  // namespace

Changes describe_tombstone() { return first_of({"Deleted from the store"}); }

Changes describe_content(const ContentType& type, const Captured* before, const Captured& now, bool came_back) {
  std::vector<std::string> sentences;
  if (came_back) sentences.push_back("Back in the store");
  if (before == nullptr) {
    if (!came_back) sentences.push_back("First backup");
    return first_of(std::move(sentences));
  }
  const std::vector<Difference> differences = compare(type, before->item, before->parts, now.item, now.parts);
  RowNames names(type, *before, now);
  Telling telling(type, names);
  for (const Difference& d : differences)
    if (!d.is_volatile) telling.add(d);
  for (std::string& sentence : telling.sentences()) sentences.push_back(std::move(sentence));
  if (sentences.empty()) sentences.push_back("Nothing changed that a list of changes would tell");
  return first_of(std::move(sentences));
}

}  // namespace backstock::content
