// SPDX-License-Identifier: MIT
#include "protocol/hash.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <utility>

namespace nats_mcp {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

/// In which the ids of projects are names; random, and never another one.
constexpr std::string_view space_of_projects = "9d7f6f0c-5b0e-4d0a-9b1e-3a6c2f8e4b57";

/// The bytes of a digest, as characters.
result<std::string> digest_of(std::string_view text, const EVP_MD* how, std::string_view name) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &length, how, nullptr) != 1) {
    return fail(ec::system_error,
                "The crypto library of this system does not offer " + std::string{name} + ".");
  }
  return std::string{digest.begin(), digest.begin() + length};
}

std::string to_hex(std::string_view bytes) {
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char byte : bytes) {
    out += hex_digits[static_cast<std::uint8_t>(byte) >> 4U];
    out += hex_digits[static_cast<std::uint8_t>(byte) & 0xfU];
  }
  return out;
}

/// The sixteen bytes a UUID stands for.
std::string bytes_of(std::string_view uuid) {
  std::string out;
  std::size_t high = 0;
  bool half = false;
  for (const char letter : uuid) {
    const auto digit = hex_digits.find(letter);
    if (digit == std::string_view::npos) {
      continue; // the dashes
    }
    if (half) {
      out += static_cast<char>(high << 4U | digit);
    }
    high = digit;
    half = !half;
  }
  return out;
}

} // namespace

result<std::string> sha256(std::string_view text) {
  return digest_of(text, EVP_sha256(), "SHA-256").map(to_hex);
}

result<std::string> short_hash(std::string_view text) {
  return sha256(text).map([](std::string digest) { return digest.substr(0, 16); });
}

result<std::string> make_uuid_of_name(std::string_view space, std::string_view name) {
  auto digest = digest_of(bytes_of(space).append(name), EVP_sha1(), "SHA-1");
  if (!digest) {
    return tl::make_unexpected(std::move(digest.error()));
  }
  auto& bytes = *digest;
  bytes[6] = static_cast<char>((static_cast<std::uint8_t>(bytes[6]) & 0x0fU) | 0x50U); // version 5
  bytes[8] = static_cast<char>((static_cast<std::uint8_t>(bytes[8]) & 0x3fU) | 0x80U); // variant 10
  auto text = to_hex(std::string_view{bytes}.substr(0, 16));
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) {
    text.insert(dash, 1, '-');
  }
  return text;
}

result<std::string> make_name_uuid(std::string_view project_id, std::string_view name) {
  return make_uuid_of_name(space_of_projects, project_id)
    .and_then([name](const std::string& space) { return make_uuid_of_name(space, name); });
}

} // namespace nats_mcp
