// One setting of a struct: its key, its member, whether it must be there, and what else must hold for its value.
//
// A settings struct lists its fields once, in `static constexpr auto fields()`. Reading, "unknown key, did you mean",
// `config show` and the test of backstock.example.yaml all walk that list. Defaults are the member initialisers.
#pragma once

#include <optional>
#include <string_view>
#include <type_traits>

#include "config/problem.h"

namespace backstock::config {

enum class Need { optional, required };

template <class Value>
using Check = std::optional<Complaint> (*)(const Value& value);

template <class Owner, class Value>
struct Field {
  using ValueType = Value;
  std::string_view key;
  Value Owner::*member;
  Need need;
  Check<Value> check;
};

template <class Owner, class Value>
constexpr Field<Owner, Value> field(std::string_view key, Value Owner::*member, Need need = Need::optional,
                                    std::type_identity_t<Check<Value>> check = nullptr) {
  return {key, member, need, check};
}

template <class T>
concept HasFields = requires {
  T::fields();
};

}  // namespace backstock::config
