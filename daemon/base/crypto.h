// The door to OpenSSL and libsodium: digests, password hashes, secrets.
//
// Threads: pure functions, but for Sha256.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"

namespace backstock {

using Sha256Digest = std::array<std::uint8_t, 32>;

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(ByteView bytes);
  // The digest of all updates; the object starts anew.
  Sha256Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Sha256Digest sha256(ByteView bytes);

// The bytes of a digest, a hash, an identity.
template <std::size_t N>
ByteView view(const std::array<std::uint8_t, N>& digest) {
  return {reinterpret_cast<const char*>(digest.data()), N};
}

std::string to_hex(ByteView bytes);
std::string to_base64(ByteView bytes);
// Empty optional on anything that is not padded standard base64.
bool from_base64(ByteView text, std::string& out);

// Argon2id at 19 MiB and two passes, with a salt of its own: takes some tens of milliseconds and that memory, here and
// for whoever guesses. The text holds all that checking needs.
Result<std::string> hash_password(const Secret& password);
bool password_matches(const Secret& password, const std::string& hash);

// 32 bytes of chance in 43 characters that need no escaping in addresses, headers and cookies.
Secret make_secret();

// Takes as long for texts that differ in their first character as for equal ones. Their length is no secret.
bool same_secret(ByteView a, ByteView b);

}  // namespace backstock
