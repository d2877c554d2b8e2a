// SPDX-License-Identifier: MIT
// The coordinators of a world, and what goes wrong with each: it is killed or told to leave and
// another one comes in its place, it stands still, its connection is dead for a while, its parts
// fail; its clock shows another time than the server's.
#pragma once

#include "protocol/config/configuration.hpp"

#include "tests/simulation/network/network.hpp"
#include "tests/simulation/world/coordinator_tree.hpp"
#include "tests/simulation/world/crash_points.hpp"
#include "tests/simulation/world/dice.hpp"
#include "tests/simulation/world/fault_choice.hpp"
#include "tests/simulation/world/request_history.hpp"
#include "tests/simulation/world/trace.hpp"
#include "tests/simulation/world/virtual_scheduler.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::simulation {

class coordinator_crew {
public:
  struct options {
    std::size_t count = 0;
    virtual_scheduler* scheduler = nullptr;
    std::shared_ptr<network> wires;
    std::shared_ptr<const config::loaded_configuration> configuration;
    dice chance{0};
    fault_choice faults;
    request_history* history = nullptr;
    trace* seen = nullptr;
    /// See `server_tree::options::through`.
    link_filter through;
    /// Told of what happens, by name.
    std::function<void(std::string_view)> count_event;
  };

  /// All of them start soon.
  explicit coordinator_crew(options choice);

  /// Nothing goes wrong any more, and those that are gone come back.
  void heal();

private:
  /// One place for a coordinator, and the one that is there at the time.
  struct place {
    std::size_t number = 0;
    std::unique_ptr<coordinator_tree> process;
    std::shared_ptr<crash_points> crashes;
    /// For the scheduler, and its name in `leader_act`.
    std::uint64_t process_number = 0;
    std::shared_ptr<std::chrono::milliseconds> skew;
    bool leaving = false;
  };

  void start(place& one);
  void plan_next(place& one);
  void strike(place& one);
  void end(place& one);
  void leave(place& one);
  void freeze(place& one);
  void note(const place& one, std::string_view what);
  [[nodiscard]] std::chrono::milliseconds any_skew();
  [[nodiscard]] std::chrono::milliseconds soon(std::uint64_t at_most_ms);
  [[nodiscard]] monotonic_time now() const noexcept { return options_.scheduler->now(); }

  options options_;
  dice chance_;
  /// Never moves: what is planned points into it.
  std::vector<std::unique_ptr<place>> places_;
  std::uint64_t processes_ = 0;
  bool healed_ = false;
};

} // namespace nats_mcp::simulation
