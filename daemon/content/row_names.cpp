#include "content/row_names.h"

#include <algorithm>
#include <charconv>

#include "base/json_text.h"
#include "content/decimal.h"
#include "content/describe.h"

namespace backstock::content {
namespace {

constexpr std::size_t kNameWidth = 40;  // characters

constexpr std::string_view kNamingFields[] = {"name", "label", "display_name", "title", "sku", "key", "email", "code"};

bool is_scalar(std::string_view value) {
  return !value.empty() && !json_text::is_object(value) && !json_text::is_array(value) && value != "null";
}

// The values of fields joined with `+`, if all are there.
std::string joined_values(std::string_view row, std::string_view fields) {
  std::string name;
  while (!fields.empty()) {
    const std::size_t end = std::min(fields.find('+'), fields.size());
    const auto value = json_text::find_path(row, fields.substr(0, end));
    fields.remove_prefix(std::min(end + 1, fields.size()));
    if (!value || !is_scalar(*value)) return {};
    const std::string text = json_text::as_label(*value);
    if (text.empty()) return {};
    if (!name.empty()) name += '.';
    name += text;
  }
  return name;
}

// The row that stands at "[id=12]" or "[3]" of an array; empty when none does.
std::string_view find_row(std::string_view array, std::string_view place) {
  std::string_view found;
  place = place.substr(1, place.size() - 2);
  std::size_t wanted = 0;
  const bool by_id = place.starts_with("id=");
  if (by_id) {
    place.remove_prefix(3);
  } else {
    std::from_chars(place.data(), place.data() + place.size(), wanted);
  }
  std::size_t nth = 0;
  json_text::for_each_element(array, [&](std::string_view element) {
    if (by_id) {
      const auto id = json_text::find(element, "id");
      if (id && json_text::as_label(*id) == place) found = element;
    } else if (nth++ == wanted) {
      found = element;
    }
    return found.empty();
  });
  return found;
}

std::string lower_first(std::string label) {
  const bool abbreviation = label.size() > 1 && label[1] >= 'A' && label[1] <= 'Z';
  if (!abbreviation && !label.empty() && label[0] >= 'A' && label[0] <= 'Z')
    label[0] = static_cast<char>(label[0] + 32);
  return label;
}

}  // namespace

PathPieces split_path(std::string_view path) {
  const auto open = path.find('[');
  if (open == path.npos) return {path, {}, {}};
  const auto close = std::min(path.find(']', open), path.size() - 1);
  PathPieces pieces{path.substr(0, open), path.substr(open, close - open + 1), path.substr(close + 1)};
  if (pieces.rest.starts_with('.')) pieces.rest.remove_prefix(1);
  return pieces;
}

std::string rest_label(std::string_view rest) {
  std::string label;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of(".["), rest.size());
    if (end > 0) {
      if (!label.empty()) label += ": ";
      label += lower_first(name_to_label(rest.substr(0, end)));
    }
    if (end < rest.size() && rest[end] == '[') {
      const std::size_t close = std::min(rest.find(']', end), rest.size() - 1);
      std::string_view row = rest.substr(end + 1, close - end - 1);
      std::size_t number = 0;
      if (row.starts_with("id=")) {
        label.append(" #").append(row.substr(3));
      } else if (std::from_chars(row.data(), row.data() + row.size(), number).ec == std::errc{}) {
        label += " no. " + std::to_string(number + 1);
      }
      rest.remove_prefix(close + 1);
      if (rest.starts_with('.')) rest.remove_prefix(1);
      continue;
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return label;
}

std::string_view RowNames::find_array(const Captured& captured, std::string_view root) {
  for (const RawPart& part : captured.parts)
    if (part.name == root) return part.value;
  return json_text::find_path(captured.item, root).value_or("");
}

std::string RowNames::name_of_row(std::string_view root, std::string_view row) const {
  if (!json_text::is_object(row)) return {};
  const auto part =
      std::find_if(type_->parts.begin(), type_->parts.end(), [&](const Part& p) { return p.name == root; });
  const bool known = part != type_->parts.end();
  std::string name;
  // Keys of one field are how people call a row; those of several only tell rows apart.
  for (const bool joined : {false, true}) {
    for (std::size_t i = 0; name.empty() && known && i < part->natural_key.size(); ++i) {
      const std::string_view key = part->natural_key[i];
      if ((key.find('+') != key.npos) != joined) continue;
      name = joined_values(row, key);
      if (!joined && !name.empty() && is_number(name)) name = rest_label(key) + " " + name;
    }
    for (const std::string_view field : kNamingFields) {
      if (name.empty()) name = joined_values(row, field);
    }
  }
  return name;
}

std::string RowNames::find_name(const PathPieces& path) const {
  for (const Captured* side : {&after_, &before_}) {
    const std::string name = name_of_row(path.root, find_row(find_array(*side, path.root), path.row));
    if (!name.empty()) return cut_text(name, kNameWidth);
  }
  std::string_view place = path.row.substr(1, path.row.size() - 2);
  if (place.starts_with("id=")) return "#" + cut_text(place.substr(3), kNameWidth);
  std::size_t number = 0;
  std::from_chars(place.data(), place.data() + place.size(), number);
  return "no. " + std::to_string(number + 1);
}

const std::string& RowNames::name(const PathPieces& path) {
  std::string key(path.root);
  key += path.row;
  const auto known = known_.find(key);
  if (known != known_.end()) return known->second;
  std::string name = find_name(path);
  return known_.emplace(std::move(key), std::move(name)).first->second;
}

RowNames::Place RowNames::place_of(std::string_view path) {
  const PathPieces pieces = split_path(path);
  if (pieces.row.empty()) {
    const auto dot = path.find('.');
    if (dot == path.npos) {
      for (const Part& part : type_->parts)
        if (part.name == path) return {std::string(part.label), "All rows"};
      return {"Details", field_label(*type_, path)};
    }
    return {field_label(*type_, path.substr(0, dot)), field_label(*type_, path)};
  }
  Place place{field_label(*type_, pieces.root), {}};
  if (pieces.row == "[]") {
    place.label = "Order";
  } else {
    place.label = name(pieces);
    if (!pieces.rest.empty()) place.label += ": " + rest_label(pieces.rest);
  }
  return place;
}

}  // namespace backstock::content
