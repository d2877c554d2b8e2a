// SPDX-License-Identifier: MIT
#include "protocol/jetstream/server_url.hpp"

#include "protocol/text.hpp"

#include <charconv>

namespace nats_mcp::jetstream {

namespace {

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

tl::unexpected<error> unreadable(std::string_view reason) {
  return fail(ec::configuration_invalid,
              "An address in NATS_URL cannot be used: " + std::string{reason}
                + ". Write it like nats://localhost:4222 or tls://nats.example.org:4222.");
}

/// Splits `host:port`, with an IPv6 host in brackets, into `url`.
result<void> read_authority(std::string_view authority, server_url& url) {
  auto port_at = authority.rfind(':');
  if (!authority.empty() && authority.front() == '[') {
    const auto closing = authority.find(']');
    if (closing == std::string_view::npos) {
      return unreadable("the bracket of its IPv6 host is not closed");
    }
    port_at = closing + 1 < authority.size() && authority[closing + 1] == ':'
                ? closing + 1
                : std::string_view::npos;
  }
  url.host = std::string{authority.substr(0, port_at)};
  if (url.host.empty()) {
    return unreadable("it names no host");
  }
  if (port_at != std::string_view::npos) {
    const auto digits = authority.substr(port_at + 1);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
    if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size() || url.port == 0) {
      return unreadable("its port is not a number from 1 to 65535");
    }
  }
  return {};
}

result<server_url> parse_one(std::string_view text) {
  server_url url;
  if (const auto scheme_end = text.find("://"); scheme_end != std::string_view::npos) {
    url.scheme = std::string{text.substr(0, scheme_end)};
    text.remove_prefix(scheme_end + 3);
  }
  if (url.scheme != "nats" && url.scheme != "tls") {
    return unreadable("its scheme is neither nats nor tls");
  }
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    const auto credentials = text.substr(0, at);
    const auto colon = credentials.find(':');
    url.user = std::string{credentials.substr(0, colon)};
    if (colon != std::string_view::npos) {
      url.password = std::string{credentials.substr(colon + 1)};
    }
    text.remove_prefix(at + 1);
  }
  while (!text.empty() && text.back() == '/') {
    text.remove_suffix(1);
  }
  if (auto read = read_authority(text, url); !read) {
    return tl::make_unexpected(read.error());
  }
  return url;
}

} // namespace

std::string server_url::shown() const { return scheme + "://" + host + ":" + std::to_string(port); }

result<std::vector<server_url>> parse_server_urls(std::string_view list) {
  std::vector<server_url> urls;
  while (!list.empty()) {
    const auto comma = list.find(',');
    const auto one = trim(list.substr(0, comma));
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    if (one.empty()) {
      continue;
    }
    auto url = parse_one(one);
    if (!url) {
      return tl::make_unexpected(url.error());
    }
    urls.push_back(std::move(*url));
  }
  if (urls.empty()) {
    return unreadable("it is empty");
  }
  return urls;
}

std::string redact_urls(std::string_view list) {
  const auto urls = parse_server_urls(list);
  if (!urls) {
    return "(unreadable address)";
  }
  std::string text;
  for (const auto& url : *urls) {
    text += text.empty() ? "" : ", ";
    text += one_line(url.shown());
  }
  return text;
}

std::string redact_text(std::string_view text) {
  std::string shown;
  for (;;) {
    const auto scheme_end = text.find("://");
    if (scheme_end == std::string_view::npos) {
      shown += text;
      return shown;
    }
    shown += text.substr(0, scheme_end + 3);
    text.remove_prefix(scheme_end + 3);
    const auto end = text.find_first_of(" \t\r\n,'\"");
    const auto address = text.substr(0, end);
    if (const auto at = address.rfind('@'); at != std::string_view::npos) {
      shown += "***";
      text.remove_prefix(at);
    }
  }
}

} // namespace nats_mcp::jetstream
