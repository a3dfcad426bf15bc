// What `backstock admin …` asks for: one-time links and API tokens. The same for the running daemon, which is asked
// over the control socket, and without one, when the command works on state.db itself.
//
// Requests {"command":"admin_link"}                                    -> {"link": URL, "hours": 24}
//          {"command":"admin_tokens"}                                  -> {"tokens": [{id, name, access, created_at,
//          last_used_at}]}
//          {"command":"admin_token","name":N,"access":"read"|"operate"} -> {"id", "name", "access", "token"}
//          {"command":"admin_revoke","id":ID}                          -> {"id"}
//
// Threads: any. Lifetime: the accounts outlive it.
#pragma once

#include <cstdint>
#include <string>

#include "app/load_setup.h"
#include "base/json.h"
#include "state/accounts.h"

namespace backstock::app {

class AdminDesk {
 public:
  // `page` is the page's address, "http://127.0.0.1:8420/"; empty when nobody knows it.
  AdminDesk(state::Accounts& accounts, std::string page) : accounts_(&accounts), page_(std::move(page)) {}

  static bool knows(const Json& request);
  Result<Json> answer(const Json& request);
  // The address that sets a password, once.
  Result<std::string> make_link();

 private:
  Result<Json> tokens();
  Result<Json> make_token(const Json& request);

  state::Accounts* accounts_;
  std::string page_;
};

// How a browser on this machine reaches the page.
std::string page_address(const std::string& listen_host, std::uint16_t port);

// Who may use the admin listener of this configuration.
Result<std::unique_ptr<state::Accounts>> open_accounts(const config::Config& config, const Machine& machine);

// By the daemon where one runs, else here.
Result<Json> ask_admin(const std::string& config_path, const Json& request, const Machine& machine);

}  // namespace backstock::app
