// The door to OpenSSL and libsodium: digests now; password hashes and encryption when issues need them.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"

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

}  // namespace backstock
