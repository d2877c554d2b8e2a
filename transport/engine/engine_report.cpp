// SPDX-License-Identifier: MIT
#include "transport/engine/engine_report.hpp"

#include "protocol/json/value.hpp"

#include <array>
#include <utility>

namespace nats_mcp::transport {

namespace {

constexpr std::array<std::pair<start_outcome, std::string_view>, 3> outcome_names{{
  {start_outcome::ready, "ready"},
  {start_outcome::taken, "taken"},
  {start_outcome::failed, "failed"},
}};

} // namespace

std::string write_report(const engine_report& report) {
  json::value document = json::value::object();
  for (const auto& [outcome, name] : outcome_names) {
    if (outcome == report.outcome) {
      document["outcome"] = name;
    }
  }
  document["message"] = report.message;
  return document.dump(-1, ' ', true, json::value::error_handler_t::replace) + "\n";
}

std::optional<engine_report> parse_report(std::string_view line) {
  const auto document = json::value::parse(line, nullptr, false);
  if (!document.is_object()) {
    return std::nullopt;
  }
  const auto outcome_member = document.find("outcome");
  const auto message = document.find("message");
  if (outcome_member == document.end() || !outcome_member->is_string() || message == document.end()
      || !message->is_string()) {
    return std::nullopt;
  }
  for (const auto& [outcome, name] : outcome_names) {
    if (outcome_member->get_ref<const std::string&>() == name) {
      return engine_report{outcome, message->get_ref<const std::string&>()};
    }
  }
  return std::nullopt;
}

} // namespace nats_mcp::transport
