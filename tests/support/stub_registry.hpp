// SPDX-License-Identifier: MIT
// A scripted registry and a session that only listens, for tests of the parts that ask the one and
// tell the other.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/supervision/actor_shell.hpp"

#include <caf/typed_response_promise.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace nats_mcp::testing {

/// What the stub answers and what it saw. Shared with the test; single-threaded by the scheduler.
struct registry_script {
  /// Who this process is; without a guid it is not registered.
  agent_identity identity;
  /// What `confirm_identity` is answered with instead.
  std::optional<error> refusal;
  /// Whom messages go to, or why not.
  result<tools::agent_summary> recipient = fail(ec::not_found, "There is no such agent.");
  std::vector<find_recipient> searches;
  /// What became of them; each is known by its place among the searches, from 1.
  std::vector<std::uint64_t> sends_over;
  /// Registrations wait here; `registry_timer` to the stub answers the oldest with `registration`.
  std::vector<register_as> registrations;
  std::vector<caf::typed_response_promise<tools::register_agent_result>> held_registrations;
  result<tools::register_agent_result> registration = fail(ec::unavailable, "Not scripted.");
  /// Asked to tell, and told.
  std::uint64_t identities_wanted = 0;
  std::uint64_t confirmations = 0;
};

/// A registry that follows `script`. What it leaves out is answered `unavailable`.
[[nodiscard]] registry_actor spawn_stub_registry(caf::actor_system& system,
                                                 std::shared_ptr<registry_script> script);

} // namespace nats_mcp::testing
