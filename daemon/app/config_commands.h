// `backstock config check` and `config show`.
#pragma once

#include "app/load_setup.h"

namespace backstock::app {

// 0, or 2 with every problem on standard output.
int config_check(const std::string& path, bool json, const Machine& machine, const cli::Surroundings& surroundings);
int config_show(const std::string& path, bool json, const Machine& machine, const cli::Surroundings& surroundings);

}  // namespace backstock::app
