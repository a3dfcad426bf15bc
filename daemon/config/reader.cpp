#include "config/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "content/registry.h"

namespace backstock::config {
namespace {

constexpr const char* kSeeExample = "backstock.example.yaml shows how to write it";

std::string_view kind_of(const Node& node) {
  switch (node.kind) {
    case Node::Kind::nothing:
      return "nothing";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "keys with values";
    case Node::Kind::text:
    case Node::Kind::refused:
      break;
  }
  return "a single value";
}

Complaint wrong_kind(const Node& node, std::string_view allowed) {
  return {fmt::format("found {}, allowed is {}", kind_of(node), allowed),
          node.kind == Node::Kind::nothing ? "write a value, or remove the key to use the default" : kSeeExample};
}

std::string joined(const std::vector<std::string>& texts) { return fmt::format("[{}]", fmt::join(texts, ", ")); }

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

// "Berlin" and "berlin" mean Europe/Berlin; else by letters.
std::string zone_hint(const std::string& typed, const std::string& otherwise) {
  const std::vector<std::string> names = time::zone_names();
  for (const std::string& name : names) {
    const std::string_view city = std::string_view(name).substr(name.rfind('/') + 1);
    if (name.find('/') != name.npos && same_ignoring_case(typed, city))
      return fmt::format("did you mean \"{}\"?", name);
  }
  const auto near = nearest(typed, {names.begin(), names.end()});
  return near.empty() ? otherwise : fmt::format("did you mean \"{}\"?", near);
}

}  // namespace

void Reader::complain(Mark at, const std::string& path, Complaint complaint) {
  into_.problems.push_back({file_, at.line, at.column, path, std::move(complaint.message), std::move(complaint.hint)});
}

void Reader::show(const std::string& path, std::string value, const Node* node) {
  into_.shown.push_back(
      {path, std::move(value), node == nullptr ? "default" : fmt::format("{}:{}", file_, node->at.line)});
}

bool Reader::is_map(const Node& node, const std::string& path) {
  if (node.kind == Node::Kind::map) return true;
  if (node.kind != Node::Kind::refused) complain(node.at, path, wrong_kind(node, "keys with values"));
  return false;
}

bool Reader::is_list(const Node& node, const std::string& path) {
  if (node.kind == Node::Kind::list) return true;
  if (node.kind != Node::Kind::refused) complain(node.at, path, wrong_kind(node, "a list, each element after a dash"));
  return false;
}

const std::string* Reader::text_of(const Node& node, const std::string& path, std::string_view allowed) {
  if (node.kind == Node::Kind::text && !node.text.empty()) return &node.text;
  if (node.kind == Node::Kind::text)
    complain(node.at, path, {fmt::format("found an empty text, allowed is {}", allowed), kSeeExample});
  else if (node.kind != Node::Kind::refused)
    complain(node.at, path, wrong_kind(node, allowed));
  return nullptr;
}

void Reader::unknown_key(const Entry& entry, const std::string& path, const std::vector<std::string_view>& known) {
  std::string hint = did_you_mean(entry.key, known);
  // A known key at a wrong place is more often a wrong indentation than a slip of the hand.
  if (nearest(entry.key, known).empty())
    for (const std::string& key : all_keys())
      if (key.ends_with('.' + entry.key) || key == entry.key || key.starts_with(entry.key + '.') ||
          key.starts_with(entry.key + "[]")) {
        const std::string place = key.substr(0, key.size() - std::min(key.size(), entry.key.size() + 1));
        hint = key.ends_with('.' + entry.key) ? fmt::format("it belongs under {}; check the indentation", place)
                                              : "it belongs to the left edge; check the indentation";
        break;
      }
  complain(entry.at, below(path, found_name(entry.key)), {"the key is not known", std::move(hint)});
}

void Reader::later_key(const Entry& entry, const std::string& path) {
  complain(
      entry.at, below(path, entry.key),
      {fmt::format("{} is not supported yet", entry.key),
       fmt::format("remove the key {} and what stands under it; this version would do nothing with it", entry.key)});
}

void Reader::missing_key(const Node& node, const std::string& path, std::string_view key) {
  complain(node.at, below(path, key), {fmt::format("the key {} is missing", key), kSeeExample});
}

bool Reader::read(const Node& node, const std::string& path, std::string& into) {
  const std::string* text = text_of(node, path, "a single value");
  if (text == nullptr) return false;
  into = *text;
  show(path, into, &node);
  return true;
}

bool Reader::read(const Node& node, const std::string& path, double& into) {
  const std::string* text = text_of(node, path, "a number such as 0.5");
  if (text == nullptr) return false;
  if (node.quoted) {
    complain(node.at, path,
             {fmt::format("found the text {}, allowed is a number", found(*text)), "write it without quotes"});
    return false;
  }
  double number = 0;
  if (auto complaint = parse_number(*text, number)) {
    complain(node.at, path, *std::move(complaint));
    return false;
  }
  into = number;
  show(path, *text, &node);
  return true;
}

bool Reader::read(const Node& node, const std::string& path, std::vector<std::string>& into) {
  if (!is_list(node, path)) return false;
  std::vector<std::string> texts;
  bool whole = true;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string* text = text_of(node.items[i], fmt::format("{}[{}]", path, i), "a single value");
    if (text != nullptr)
      texts.push_back(*text);
    else
      whole = false;
  }
  if (!whole) return false;
  into = std::move(texts);
  show(path, joined(into), &node);
  return true;
}

bool Reader::read(const Node& node, const std::string& path, ListenAddress& into) {
  const std::string* text = text_of(node, path, "address:port, such as 127.0.0.1:8420");
  if (text == nullptr) return false;
  if (auto complaint = parse_listen(*text, into)) {
    complain(node.at, path, *std::move(complaint));
    return false;
  }
  show(path, into.text(), &node);
  return true;
}

