// SPDX-License-Identifier: MIT
#include "protocol/http/event_stream.hpp"

#include "protocol/json/value.hpp"
#include "protocol/limits/http.hpp"

#include <charconv>

namespace nats_mcp::http {

std::string stream_opening() {
  return ": the coordinator's page\nretry: " + std::to_string(limits::page_retry_delay.count())
         + "\n\n";
}

std::string stream_event(std::string_view incarnation, std::uint64_t number,
                         const coordination::overview_event& event) {
  std::string out = "id: ";
  out.append(incarnation).append(1, '-').append(std::to_string(number)).append(1, '\n');
  return out + coordination::write_event(event);
}

std::string stream_beat(wall_time now) {
  const json::value data{{"now", to_rfc3339(now)}};
  return ": beat\n" + coordination::write_event({"clock", json::write(data)});
}

std::optional<std::uint64_t> event_number(std::string_view incarnation, std::string_view id) {
  if (!id.starts_with(incarnation) || !id.substr(incarnation.size()).starts_with('-')) {
    return std::nullopt;
  }
  id.remove_prefix(incarnation.size() + 1);
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (id.empty() || failure != std::errc{} || end != id.data() + id.size()) {
    return std::nullopt;
  }
  return number;
}

} // namespace nats_mcp::http
