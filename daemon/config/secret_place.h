// Where a credential is kept: a file of its own, or a credential that systemd hands to the service. Never the config.
//
// A SecretPlace holds no secret: it can be shown. read_secret() fetches the secret at the moment it is needed, so that
// a token replaced on disk is taken up, and a token for restores is in memory only during one.
//
// Promise: no message holds anything of the content. A file that group or others can read or write is refused; a
// credential is not looked at in this way, as systemd guards its folder and shows its access list as group bits.
// One line break at the end is not part of the secret; any other white space is refused, as it is a slip of the
// editor and would be sent in a header.
//
// Threads: as the Sources. Errors: not_found, bad_input, or what reading said; each with the command to run.
#pragma once

#include <string>

#include "base/secret.h"
#include "config/checks.h"
#include "config/field.h"
#include "config/sources.h"

namespace backstock::config {

// Exactly one of the two is set.
struct SecretPlace {
  std::string file;
  std::string credential;

  static constexpr auto fields() {
    return std::tuple(field("file", &SecretPlace::file, Need::optional, check_absolute_path),
                      field("credential", &SecretPlace::credential, Need::optional, check_credential_name));
  }

  // "(file /etc/backstock/acme.token)".
  std::string shown() const;
  bool operator==(const SecretPlace&) const = default;
};

Result<Secret> read_secret(const SecretPlace& place, const Sources& sources);

}  // namespace backstock::config
