// Ids of rows and items, as opaque text.
//
// Threads: pure.
#pragma once

#include <string>
#include <string_view>

#include "content/content_type.h"

namespace backstock::content {

// The id of a row as text. `id_field` is a dotted path, or several joined with `/` for ids made of parts
// ("product_id/channel_id"), of which `{parent}` is the given one. Empty where a part is missing or null.
std::string read_id(std::string_view row, std::string_view id_field, std::string_view parent = {});

// The item's id as opaque text; empty when a field of it is missing.
std::string item_id(const ContentType& type, std::string_view item, std::string_view parent = {});

}  // namespace backstock::content
