#include "capture/list_request.h"

#include "base/clock.h"

namespace backstock::capture {
namespace {

void append_in_path(std::string& out, std::string_view value) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : value) {
    if (c == '/' || c == '?' || c == '#' || c == '%') {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    } else {
      out += c;
    }
  }
}

}  // namespace

store_api::Query parse_query(std::string_view text) {
  store_api::Query query;
  while (!text.empty()) {
    const auto amp = text.find('&');
    const std::string_view pair = text.substr(0, amp);
    text = amp == text.npos ? std::string_view() : text.substr(amp + 1);
    const auto equals = pair.find('=');
    query.emplace_back(pair.substr(0, equals), equals == pair.npos ? std::string_view() : pair.substr(equals + 1));
  }
  return query;
}

std::string fill_in(std::string_view text, const Placeholders& values) {
  std::string out;
  while (true) {
    const auto open = text.find('{');
    out.append(text.substr(0, open));
    if (open == text.npos) return out;
    text.remove_prefix(open);
    const auto close = text.find('}');
    const std::string_view name = text.substr(0, close == text.npos ? text.size() : close + 1);
    if (name == "{id}") {
      append_in_path(out, values.id);
    } else if (name == "{owner}") {
      append_in_path(out, values.owner);
    } else if (name == "{parent}") {
      append_in_path(out, values.parent);
    } else {
      out.append(name);
    }
    text.remove_prefix(name.size());
  }
}

store_api::ListSpec part_list(const content::ContentType& type, const content::Part& part, std::string_view path,
                              const Placeholders& values) {
  const std::string filled = fill_in(path, values);
  const auto mark = filled.find('?');
  store_api::ListSpec spec;
  spec.path = filled.substr(0, mark);
  if (mark != filled.npos) spec.query = parse_query(std::string_view(filled).substr(mark + 1));
  spec.paging = part.paging;
  spec.page_limit = part.page_limit;
  spec.id_field = part.row_id;
  spec.scope = part.scope.empty() ? type.scope_read : part.scope;
  return spec;
}

store_api::ListSpec item_list(const content::ContentType& type, std::string_view parent) {
  store_api::ListSpec spec;
  spec.path = fill_in(type.list_path, {.parent = parent});
  for (auto& [name, value] : parse_query(type.list_query)) {
    const bool of_parent = value.find("{parent}") != std::string::npos;
    if (of_parent && parent.empty()) continue;
    spec.query.emplace_back(name, of_parent ? fill_in(value, {.parent = parent}) : value);
  }
  spec.paging = type.paging;
  spec.page_limit = type.page_limit;
  // Within one parent's list the parent is no part of what tells rows apart.
  std::string_view id = type.id_field;
  if (id.starts_with("{parent}/")) id.remove_prefix(9);
  spec.id_field = id;
  spec.scope = type.scope_read;
  return spec;
}

store_api::Query item_query(const content::ContentType& type) {
  std::string includes;
  for (const std::string_view include : type.includes) includes.append(includes.empty() ? "" : ",").append(include);
  store_api::Query query = parse_query(type.item_query);
  if (!includes.empty()) query.emplace_back("include", includes);
  return query;
}

std::string filter_instant(std::int64_t at) {
  std::string text = format_rfc3339(std::chrono::floor<std::chrono::seconds>(from_ms(at)));
  text.replace(text.size() - 1, 1, "+00:00");
  return text;
}

}  // namespace backstock::capture
