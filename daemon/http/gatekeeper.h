// Finds out who sends a request, and whether they may.
//
// Threads: any. Lifetime: the accounts are borrowed for the call.
#pragma once

#include <optional>

#include "http/caller.h"
#include "http/message.h"
#include "state/accounts.h"

namespace backstock::http {

enum class Access {
  open,                // whoever reaches the listener under an allowed name
  session_or_read,     // who is signed in, or any token
  session_or_operate,  // who is signed in, or a token that may start and cancel runs
  session              // who is signed in
};

// By the token where there is an Authorization header, else by the cookie. `use`: does this keep the session alive?
Result<Caller> find_caller(state::Accounts& accounts, const Request& request, bool use);

// May this caller still do what it once was let do? For answers that go on.
Result<bool> still_valid(state::Accounts& accounts, const std::string& caller_key);

// nullopt: it may. Else the answer: 401, 403. A session that is about to change something must show its CSRF value.
std::optional<Response> refuse_caller(const Caller& caller, Access access, const Request& request);

}  // namespace backstock::http
