// SPDX-License-Identifier: MIT
// One process of the product in a world: supervisor, session, channels and gateway as they ship,
// between a client in memory and the simulated network. It can be killed or stopped at any time; a
// process that comes after it is another object.
#pragma once

#include "protocol/config/configuration.hpp"
#include "protocol/time.hpp"

#include "transport/nats/server_link.hpp"

#include "actors/supervision/supervision_event.hpp"
#include "actors/system/server_system.hpp"

#include "tests/simulation/network/network.hpp"
#include "tests/simulation/world/dice.hpp"
#include "tests/simulation/world/simulated_client.hpp"

#include <caf/actor_system.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace nats_mcp::simulation {

/// What stands between the gateway and its connection: a broken product, on purpose.
using link_filter = std::function<std::shared_ptr<transport::server_link>(
  std::shared_ptr<transport::server_link>, const std::shared_ptr<network>&)>;

class server_tree {
public:
  struct options {
    caf::actor_system* system = nullptr;
    std::shared_ptr<network> wires;
    std::shared_ptr<const config::loaded_configuration> configuration;
    dice chance{0};
    /// Who runs it and where.
    process_identity process;
    /// See `message_probe`.
    std::function<void(std::string_view part)> probe;
    std::function<void(const std::string& line)> on_line;
    std::function<void(const supervision_event&)> on_event;
    /// May be empty.
    link_filter through;
    /// How far its computer's civil time is from the server's; may change at any time.
    std::shared_ptr<const std::chrono::milliseconds> skew =
      std::make_shared<const std::chrono::milliseconds>(0);
  };

  explicit server_tree(options choice);
  server_tree(const server_tree&) = delete;
  server_tree& operator=(const server_tree&) = delete;
  ~server_tree();

  [[nodiscard]] simulated_client& client() noexcept { return *client_; }

  /// For faults that hit this process alone.
  [[nodiscard]] process_id network_process() const noexcept { return network_process_; }

  /// As SIGKILL does: nothing more leaves it.
  void kill();

  /// As the end of input does (actors/main/serve_command.cpp); `stopped` is called when all is
  /// over and everything was answered.
  void stop(std::function<void()> stopped);

private:
  caf::actor_system& system_;
  std::shared_ptr<simulated_client> client_;
  std::shared_ptr<transport::server_link> link_;
  process_id network_process_{};
  std::shared_ptr<session_actor> session_ = std::make_shared<session_actor>();
  /// Is called when the session has taken the end of the input.
  std::shared_ptr<std::function<void()>> on_end_ = std::make_shared<std::function<void()>>();
  server_system tree_;
};

} // namespace nats_mcp::simulation
