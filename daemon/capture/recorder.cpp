#include "capture/recorder.h"

#include "vault/vault_reader.h"

namespace backstock::capture {

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

// Hashes the stored version by today's rules: equal means that nothing but the rules changed.
Result<bool> Recorder::only_rules_changed(const content::ContentType& type, std::string_view id,
                                          const vault::Current& known, const vault::Hash& hash) {
  auto reader = TRY(vault::VaultReader::open(vault_->options()));
  const auto stored = reader->read_version(type.name, id, known.version);
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
