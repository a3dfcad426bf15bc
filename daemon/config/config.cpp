#include "config/config.h"

namespace backstock::config {
namespace {

template <class T>
concept HoldsFields = requires {
  typename T::value_type;
}
&&HasFields<typename T::value_type>;

template <class T>
concept List = requires(T list) {
  list.push_back(list.front());
};

template <class T>
void add_keys(const std::string& key, std::vector<std::string>& into) {
  if constexpr (std::is_same_v<T, Retention::Types>) {
    return;
  } else if constexpr (HasFields<T>) {
    // The block stands in two places with one meaning.
    const bool told = std::is_same_v<T, Retention> && key != "retention";
    const auto add = [&]<class F>(const F& field) {
      if (told && field.need == Need::optional) return;
      add_keys<typename F::ValueType>((key.empty() ? "" : key + '.') + std::string(field.key), into);
    };
    std::apply([&](const auto&... fields) { (add(fields), ...); }, T::fields());
  } else if constexpr (HoldsFields<T>) {
    add_keys<typename T::value_type>(List<T> ? key + "[]" : key, into);
  } else if constexpr (std::is_same_v<T, Schedule>) {
    into.push_back(key + '.' + std::string(Schedule::kDefault));
  } else {
    into.push_back(key);
  }
}

}  // namespace

Schedule::Schedule() : fallback(time::Cron::parse("0 3 * * *").value()) {}

const time::Cron& Schedule::of(std::string_view type) const {
  const auto own = by_type.find(type);
  return own == by_type.end() ? fallback : own->second;
}

std::vector<std::string> all_keys() {
  std::vector<std::string> keys;
  add_keys<Config>("", keys);
  return keys;
}

}  // namespace backstock::config
