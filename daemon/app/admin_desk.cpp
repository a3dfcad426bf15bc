#include "app/admin_desk.h"

#include "app/control_socket.h"

namespace backstock::app {
namespace {

constexpr std::string_view kLink = "admin_link";
constexpr std::string_view kTokens = "admin_tokens";
constexpr std::string_view kToken = "admin_token";
constexpr std::string_view kRevoke = "admin_revoke";

}  // namespace

bool AdminDesk::knows(const Json& request) {
  const std::string command = string_at(request, "command");
  return command == kLink || command == kTokens || command == kToken || command == kRevoke;
}

Result<Json> AdminDesk::answer(const Json& request) {
  const std::string command = string_at(request, "command");
  if (command == kLink) return Json{{"link", TRY(make_link())}, {"hours", state::kLinkLife.count()}};
  if (command == kTokens) return tokens();
  if (command == kToken) return make_token(request);
  const std::string id = string_at(request, "id");
  TRY(accounts_->revoke_token(id));
  return Json{{"id", id}};
}

Result<std::string> AdminDesk::make_link() {
  if (page_.empty()) {
    return make_error(ErrorKind::conflict, "the page's address is not known: admin.listen has port 0",
                      "start the daemon, or give admin.listen a port");
  }
  // Behind the #: a browser keeps that to itself, so it reaches no server's log.
  return page_ + "#/setup/" + TRY(accounts_->make_link()).reveal();
}

Result<Json> AdminDesk::tokens() {
  Json all = Json::array();
  for (const state::Token& token : TRY(accounts_->tokens())) {
    all.push_back(
        Json{{"id", token.id},
             {"name", token.name},
             {"access", to_string(token.access)},
             {"created_at", format_rfc3339(token.created_at)},
             {"last_used_at", token.last_used_at ? Json(format_rfc3339(*token.last_used_at)) : Json(nullptr)}});
  }
  return Json{{"tokens", std::move(all)}};
}

Result<Json> AdminDesk::make_token(const Json& request) {
  const auto access = state::token_access(string_at(request, "access"));
  if (!access) return make_error(ErrorKind::bad_input, "a token's access is read or operate");
  const state::NewToken made = TRY(accounts_->make_token(string_at(request, "name"), *access));
  return Json{{"id", made.token.id},
              {"name", made.token.name},
              {"access", to_string(*access)},
              {"token", made.secret.reveal()}};
}

std::string page_address(const std::string& listen_host, std::uint16_t port) {
  // The wildcards listen everywhere, so on loopback too.
  const std::string host = listen_host == "0.0.0.0" ? "127.0.0.1" : listen_host == "::" ? "::1" : listen_host;
  return "http://" + (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port) + "/";
}

Result<std::unique_ptr<state::Accounts>> open_accounts(const config::Config& config, const Machine& machine) {
  TRY(machine.fs->make_folder(config.data_dir));
  return state::Accounts::open({machine.fs, machine.clock, machine.random, sys::join(config.data_dir, "state.db")});
}

Result<Json> ask_admin(const std::string& config_path, const Json& request, const Machine& machine) {
  const config::Config config = TRY(load_config(config_path, config_sources(*machine.fs), config::Secrets::skip));
  cli::DaemonAnswer daemon = ask_daemon(
      make_setup(config, machine).socket, request, [](const Json&) {}, std::stop_token());
  if (daemon.reached) return std::move(daemon.answer);
  const auto accounts = TRY(open_accounts(config, machine));
  const config::ListenAddress& listen = config.admin.listen;
  return AdminDesk(*accounts, listen.port == 0 ? "" : page_address(listen.host, listen.port)).answer(request);
}

}  // namespace backstock::app
