// SPDX-License-Identifier: MIT
// One coordinator in a world: the tree that ships, over the simulated network. It can be killed or
// told to leave at any time; one that comes after it is another object.
#pragma once

#include "protocol/config/configuration.hpp"

#include "transport/http/http_door.hpp"

#include "actors/supervision/supervision_event.hpp"
#include "actors/system/coordinator_system.hpp"

#include "tests/simulation/network/network.hpp"
#include "tests/simulation/world/dice.hpp"
#include "tests/simulation/world/server_tree.hpp"

#include <caf/actor_system.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace nats_mcp::simulation {

class coordinator_tree {
public:
  struct options {
    caf::actor_system* system = nullptr;
    std::shared_ptr<network> wires;
    /// See `server_tree::options`.
    link_filter through;
    std::shared_ptr<const config::loaded_configuration> configuration;
    dice chance{0};
    /// How far its computer's civil time is from the server's; may change at any time.
    std::shared_ptr<const std::chrono::milliseconds> skew =
      std::make_shared<const std::chrono::milliseconds>(0);
    std::chrono::milliseconds assign_timeout{0};
    /// See `message_probe`.
    std::function<void(std::string_view part)> probe;
    std::function<void(const supervision_event&)> on_event;
    /// See `coordinator_options`.
    std::function<void(std::uint64_t term)> on_act;
    /// Where somebody asks and opens pages; null: it serves nobody.
    std::shared_ptr<transport::http_door> door{};
  };

  explicit coordinator_tree(options choice);
  coordinator_tree(const coordinator_tree&) = delete;
  coordinator_tree& operator=(const coordinator_tree&) = delete;
  ~coordinator_tree();

  /// For faults that hit this process alone.
  [[nodiscard]] process_id network_process() const noexcept { return network_process_; }

  /// As SIGKILL does: nothing more leaves it.
  void kill();
  /// As SIGTERM does (actors/main/coordinate_command.cpp); `left` is called when it has handed over
  /// or has tried long enough.
  void leave(std::function<void()> left);
  /// As what follows on SIGTERM: `stopped` is called when every part has ended.
  void stop(std::function<void()> stopped);

private:
  caf::actor_system& system_;
  std::shared_ptr<transport::server_link> link_;
  process_id network_process_{};
  coordinator_system tree_;
};

} // namespace nats_mcp::simulation
