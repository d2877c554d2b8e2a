// SPDX-License-Identifier: MIT
// `nats-mcp-server doctor`: looks at everything this server depends on and says in plain sentences
// what is fine, what is odd and what does not work. Changes nothing and starts nothing.
#pragma once

#include "actors/main/process_environment.hpp"

namespace nats_mcp {

/// Exit codes of `doctor`; printed by its `--help`.
enum class doctor_exit : int {
  /// Everything works; there may be remarks.
  healthy = 0,
  /// Something does not work; the output says what to do.
  problems = 1,
};

/// Prints one line for each thing it looked at.
[[nodiscard]] doctor_exit run_doctor(const process_environment& environment);

} // namespace nats_mcp
