// SPDX-License-Identifier: MIT
#include "transport/process/ports_file.hpp"

#include "protocol/json/value.hpp"

#include <charconv>
#include <string>

namespace nats_mcp::transport {

namespace {

std::optional<std::uint16_t> port_of(std::string_view url) noexcept {
  const auto colon = url.rfind(':');
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  std::uint16_t port = 0;
  const auto* last = url.data() + url.size();
  const auto read = std::from_chars(url.data() + colon + 1, last, port);
  if (read.ec != std::errc{} || read.ptr != last || port == 0) {
    return std::nullopt;
  }
  return port;
}

} // namespace

std::filesystem::path ports_file_name(const std::filesystem::path& server_binary, pid_t server) {
  return server_binary.filename().string() + "_" + std::to_string(server) + ".ports";
}

std::optional<std::uint16_t> client_port(std::string_view ports_file) noexcept {
  const auto document = json::value::parse(ports_file, nullptr, false);
  if (!document.is_object()) {
    return std::nullopt;
  }
  const auto urls = document.find("nats");
  if (urls == document.end() || !urls->is_array()) {
    return std::nullopt;
  }
  for (const auto& url : *urls) {
    if (url.is_string()) {
      if (const auto port = port_of(url.get_ref<const std::string&>())) {
        return port;
      }
    }
  }
  return std::nullopt;
}

} // namespace nats_mcp::transport
