// SPDX-License-Identifier: MIT
// Three agents with a process of the product each and one coordinator, over a network without
// faults and the model of a NATS server: all of it in one thread on virtual time, in the same
// course every time. Nothing goes wrong here but what the crash point says.
#pragma once

#include "protocol/time.hpp"

#include "transport/http/http_door.hpp"

#include "tests/fault/actors/crash_point.hpp"
#include "tests/simulation/network/network.hpp"
#include "tests/simulation/network/network_pump.hpp"
#include "tests/simulation/world/agent.hpp"
#include "tests/simulation/world/coordinator_tree.hpp"
#include "tests/simulation/world/request_history.hpp"
#include "tests/simulation/world/server_tree.hpp"
#include "tests/simulation/world/trace.hpp"
#include "tests/simulation/world/virtual_scheduler.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::fault {

/// What is special about one of the agents.
struct cast_member {
  const char* handle;
  simulation::agent::manner speaks;
  std::size_t project;
  std::array<const char*, 2> capabilities;
};

inline constexpr std::array<cast_member, 3> cast{{
  {"planner", simulation::agent::manner::legacy, 0, {"planning", "docs"}},
  {"builder", simulation::agent::manner::modern, 0, {"c++", "docs"}},
  {"tester", simulation::agent::manner::both, 1, {"c++", "review"}},
}};
inline constexpr std::size_t planner = 0;
inline constexpr std::size_t builder = 1;
inline constexpr std::size_t tester = 2;
inline constexpr auto coordinator_name = "coordinator";
inline constexpr auto channel_namespace = "demo";
inline constexpr std::array channel_names{"planning", "status"};
/// Something a supervisor said of a child.
struct part_event {
  std::string actor;
  supervision_event::kind what{};
  std::string failure;
  monotonic_time time{};
};

class actor_stage {
public:
  struct options {
    actor_fault fault;
    /// See `crash_point`.
    crash_point::chooser chooses;
    simulation::trace::reader reads;
    /// A product that is broken on purpose; may be empty.
    simulation::link_filter through;
    /// Says how often a client hears this line; may be empty.
    std::function<int(const std::string& line, bool struck)> garbles;
  };

  explicit actor_stage(options choice);
  actor_stage(const actor_stage&) = delete;
  actor_stage& operator=(const actor_stage&) = delete;
  ~actor_stage();

  // -- what the script does --------------------------------------------------------------------

  [[nodiscard]] simulation::agent& who(std::size_t number) { return *places_.at(number).who; }
  /// Calls `what` after `pause`, outside of all actors.
  void after(std::chrono::milliseconds pause, std::function<void()> what);
  /// Ends the agent's process in order.
  void stop_process(std::size_t number);
  /// Lets the coordinator hand over and ends it in order.
  void stop_coordinator();
  /// Somebody looks at the coordinator's page from now on, or no more.
  void open_page();
  void close_page() { page_.reset(); }
  /// Nobody listens to any answer any more.
  void dismiss();
  /// What the page was told last about a part; empty: nothing.
  [[nodiscard]] bool page_shows(std::string_view text);

  // -- time ------------------------------------------------------------------------------------

  [[nodiscard]] monotonic_time now() const noexcept { return scheduler_->now(); }
  /// @returns whether it holds before so much time has passed.
  bool until(std::chrono::milliseconds limit, const std::function<bool()>& holds);

  // -- what happened ---------------------------------------------------------------------------

  [[nodiscard]] const crash_point& crash() const noexcept { return crash_; }
  /// When it happened; zero: it did not.
  [[nodiscard]] monotonic_time struck_at() const noexcept { return struck_at_; }
  [[nodiscard]] const simulation::request_history& history() const noexcept { return history_; }
  [[nodiscard]] simulation::server& nats() noexcept { return network_->nats(); }
  [[nodiscard]] const std::vector<part_event>& events() const noexcept { return events_; }
  /// How often an agent was told of a change of this resource.
  [[nodiscard]] std::size_t told_of(std::size_t agent, const std::string& uri) const;
  [[nodiscard]] bool everybody_stopped() const noexcept { return stopped_ == cast.size() + 1; }
  /// What was asked of coordinators.
  [[nodiscard]] std::size_t requests_left();
  /// Answers the links of all processes still owe.
  [[nodiscard]] std::vector<std::string> owed() const;
  /// Actors of the product that live.
  [[nodiscard]] std::size_t actors_alive();
  [[nodiscard]] std::uint64_t hash() const noexcept { return trace_.hash(); }

private:
  struct place {
    std::unique_ptr<simulation::agent> who;
    std::unique_ptr<simulation::server_tree> process;
    std::map<std::string, std::size_t> told;
  };

  void set_up_network();
  void settle(std::size_t number);
  void start_coordinator();
  void look(const std::string& process, std::string_view part);
  void note_failure(const std::string& process, const std::string& part);
  [[nodiscard]] std::function<void(const supervision_event&)> listener(std::string process);

  options options_;
  simulation::dice chance_{1};
  crash_point crash_;
  monotonic_time struck_at_{};
  simulation::trace trace_;
  std::unique_ptr<simulation::virtual_scheduler> scheduler_;
  std::shared_ptr<simulation::network> network_;
  simulation::network_pump_actor pump_;
  simulation::request_history history_;
  std::array<place, cast.size()> places_;
  std::shared_ptr<transport::http_door> door_;
  std::unique_ptr<transport::event_board::page> page_;
  std::unique_ptr<simulation::coordinator_tree> coordinator_;
  std::vector<part_event> events_;
  std::size_t stopped_ = 0;
};

} // namespace nats_mcp::fault
