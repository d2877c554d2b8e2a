// SPDX-License-Identifier: MIT
#include "actors/agents/change_queue.hpp"

#include "protocol/limits.hpp"

namespace nats_mcp {

void change_queue::close(const error& why, std::function<void()> idle) {
  closed_ = why;
  idle_ = std::move(idle);
  for (const auto& one : std::exchange(waiting_, {})) {
    one.refuse(why);
  }
}

void change_queue::add(waiting one) {
  if (closed_) {
    one.refuse(*closed_);
  } else if (waiting_.size() >= limits::registry_changes_waiting_max) {
    one.refuse({ec::busy,
                "Too many changes of this agent's entry wait for their turn. Nothing was changed; "
                "try again.",
                0});
  } else {
    waiting_.push_back(std::move(one));
    if (!under_way_) {
      over();
    }
  }
}

void change_queue::over() {
  under_way_ = !waiting_.empty();
  if (under_way_) {
    const auto next = std::move(waiting_.front());
    waiting_.pop_front();
    next.run();
  } else if (idle_) {
    std::exchange(idle_, {})();
  }
}

} // namespace nats_mcp
