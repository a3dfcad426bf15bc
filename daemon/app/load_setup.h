// From the checked config to what the rooms want.
#pragma once

#include "cli/surroundings.h"
#include "config/config.h"
#include "config/load.h"

namespace backstock::app {

// The real machine, made once in main().
struct Machine {
  sys::Fs* fs;
  Clock* clock;
  Random* random;
};

config::Sources config_sources(sys::Fs& fs);

// bad_input with every problem in the message, one a line.
Result<config::Config> load_config(const std::string& path, const config::Sources& sources, config::Secrets secrets);

cli::Setup make_setup(const config::Config& config, const Machine& machine);

}  // namespace backstock::app
