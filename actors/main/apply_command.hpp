// SPDX-License-Identifier: MIT
// `nats-mcp-server apply`: gives the streams of this project's channels the configured limits, also
// where that deletes messages, after saying so.
#pragma once

#include "actors/main/process_environment.hpp"

namespace nats_mcp {

/// Exit codes of `apply`; printed by its `--help`.
enum class apply_exit : int {
  /// Everything is as configured now.
  success = 0,
  /// It could not be done; standard error says why.
  failure = 1,
  /// There is something to change and nobody said yes.
  unconfirmed = 3,
};

/// Whether changes are made without asking (`--yes`).
enum class confirmation_given : bool { no, yes };

/// Prints what differs and what changing it deletes; changes it when confirmed, asking on a
/// terminal.
[[nodiscard]] apply_exit run_apply(const process_environment& environment,
                                   confirmation_given confirmed);

} // namespace nats_mcp
