// SPDX-License-Identifier: MIT
// Counts what every actor of every process handles, and lets one of them crash at one message: the
// probe of all trees of a stage (actors/supervision/actor_shell.hpp).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace nats_mcp::fault {

/// Which actor is to crash, at which of its messages.
struct actor_fault {
  /// As `process/part`, such as "planner/gateway"; empty: nobody.
  std::string actor;
  /// From 1; counted over all incarnations of the part.
  std::uint64_t message = 0;

  friend bool operator==(const actor_fault&, const actor_fault&) = default;
};

class crash_point {
public:
  /// Asked at every message, if there is one: whether it is the one after all.
  using chooser = std::function<bool(const actor_fault& here)>;

  crash_point(actor_fault fault, chooser chooses)
    : fault_{std::move(fault)}
    , chooses_{std::move(chooses)} {
    // nop
  }

  /// A message is about to reach the part. Throws if it is the one.
  void look(const std::string& process, std::string_view part);

  [[nodiscard]] bool struck() const noexcept { return struck_; }
  [[nodiscard]] const actor_fault& fault() const noexcept { return fault_; }
  /// Messages by actor.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& counts() const noexcept {
    return counts_;
  }

private:
  actor_fault fault_;
  chooser chooses_;
  bool struck_ = false;
  std::map<std::string, std::uint64_t> counts_;
};

} // namespace nats_mcp::fault
