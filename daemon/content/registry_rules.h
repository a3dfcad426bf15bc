// What must hold over the whole table of content types, for the compiler to check. Used by registry.cpp and its tests.
//
// Each rule is one function that is true for a good table, so that a failing static_assert names what is wrong.
#pragma once

#include <span>
#include <string_view>

#include "content/content_type.h"
#include "content/volatile_paths.h"

namespace backstock::content::rules {

using Table = std::span<const ContentType>;

inline constexpr std::uint16_t kMostPerPage = 1000;  // the highest page size that the reference documents anywhere

// Types of later issues that present entries already refer to. A name leaves this list when its entry comes.
inline constexpr std::string_view kTypesToCome[] = {"customer_segments", "shipping_zones", "sites", "tax_classes"};

constexpr bool has(std::string_view text, std::string_view piece) { return text.find(piece) != text.npos; }

template <class List>
constexpr bool contains(const List& list, std::string_view name) {
  for (const std::string_view entry : list)
    if (entry == name) return true;
  return false;
}

constexpr const Part* find_part(const ContentType& type, std::string_view name) {
  for (const Part& part : type.parts)
    if (part.name == name) return &part;
  return nullptr;
}

constexpr std::string_view first_segment(std::string_view path) { return path.substr(0, path.find_first_of(".[")); }

// For every type: one complaint less to write per rule.
template <class Rule>
constexpr bool every_type(Table table, Rule rule) {
  for (const ContentType& type : table)
    if (!rule(type)) return false;
  return true;
}

constexpr bool names_are_unique(Table table) {
  for (std::size_t i = 0; i < table.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (table[i].name == table[k].name) return false;
  return every_type(table, [](const ContentType& type) {
    for (std::size_t i = 0; i < type.parts.size(); ++i)
      for (std::size_t k = 0; k < i; ++k)
        if (type.parts[i].name == type.parts[k].name) return false;
    return true;
  });
}

constexpr bool order_is_restore_order(Table table) {
  for (std::size_t i = 1; i < table.size(); ++i)
    if (table[i].restore_phase < table[i - 1].restore_phase) return false;
  return true;
}

constexpr bool is_path(std::string_view path) { return path.starts_with("/v2/") || path.starts_with("/v3/"); }
constexpr bool is_path_below_item(std::string_view path) { return is_path(path) && has(path, "{id}"); }

constexpr bool paths_are_complete(Table table) {
  return every_type(table, [](const ContentType& type) {
    const bool below = has(type.list_path, "{parent}") || has(type.list_query, "{parent}");
    if (!is_path(type.list_path) || below == type.parent_type.empty()) return false;
    if (!below && has(type.id_field, "{parent}")) return false;
    if (below && !type.id_field.starts_with("{parent}/")) return false;
    if (type.has_orphans && has(type.list_path, "{parent}")) return false;
    if (!type.item_path.empty() && !is_path_below_item(type.item_path)) return false;
    for (const Part& part : type.parts) {
      switch (part.from) {
        case PartFrom::embedded:
          if (part.confirm_from != 0 && !is_path_below_item(part.path)) return false;
          if (!part.change_filter.empty() && (!is_path(part.changes_path) || part.join_key.empty())) return false;
          break;
        case PartFrom::per_item:
          if (!is_path_below_item(part.path)) return false;
          break;
        case PartFrom::whole_list:
          if (!is_path(part.path) || has(part.path, "{") || part.join_key.empty() || part.owner_ids.empty())
            return false;
          if (!part.owner_path.empty() && !is_path_below_item(part.owner_path)) return false;
          break;
      }
    }
    return true;
  });
}

constexpr bool pages_are_in_range(Table table) {
  return every_type(table, [](const ContentType& type) {
    if (type.page_limit == 0 || type.page_limit > kMostPerPage) return false;
    if (type.ids_per_read == 0 || type.ids_per_read > kMostPerPage) return false;
    if (type.fetch == Fetch::by_ids && type.id_filter.empty()) return false;
    for (const Part& part : type.parts)
      if (part.page_limit == 0 || part.page_limit > kMostPerPage) return false;
    return true;
  });
}

// A row may refer to rows of the same item only if those are written before it.
constexpr bool refers_to_earlier_part(const ContentType& type, const Reference& reference) {
  const Part* holder = find_part(type, first_segment(reference.field));
  const Part* target = find_part(type, first_segment(reference.target_part));
  return target != nullptr && holder != nullptr && target->phase < holder->phase;
}

// Lists below a parent need the parent's list, which is backed up before them.
constexpr bool parents_come_first(Table table) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].parent_type.empty()) continue;
    bool above = false;
    for (std::size_t k = 0; k < i; ++k) above = above || table[k].name == table[i].parent_type;
    if (!above || !table[i].more_passes.empty() || table[i].fetch != Fetch::from_list) return false;
  }
  return true;
}

constexpr bool one_type_names_the_store(Table table) {
  int count = 0;
  for (const ContentType& type : table) count += type.names_the_store.empty() ? 0 : 1;
  return count <= 1;
}

constexpr bool references_can_be_followed(Table table) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    for (const Reference& reference : table[i].references) {
      const bool to_come = contains(kTypesToCome, reference.type);
      const ContentType* target = nullptr;
      bool above = false;
      for (std::size_t k = 0; k < table.size(); ++k) {
        if (table[k].name != reference.type) continue;
        target = &table[k];
        above = k < i;
      }
      if ((target != nullptr) == to_come) return false;  // a name that is nowhere, or one that should leave the list
      if (to_come || reference.second_pass || reference.computed) continue;
      const bool self = target == &table[i];
      if (above || (self && reference.parents_first) || (self && refers_to_earlier_part(table[i], reference))) continue;
      return false;
    }
  }
  return true;
}

constexpr bool restore_facts_agree(Table table) {
  return every_type(table, [](const ContentType& type) {
    if (type.restore == Restore::match_or_create && type.natural_key.empty()) return false;
    for (const std::string_view field : type.create_only)
      if (!contains(type.writable, field)) return false;
    for (const Part& part : type.parts) {
      if (contains(type.writable, part.name)) return false;  // a part is written by its own path
      const bool of_array = part.only_if.find_first_of("=>") == part.only_if.npos;
      if (!part.only_if.empty() && of_array && find_part(type, part.only_if) == nullptr) return false;
      for (const std::string_view field : part.create_only)
        if (!contains(part.writable, field)) return false;
    }
    for (const Reference& reference : type.references)
      if (reference.computed && contains(type.writable, reference.field)) return false;
    return true;
  });
}

constexpr bool volatile_paths_can_be_followed(Table table) {
  return every_type(table, [](const ContentType& type) { return VolatilePaths::fits(type); });
}

constexpr bool changes_can_be_read(Table table) {
  return every_type(table, [](const ContentType& type) {
    if (!type.change_filter.empty() && type.modified_field.empty()) return false;
    if (type.parts_follow_item && (type.fetch != Fetch::from_list || type.modified_field.empty())) return false;
    if (type.sweep_days != 0 && (!type.parts_follow_item || type.created_filter.empty())) return false;
    for (const std::string_view scope : type.hook_scopes)
      if (!scope.starts_with("store/")) return false;
    return true;
  });
}

}  // namespace backstock::content::rules
