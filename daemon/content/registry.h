// The registry: one entry per content type, in restore order. Capture, restore, compare, the API and the page's lists
// are generic over it; adding a content type is one entry in its family's file (types_catalog.h, types_products.h), its
// name in registry.cpp, its golden files, and nothing else.
//
// Threads: constant data.
#pragma once

#include <span>
#include <string_view>

#include "content/content_type.h"

namespace backstock::content {

std::span<const ContentType> all_types();

// Null when there is no such type.
const ContentType* find_type(std::string_view name);

}  // namespace backstock::content