bool Reader::read(const Node& node, const std::string& path, time::Zone& into) {
  const std::string* text = text_of(node, path, "the name of a time zone, such as Europe/Berlin");
  if (text == nullptr) return false;
  auto zone = time::Zone::find(*text);
  if (!zone) {
    const Error error = std::move(zone).error();
    const bool unknown = error.kind == ErrorKind::bad_input;
    complain(node.at, path,
             {unknown ? fmt::format("found {}, allowed is the name of a time zone", found(*text)) : error.message,
              unknown ? zone_hint(*text, error.hint) : error.hint});
    return false;
  }
  into = std::move(*zone);
  show(path, into.name(), &node);
  return true;
}

bool Reader::read(const Node& node, const std::string& path, SecretPlace& into) {
  // A text here is most likely the secret: nothing of it may be repeated.
  if (node.kind == Node::Kind::text) {
    const std::string key = path.substr(path.rfind('.') + 1);
    complain(node.at, path,
             {"found a text, which may be the secret itself; allowed is the place where the secret is kept",
              fmt::format("move it into a file that only backstock can read and write {}: {{file: /path/to/it}}, or "
                          "{}: {{credential: NAME}} for a credential of systemd",
                          key, key)});
    return false;
  }
  if (!is_map(node, path)) return false;
  const std::size_t problems_before = into_.problems.size();
  return read_place(node, path, into) && into_.problems.size() == problems_before;
}

bool Reader::read_place(const Node& node, const std::string& path, SecretPlace& into) {
  check_keys<SecretPlace>(node, path);
  SecretPlace place;
  bool sound = true;
  const auto take = [&](const auto& field) {
    const Entry* entry = node.find(field.key);
    if (entry == nullptr) return;
    const std::string field_path = below(path, field.key);
    const std::string* text = text_of(entry->value, field_path, "a single value");
    auto complaint = text == nullptr ? std::nullopt : field.check(*text);
    // What is neither path nor name may be the secret, put under the wrong key.
    if (complaint)
      complain(entry->value.at, field_path,
               {fmt::format("found something else than a {} (not repeated here, as it may be the secret)",
                            field.key == "file" ? "path that begins with /" : "name of letters, digits, - _ and ."),
                complaint->hint});
    sound = sound && text != nullptr && !complaint;
    if (text != nullptr && !complaint) place.*field.member = *text;
  };
  std::apply([&](const auto&... fields) { (take(fields), ...); }, SecretPlace::fields());
  if (!sound) return false;
  if (place.file.empty() == place.credential.empty()) {
    complain(node.at, path,
             {place.file.empty() ? "found neither file nor credential, one is needed"
                                 : "found both file and credential, allowed is one of them",
              "write {file: /path/to/it}, or {credential: NAME} for a credential of systemd"});
    return false;
  }
  if (secrets_ == Secrets::check)
    if (auto secret = read_secret(place, sources_); !secret) {
      complain(node.at, path, {secret.error().message, secret.error().hint});
      return false;
    }
  into = std::move(place);
  show(path, into.shown(), &node);
  return true;
}

bool Reader::read(const Node& node, const std::string& path, Schedule& into) {
  if (node.kind == Node::Kind::text) {
    complain(node.at, path,
             {"found a single value, allowed are keys with values",
              fmt::format("write {{default: {}}} for all content types", found(node.text))});
    return false;
  }
  if (!is_map(node, path)) return false;
  std::vector<std::string_view> known = {Schedule::kDefault};
  for (const content::ContentType& type : content::all_types()) known.push_back(type.name);
  for (const Entry& entry : node.entries) {
    if (entry.key != Schedule::kDefault && content::find_type(entry.key) == nullptr) {
      complain(entry.at, below(path, found_name(entry.key)),
               {"there is no such content type", did_you_mean(entry.key, known)});
      continue;
    }
    const std::string cron_path = below(path, entry.key);
    const std::string* text = text_of(entry.value, cron_path, "a schedule such as \"0 3 * * *\", or manual");
    if (text == nullptr) continue;
    auto cron = time::Cron::parse(*text);
    if (!cron) {
      // The words of the cron reader quote what was typed; found() knows what may not be quoted.
      const std::string shown = found(*text);
      complain(entry.value.at, cron_path,
               {shown.front() == '"' ? cron.error().message : fmt::format("found {}, allowed is a schedule", shown),
                cron.error().hint});
      continue;
    }
    show(cron_path, cron->text, &entry.value);
    (entry.key == Schedule::kDefault ? into.fallback : into.by_type[entry.key]) = std::move(*cron);
  }
  if (node.find(Schedule::kDefault) == nullptr) show_default(path, Schedule());
  return true;
}

void Reader::show_default(const std::string& path, const std::string& value) { show(path, value, nullptr); }
void Reader::show_default(const std::string& path, const double& value) {
  show(path, fmt::format("{}", value), nullptr);
}
void Reader::show_default(const std::string& path, const std::vector<std::string>& value) {
  show(path, joined(value), nullptr);
}
void Reader::show_default(const std::string& path, const ListenAddress& value) { show(path, value.text(), nullptr); }
void Reader::show_default(const std::string& path, const time::Zone& value) { show(path, value.name(), nullptr); }
void Reader::show_default(const std::string& path, const std::optional<SecretPlace>&) {
  show(path, "(not set)", nullptr);
}
void Reader::show_default(const std::string& path, const Schedule& value) {
  show(below(path, Schedule::kDefault), value.fallback.text, nullptr);
}

}  // namespace backstock::config
