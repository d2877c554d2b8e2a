// SPDX-License-Identifier: MIT
#include "tests/support/nats_identities.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <memory>
#include <stdexcept>

namespace nats_mcp::testing {

namespace {

constexpr std::uint8_t seed_prefix = 18 << 3;
constexpr std::string_view base32_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view base64_letters =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

struct identity_key_deleter {
  void operator()(EVP_PKEY* it) const { EVP_PKEY_free(it); }
};
using identity_key = std::unique_ptr<EVP_PKEY, identity_key_deleter>;
struct digest_deleter {
  void operator()(EVP_MD_CTX* it) const { EVP_MD_CTX_free(it); }
};

/// Without padding. @param letters 32 or 64 of them, of `letter_bits` each.
std::string encode(const std::vector<std::uint8_t>& bytes, std::string_view letters,
                   unsigned letter_bits) {
  std::string text;
  std::uint32_t bits = 0;
  unsigned bit_count = 0;
  const auto mask = letters.size() - 1;
  for (const auto byte : bytes) {
    bits = ((bits << 8U) | byte) & 0xffffU;
    for (bit_count += 8; bit_count >= letter_bits;) {
      bit_count -= letter_bits;
      text += letters[(bits >> bit_count) & mask];
    }
  }
  if (bit_count > 0) {
    text += letters[(bits << (letter_bits - bit_count)) & mask];
  }
  return text;
}

/// With the CRC-16/XMODEM that ends every key's text.
std::string key_text(std::vector<std::uint8_t> bytes) {
  std::uint32_t sum = 0;
  for (const auto byte : bytes) {
    sum ^= static_cast<std::uint32_t>(byte) << 8U;
    for (int bit = 0; bit < 8; ++bit) {
      sum = ((sum & 0x8000U) != 0 ? (sum << 1U) ^ 0x1021U : sum << 1U) & 0xffffU;
    }
  }
  bytes.push_back(static_cast<std::uint8_t>(sum & 0xffU));
  bytes.push_back(static_cast<std::uint8_t>(sum >> 8U));
  return encode(bytes, base32_letters, 5);
}

std::string base64(const std::vector<std::uint8_t>& bytes) {
  return encode(bytes, base64_letters, 6);
}

std::string base64(std::string_view text) {
  return base64(std::vector<std::uint8_t>{text.begin(), text.end()});
}

identity_key private_key(const std::array<std::uint8_t, 32>& secret) {
  return identity_key{
    EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, secret.data(), secret.size())};
}

std::int64_t seconds_of(std::chrono::system_clock::time_point when) {
  return std::chrono::duration_cast<std::chrono::seconds>(when.time_since_epoch()).count();
}

/// A JWT of the second version. @param claims what stands under `nats`.
std::string signed_by(const nkey& issuer, const std::string& subject, const json::value& claims,
                      std::optional<std::chrono::system_clock::time_point> expires) {
  json::value payload{{"jti", subject},
                      {"iat", seconds_of(std::chrono::system_clock::now())},
                      {"iss", issuer.public_key()},
                      {"name", "test"},
                      {"sub", subject},
                      {"nats", claims}};
  if (expires) {
    payload["exp"] = seconds_of(*expires);
  }
  const auto text = base64(R"({"typ":"JWT","alg":"ed25519-nkey"})") + "." + base64(payload.dump());
  return text + "." + base64(issuer.sign(text));
}

json::value account_claims() {
  json::value limits;
  for (const auto* one : {"subs", "data", "payload", "imports", "exports", "conn", "leaf",
                          "mem_storage", "disk_storage", "streams", "consumer"}) {
    limits[one] = -1;
  }
  limits["wildcards"] = true;
  return {{"type", "account"}, {"version", 2}, {"limits", limits}};
}

/// The system's account stores nothing.
json::value system_claims() {
  auto claims = account_claims();
  for (const auto* one : {"mem_storage", "disk_storage", "streams", "consumer"}) {
    claims["limits"].erase(one);
  }
  return claims;
}

} // namespace

nkey::nkey(kind whose)
  : whose_{whose} {
  std::vector<std::uint8_t> bytes(1 + secret_.size(), static_cast<std::uint8_t>(whose));
  auto length = secret_.size();
  RAND_bytes(secret_.data(), static_cast<int>(secret_.size()));
  const auto key = private_key(secret_);
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), bytes.data() + 1, &length) != 1) {
    throw std::runtime_error{"no Ed25519 key"};
  }
  public_key_ = key_text(std::move(bytes));
}

std::string nkey::seed() const {
  const auto kind_byte = static_cast<unsigned>(whose_);
  std::vector<std::uint8_t> bytes{static_cast<std::uint8_t>(seed_prefix | (kind_byte >> 5U)),
                                  static_cast<std::uint8_t>((kind_byte & 31U) << 3U)};
  bytes.insert(bytes.end(), secret_.begin(), secret_.end());
  return key_text(std::move(bytes));
}

std::vector<std::uint8_t> nkey::sign(std::string_view text) const {
  const auto key = private_key(secret_);
  const std::unique_ptr<EVP_MD_CTX, digest_deleter> context{EVP_MD_CTX_new()};
  std::vector<std::uint8_t> signature(64);
  auto length = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1
      || EVP_DigestSign(context.get(), signature.data(), &length,
                        reinterpret_cast<const unsigned char*>(text.data()), text.size())
           != 1) {
    throw std::runtime_error{"no Ed25519 signature"};
  }
  return signature;
}

nats_operator::nats_operator() = default;

std::vector<std::string> nats_operator::configuration() const {
  const auto jwt = [this](const std::string& subject, const json::value& claims) {
    return signed_by(operator_, subject, claims, std::nullopt);
  };
  return {"operator: "
            + jwt(operator_.public_key(), json::value{{"type", "operator"}, {"version", 2}}),
          "system_account: " + system_.public_key(),
          "resolver: MEMORY",
          "resolver_preload: {",
          account_.public_key() + ": " + jwt(account_.public_key(), account_claims()),
          system_.public_key() + ": " + jwt(system_.public_key(), system_claims()),
          "}"};
}

std::string credentials_text(const nkey& account,
                             std::optional<std::chrono::system_clock::time_point> expires) {
  const nkey user{nkey::kind::user};
  const json::value claims{{"type", "user"},
                           {"version", 2},
                           {"pub", json::value::object()},
                           {"sub", json::value::object()},
                           {"subs", -1},
                           {"data", -1},
                           {"payload", -1}};
  return "-----BEGIN NATS USER JWT-----\n" + signed_by(account, user.public_key(), claims, expires)
         + "\n------END NATS USER JWT------\n\n"
           "************************* IMPORTANT *************************\n"
           "NKEY Seed printed below can be used to sign and prove identity.\n"
           "NKEYs are sensitive and should be treated as secrets.\n\n"
           "-----BEGIN USER NKEY SEED-----\n"
         + user.seed() + "\n------END USER NKEY SEED------\n";
}

} // namespace nats_mcp::testing
