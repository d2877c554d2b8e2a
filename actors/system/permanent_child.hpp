// SPDX-License-Identifier: MIT
// How the trees of this program describe a part to their supervisor.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/supervision/stable_ref.hpp"
#include "actors/supervision/supervisor.hpp"

#include <caf/actor_cast.hpp>

#include <string>
#include <utility>

namespace nats_mcp {

/// A child that is always restarted; the supervisor's defaults say how soon and how often.
/// @param spawn makes an incarnation from the last one's checkpoint.
template <class Handle, class Spawn>
child_spec permanent_child(std::string id, const stable_slot<Handle>& slot, Spawn spawn) {
  child_spec spec;
  spec.id = std::move(id);
  spec.ref = slot.ref;
  spec.start = [spawn](caf::local_actor* spawner, checkpoint last,
                       const supervisor_actor& supervisor) {
    return caf::actor_cast<caf::strong_actor_ptr>(spawn(spawner, std::move(last), supervisor));
  };
  return spec;
}

} // namespace nats_mcp
