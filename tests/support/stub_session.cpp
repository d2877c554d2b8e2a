// SPDX-License-Identifier: MIT
#include "tests/support/stub_session.hpp"

#include "actors/supervision/actor_shell.hpp"

#include <utility>

namespace nats_mcp::testing {

namespace {

class stub_session_state {
public:
  stub_session_state(session_actor::pointer, std::shared_ptr<session_ear> ear)
    : ear_{std::move(ear)} {
    // nop
  }

  session_actor::behavior_type make_behavior() {
    return {
      [](const input_waiting&) {
        // There is no client.
      },
      [](const output_drained&) {
        // There is no client.
      },
      [](const output_ready&) {
        // There is no client.
      },
      [](const finish_session&) { return session_finished{}; },
      [this](const identity_changed& news) { ear_->identities.push_back(news); },
      [this](const unread_mail& news) { ear_->mail.push_back(news); },
      [this](const channel_changed& news) { ear_->channels.push_back(news); },
      [this](const agents_changed&) { ++ear_->agents_changed; },
      [this](const observation_wanted&) { ++ear_->observations_wanted; },
      [this](const claims_in_doubt& asked) { ear_->in_doubt.push_back(asked); },
      [](const session_timer&) {
        // There are no timers.
      },
    };
  }

private:
  std::shared_ptr<session_ear> ear_;
};

} // namespace

session_actor spawn_stub_session(caf::actor_system& system, std::shared_ptr<session_ear> ear) {
  return spawn_shell<session_actor, stub_session_state>(system, "session", message_probe{},
                                                        std::move(ear));
}

} // namespace nats_mcp::testing
