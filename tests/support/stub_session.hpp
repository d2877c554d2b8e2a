// SPDX-License-Identifier: MIT
// Stands in for the session in tests of the parts that tell it something: keeps what it is told.
#pragma once

#include "actors/interfaces.hpp"

#include <memory>
#include <vector>

namespace nats_mcp::testing {

/// Shared with the test; single-threaded by the scheduler.
struct session_ear {
  std::vector<channel_changed> channels;
  std::vector<identity_changed> identities;
  std::vector<unread_mail> mail;
  std::vector<claims_in_doubt> in_doubt;
  int agents_changed = 0;
  int observations_wanted = 0;
};

/// A session that only listens.
[[nodiscard]] session_actor spawn_stub_session(caf::actor_system& system,
                                               std::shared_ptr<session_ear> ear);

} // namespace nats_mcp::testing
