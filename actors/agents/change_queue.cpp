// SPDX-License-Identifier: MIT
#include "actors/agents/change_queue.hpp"

namespace nats_mcp {

void change_queue::close(const error& why, std::function<void()> idle) {
  closed_ = why;
  idle_ = std::move(idle);
  changes_waiting_ = 0;
  for (const auto& one : std::exchange(waiting_, {})) {
    one.refuse(why);
  }
}

error change_queue::too_many() {
  return {ec::busy,
          "Too many changes of this agent's entry wait for their turn. Nothing was changed; try "
          "again.",
          0};
}

void change_queue::add(waiting one) {
  if (closed_) {
    one.refuse(*closed_);
    return;
  }
  changes_waiting_ += one.is_change ? 1 : 0;
  waiting_.push_back(std::move(one));
  if (!under_way_) {
    over();
  }
}

void change_queue::over() {
  under_way_ = false;
  if (beginning_) {
    return; // The loop below goes on.
  }
  while (!under_way_ && !waiting_.empty()) {
    const auto next = std::move(waiting_.front());
    waiting_.pop_front();
    changes_waiting_ -= next.is_change ? 1 : 0;
    under_way_ = true;
    beginning_ = true;
    next.run();
    beginning_ = false;
  }
  if (!under_way_ && idle_) {
    std::exchange(idle_, {})();
  }
}

} // namespace nats_mcp
