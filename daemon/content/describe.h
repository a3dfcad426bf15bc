// Items and their fields in words for people: what an item is called, the values of its list's columns, what a field is
// called, a value as text.
//
// Generic over the registry: where an entry has a word of its own (a column's or a part's label), that is the word;
// else it is made from the field's name.
//
// Threads: pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/content_type.h"

namespace backstock::content {

// By title_fields, else the first of label_fields that says anything; empty where the item has no name at all.
std::string title(const ContentType& type, std::string_view item);

// In the order of type.columns; nothing where the field is absent or null. Numbers as the store wrote them, `true` and
// `false` as such; long texts cut.
std::vector<std::optional<std::string>> column_values(const ContentType& type, std::string_view item);

// "inventory_warning_level" -> "Inventory warning level", "image_url" -> "Image URL".
std::string name_to_label(std::string_view field);
// The registry's own word for the field of that path, else made from its last name.
std::string field_label(const ContentType& type, std::string_view path);

// The first `most` characters of a text, whole ones, with an ellipsis where something was cut.
std::string cut_text(std::string_view text, std::size_t most);
// Characters, not bytes.
std::size_t count_characters(std::string_view text);

}  // namespace backstock::content
