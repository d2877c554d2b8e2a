// SPDX-License-Identifier: MIT
#include "actors/supervision/stable_ref.hpp"

#include "actors/error_bridge.hpp"

#include <caf/mailbox_element.hpp>
#include <caf/system_messages.hpp>

namespace nats_mcp {

namespace {

/// CAF's own `bounce` would answer with a code of CAF instead of `reason`.
void answer(const caf::mailbox_element& request, const caf::error& reason,
            caf::execution_unit* unit) {
  if (request.sender) {
    request.sender->enqueue(nullptr, request.mid.response_id(), caf::make_message(reason), unit);
  }
}

} // namespace

stable_ref::stable_ref(caf::actor_config& config, std::string part)
  : caf::monitorable_actor{config}
  , part_{std::move(part)}
  , reason_down_{to_caf(
      {ec::unavailable, "The part \"" + part_ + "\" of this server is not started yet.", 0})} {
  // nop
}

void stable_ref::enqueue(caf::mailbox_element_ptr message, caf::execution_unit* unit) {
  if (message->content().match_elements<caf::exit_msg>()
      || message->content().match_elements<caf::down_msg>()) {
    return;
  }
  caf::strong_actor_ptr target;
  caf::error reason;
  {
    std::lock_guard lock{mutex_};
    target = target_;
    if (!target) {
      reason = reason_down_;
    }
  }
  if (target) {
    target->enqueue(std::move(message), unit);
  } else if (message->mid.is_request()) {
    answer(*message, reason, unit);
  } else {
    ++dropped_;
  }
}

const char* stable_ref::name() const { return part_.c_str(); }

void stable_ref::point_to(caf::strong_actor_ptr incarnation) {
  std::lock_guard lock{mutex_};
  target_.swap(incarnation); // the former target is released after the lock is
}

void stable_ref::take_down(std::string sentence) {
  caf::strong_actor_ptr former;
  auto reason = to_caf({ec::unavailable, std::move(sentence), 0});
  std::lock_guard lock{mutex_};
  target_.swap(former);
  reason_down_ = std::move(reason);
}

} // namespace nats_mcp
