#include "content/compare.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/json_text.h"
#include "content/canonical.h"
#include "content/decimal.h"
#include "content/volatile_paths.h"

namespace backstock::content {
namespace {

// Something in an object or array, with what it is matched by on the other side.
struct Member {
  std::string key;      // canonical: of a field its key, of an element its id
  std::size_t nth = 0;  // which of equal keys
  std::string path;     // how it is added to the path
  std::string_view value;
  std::pair<std::string_view, std::size_t> match() const { return {key, nth}; }
};
using Members = std::vector<Member>;

Members fields_of(std::string_view object) {
  Members members;
  std::map<std::string, std::size_t> seen;
  json_text::for_each_field(object, [&](std::string_view raw_key, std::string_view value) {
    std::string key = canonical_value(raw_key);
    key = key.substr(1, key.size() - 2);
    const std::size_t nth = seen[key]++;
    members.push_back({.key = key, .nth = nth, .path = key, .value = value});
    return true;
  });
  return members;
}

std::vector<std::string_view> elements_of(std::string_view array) {
  std::vector<std::string_view> elements;
  json_text::for_each_element(array, [&](std::string_view element) {
    elements.push_back(element);
    return true;
  });
  return elements;
}

// Nothing if the elements cannot be told apart by id.
std::optional<Members> members_by_id(const std::vector<std::string_view>& elements) {
  Members members;
  std::map<std::string, std::size_t> seen;
  for (const std::string_view element : elements) {
    const auto id = json_text::find(element, "id");
    if (!id || !(json_text::is_string(*id) || is_number(*id))) return std::nullopt;
    std::string key = canonical_value(*id);
    if (seen[key]++ != 0) return std::nullopt;
    members.push_back({.key = std::move(key), .path = "[id=" + json_text::as_label(*id) + "]", .value = element});
  }
  return members;
}

Members numbered(const std::vector<std::string_view>& elements) {
  Members members;
  for (std::size_t i = 0; i < elements.size(); ++i)
    members.push_back({.key = {}, .nth = i, .path = "[" + std::to_string(i) + "]", .value = elements[i]});
  return members;
}

// An object without fields, an array without elements.
bool is_empty(std::string_view value) {
  if (!json_text::is_object(value) && !json_text::is_array(value)) return false;
  const auto inside = value.find_first_not_of(" \t\r\n", 1);
  return inside == value.npos || value[inside] == '}' || value[inside] == ']';
}

std::string ids_of(const Members& members) {
  std::string ids = "[";
  for (const Member& member : members) ids += (ids.size() > 1 ? "," : "") + member.key;
  return ids + "]";
}

class Comparison {
 public:
  enum class Depth { differences, all_fields };
  using Take = std::function<void(const FieldPair&)>;

  Comparison(const ContentType& type, Depth depth, const Take& take)
      : paths_(type), all_(depth == Depth::all_fields), take_(take) {}

  void items(std::string_view before, std::string_view after) {
    value("", before, after, {.in_object = paths_.all()}, 0);
  }

  // Either side may lack the part.
  void part(std::string_view name, const RawPart* before, const RawPart* after) {
    const VolatilePaths::Step step = paths_.into(paths_.all(), 0, name);
    if (before != nullptr && after != nullptr) return value(std::string(name), before->value, after->value, step, 1);
    if (before != nullptr) return one_sided(std::string(name), before->value, true, step, 1);
    if (after != nullptr) one_sided(std::string(name), after->value, false, step, 1);
  }

 private:
  // A null `before` or `after` stands for nothing there.
  void note(std::string_view path, Difference::Kind kind, std::string_view before, std::string_view after,
            bool is_volatile) {
    take_({path, kind, before, after, is_volatile, same_number(before, after)});
  }

  // `place.dropped` goes down with everything inside a volatile field.
  void value(const std::string& path, std::string_view before, std::string_view after, const VolatilePaths::Step& place,
             unsigned depth) {
    if (before == after && !all_) return;
    if (all_ && is_empty(before) && is_empty(after) && before.front() == after.front())
      return note(path, Difference::Kind::same, before, after, place.dropped);
    if (json_text::is_object(before) && json_text::is_object(after)) {
      return members(fields_of(before), fields_of(after), path, path.empty() ? "" : ".", place, place.in_object, depth);
    }
    if (json_text::is_array(before) && json_text::is_array(after)) return arrays(path, before, after, place, depth);
    const bool same = before == after || canonical_value(before) == canonical_value(after);
    if (same && all_) note(path, Difference::Kind::same, before, after, place.dropped);
    if (!same) note(path, Difference::Kind::changed, before, after, place.dropped);
  }

  void arrays(const std::string& path, std::string_view before, std::string_view after,
              const VolatilePaths::Step& place, unsigned depth) {
    const auto old_elements = elements_of(before);
    const auto new_elements = elements_of(after);
    const auto old_members = members_by_id(old_elements);
    const auto new_members = members_by_id(new_elements);
    const VolatilePaths::Step inside{.dropped = place.dropped, .in_object = place.in_elements};
    if (!old_members || !new_members) return positions(path, old_elements, new_elements, inside, depth);
    if (reordered(*old_members, *new_members))
      note(path + "[]", Difference::Kind::changed, ids_of(*old_members), ids_of(*new_members), place.dropped);
    elements(*old_members, *new_members, path, inside, depth);
  }

