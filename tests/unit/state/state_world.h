// A state.db in a folder of its own, with a clock that the test moves.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "state/accounts.h"
#include "support/manual_clock.h"
#include "support/temp_folder.h"
#include "sys/posix_fs.h"

namespace backstock::state {

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().sentence());
  return std::move(*result);
}
inline void must(const Result<>& result) {
  if (!result) FAIL(result.error().sentence());
}

struct StateWorld {
  testing::TempFolder folder;
  sys::PosixFs fs;
  testing::ManualClock clock;
  SeededRandom random{7};
  std::string path = folder.path() + "/state.db";
  std::unique_ptr<Accounts> accounts = open();

  std::unique_ptr<Accounts> open() { return must(Accounts::open({&fs, &clock, &random, path})); }
  void restart() {
    accounts.reset();
    accounts = open();
  }
  // A password, set as a person does it.
  NewSession set_password(const char* password) {
    const Secret link = must(accounts->make_link());
    auto session = must(accounts->set_up(link, Secret(password)));
    REQUIRE(session);
    return *session;
  }
  bool is_session(const NewSession& session, bool use = true) {
    return must(accounts->find_session(session.cookie, use)).has_value();
  }
  // Every byte of state.db and the files beside it.
  std::string bytes() const {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      if (entry.path().extension() == ".db-shm") continue;  // locks and an index of the WAL, made anew at each start
      std::ifstream file(entry.path(), std::ios::binary);
      all += entry.path().filename().string() + std::string(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }
};

}  // namespace backstock::state
