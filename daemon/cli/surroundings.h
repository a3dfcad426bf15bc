// What the commands need from outside, made by app/ (or a test).
//
// A command never reads the config itself: `load` gives the stores ready to use.
#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "backup/run_types.h"
#include "base/secret.h"
#include "net/http_transport.h"
#include "store_api/store_client.h"
#include "vault/retention.h"
#include "vault/vault_options.h"

namespace backstock::cli {

struct StoreSetup {
  std::string name;
  vault::Options vault;
  store_api::Options api;  // without the token: see with_token()
  double deletion_brake = 0.2;
  std::vector<std::string> extra_parts = {};  // see backup::RunRequest
  // Between two looks at a full disk, for a run that waits for room.
  std::chrono::milliseconds look_for_room = std::chrono::minutes(1);
  vault::RetentionPolicy retention = {};
  // Read at the moment of use, so that a token replaced on disk is taken up and readers need none.
  std::function<Result<Secret>()> token;
};

// The options to talk to the store with.
inline Result<store_api::Options> with_token(const StoreSetup& store) {
  store_api::Options api = store.api;
  api.token = TRY(store.token());
  return api;
}

struct Setup {
  std::vector<StoreSetup> stores;
  sys::Path socket;  // where a running daemon listens
};

// Progress lines and the answer of a daemon that is asked to do something.
struct DaemonAnswer {
  bool reached = false;  // false: no daemon runs; do it here
  Result<Json> answer = Json();
};

struct Surroundings {
  sys::Fs* fs = nullptr;
  Clock* clock = nullptr;
  Random* random = nullptr;
  std::FILE* out = stdout;
  std::FILE* err = stderr;
  bool err_is_terminal = false;
  std::stop_token stop;
  // After `stop`: did the program only end (then a run is taken up again), or did somebody cancel?
  std::function<bool()> leaving;
  std::function<Result<Setup>(const std::string& config)> load;
  std::function<std::unique_ptr<net::HttpTransport>()> make_transport;
  // Sends one request to the daemon at the socket and waits for its end, with progress.
  std::function<DaemonAnswer(const sys::Path& socket, const Json& request,
                             const std::function<void(const Json&)>& progress, std::stop_token stop)>
      ask_daemon;
  // `admin …`, by the running daemon or on state.db itself: see app/admin_desk.h.
  std::function<Result<Json>(const std::string& config, const Json& request)> ask_admin;
  // The commands that need the whole wiring.
  std::function<int(const std::string& config)> serve;
  std::function<int(const std::string& config, bool json)> config_check;
  std::function<int(const std::string& config, bool json)> config_show;
};

}  // namespace backstock::cli
