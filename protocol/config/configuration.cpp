// SPDX-License-Identifier: MIT
#include "protocol/config/configuration.hpp"

#include "protocol/text.hpp"

#include <algorithm>

namespace nats_mcp::config {

std::vector<channel> default_channels() {
  std::vector<channel> out(3);
  out[0].name = "roadmap";
  out[0].description = "Discussion about project roadmap and planning";
  out[1].name = "parallel-work";
  out[1].description = "Coordination for parallel work among agents";
  out[2].name = "errors";
  out[2].description = "Error reporting and troubleshooting";
  return out;
}

std::chrono::milliseconds hold_of(const work_queue_settings& settings, bool ack_timeout_set) {
  // Who sets the seed's variable alone gets what it promised: nothing is renewed by itself.
  constexpr std::chrono::milliseconds otherwise = 1h;
  return settings.max_hold.value_or(ack_timeout_set ? settings.ack_timeout : otherwise);
}

std::string to_text(const problem& one) {
  // A directory may be called anything.
  std::string out = one_line(one.source);
  if (one.line > 0) {
    out += ":" + std::to_string(one.line);
  }
  out += ": ";
  if (!one.key.empty()) {
    out += one.key + ": ";
  }
  if (!one.headline.empty()) {
    out += one.headline + "; it ";
  }
  out += one.reason;
  if (!one.suggestion.empty()) {
    out += " (" + one.suggestion + ")";
  }
  return out;
}

error unusable(const std::vector<problem>& problems) {
  std::string text;
  const auto first = std::find_if(problems.begin(), problems.end(),
                                  [](const problem& one) { return !one.headline.empty(); });
  if (first != problems.end()) {
    text = first->headline + ".\n";
  }
  text += "The configuration of nats-mcp-server cannot be used:";
  for (const auto& one : problems) {
    text += "\n- " + to_text(one);
  }
  text += "\nCorrect this, then restart the MCP server (in Claude Code: /mcp).";
  return {ec::configuration_invalid, std::move(text), 0};
}

} // namespace nats_mcp::config
