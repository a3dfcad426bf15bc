// `backstock serve`: workers, admin listener, control socket; started in this order, stopped in the reverse one.
//
// Runs until SIGTERM or SIGINT and stops within 10 s. Tells systemd when it is ready, alive and stopping.
// A second daemon on the same data_dir is refused by a lock. A store whose vault cannot be opened is logged and shown
// as unavailable, and its next run tries again; only when that is so for all of them the daemon does not start.
#pragma once

#include "app/load_setup.h"

namespace backstock::app {

// Gives the exit code.
int serve(const std::string& config_path, const Machine& machine, const cli::Surroundings& surroundings);

}  // namespace backstock::app
