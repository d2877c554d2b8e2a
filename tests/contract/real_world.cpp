// SPDX-License-Identifier: MIT
#include "tests/contract/real_world.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <random>
#include <stdexcept>
#include <utility>

namespace nats_mcp::testing {

namespace {

std::uint64_t random_bits() {
  // Ids need to differ only within one test's own server.
  static thread_local std::mt19937_64 engine{20260101};
  return engine();
}

} // namespace

real_world::real_world(nats_server::options choice)
  : server_{std::make_unique<nats_server>(std::move(choice))} {
  open({server_->url(), {}, {}, "contract"});
}

real_world::real_world(transport::endpoint where) { open(std::move(where)); }

void real_world::open(transport::endpoint where) {
  config_.set("scheduler.policy", caf::atom("sharing"));
  config_.set("scheduler.max-threads", 2U);
  system_ = std::make_unique<caf::actor_system>(config_);
  transport::connection::options choice;
  choice.random = random_bits;
  choice.source = [where](const std::stop_token&) { return result<transport::endpoint>{where}; };
  connection_ = std::make_shared<transport::connection>(std::move(choice));
  supervisor_ = system_->spawn(
    [mutex = saved_mutex_, saved = std::weak_ptr{saved_}]() -> supervisor_actor::behavior_type {
      return {
        [mutex, saved](const save_checkpoint& one) {
          const std::lock_guard guard{*mutex};
          if (const auto kept = saved.lock()) {
            *kept = one.state;
          }
        },
        [](const tree_status_query&) { return tree_status{}; },
        [](const stop_tree&) { return tree_stopped{}; },
        [](const supervision_timer&) {},
      };
    });
  spawn_gateway();
}

real_world::~real_world() {
  connection_->close();
  for (const auto& actor :
       {caf::actor_cast<caf::actor>(gateway_), caf::actor_cast<caf::actor>(supervisor_)}) {
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  }
  gateway_ = nullptr;
  supervisor_ = nullptr;
  {
    const std::lock_guard guard{*saved_mutex_};
    saved_.reset(); // it names listeners, and may still be on its way
  }
  system_.reset();
}

void real_world::spawn_gateway() {
  caf::scoped_actor self{*system_};
  checkpoint last;
  {
    const std::lock_guard guard{*saved_mutex_};
    last = *saved_;
  }
  auto probe = [crash = crash_](std::string_view) {
    if (crash->exchange(false)) {
      throw std::runtime_error{"the test wants it so"};
    }
  };
  gateway_ =
    spawn_nats_gateway(self.ptr(), {connection_, random_bits, "gateway"}, last, supervisor_, probe);
}

void real_world::crash_gateway() {
  caf::scoped_actor self{*system_};
  self->monitor(gateway_);
  *crash_ = true;
  caf::anon_send(gateway_, gateway_tick{0});
  self->receive([](const caf::down_msg&) {});
  spawn_gateway();
}

} // namespace nats_mcp::testing
