// SPDX-License-Identifier: MIT
#include "transport/nats/user_jwt.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"

#include <cstdint>

namespace nats_mcp::transport {

namespace {

/// Base64 as URLs take it, without padding.
std::optional<std::string> decode_base64_url(std::string_view text) {
  constexpr std::string_view letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string bytes;
  std::uint32_t bits = 0;
  unsigned bit_count = 0;
  for (const char letter : text) {
    const auto value = letters.find(letter);
    if (value == std::string_view::npos) {
      return std::nullopt;
    }
    bits = ((bits << 6U) | static_cast<std::uint32_t>(value)) & 0xffffU;
    bit_count += 6;
    if (bit_count >= 8) {
      bit_count -= 8;
      bytes += static_cast<char>((bits >> bit_count) & 0xffU);
    }
  }
  return bytes;
}

/// Seconds since 1970; 0 stands for no bound, as it does with the server.
std::optional<wall_time> jwt_time(const json::value& claims, std::string_view key) {
  constexpr std::uint64_t seconds_max = 253'402'300'799; // the end of the year 9999
  const auto seconds = json::unsigned_member(claims, key).value_or(0);
  if (seconds == 0 || seconds > seconds_max) {
    return std::nullopt;
  }
  return wall_time{std::chrono::seconds{static_cast<std::int64_t>(seconds)}};
}

} // namespace

std::optional<user_jwt> read_user_jwt(std::string_view text) {
  const auto first = text.find('.');
  const auto second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos) {
    return std::nullopt;
  }
  const auto payload = decode_base64_url(text.substr(first + 1, second - first - 1));
  if (!payload) {
    return std::nullopt;
  }
  const auto claims = json::parse(*payload);
  if (!claims || !claims->is_object()) {
    return std::nullopt;
  }
  user_jwt out;
  out.subject = json::text_member(*claims, "sub");
  out.issuer = json::text_member(*claims, "iss");
  // The second version of JWTs has it below `nats`, the first beside it.
  const auto* nats = json::find(*claims, "nats");
  out.type = json::text_member(nats == nullptr ? *claims : *nats, "type");
  if (out.type.empty()) {
    out.type = json::text_member(*claims, "type");
  }
  out.begins = jwt_time(*claims, "nbf");
  out.expires = jwt_time(*claims, "exp");
  return out;
}

} // namespace nats_mcp::transport
