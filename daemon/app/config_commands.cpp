#include "app/config_commands.h"

#include "cli/terminal.h"

namespace backstock::app {
namespace {

constexpr int kBadConfig = 2;

int print_problems(const std::vector<config::Problem>& problems, bool json, std::FILE* out) {
  if (!json) {
    cli::print(out, config::format(problems));
    return kBadConfig;
  }
  Json list = Json::array();
  for (const config::Problem& p : problems)
    list.push_back(Json{{"file", p.file},
                        {"line", p.line},
                        {"column", p.column},
                        {"key", p.key_path},
                        {"message", p.message},
                        {"hint", p.hint}});
  cli::print_json(out, Json{{"problems", std::move(list)}});
  return kBadConfig;
}

}  // namespace

int config_check(const std::string& path, bool json, const Machine& machine, const cli::Surroundings& surroundings) {
  const config::Loaded loaded = config::load(path, config_sources(*machine.fs), config::Secrets::check);
  if (!loaded.config) return print_problems(loaded.problems, json, surroundings.out);
  if (json) {
    cli::print_json(surroundings.out, Json{{"problems", Json::array()}});
  } else {
    cli::print(surroundings.out, path + ": good; " + std::to_string(loaded.config->stores.size()) +
                                     (loaded.config->stores.size() == 1 ? " store.\n" : " stores.\n"));
  }
  return 0;
}

int config_show(const std::string& path, bool json, const Machine& machine, const cli::Surroundings& surroundings) {
  const config::Loaded loaded = config::load(path, config_sources(*machine.fs), config::Secrets::skip);
  if (!loaded.config) return print_problems(loaded.problems, json, surroundings.out);
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows = {{"KEY", "VALUE", "FROM"}};
  for (const config::Shown& shown : loaded.shown) {
    rows.push_back({shown.key_path, shown.value, shown.source});
    list.push_back(Json{{"key", shown.key_path}, {"value", shown.value}, {"source", shown.source}});
  }
  if (json) {
    cli::print_json(surroundings.out, Json{{"settings", std::move(list)}});
  } else {
    cli::print_table(surroundings.out, rows);
  }
  return 0;
}

}  // namespace backstock::app
