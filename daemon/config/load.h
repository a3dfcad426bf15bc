// Reads the config: all of it checked, or every problem at once.
//
// Promise: a config without problems is complete and in range (config.h); with problems, each names its line, its key,
// what was found, what is allowed and the next step. No problem and no shown value holds a credential.
// What is not promised: that a zone or content type known today is known to the next version.
//
// Threads: as the Sources. Errors: problems, in the order of the lines; a caller exits with 2.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/problem.h"
#include "config/sources.h"

namespace backstock::config {

inline constexpr ByteCount kLargestConfig = 1_MiB;

// Commands that only read the vault run as people who may not read the tokens, and outside the service, where its
// credentials do not exist: they skip.
enum class Secrets { check, skip };

// One effective value, for `config show`.
struct Shown {
  std::string key_path;  // "stores[0].schedule.brands"
  std::string value;     // as it would be written; secrets as "(file /etc/backstock/acme.token)"
  std::string source;    // "/etc/backstock/backstock.yaml:12", or "default"
};

struct Loaded {
  std::optional<Config> config;   // there exactly when there are no problems
  std::vector<Problem> problems;  // see format() in problem.h
  std::vector<Shown> shown;       // empty when there are problems
};

// The file at `path`.
Loaded load(const std::string& path, const Sources& sources, Secrets secrets);

// The same for text; `file` names it in problems. Files are touched only for Secrets::check.
Loaded load_text(std::string_view text, const std::string& file, const Sources& sources, Secrets secrets);

}  // namespace backstock::config
