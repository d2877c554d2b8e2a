// SPDX-License-Identifier: MIT
// The world of the gateway over the model of JetStream: the production gateway on virtual time, its
// connection and its server simulated. Offers what `real_world` offers (real_world.hpp).
//
// The variable NATS_MCP_MUTATION names a falsehood for the model to live by (mutation.hpp).
#pragma once

#include "protocol/error.hpp"

#include "actors/interfaces.hpp"

#include "tests/contract/listener.hpp"
#include "tests/contract/posted.hpp"
#include "tests/simulation/network/network.hpp"
#include "tests/simulation/network/network_pump.hpp"
#include "tests/simulation/network/simulated_link.hpp"
#include "tests/support/server_version.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <functional>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace nats_mcp::testing {

class sim_world {
public:
  explicit sim_world(simulation::server::options nats = {});
  sim_world(const sim_world&) = delete;
  sim_world& operator=(const sim_world&) = delete;
  ~sim_world();

  static constexpr const char* name = "simulated";
  /// The version the model is a model of.
  [[nodiscard]] server_version version() const { return {2, 9, 10}; }
  [[nodiscard]] gateway_actor gateway() const { return gateway_; }
  [[nodiscard]] caf::actor_system& system() { return *system_; }
  [[nodiscard]] monotonic_time now() const { return scheduler_->clock().now(); }
  [[nodiscard]] monotonic_time in(std::chrono::milliseconds duration) const {
    return now() + duration;
  }
  /// Lets virtual time pass, up to `limit`, until the condition holds.
  [[nodiscard]] bool until(std::chrono::milliseconds limit, const std::function<bool()>& condition);
  void kill_server() { end_server(true); }
  void stop_server() { end_server(false); }
  void start_server();
  void crash_gateway();
  [[nodiscard]] gateway_listener_actor listen(const std::shared_ptr<hearing>& into);

  template <class Command>
  result<answer_of<Command>> ask(Command command) {
    const auto pending = post(*system_, gateway_, std::move(command));
    (void)until(std::chrono::seconds{60}, [&] { return pending.answered(); });
    return pending.value();
  }

private:
  void run();
  void end_server(bool killed);
  /// Lets the next timer that is due by `end` fire; false if there is none.
  bool step(monotonic_time end);
  void spawn_gateway();
  void end_actor(const caf::strong_actor_ptr& actor);

  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  caf::scheduler::test_coordinator* scheduler_ = nullptr;
  std::mt19937_64 random_{1};
  std::shared_ptr<simulation::network> network_;
  std::shared_ptr<simulation::simulated_link> link_;
  simulation::network_pump_actor pump_;
  std::shared_ptr<checkpoint> saved_ = std::make_shared<checkpoint>();
  std::shared_ptr<bool> crash_ = std::make_shared<bool>(false);
  supervisor_actor supervisor_;
  gateway_actor gateway_;
  std::vector<caf::strong_actor_ptr> listeners_;
};

} // namespace nats_mcp::testing
