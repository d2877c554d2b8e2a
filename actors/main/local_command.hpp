// SPDX-License-Identifier: MIT
// `nats-mcp-server local run|start|stop|status`: the local engine as a human sees it, in sentences.
#pragma once

#include "transport/engine/engine_options.hpp"

#include <CLI/CLI.hpp>

namespace nats_mcp {

/// Exit codes of the `local` commands; printed by `local --help`.
enum class local_exit : int {
  /// Done, or found done already: `start` and it runs, `stop` and it does not, `status`: it runs.
  success = 0,
  /// It could not be done; standard error says why.
  failure = 1,
  /// `status`: no engine runs. `run`: another engine has the store.
  no_engine = 3,
  /// `status`: there is an engine that does not answer: suspended, starting or ending.
  not_usable = 4,
  /// `stop`: processes use the engine and `--force` was not given.
  in_use = 5,
};

/// Adds the commands. When one is chosen, it runs during parsing and leaves its code in
/// `exit_code`, which must live as long as `program`. `environment` is what `main` read from the
/// process.
void add_local_commands(CLI::App& program, transport::engine_environment environment,
                        int& exit_code);

} // namespace nats_mcp
