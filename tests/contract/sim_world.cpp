// SPDX-License-Identifier: MIT
#include "tests/contract/sim_world.hpp"

#include "actors/gateway/nats_gateway.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

namespace nats_mcp::testing {

namespace {

simulation::mutation mutation_asked_for() {
  const char* name = std::getenv("NATS_MCP_MUTATION");
  if (name == nullptr) {
    return simulation::mutation::none;
  }
  const auto asked = simulation::mutation_named(name);
  if (!asked) {
    throw std::runtime_error{std::string{"there is no mutation \""} + name + "\""};
  }
  return *asked;
}

} // namespace

sim_world::sim_world(simulation::server::options nats) {
  config_.set("scheduler.policy", caf::atom("testing"));
  system_ = std::make_unique<caf::actor_system>(config_);
  scheduler_ = &dynamic_cast<caf::scheduler::test_coordinator&>(system_->scheduler());
  scheduler_->clock().current_time += std::chrono::hours{1}; // zero means "never" to the clock
  simulation::network::options choice;
  choice.seed = 1;
  choice.nats = std::move(nats);
  choice.nats.falsehood = mutation_asked_for();
  choice.clock = [this] { return scheduler_->clock().now(); };
  network_ = std::make_shared<simulation::network>(std::move(choice));
  pump_ = simulation::spawn_network_pump(*system_, network_);
  link_ = std::make_shared<simulation::simulated_link>(network_);
  supervisor_ = system_->spawn([saved = saved_]() -> supervisor_actor::behavior_type {
    return {
      [saved](const save_checkpoint& one) { *saved = one.state; },
      [](const tree_status_query&) { return tree_status{}; },
      [](const stop_tree&) { return tree_stopped{}; },
      [](const supervision_timer&) {},
    };
  });
  spawn_gateway();
}

sim_world::~sim_world() {
  link_->close();
  listeners_.push_back(caf::actor_cast<caf::strong_actor_ptr>(gateway_));
  listeners_.push_back(caf::actor_cast<caf::strong_actor_ptr>(supervisor_));
  listeners_.push_back(caf::actor_cast<caf::strong_actor_ptr>(pump_));
  gateway_ = nullptr;
  supervisor_ = nullptr;
  pump_ = nullptr;
  for (const auto& actor : listeners_) {
    end_actor(actor);
  }
  run();
  *saved_ = {};
  listeners_.clear();
  // A request nobody answered any more would keep its asker, and with it the system, for ever.
  system_->await_actors_before_shutdown(false);
}

void sim_world::run() {
  while (scheduler_->run() > 0) {
    // nop
  }
}

bool sim_world::step(monotonic_time end) {
  auto& clock = scheduler_->clock();
  if (clock.schedule().empty() || clock.schedule().begin()->first > end) {
    clock.current_time = std::max(clock.current_time, end); // the condition may take time itself
    return false;
  }
  clock.trigger_timeout();
  run();
  return true;
}

bool sim_world::until(std::chrono::milliseconds limit, const std::function<bool()>& condition) {
  const auto end = in(limit);
  run();
  while (!condition()) {
    if (!step(end)) {
      return condition();
    }
  }
  return true;
}

void sim_world::end_server(bool killed) {
  run();
  // Gone until `start_server`.
  network_->restart_server(killed, std::chrono::hours{1});
  run();
}

void sim_world::start_server() {
  // A real server needs a moment as well: whoever was connected has noticed by then.
  (void)until(std::chrono::milliseconds{100}, [] { return false; });
  network_->heal();
  run();
}

void sim_world::spawn_gateway() {
  caf::scoped_actor self{*system_};
  auto probe = [crash = crash_](std::string_view) {
    if (std::exchange(*crash, false)) {
      throw std::runtime_error{"the test wants it so"};
    }
  };
  gateway_ = spawn_nats_gateway(self.ptr(), {link_, [this] { return random_(); }, "gateway"},
                                *saved_, supervisor_, probe);
  run();
}

void sim_world::crash_gateway() {
  run();
  *crash_ = true;
  caf::anon_send(gateway_, gateway_tick{0});
  run();
  spawn_gateway();
}

gateway_listener_actor sim_world::listen(const std::shared_ptr<hearing>& into) {
  auto listener = spawn_listener(*system_, into);
  listeners_.push_back(caf::actor_cast<caf::strong_actor_ptr>(listener));
  return listener;
}

void sim_world::end_actor(const caf::strong_actor_ptr& actor) {
  caf::anon_send<caf::message_priority::high>(
    caf::actor_cast<caf::actor>(actor), caf::exit_msg{caf::actor_addr{}, caf::exit_reason::kill});
}

} // namespace nats_mcp::testing
