// A machine made of maps: files with modes, and an environment.
#pragma once

#include <map>
#include <string>

#include "config/load.h"

namespace backstock::config::testing {

struct FakeMachine {
  struct File {
    std::string content;
    unsigned mode = 0600;
    bool readable = true;
  };
  std::map<std::string, File> files;
  std::map<std::string, std::string> environment;
  int reads = 0;

  Sources sources() {
    return {.read_file = [this](const std::string& path, ByteCount max) -> Result<std::string> {
              ++reads;
              const auto file = files.find(path);
              if (file == files.end()) return make_error(ErrorKind::not_found, path + ": no such file");
              if (!file->second.readable) return make_error(ErrorKind::failed, path + ": Permission denied");
              if (file->second.content.size() > max) return make_error(ErrorKind::too_large, path + " is too large");
              return file->second.content;
            },
            .file_mode = [this](const std::string& path) -> Result<unsigned> {
              const auto file = files.find(path);
              if (file == files.end()) return make_error(ErrorKind::not_found, path + ": no such file");
              return file->second.mode;
            },
            .env = [this](const std::string& name) -> std::optional<std::string> {
              const auto value = environment.find(name);
              if (value == environment.end()) return std::nullopt;
              return value->second;
            }};
  }
};

inline constexpr const char* kToken = "q7w8e9r0t1y2u3i4o5p6a7s8d9f0g1h";

// One with the token files that the texts of the tests name.
inline FakeMachine machine() {
  FakeMachine made;
  made.files["/t/acme"] = {std::string(kToken) + "\n"};
  made.files["/t/other"] = {"secondtoken"};
  return made;
}

inline Loaded load_here(const std::string& text, Secrets secrets = Secrets::check) {
  FakeMachine here = machine();
  return load_text(text, "b.yaml", here.sources(), secrets);
}

}  // namespace backstock::config::testing
