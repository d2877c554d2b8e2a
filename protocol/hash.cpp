// SPDX-License-Identifier: MIT
#include "protocol/hash.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdint>

namespace nats_mcp {

result<std::string> sha256(std::string_view text) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
    return fail(ec::system_error, "The crypto library of this system does not offer SHA-256.");
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * std::size_t{length});
  for (unsigned at = 0; at < length; ++at) {
    out += digits[digest[at] >> 4U];
    out += digits[digest[at] & 0xfU];
  }
  return out;
}

result<std::string> short_hash(std::string_view text) {
  return sha256(text).map([](std::string digest) { return digest.substr(0, 16); });
}

} // namespace nats_mcp
