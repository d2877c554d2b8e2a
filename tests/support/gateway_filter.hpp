// SPDX-License-Identifier: MIT
// Stands between a part and its gateway: keeps a line for everything that is asked, and fails what
// the test wants to fail, before it happens or after.
#pragma once

#include "protocol/error.hpp"

#include "actors/interfaces.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::testing {

/// Shared with the test; single-threaded by the scheduler.
struct gateway_filter {
  /// Such as `put work_items <key>`, `api STREAM.INFO.WORK`, `pull public-rust-5`, `settle nak`.
  std::vector<std::string> asked;
  std::vector<jetstream::settle> settled;
  /// What is answered instead; nothing happens then.
  std::function<std::optional<error>(std::string_view)> refuses;
  /// What is answered instead, after it happened.
  std::function<std::optional<error>(std::string_view)> loses_answer;
};

/// A gateway that asks `behind`.
[[nodiscard]] gateway_actor spawn_gateway_filter(caf::actor_system& system, gateway_actor behind,
                                                 std::shared_ptr<gateway_filter> filter);

} // namespace nats_mcp::testing
