// SPDX-License-Identifier: MIT
#include "tests/simulation/network/network_pump.hpp"

#include "actors/supervision/actor_shell.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <utility>

namespace nats_mcp::simulation {

namespace {

class network_pump {
public:
  network_pump(network_pump_actor::pointer self, std::shared_ptr<network> wires)
    : self_{self}
    , wires_{std::move(wires)} {
    wires_->on_earlier([this] { look_soon(); });
    look_soon();
  }

  network_pump(const network_pump&) = delete;
  network_pump& operator=(const network_pump&) = delete;
  ~network_pump() { wires_->on_earlier({}); }

  network_pump_actor::behavior_type make_behavior() {
    return {[this](const network_due& due) {
      if (due.generation == 0) {
        asked_ = false;
      } else if (due.generation != generation_) {
        return;
      }
      wires_->advance();
      arm();
    }};
  }

private:
  /// The network calls this in the middle of somebody else's turn: only a message leaves here.
  void look_soon() {
    if (!std::exchange(asked_, true)) {
      caf::anon_send(caf::actor_cast<network_pump_actor>(self_->ctrl()), network_due{});
    }
  }

  void arm() {
    const auto due = wires_->next_due();
    ++generation_;
    if (due) {
      self_->delayed_send(self_, *due - self_->clock().now(), network_due{generation_});
    }
  }

  network_pump_actor::pointer self_;
  std::shared_ptr<network> wires_;
  std::uint64_t generation_ = 0;
  bool asked_ = false;
};

} // namespace

network_pump_actor spawn_network_pump(caf::actor_system& system, std::shared_ptr<network> wires) {
  return spawn_shell<network_pump_actor, network_pump>(system, "network", {}, std::move(wires));
}

} // namespace nats_mcp::simulation
