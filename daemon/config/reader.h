// Walks a tree of YAML along the fields() of the settings structs: fills them, complains, and notes what to show.
//
// Used by load.cpp alone. One read() for each type that a setting can have; adding a type is one more of them.
// A value that was complained about keeps its default, and reading goes on: all problems are told at once.
//
// Threads: one Reader, one thread. Lifetime: what the constructor takes outlives the Reader.
#pragma once

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "config/load.h"
#include "config/yaml_tree.h"

namespace backstock::config {

class Reader {
 public:
  Reader(const std::string& file, const Sources& sources, Secrets secrets, Loaded& into)
      : file_(file), sources_(sources), secrets_(secrets), into_(into) {}

  void complain(Mark at, const std::string& path, Complaint complaint);

  // Each: true when `into` was set. `path` names the value in problems.
  bool read(const Node& node, const std::string& path, std::string& into);
  bool read(const Node& node, const std::string& path, double& into);
  bool read(const Node& node, const std::string& path, std::vector<std::string>& into);
  bool read(const Node& node, const std::string& path, ListenAddress& into);
  bool read(const Node& node, const std::string& path, time::Zone& into);
  bool read(const Node& node, const std::string& path, SecretPlace& into);
  bool read(const Node& node, const std::string& path, Schedule& into);
  bool read(const Node& node, const std::string& path, Span& into);
  bool read(const Node& node, const std::string& path, Count& into);
  bool read(const Node& node, const std::string& path, Size& into);
  bool read(const Node& node, const std::string& path, Retention::Types& into);

  template <HasFields T>
  bool read(const Node& node, const std::string& path, T& into) {
    if (!is_map(node, path)) return false;
    check_keys<T>(node, path);
    std::apply([&](const auto&... fields) { (read_field(node, path, fields, into), ...); }, T::fields());
    return true;
  }

  // A value, or a block of values, that may be left out.
  template <class T>
  bool read(const Node& node, const std::string& path, std::optional<T>& into) {
    T value;
    if (!read(node, path, value)) return false;
    into = std::move(value);
    return true;
  }

  template <HasFields T>
  bool read(const Node& node, const std::string& path, std::vector<T>& into) {
    if (!is_list(node, path)) return false;
    for (std::size_t i = 0; i < node.items.size(); ++i)
      read(node.items[i], path + '[' + std::to_string(i) + ']', into.emplace_back());
    return true;
  }

 private:
  bool is_map(const Node& node, const std::string& path);
  bool is_list(const Node& node, const std::string& path);
  const std::string* text_of(const Node& node, const std::string& path, std::string_view allowed);
  void unknown_key(const Entry& entry, const std::string& path, const std::vector<std::string_view>& known);
  void later_key(const Entry& entry, const std::string& path);
  void missing_key(const Node& node, const std::string& path, std::string_view key);
  void show(const std::string& path, std::string value, const Node* node);
  bool read_place(const Node& node, const std::string& path, SecretPlace& into);

  void show_default(const std::string& path, const std::string& value);
  void show_default(const std::string& path, const double& value);
  void show_default(const std::string& path, const std::vector<std::string>& value);
  void show_default(const std::string& path, const ListenAddress& value);
  void show_default(const std::string& path, const time::Zone& value);
  void show_default(const std::string& path, const std::optional<SecretPlace>& value);
  void show_default(const std::string& path, const Schedule& value);
  void show_default(const std::string& path, const Span& value);
  void show_default(const std::string& path, const Count& value);
  void show_default(const std::string& path, const std::optional<Span>& value);
  void show_default(const std::string& path, const std::optional<Count>& value);
  void show_default(const std::string& path, const Size& value);
  void show_default(const std::string& path, const Retention::Types& value);
  void show_default(const std::string& path, const std::optional<Retention>& value);
  template <HasFields T>
  void show_default(const std::string& path, const T& value) {
    std::apply([&](const auto&... fields) { (show_default(below(path, fields.key), value.*fields.member), ...); },
               T::fields());
  }
  template <HasFields T>
  void show_default(const std::string&, const std::vector<T>&) {}

  static std::string below(const std::string& path, std::string_view key) {
    return path.empty() ? std::string(key) : path + '.' + std::string(key);
  }

  template <HasFields T>
  void check_keys(const Node& node, const std::string& path) {
    std::vector<std::string_view> known;
    std::apply([&](const auto&... fields) { (known.push_back(fields.key), ...); }, T::fields());
    for (const Entry& entry : node.entries) {
      if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
      if constexpr (requires { T::kLater; }) {
        if (std::find(T::kLater.begin(), T::kLater.end(), entry.key) != T::kLater.end()) {
          later_key(entry, path);
          continue;
        }
      }
      unknown_key(entry, path, known);
    }
  }

  template <class Owner, class Value>
  void read_field(const Node& map, const std::string& path, const Field<Owner, Value>& field, Owner& into) {
    const std::string value_path = below(path, field.key);
    const Entry* entry = map.find(field.key);
    if (entry == nullptr) {
      if (field.need == Need::required)
        missing_key(map, path, field.key);
      else
        show_default(value_path, into.*field.member);
      return;
    }
    if (!read(entry->value, value_path, into.*field.member) || field.check == nullptr) return;
    if (auto complaint = field.check(into.*field.member)) complain(entry->value.at, value_path, *std::move(complaint));
  }

  const std::string& file_;
  const Sources& sources_;
  Secrets secrets_;
  Loaded& into_;
};

}  // namespace backstock::config
