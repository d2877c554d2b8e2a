// SPDX-License-Identifier: MIT
#include "protocol/http/site_rules.hpp"

#include "protocol/http/address.hpp"

#include <algorithm>

namespace nats_mcp::http {

namespace {

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), [](char one) {
    return one >= 'A' && one <= 'Z' ? static_cast<char>(one - 'A' + 'a') : one;
  });
  return out;
}

bool are_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char one) {
    return one >= '0' && one <= '9';
  });
}

/// The host without its port and brackets; nothing for what is no host.
std::optional<std::string> name_in(std::string_view host) {
  if (host.starts_with('[')) {
    const auto close = host.find(']');
    const auto rest = close == std::string_view::npos ? "" : host.substr(close + 1);
    if (close == std::string_view::npos
        || (!rest.empty() && (rest.front() != ':' || !are_digits(rest.substr(1))))) {
      return std::nullopt;
    }
    return std::string{host.substr(1, close - 1)};
  }
  const auto colon = host.find(':');
  if (colon != std::string_view::npos && !are_digits(host.substr(colon + 1))) {
    return std::nullopt;
  }
  return lower(host.substr(0, colon));
}

/// A person followed a link to the page itself, which shows nothing by itself.
bool is_visit(const request& asked) {
  return asked.method == "GET" && asked.path == "/" && asked.fetch_mode == "navigate"
         && asked.fetch_destination == "document";
}

} // namespace

bool is_own_host(std::string_view host, const std::vector<std::string>& names,
                 bool is_loopback_only) {
  const auto name = name_in(host);
  if (!name) {
    return false;
  }
  if (*name == "localhost") {
    return true;
  }
  switch (kind_of_literal(*name)) {
    case literal::loopback:
      return true;
    case literal::elsewhere:
      return !is_loopback_only;
    case literal::none:
      break;
  }
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& one) { return lower(one) == *name; });
}

bool is_same_origin(std::string_view origin, std::string_view host) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme)) {
      return lower(origin.substr(scheme.size())) == lower(host);
    }
  }
  return false;
}

std::optional<std::string> cross_site(const request& asked) {
  if (asked.fetch_site && asked.fetch_site != "same-origin" && asked.fetch_site != "none"
      && !is_visit(asked)) {
    return "This request comes from another site.";
  }
  if (asked.origin && !is_same_origin(*asked.origin, asked.host.value_or(std::string{}))) {
    return "This request comes from another origin.";
  }
  return std::nullopt;
}

std::optional<std::string> forged_change(const request& asked) {
  if (!asked.page_header) {
    return "A change needs the header " + std::string{page_header_name}
           + ", which no other site can make a browser send.";
  }
  // A browser says where a change comes from; whoever says nothing is none.
  const bool is_browser = asked.fetch_site || asked.fetch_mode;
  if (is_browser && !asked.origin && asked.fetch_site != "same-origin") {
    return "A browser has to say where a change comes from.";
  }
  return std::nullopt;
}

} // namespace nats_mcp::http
