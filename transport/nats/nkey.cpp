// SPDX-License-Identifier: MIT
#include "transport/nats/nkey.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <memory>
#include <vector>

namespace nats_mcp::transport {

namespace {

// The layout of nkeys (github.com/nats-io/nkeys): prefix, key, CRC-16/XMODEM, all in base32.
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t key_bytes = 32;
constexpr std::size_t seed_bytes = 2 + key_bytes + 2;
constexpr std::uint8_t prefix_seed = 18 << 3;
constexpr std::uint8_t prefix_user = 20 << 3;

std::uint16_t crc16(const std::vector<std::uint8_t>& bytes, std::size_t count) {
  std::uint32_t crc = 0;
  for (std::size_t i = 0; i < count; ++i) {
    crc ^= static_cast<std::uint32_t>(bytes[i]) << 8U;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 0x8000U) != 0 ? (crc << 1U) ^ 0x1021U : crc << 1U;
    }
    crc &= 0xffffU;
  }
  return static_cast<std::uint16_t>(crc);
}

std::vector<std::uint8_t> decode_base32(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  std::uint32_t bits = 0;
  unsigned bit_count = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) {
      return {};
    }
    bits = ((bits << 5U) | static_cast<std::uint32_t>(value)) & 0xfffffU;
    bit_count += 5;
    if (bit_count >= 8) {
      bit_count -= 8;
      bytes.push_back(static_cast<std::uint8_t>((bits >> bit_count) & 0xffU));
    }
  }
  return bytes;
}

std::string encode_base32(const std::vector<std::uint8_t>& bytes) {
  std::string text;
  std::uint32_t bits = 0;
  unsigned bit_count = 0;
  for (const auto byte : bytes) {
    bits = ((bits << 8U) | byte) & 0xfffffU;
    bit_count += 8;
    while (bit_count >= 5) {
      bit_count -= 5;
      text += alphabet[(bits >> bit_count) & 31U];
    }
  }
  if (bit_count > 0) {
    text += alphabet[(bits << (5 - bit_count)) & 31U];
  }
  return text;
}

struct key_deleter {
  void operator()(EVP_PKEY* it) const noexcept { EVP_PKEY_free(it); }
};

tl::unexpected<error> no_seed(std::string_view reason) {
  return fail(ec::authentication_failed,
              "The nkey seed cannot be used: " + std::string{reason}
                + ". A user seed begins with SU and is made by `nk -gen user`.");
}

} // namespace

result<std::string> public_nkey(std::string_view seed) {
  auto bytes = decode_base32(seed);
  if (bytes.size() != seed_bytes) {
    return no_seed("it has the wrong length or a letter that no seed has");
  }
  const auto sum = static_cast<std::uint16_t>(bytes[seed_bytes - 2] | (bytes[seed_bytes - 1] << 8));
  const bool user = (bytes[0] & 0xf8U) == prefix_seed
                    && (((bytes[0] & 7U) << 5U) | (bytes[1] >> 3U)) == prefix_user;
  if (!user || sum != crc16(bytes, seed_bytes - 2)) {
    OPENSSL_cleanse(bytes.data(), bytes.size());
    return no_seed(user ? "its checksum is wrong" : "it is not the seed of a user");
  }
  const std::unique_ptr<EVP_PKEY, key_deleter> key{
    EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes.data() + 2, key_bytes)};
  OPENSSL_cleanse(bytes.data(), bytes.size());
  std::vector<std::uint8_t> encoded(1 + key_bytes);
  encoded[0] = prefix_user;
  auto length = key_bytes;
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), encoded.data() + 1, &length) != 1) {
    return no_seed("no key could be made of it");
  }
  const auto check = crc16(encoded, encoded.size());
  encoded.push_back(static_cast<std::uint8_t>(check & 0xffU));
  encoded.push_back(static_cast<std::uint8_t>(check >> 8U));
  return encode_base32(encoded);
}

result<std::string> public_nkey_of_file(const std::string& path) {
  std::ifstream file{path};
  if (!file) {
    return fail(ec::authentication_failed,
                "The nkey seed file \"" + path + "\" cannot be opened. Check its path and rights.");
  }
  for (std::string line; std::getline(file, line);) {
    const auto begin = line.find_first_not_of(" \t\r");
    if (begin == std::string::npos || line.compare(begin, 2, "SU") != 0) {
      continue;
    }
    const auto end = line.find_last_not_of(" \t\r");
    auto key = public_nkey(std::string_view{line}.substr(begin, end - begin + 1));
    OPENSSL_cleanse(line.data(), line.size());
    return key;
  }
  return fail(ec::authentication_failed,
              "The nkey seed file \"" + path + "\" holds no user seed (a line beginning with SU).");
}

} // namespace nats_mcp::transport
