#include "vault/version_line.h"

#include "base/crypto.h"
#include "base/json_text.h"

namespace backstock::vault {
namespace {

void append_key(std::string& out, std::string_view key) {
  out += ',';
  json_text::append_quoted(out, key);
  out += ':';
}

void append_parts(std::string& out, std::string_view key, std::span<const NamedText> parts, bool textual) {
  bool first = true;
  for (const NamedText& part : parts) {
    if (part.value.textual != textual) continue;
    if (first) append_key(out, key), out += '{';
    if (!first) out += ',';
    first = false;
    json_text::append_quoted(out, part.name);
    out += ':';
    if (textual) {
      json_text::append_one_line(out, part.value.bytes);
    } else {
      json_text::append_quoted(out, to_base64(part.value.bytes));
    }
  }
  if (!first) out += '}';
}

Error broken(std::string_view why) {
  return make_error(ErrorKind::corrupt, "a stored version's line is not whole: " + std::string(why),
                    "run `backstock verify` to see how far the damage reaches");
}

bool take_parts(std::string_view object, bool textual, std::vector<StoredPart>& parts) {
  bool good = true;
  json_text::for_each_field(object, [&](std::string_view key, std::string_view value) {
    StoredPart part{json_text::as_string(key).value_or(""), std::string(value)};
    if (!textual) good = good && from_base64(json_text::as_string(value).value_or("?"), part.bytes);
    parts.push_back(std::move(part));
    return good;
  });
  return good;
}

// How each line begins.
void append_whose(std::string& out, std::string_view type, std::string_view id, std::uint32_t version) {
  out += "{\"type\":";
  json_text::append_quoted(out, type);
  append_key(out, "id");
  json_text::append_quoted(out, id);
  append_key(out, "version");
  out += std::to_string(version);
}

}  // namespace

void append_version_line(std::string& out, const VersionMeta& meta, const RawText& item,
                         std::span<const NamedText> parts) {
  append_whose(out, meta.type, meta.id, meta.version);
  append_key(out, "at");
  out += std::to_string(meta.at);
  append_key(out, "source");
  json_text::append_quoted(out, meta.source);
  append_key(out, "run");
  json_text::append_quoted(out, meta.run);
  if (meta.gone) {
    out += ",\"gone\":true}\n";
    return;
  }
  if (item.textual) {
    append_key(out, "item");
    json_text::append_one_line(out, item.bytes);
  } else {
    append_key(out, "item_base64");
    json_text::append_quoted(out, to_base64(item.bytes));
  }
  append_parts(out, "parts", parts, true);
  append_parts(out, "parts_base64", parts, false);
  out += "}\n";
}

bool is_line_of(std::string_view line, std::string_view type, std::string_view id, std::uint32_t version) {
  std::string whose;
  append_whose(whose, type, id, version);
  return line.starts_with(whose) && line.substr(whose.size()).starts_with(",");
}

Result<StoredVersion> parse_version_line(std::string_view line) { return parse_version_line(std::string(line)); }

Result<StoredVersion> parse_version_line(std::string&& text) {
  StoredVersion version;
  version.line = std::move(text);
  const std::string_view line = version.line;
  bool has_item = false;
  bool good = true;
  std::size_t end = 0;
  std::optional<std::int64_t> number, at;
  json_text::for_each_field(line, [&](std::string_view raw_key, std::string_view value) {
    const std::string_view key = raw_key.substr(1, raw_key.size() - 2);
    end = static_cast<std::size_t>(value.data() + value.size() - line.data());
    if (key == "type")
      version.meta.type = json_text::as_string(value).value_or("");
    else if (key == "id")
      version.meta.id = json_text::as_string(value).value_or("");
    else if (key == "version")
      number = json_text::as_int(value);
    else if (key == "at")
      at = json_text::as_int(value);
    else if (key == "source")
      version.meta.source = json_text::as_string(value).value_or("");
    else if (key == "run")
      version.meta.run = json_text::as_string(value).value_or("");
    else if (key == "gone")
      version.meta.gone = value == "true";
    else if (key == "item")
      version.item = value, has_item = true;
    else if (key == "item_base64")
      good = good && from_base64(json_text::as_string(value).value_or("?"), version.item), has_item = true;
    else if (key == "parts")
      good = good && take_parts(value, true, version.parts);
    else if (key == "parts_base64")
      good = good && take_parts(value, false, version.parts);
    return true;
  });
  if (!good) return broken("a field cannot be read");
  // A line that was cut off still has its first fields.
  if (line.substr(end) != "}") return broken("it does not end as a line does");
  if (version.meta.type.empty() || version.meta.id.empty() || !number || *number < 1 || *number > 0xFFFFFFFF || !at) {
    return broken("type, id, version or time is missing");
  }
  if (has_item == version.meta.gone) return broken("neither an item nor a tombstone");
  version.meta.version = static_cast<std::uint32_t>(*number);
  version.meta.at = *at;
  return version;
}

}  // namespace backstock::vault