  void positions(const std::string& path, const std::vector<std::string_view>& before,
                 const std::vector<std::string_view>& after, const VolatilePaths::Step& inside, unsigned depth) {
    elements(numbered(before), numbered(after), path, inside, depth);
  }

  static bool reordered(const Members& before, const Members& after) {
    std::map<std::string_view, std::size_t> place;
    for (std::size_t i = 0; i < before.size(); ++i) place[before[i].key] = i;
    std::size_t last = 0;
    for (const Member& member : after) {
      const auto was = place.find(member.key);
      if (was == place.end()) continue;
      if (was->second < last) return true;
      last = was->second;
    }
    return false;
  }

  void elements(const Members& before, const Members& after, const std::string& path, const VolatilePaths::Step& inside,
                unsigned depth) {
    pairs(before, after, [&](const Member& member, const Member* other, bool removed) {
      if (other != nullptr) return value(path + member.path, member.value, other->value, inside, depth);
      one_sided(path + member.path, member.value, removed, inside, depth);
    });
  }

  void members(const Members& before, const Members& after, const std::string& path, std::string_view joint,
               const VolatilePaths::Step& place, VolatilePaths::Alive alive, unsigned depth) {
    pairs(before, after, [&](const Member& member, const Member* other, bool removed) {
      VolatilePaths::Step step = paths_.into(alive, depth, member.key);
      step.dropped = step.dropped || place.dropped;
      std::string inner = path;
      inner += joint;
      inner += member.path;
      if (other != nullptr) return value(inner, member.value, other->value, step, depth + 1);
      one_sided(std::move(inner), member.value, removed, step, depth + 1);
    });
  }

  void one_sided(std::string path, std::string_view value, bool removed, const VolatilePaths::Step& place,
                 unsigned depth) {
    if (all_ && json_text::is_object(value) && !is_empty(value)) {
      const Members fields = fields_of(value);
      return removed ? members(fields, {}, path, ".", place, place.in_object, depth)
                     : members({}, fields, path, ".", place, place.in_object, depth);
    }
    if (all_ && json_text::is_array(value) && !is_empty(value)) {
      const auto values = elements_of(value);
      const VolatilePaths::Step inside{.dropped = place.dropped, .in_object = place.in_elements};
      const Members found = members_by_id(values).value_or(numbered(values));
      return removed ? elements(found, {}, path, inside, depth) : elements({}, found, path, inside, depth);
    }
    if (removed)
      note(path, Difference::Kind::removed, value, {}, place.dropped);
    else
      note(path, Difference::Kind::added, {}, value, place.dropped);
  }

  // Calls with each member of `before` and its partner, or null and removed; then with those only in `after`.
  template <class Take>
  static void pairs(const Members& before, const Members& after, const Take& take) {
    std::map<std::pair<std::string_view, std::size_t>, const Member*> left;
    for (const Member& member : after) left.emplace(member.match(), &member);
    for (const Member& member : before) {
      const auto partner = left.find(member.match());
      take(member, partner == left.end() ? nullptr : partner->second, true);
      if (partner != left.end()) left.erase(partner);
    }
    for (const Member& member : after)
      if (left.count(member.match()) != 0) take(member, nullptr, false);
  }

  VolatilePaths paths_;
  bool all_;
  const Take& take_;
};

const RawPart* find_part(std::span<const RawPart> parts, std::string_view name) {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const RawPart& part) { return part.name == name; });
  return found == parts.end() ? nullptr : &*found;
}

void run(Comparison comparison, std::string_view item_before, std::span<const RawPart> parts_before,
         std::string_view item_after, std::span<const RawPart> parts_after) {
  comparison.items(item_before, item_after);
  for (const RawPart& part : parts_before) comparison.part(part.name, &part, find_part(parts_after, part.name));
  for (const RawPart& part : parts_after)
    if (find_part(parts_before, part.name) == nullptr) comparison.part(part.name, nullptr, &part);
}

}  // namespace

std::vector<Difference> compare(const ContentType& type, std::string_view item_before,
                                std::span<const RawPart> parts_before, std::string_view item_after,
                                std::span<const RawPart> parts_after) {
  std::vector<Difference> found;
  const Comparison::Take take = [&](const FieldPair& pair) {
    found.push_back({.path = std::string(pair.path),
                     .kind = pair.kind,
                     .before = std::string(pair.before),
                     .after = std::string(pair.after),
                     .is_volatile = pair.is_volatile,
                     .same_number = pair.same_number});
  };
  run({type, Comparison::Depth::differences, take}, item_before, parts_before, item_after, parts_after);
  return found;
}

void compare_fields(const ContentType& type, std::string_view item_before, std::span<const RawPart> parts_before,
                    std::string_view item_after, std::span<const RawPart> parts_after,
                    const std::function<void(const FieldPair&)>& take) {
  run({type, Comparison::Depth::all_fields, take}, item_before, parts_before, item_after, parts_after);
}

}  // namespace backstock::content
