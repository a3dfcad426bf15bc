// The folder `damaged/`: files that are out of use and kept as they are. Only for this room.
//
// Threads: one, which holds the writer's lock.
#pragma once

#include <string>

#include "vault/vault_options.h"

namespace backstock::vault {

// Moves a file of the vault ("packs/00000003.pack.zst", below its folder) there, under its name and the time, never
// over another one. Durable when it returns. Gives its new place below the vault's folder.
Result<std::string> move_aside(const Options& options, const std::string& file);

// A new text beside them.
Result<std::string> write_report(const Options& options, const std::string& text);
Result<> replace_report(const Options& options, const std::string& report, const std::string& text);

}  // namespace backstock::vault
