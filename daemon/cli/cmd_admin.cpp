// `backstock admin link`, `tokens`, `token`, `revoke`: who may use the page and the API.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/terminal.h"

namespace backstock::cli {

Result<int> admin_link_command(const CommonArguments& arguments, Surroundings& s) {
  const Json answer = TRY(s.ask_admin(arguments.config, Json{{"command", "admin_link"}}));
  print(s.out, string_at(answer, "link") + "\n");
  print(s.err, fmt::format("Open it to set a password. It works once, within {} hours; who is signed in now will be "
                           "signed out. From another machine: `ssh -L`, or the name your proxy gives the page.\n",
                           integer_at(answer, "hours")));
  return 0;
}

Result<int> admin_tokens_command(const CommonArguments& arguments, Surroundings& s) {
  const Json answer = TRY(s.ask_admin(arguments.config, Json{{"command", "admin_tokens"}}));
  if (arguments.json) {
    print_json(s.out, answer);
    return 0;
  }
  std::vector<std::vector<std::string>> rows = {{"ID", "NAME", "ACCESS", "MADE", "LAST USED"}};
  for (const Json& token : array_at(answer, "tokens")) {
    rows.push_back({string_at(token, "id"), printable(string_at(token, "name"), 60), string_at(token, "access"),
                    string_at(token, "created_at"), string_at(token, "last_used_at", "never")});
  }
  if (rows.size() == 1) {
    print(s.out, "There are no tokens.\n");
  } else {
    print_table(s.out, rows);
  }
  return 0;
}

Result<int> admin_token_command(const TokenArguments& arguments, Surroundings& s) {
  const Json answer = TRY(s.ask_admin(
      arguments.config, Json{{"command", "admin_token"}, {"name", arguments.name}, {"access", arguments.access}}));
  // Alone on standard output, so that it can be piped into a file.
  print(s.out, string_at(answer, "token") + "\n");
  print(s.err, fmt::format("Its id is {}. This is the only time the token is shown; it is sent as\n"
                           "  Authorization: Bearer TOKEN\n",
                           string_at(answer, "id")));
  return 0;
}

Result<int> admin_revoke_command(const TokenArguments& arguments, Surroundings& s) {
  TRY(s.ask_admin(arguments.config, Json{{"command", "admin_revoke"}, {"id", arguments.id}}));
  print(s.err, "Revoked.\n");
  return 0;
}

}  // namespace backstock::cli
