// SPDX-License-Identifier: MIT
#include "protocol/mcp/pending_hints.hpp"

#include "protocol/json/writer.hpp"
#include "protocol/jsonrpc/encoding.hpp"
#include "protocol/limits.hpp"

#include <utility>

namespace nats_mcp::mcp {

pending_hints::pending_hints()
  : pace_{limits::update_interval_min} {
  // nop
}

void pending_hints::put(client_hint hint) {
  auto about = hint.about;
  hints_.insert_or_assign(std::move(about), std::move(hint));
}

void pending_hints::correct(const std::string& about, std::optional<client_hint> hint) {
  const auto kept = hints_.find(about);
  if (kept == hints_.end()) {
    return;
  }
  if (hint) {
    kept->second = std::move(*hint);
  } else {
    hints_.erase(kept);
    pace_.withdraw(about);
  }
}

std::optional<client_hint> pending_hints::take(const std::string& about, monotonic_time now) {
  const auto kept = hints_.find(about);
  if (kept == hints_.end() || !pace_.changed(about, now)) {
    return std::nullopt;
  }
  return std::move(hints_.extract(kept).mapped());
}

std::vector<client_hint> pending_hints::take_all(monotonic_time now) {
  std::vector<client_hint> out;
  for (auto next = hints_.begin(); next != hints_.end();) {
    const auto about = (next++)->first;
    if (auto hint = take(about, now)) {
      out.push_back(std::move(*hint));
    }
  }
  return out;
}

std::vector<client_hint> pending_hints::take_due(monotonic_time now) {
  std::vector<client_hint> out;
  for (const auto& about : pace_.take_due(now)) {
    if (const auto kept = hints_.extract(about)) {
      out.push_back(kept.mapped());
    }
  }
  return out;
}

std::string hint_line(const client_hint& hint) {
  std::string params = R"({"content":)";
  json::append_string(params, hint.content);
  params += R"(,"meta":{)";
  for (const auto& [key, value] : hint.meta) {
    params += params.back() == '{' ? "" : ",";
    json::append_string(params, key);
    params += ':';
    json::append_string(params, value);
  }
  params += "}}";
  return jsonrpc::notification_line("notifications/claude/channel", params);
}

} // namespace nats_mcp::mcp
