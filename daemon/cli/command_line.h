// The command line: names, options, help, exit codes. One file per command beside this one.
//
// Exit codes: 0 done, 1 failed in part or whole, 2 bad usage or config, 3 not found.
#pragma once

#include "cli/surroundings.h"

namespace backstock::cli {

int run_command_line(int argc, const char* const* argv, Surroundings surroundings);

}  // namespace backstock::cli
