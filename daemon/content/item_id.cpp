#include "content/item_id.h"

#include "base/json_text.h"

namespace backstock::content {

std::string read_id(std::string_view row, std::string_view id_field, std::string_view parent) {
  std::string id;
  while (true) {
    const auto slash = id_field.find('/');
    const std::string_view field = id_field.substr(0, slash);
    std::string piece;
    if (field == "{parent}") {
      piece = parent;
    } else if (const auto value = json_text::find_path(row, field)) {
      piece = json_text::as_label(*value);
    }
    if (piece.empty()) return {};
    id += piece;
    if (slash == id_field.npos) return id;
    id += '/';
    id_field.remove_prefix(slash + 1);
  }
}

std::string item_id(const ContentType& type, std::string_view item, std::string_view parent) {
  return read_id(item, type.id_field, parent);
}

}  // namespace backstock::content
