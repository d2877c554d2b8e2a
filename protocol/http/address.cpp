// SPDX-License-Identifier: MIT
#include "protocol/http/address.hpp"

#include "protocol/limits/http.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstddef>
#include <netinet/in.h>

namespace nats_mcp::http {

namespace {

/// A name or address is not longer in any text of ours.
constexpr std::size_t host_characters_max = 253;

tl::unexpected<error> no_address(std::string_view text, std::string_view why) {
  return fail(ec::configuration_invalid,
              "\"" + std::string{text.substr(0, host_characters_max)}
                + "\" is no address to serve HTTP at: " + std::string{why}
                + " Write it as 127.0.0.1:7280 or [::1]:7280.");
}

literal kind_of_v4(const in_addr& address) {
  return (ntohl(address.s_addr) >> 24) == 127 ? literal::loopback : literal::elsewhere;
}

literal kind_of_v6(const in6_addr& address) {
  const auto* octets = static_cast<const std::uint8_t*>(address.s6_addr);
  const bool is_mapped_loopback = IN6_IS_ADDR_V4MAPPED(&address) && octets[12] == 127;
  return IN6_IS_ADDR_LOOPBACK(&address) || is_mapped_loopback ? literal::loopback
                                                              : literal::elsewhere;
}

bool is_v6_literal(std::string_view text) { return text.find(':') != std::string_view::npos; }

bool is_host_name(std::string_view text) {
  return !text.empty() && text.size() <= host_characters_max
         && std::all_of(text.begin(), text.end(), [](char one) {
              return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z')
                     || (one >= '0' && one <= '9') || one == '-' || one == '.';
            });
}

} // namespace

literal kind_of_literal(std::string_view text) {
  if (text.size() > INET6_ADDRSTRLEN) {
    return literal::none;
  }
  const std::string terminated{text};
  in_addr v4{};
  if (::inet_pton(AF_INET, terminated.c_str(), &v4) == 1) {
    return kind_of_v4(v4);
  }
  in6_addr v6{};
  return ::inet_pton(AF_INET6, terminated.c_str(), &v6) == 1 ? kind_of_v6(v6) : literal::none;
}

result<address> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return no_address(text, "it has no port.");
  }
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  address out;
  const auto [end, failure] =
    std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  if (digits.empty() || failure != std::errc{} || end != digits.data() + digits.size()) {
    return no_address(text, "its port is no number from 0 to 65535.");
  }
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    out.is_v6 = true;
  }
  if (host.empty()) {
    return no_address(text, "it has no host; 0.0.0.0 stands for every address of this computer.");
  }
  out.host = host == "localhost" ? "127.0.0.1" : std::string{host};
  const auto kind = kind_of_literal(out.host);
  if (kind == literal::none) {
    return no_address(text, "its host is neither an IP address nor localhost.");
  }
  if (is_v6_literal(out.host) != out.is_v6) {
    return no_address(text, "an IPv6 address, and no other, stands in brackets.");
  }
  out.is_loopback = kind == literal::loopback;
  return out;
}

std::string to_text(const address& where) {
  const auto port = std::to_string(where.port);
  return where.is_v6 ? "[" + where.host + "]:" + port : where.host + ":" + port;
}

result<void> check(const address& where, const access_terms& terms) {
  const auto& token = terms.token;
  if (token.empty() && !where.is_loopback) {
    return fail(ec::configuration_invalid,
                "HTTP is not served at " + to_text(where)
                  + " without a token: others than this computer reach that address, and the page"
                    " can retry and discard work. Set NATS_MCP_HTTP_TOKEN, or serve at 127.0.0.1.");
  }
  const bool is_clean =
    std::all_of(token.begin(), token.end(), [](char one) { return one > ' ' && one < '\x7f'; });
  if (!token.empty()
      && (!is_clean || token.size() < limits::http_token_characters_min
          || token.size() > limits::http_token_characters_max)) {
    return fail(
      ec::configuration_invalid,
      "NATS_MCP_HTTP_TOKEN is no token: it takes "
        + std::to_string(limits::http_token_characters_min) + " to "
        + std::to_string(limits::http_token_characters_max)
        + " printable ASCII characters without blanks. `openssl rand -hex 32` makes one.");
  }
  if (terms.host_names.size() > limits::http_host_names_max) {
    return fail(ec::configuration_invalid, "There are more than "
                                             + std::to_string(limits::http_host_names_max)
                                             + " names for the HTTP server.");
  }
  for (const auto& name : terms.host_names) {
    if (!is_host_name(name)) {
      return fail(
        ec::configuration_invalid,
        "A name for the HTTP server has letters, digits, '-' and '.' only, and no port: \""
          + name.substr(0, host_characters_max) + "\".");
    }
  }
  return {};
}

} // namespace nats_mcp::http
