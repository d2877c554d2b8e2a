// SPDX-License-Identifier: MIT
#include "protocol/config/server_list.hpp"

#include "protocol/text.hpp"

#include <algorithm>

namespace nats_mcp::config {

namespace {

struct address_parts {
  /// With `://`; may be empty.
  std::string_view scheme;
  /// With `@`; may be empty.
  std::string_view credentials;
  std::string_view host_and_port;
};

address_parts parts_of(std::string_view address) {
  address_parts out;
  if (const auto end = address.find("://"); end != std::string_view::npos) {
    out.scheme = address.substr(0, end + 3);
    address.remove_prefix(end + 3);
  }
  if (const auto end = address.rfind('@'); end != std::string_view::npos) {
    out.credentials = address.substr(0, end + 1);
    address.remove_prefix(end + 1);
  }
  out.host_and_port = address;
  return out;
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5
         && text.find_first_not_of("0123456789") == std::string_view::npos
         && std::stoi(std::string{text}) >= 1 && std::stoi(std::string{text}) <= 65'535;
}

bool is_host_and_port(std::string_view text) {
  if (!text.empty() && text.back() == '/') {
    text.remove_suffix(1);
  }
  std::string_view host = text;
  if (!text.empty() && text.front() == '[') { // an IPv6 address
    const auto end = text.find(']');
    host = text.substr(1, end == std::string_view::npos ? 0 : end - 1);
    if (host.empty()
        || host.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos) {
      return false;
    }
    text.remove_prefix(end + 1);
  } else {
    host = text.substr(0, text.find(':'));
    if (host.empty() || !std::all_of(host.begin(), host.end(), [](char letter) {
          return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z')
                 || (letter >= '0' && letter <= '9') || letter == '.' || letter == '-'
                 || letter == '_';
        })) {
      return false;
    }
    text.remove_prefix(host.size());
  }
  return text.empty() || (text.front() == ':' && is_port(text.substr(1)));
}

bool is_address(std::string_view text) {
  const auto parts = parts_of(text);
  return (parts.scheme.empty() || parts.scheme == "nats://" || parts.scheme == "tls://")
         && is_host_and_port(parts.host_and_port);
}

bool is_list(std::string_view text) {
  const auto addresses = split_server_list(text);
  return !addresses.empty() && std::all_of(addresses.begin(), addresses.end(), is_address);
}

} // namespace

const json::text_rule& server_list_rule() noexcept {
  static constexpr json::text_rule rule{
    {}, is_list, "nats:// or tls:// addresses separated by commas", {}};
  return rule;
}

std::vector<std::string> split_server_list(std::string_view list) {
  std::vector<std::string> out;
  for (;;) {
    const auto comma = list.find(',');
    out.emplace_back(trimmed(list.substr(0, comma)));
    if (comma == std::string_view::npos) {
      return out;
    }
    list.remove_prefix(comma + 1);
  }
}

std::string without_credentials(std::string_view list) {
  std::string out;
  for (const auto& address : split_server_list(list)) {
    const auto parts = parts_of(address);
    out += (out.empty() ? "" : ", ") + std::string{parts.scheme} + std::string{parts.host_and_port};
  }
  return out;
}

} // namespace nats_mcp::config
