// The program: makes the real machine, hands it to the command line, gives the exit code.
#pragma once

namespace backstock::app {

int run(int argc, const char* const* argv);

}  // namespace backstock::app
