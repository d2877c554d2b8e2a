// SPDX-License-Identifier: MIT
#include "protocol/logging/connection_journal.hpp"

#include <string>
#include <utility>

namespace nats_mcp::logging {

namespace {

event about(level severity, std::string id, std::string message,
            const jetstream::connection_event& change) {
  event out{severity, "gateway", std::move(id), std::move(message), {}};
  if (!change.server.empty()) {
    out.fields.push_back({"server", change.server});
  }
  if (change.reason.code != ec::none) {
    out.fields.push_back({"reason", std::string{to_string(change.reason.code)}});
  }
  return out;
}

/// Whether the next attempt may succeed without anybody doing anything.
bool may_pass(ec code) noexcept { return code == ec::nats_unreachable || code == ec::timeout; }

} // namespace

std::optional<event> connection_journal::on(const jetstream::connection_event& change,
                                            monotonic_time now) {
  switch (change.state) {
    case jetstream::connection_state::connected:
      return connected(change, now);
    case jetstream::connection_state::disconnected:
      return disconnected(change, now);
    default:
      return std::nullopt;
  }
}

std::optional<event> connection_journal::connected(const jetstream::connection_event& change,
                                                   monotonic_time now) {
  if (change.epoch <= epoch_) {
    return std::nullopt; // a gateway that was restarted found the connection it had
  }
  const bool first = std::exchange(epoch_, change.epoch) == 0;
  told_.clear();
  std::string text = first ? "Connected to NATS." : "Connected to NATS again.";
  auto severity = level::info;
  if (change.reason.code != ec::none) {
    severity = level::warning; // the server is there, JetStream is not
    text += " " + change.reason.message;
  }
  auto out =
    about(severity, first ? "gateway.connected" : "gateway.reconnected", std::move(text), change);
  if (const auto since = std::exchange(away_since_, std::nullopt)) {
    const auto away = std::chrono::duration_cast<std::chrono::milliseconds>(now - *since);
    out.fields.push_back({"away_ms", static_cast<std::int64_t>(away.count())});
  }
  return out;
}

std::optional<event> connection_journal::disconnected(const jetstream::connection_event& change,
                                                      monotonic_time now) {
  if (change.reason.code == ec::unavailable) {
    return std::nullopt; // this process is stopping
  }
  const bool lost = epoch_ > 0 && !away_since_;
  if (!away_since_) {
    away_since_ = now;
  }
  if (lost) {
    return about(level::warning, "gateway.lost", change.reason.message, change);
  }
  if (!told_.insert(change.reason.code).second) {
    return std::nullopt;
  }
  return about(may_pass(change.reason.code) ? level::warning : level::error, "gateway.unreachable",
               change.reason.message, change);
}

} // namespace nats_mcp::logging
