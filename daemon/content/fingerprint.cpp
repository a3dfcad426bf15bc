#include "content/fingerprint.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/json_text.h"
#include "content/canonical.h"

namespace backstock::content {

std::string canonical(const ContentType& type, std::string_view item, std::span<const RawPart> parts) {
  const VolatilePaths paths(type);
  std::string out;
  std::size_t size = item.size() + 64;
  for (const RawPart& part : parts) size += part.value.size() + part.name.size() + 2;
  out.reserve(size);
  append_canonical(out, item, paths, {.in_object = paths.all()}, 0);
  // A canonical value holds no line break, so nothing inside an item can look like the start of a part.
  for (const RawPart& part : parts) {
    const VolatilePaths::Step step = paths.into(paths.all(), 0, part.name);
    if (step.dropped) continue;
    out += '\n';
    out += part.name;
    out += ':';
    append_canonical(out, part.value, paths, step, 1);
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
