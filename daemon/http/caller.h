// Who sends a request, as far as the listener knows.
#pragma once

#include <string>

namespace backstock::http {

struct Caller {
  enum class Kind {
    nobody,      // no valid session and no valid token
    session,     // a person who signed in
    read_token,  // a script or a monitor that may look
    operate_token
  };
  Kind kind = Kind::nobody;
  std::string key = {};  // "session …" or "token …": the same for all requests of one sign-in or one token; no secret
  std::string csrf = {};  // of a session: what its page proves itself with
};

}  // namespace backstock::http
