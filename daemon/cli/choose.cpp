#include "cli/commands.h"
#include "content/registry.h"

namespace backstock::cli {
namespace {

std::string names_of(const Setup& setup) {
  std::string names;
  for (const StoreSetup& store : setup.stores) names += (names.empty() ? "" : ", ") + store.name;
  return names;
}

}  // namespace

Result<StoreSetup> choose_store(const Setup& setup, const std::string& name) {
  if (name.empty() && setup.stores.size() == 1) return setup.stores.front();
  for (const StoreSetup& store : setup.stores) {
    if (store.name == name) return store;
  }
  if (name.empty())
    return make_error(ErrorKind::bad_input, "there are several stores", "name one of: " + names_of(setup));
  return make_error(ErrorKind::bad_input, "there is no store \"" + name + "\" in the config",
                    "name one of: " + names_of(setup));
}

Result<std::vector<StoreSetup>> choose_stores(const Setup& setup, const std::string& name) {
  if (name.empty()) return setup.stores;
  return std::vector<StoreSetup>{TRY(choose_store(setup, name))};
}

Result<const content::ContentType*> choose_type(const std::string& name) {
  if (const content::ContentType* type = content::find_type(name)) return type;
  std::string names;
  for (const content::ContentType& type : content::all_types())
    names.append(names.empty() ? "" : ", ").append(type.name);
  return make_error(ErrorKind::bad_input, "there is no content type \"" + name + "\"", "name one of: " + names);
}

}  // namespace backstock::cli
