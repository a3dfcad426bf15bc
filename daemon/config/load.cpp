#include "config/load.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/reader.h"

namespace backstock::config {
namespace {

std::string lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// Names stand in addresses and on command lines, hashes name folders: each may be there once.
void check_stores(const Node& root, const std::vector<Store>& stores, Reader& reader) {
  const Entry* entry = root.find("stores");
  if (entry == nullptr || entry->value.kind != Node::Kind::list) return;
  const std::vector<Node>& nodes = entry->value.items;
  if (nodes.empty())
    reader.complain(entry->value.at, "stores",
                    {"found an empty list, at least one store is needed", "backstock.example.yaml shows one"});
  const auto mark = [&](std::size_t i, std::string_view key) {
    const Entry* value = nodes[i].find(key);
    return value == nullptr ? nodes[i].at : value->value.at;
  };
  const auto complain = [&](std::size_t i, std::size_t first, std::string_view key, const char* hint) {
    reader.complain(mark(i, key), fmt::format("stores[{}].{}", i, key),
                    {fmt::format("stores[{}] in line {} has the same {}", first, mark(first, key).line, key), hint});
  };
  for (std::size_t i = 0; i < stores.size(); ++i)
    for (std::size_t first = 0; first < i; ++first) {
      if (!stores[i].name.empty() && lower_case(stores[i].name) == lower_case(stores[first].name))
        complain(i, first, "name", "give each store a name of its own; small and capital letters count as the same");
      if (!stores[i].store_hash.empty() && stores[i].store_hash == stores[first].store_hash)
        complain(i, first, "store_hash", "list a store once; its versions have one home");
    }
}

void finish(Loaded& loaded) {
  if (loaded.problems.empty()) return;
  std::stable_sort(loaded.problems.begin(), loaded.problems.end(), [](const Problem& a, const Problem& b) {
    return std::pair(a.line, a.column) < std::pair(b.line, b.column);
  });
  loaded.config.reset();
  loaded.shown.clear();
}

Problem unreadable(const std::string& path, const Error& error) {
  if (error.kind == ErrorKind::not_found)
    return {path,
            0,
            0,
            "",
            "the file does not exist",
            "copy backstock.example.yaml there and edit it, or name another file with --config or $BACKSTOCK_CONFIG"};
  if (error.kind == ErrorKind::too_large)
    return {path,
            0,
            0,
            "",
            fmt::format("the file has more than the allowed {} bytes", kLargestConfig),
            "check that --config names a config and not, say, a log"};
  return {path,
          0,
          0,
          "",
          error.message,
          error.hint.empty() ? "the user that runs backstock must be able to read it" : error.hint};
}

}  // namespace

Loaded load_text(std::string_view text, const std::string& file, const Sources& sources, Secrets secrets) {
  Loaded loaded;
  if (text.size() > kLargestConfig) {
    loaded.problems.push_back(unreadable(file, make_error(ErrorKind::too_large, "")));
    return loaded;
  }
  YamlTree tree = read_yaml(text, file);
  loaded.problems = std::move(tree.problems);
  if (tree.complete) {
    Reader reader(file, sources, secrets, loaded);
    if (tree.root.kind == Node::Kind::nothing) {
      reader.complain({}, "",
                      {"the file is empty: no settings in it", "copy backstock.example.yaml over it and edit that"});
    } else {
      Config config;
      reader.read(tree.root, "", config);
      check_stores(tree.root, config.stores, reader);
      loaded.config = std::move(config);
    }
  }
  finish(loaded);
  return loaded;
}

Loaded load(const std::string& path, const Sources& sources, Secrets secrets) {
  const auto text = sources.read_file(path, kLargestConfig);
  if (text) return load_text(*text, path, sources, secrets);
  Loaded loaded;
  loaded.problems.push_back(unreadable(path, text.error()));
  return loaded;
}

}  // namespace backstock::config
