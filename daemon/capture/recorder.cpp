#include "capture/recorder.h"

#include <algorithm>

#include "base/json_text.h"

namespace backstock::capture {
namespace {

bool is_whole_list(const content::ContentType& type, std::string_view part) {
  return std::any_of(type.parts.begin(), type.parts.end(), [&](const content::Part& entry) {
    return entry.name == part && entry.from == content::PartFrom::whole_list;
  });
}

template <class Parts>
content::Fingerprint print_of_item(const content::ContentType& type, std::string_view item, const Parts& parts) {
  std::vector<content::RawPart> raw;
  for (const auto& part : parts) {
    if (is_whole_list(type, part.name)) raw.push_back({part.name, part.bytes});
  }
  return content::fingerprint(type, item, raw);
}

}  // namespace

vault::VersionMeta Recorder::meta(const content::ContentType& type, std::string_view id) const {
  vault::VersionMeta meta;
  meta.type = type.name;
  meta.id = id;
  meta.at = to_ms(clock_->now());
  meta.source = context_.source;
  meta.run = context_.run;
  return meta;
}

Result<Outcome> Recorder::record(const content::ContentType& type, const FetchedItem& item) {
  std::vector<content::RawPart> raw_parts;
  std::vector<vault::NamedText> parts;
  for (const FetchedPart& part : item.parts) {
    raw_parts.push_back({part.name, part.bytes});
    parts.push_back({part.name, {part.bytes, part.textual}});
  }
  const vault::Hash hash = content::fingerprint(type, item.bytes, raw_parts);
  const auto known = TRY(vault_->current(type.name, item.id));
  if (known && !known->gone) {
    if (known->scheme == content::kScheme && known->hash == hash) return Outcome::unchanged;
    const bool same = known->scheme != content::kScheme && TRY(only_rules_changed(type, item.id, *known, hash));
    if (same) return Outcome::unchanged;
  }
  vault::VersionMeta version = meta(type, item.id);
  version.hash = hash;
  version.scheme = content::kScheme;
  TRY(vault_->append(std::move(version), {item.bytes, item.textual}, parts));
  return !known ? Outcome::added : known->gone ? Outcome::returned : Outcome::changed;
}

Result<vault::VaultReader*> Recorder::reader() {
  if (!reader_) reader_ = TRY(vault::VaultReader::open(vault_->options()));
  return reader_.get();
}

Result<bool> Recorder::is_stored(const content::ContentType& type, const FetchedItem& item,
                                 std::span<const std::string> with_parts) {
  const auto known = TRY(vault_->current(type.name, item.id));
  if (!known || known->gone || known->scheme != content::kScheme) return false;
  const auto stored = TRY(reader())->read_version(type.name, item.id, known->version);
  if (!stored) {
    // Not flushed yet, or damaged: then the item is read whole and recorded if it differs.
    if (stored.error().kind == ErrorKind::corrupt || stored.error().kind == ErrorKind::not_found) return false;
    return stored.error();
  }
  const auto lacks = [&](const std::string& name) {
    return std::none_of(stored->parts.begin(), stored->parts.end(),
                        [&](const vault::StoredPart& part) { return part.name == name; });
  };
  if (std::any_of(with_parts.begin(), with_parts.end(), lacks)) return false;
  if (!type.modified_field.empty() && json_text::find_path(stored->item, type.modified_field) !=
                                          json_text::find_path(item.bytes, type.modified_field)) {
    return false;
  }
  return print_of_item(type, stored->item, stored->parts) == print_of_item(type, item.bytes, item.parts);
}

// Hashes the stored version by today's rules: equal means that nothing but the rules changed.
Result<bool> Recorder::only_rules_changed(const content::ContentType& type, std::string_view id,
                                          const vault::Current& known, const vault::Hash& hash) {
  const auto stored = TRY(reader())->read_version(type.name, id, known.version);
  if (!stored) {
    // A stored version that cannot be read any more is a reason to keep what the store has now, not to stop.
    if (stored.error().kind == ErrorKind::corrupt || stored.error().kind == ErrorKind::not_found) return false;
    return stored.error();
  }
  std::vector<content::RawPart> parts;
  for (const vault::StoredPart& part : stored->parts) parts.push_back({part.name, part.bytes});
  if (content::fingerprint(type, stored->item, parts) != hash) return false;
  TRY(vault_->set_hash(type.name, id, hash, content::kScheme));
  return true;
}

Result<bool> Recorder::record_gone(const content::ContentType& type, std::string_view id) {
  const auto known = TRY(vault_->current(type.name, id));
  if (!known || known->gone) return false;
  vault::VersionMeta version = meta(type, id);
  version.gone = true;
  TRY(vault_->append(std::move(version), {}, {}));
  return true;
}

}  // namespace backstock::capture
