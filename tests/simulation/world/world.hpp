// SPDX-License-Identifier: MIT
// A world: agents, a process for each, the network between them and one NATS server, all in one
// thread, on one clock and from one seed. It runs in three parts: the agents are busy while faults
// happen; the faults stop and everything open has to be answered; every agent proves that all works
// for it. Then the checkers judge.
#pragma once

#include "protocol/time.hpp"

#include "tests/simulation/network/network.hpp"
#include "tests/simulation/network/network_pump.hpp"
#include "tests/simulation/workloads/workload.hpp"
#include "tests/simulation/world/agent.hpp"
#include "tests/simulation/world/coordinator_crew.hpp"
#include "tests/simulation/world/crash_points.hpp"
#include "tests/simulation/world/dice.hpp"
#include "tests/simulation/world/run_report.hpp"
#include "tests/simulation/world/server_tree.hpp"
#include "tests/simulation/world/trace.hpp"
#include "tests/simulation/world/virtual_scheduler.hpp"
#include "tests/simulation/world/world_plan.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::simulation {

/// How notes and problems call an agent.
[[nodiscard]] inline std::string agent_label(std::size_t agent) {
  return "agent " + std::to_string(agent);
}

struct world_options {
  std::uint64_t seed = 0;
  std::string workload = "channels";
  fault_choice faults;
  std::size_t agents = 3;
  /// Of all agents together, while faults happen.
  std::size_t calls = 90;
  /// A product that is broken on purpose; empty: as it ships.
  link_filter broken;
  /// See `trace`.
  trace::reader reads;
};

class world {
public:
  /// @pre the workload exists.
  explicit world(world_options choice);
  world(const world&) = delete;
  world& operator=(const world&) = delete;
  ~world();

  /// Once.
  [[nodiscard]] run_report run();

private:
  /// One agent, and the process it has at the time.
  struct place {
    std::unique_ptr<agent> who;
    std::unique_ptr<server_tree> process;
    std::shared_ptr<crash_points> crashes;
    std::size_t calls_left = 0;
    std::shared_ptr<const config::loaded_configuration> configuration;
    /// Of the process it has, or had last, for the scheduler.
    std::uint64_t process_number = 0;
    /// How far the civil clock of its computer is from the server's.
    std::shared_ptr<std::chrono::milliseconds> skew =
      std::make_shared<std::chrono::milliseconds>(0);
  };

  void set_up();
  void settle(place& one, std::size_t number, const config::loaded_configuration& shared);
  void plan_faults();
  void make_busy(place& one);
  void start_process(place& one);
  void end_process(const process_end& end);
  void process_gone(place& one, std::chrono::milliseconds gone_for);
  void stall_client(const client_stall& stall);
  void freeze_process(const process_freeze& freeze);
  void cut_off(const partition& cut);
  void set_clock(const clock_step& step);
  void on_event(place& one, const supervision_event& event);
  void note_stored(const std::string& stream, const jetstream::outgoing& message,
                   std::uint64_t sequence, instant stored_at);
  void heal();
  /// Lets things happen until the condition holds; false when it does not within `limit`.
  template <class Condition>
  [[nodiscard]] bool until(std::chrono::milliseconds limit, Condition holds);
  void keep_proving();
  void count(std::string_view event);
  [[nodiscard]] bool all_answered() const;
  [[nodiscard]] bool all_proved() const;
  [[nodiscard]] std::vector<std::string> still_open() const;
  void judge(run_report& report);
  [[nodiscard]] monotonic_time now() const noexcept { return scheduler_->now(); }

  world_options options_;
  dice chance_;
  trace trace_;
  std::unique_ptr<workload> workload_;
  world_plan plan_;
  std::unique_ptr<virtual_scheduler> scheduler_;
  std::shared_ptr<network> network_;
  network_pump_actor pump_;
  request_history history_;
  std::vector<place> places_;
  /// Null in a world without.
  std::unique_ptr<coordinator_crew> coordinators_;
  bool healed_ = false;
  /// What happened, by name.
  std::map<std::string, std::uint64_t> events_;
};

} // namespace nats_mcp::simulation
