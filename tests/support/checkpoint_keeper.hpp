// SPDX-License-Identifier: MIT
// Stands in for the supervisor in tests of one part: keeps its last checkpoint.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/supervision/actor_shell.hpp"

#include <memory>
#include <utility>

namespace nats_mcp::testing {

class checkpoint_keeper {
public:
  checkpoint_keeper(supervisor_actor::pointer, std::shared_ptr<checkpoint> saved)
    : saved_{std::move(saved)} {
    // nop
  }

  supervisor_actor::behavior_type make_behavior() {
    return {
      [this](const save_checkpoint& what) { *saved_ = what.state; },
      [](const tree_status_query&) { return tree_status{}; },
      [](const stop_tree&) { return tree_stopped{}; },
      [](const supervision_timer&) {
        // Nothing is restarted here.
      },
    };
  }

private:
  std::shared_ptr<checkpoint> saved_;
};

/// A supervisor that only remembers. @param saved shared with the test.
inline supervisor_actor spawn_checkpoint_keeper(caf::actor_system& system,
                                                std::shared_ptr<checkpoint> saved) {
  return spawn_shell<supervisor_actor, checkpoint_keeper>(system, "supervisor", message_probe{},
                                                          std::move(saved));
}

} // namespace nats_mcp::testing
