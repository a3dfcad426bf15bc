#include "content/fingerprint.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/json_text.h"
#include "content/canonical.h"

namespace backstock::content {
namespace {

// In the registry's order, whatever the order they come in: a stored line has those that are kept in base64 last.
std::vector<const RawPart*> in_order(const ContentType& type, std::span<const RawPart> parts) {
  const auto place = [&](const RawPart* part) {
    return std::find_if(type.parts.begin(), type.parts.end(), [&](const Part& one) { return one.name == part->name; }) -
           type.parts.begin();
  };
  std::vector<const RawPart*> order;
  for (const RawPart& part : parts) order.push_back(&part);
  std::stable_sort(order.begin(), order.end(), [&](const RawPart* a, const RawPart* b) { return place(a) < place(b); });
  return order;
}

}  // namespace

std::string canonical(const ContentType& type, std::string_view item, std::span<const RawPart> parts) {
  const VolatilePaths paths(type);
  std::string out;
  std::size_t size = item.size() + 64;
  for (const RawPart& part : parts) size += part.value.size() + part.name.size() + 2;
  out.reserve(size);
  append_canonical(out, item, paths, {.in_object = paths.all()}, 0);
  // A canonical value holds no line break, so nothing inside an item can look like the start of a part.
  for (const RawPart* part : in_order(type, parts)) {
    const VolatilePaths::Step step = paths.into(paths.all(), 0, part->name);
    if (step.dropped) continue;
    out += '\n';
    out += part->name;
    out += ':';
    append_canonical(out, part->value, paths, step, 1);
  }
  return out;
}

Fingerprint fingerprint(const ContentType& type, std::string_view item, std::span<const RawPart> parts) {
  const Sha256Digest digest = sha256(canonical(type, item, parts));
  Fingerprint print;
  std::copy_n(digest.begin(), print.size(), print.begin());
  return print;
}

std::vector<std::string> labels(const ContentType& type, std::string_view item) {
  std::vector<std::string> texts;
  for (const auto& value : json_text::find_paths(item, type.label_fields)) {
    texts.push_back(value ? json_text::as_label(*value) : std::string());
  }
  return texts;
}

}  // namespace backstock::content
