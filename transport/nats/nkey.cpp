// SPDX-License-Identifier: MIT
#include "transport/nats/nkey.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <utility>

namespace nats_mcp::transport {

namespace {

// The layout of nkeys (github.com/nats-io/nkeys): prefix, key, CRC-16/XMODEM, all in base32.
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t key_bytes = 32;
constexpr std::size_t seed_bytes = 2 + key_bytes + 2;
constexpr std::size_t signature_bytes = 64;
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

struct digest_deleter {
  void operator()(EVP_MD_CTX* it) const noexcept { EVP_MD_CTX_free(it); }
};

tl::unexpected<error> no_seed(std::string_view reason) {
  return fail(ec::authentication_failed, std::string{reason});
}

} // namespace

void user_nkey::key_deleter::operator()(evp_pkey_st* it) const noexcept { EVP_PKEY_free(it); }

result<user_nkey> user_nkey::from_seed(std::string_view seed) {
  auto bytes = decode_base32(seed);
  if (bytes.size() != seed_bytes) {
    return no_seed("the seed in it has the wrong length, or a letter that no seed has");
  }
  const auto sum = static_cast<std::uint16_t>(bytes[seed_bytes - 2] | (bytes[seed_bytes - 1] << 8));
  const bool user = (bytes[0] & 0xf8U) == prefix_seed
                    && (((bytes[0] & 7U) << 5U) | (bytes[1] >> 3U)) == prefix_user;
  if (!user || sum != crc16(bytes, seed_bytes - 2)) {
    OPENSSL_cleanse(bytes.data(), bytes.size());
    return no_seed(user ? "the checksum of the seed in it is wrong"
                        : "the seed in it is not one of a user, which begins with SU");
  }
  key_handle key{
    EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes.data() + 2, key_bytes)};
  OPENSSL_cleanse(bytes.data(), bytes.size());
  std::vector<std::uint8_t> encoded(1 + key_bytes);
  encoded[0] = prefix_user;
  auto length = key_bytes;
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), encoded.data() + 1, &length) != 1) {
    return no_seed("no key could be made of the seed in it");
  }
  const auto check = crc16(encoded, encoded.size());
  encoded.push_back(static_cast<std::uint8_t>(check & 0xffU));
  encoded.push_back(static_cast<std::uint8_t>(check >> 8U));
  return user_nkey{std::move(key), encode_base32(encoded)};
}

std::vector<std::uint8_t> user_nkey::sign(std::string_view nonce) const {
  const std::unique_ptr<EVP_MD_CTX, digest_deleter> context{EVP_MD_CTX_new()};
  std::vector<std::uint8_t> signature(signature_bytes);
  auto length = signature.size();
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1
      || EVP_DigestSign(context.get(), signature.data(), &length,
                        reinterpret_cast<const unsigned char*>(nonce.data()), nonce.size())
           != 1) {
    return {};
  }
  return signature;
}

} // namespace nats_mcp::transport
