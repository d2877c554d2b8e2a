// SPDX-License-Identifier: MIT
#include "actors/supervision/stable_ref.hpp"

#include "protocol/limits.hpp"

#include "actors/error_bridge.hpp"

#include <caf/mailbox_element.hpp>
#include <caf/system_messages.hpp>

#include <utility>

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
    if (!target && holding_ && held_.size() < limits::messages_held_while_starting_max) {
      held_.push_back(std::move(message));
      return;
    }
    if (!target) {
      reason = reason_down_;
    }
  }
  if (target) {
    target->enqueue(std::move(message), unit);
  } else {
    refuse(*message, reason, unit);
  }
}

void stable_ref::refuse(const caf::mailbox_element& message, const caf::error& reason,
                        caf::execution_unit* unit) {
  if (message.mid.is_request()) {
    answer(message, reason, unit);
  } else {
    ++dropped_;
  }
}

const char* stable_ref::name() const { return part_.c_str(); }

void stable_ref::hold() {
  std::lock_guard lock{mutex_};
  holding_ = true;
}

void stable_ref::point_to(caf::strong_actor_ptr incarnation) {
  std::lock_guard lock{mutex_};
  target_.swap(incarnation); // the former target is released after the lock is
  holding_ = false;
  // Under the lock: nobody else's message may overtake these.
  for (auto& message : std::exchange(held_, {})) {
    target_->enqueue(std::move(message), nullptr);
  }
}

void stable_ref::take_down(std::string sentence) {
  caf::strong_actor_ptr former;
  const auto reason = to_caf({ec::unavailable, std::move(sentence), 0});
  std::vector<caf::mailbox_element_ptr> refused;
  {
    std::lock_guard lock{mutex_};
    target_.swap(former);
    holding_ = false;
    refused.swap(held_);
    reason_down_ = reason;
  }
  for (const auto& message : refused) {
    refuse(*message, reason, nullptr);
  }
}

} // namespace nats_mcp
