// SPDX-License-Identifier: MIT
// Runs many crashes in several processes, so that one that ends its process is a result as well.
#pragma once

#include "protocol/error.hpp"

#include "tests/fault/actors/actor_run.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::fault {

struct pool_result {
  /// Its place in the list.
  std::size_t place = 0;
  std::vector<std::string> violations;
  std::size_t failures = 0;
};

[[nodiscard]] std::string write_pool_result(const pool_result& one);
[[nodiscard]] std::optional<pool_result> read_pool_result(const std::string& line);

/// Calls `on_result` once for each, in any order. @param work runs in another process.
[[nodiscard]] result<void> run_in_pool(std::size_t count, std::size_t jobs,
                                       const std::function<pool_result(std::size_t place)>& work,
                                       const std::function<void(const pool_result&)>& on_result);

} // namespace nats_mcp::fault
