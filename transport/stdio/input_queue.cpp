// SPDX-License-Identifier: MIT
#include "transport/stdio/input_queue.hpp"

#include <utility>

namespace nats_mcp::transport {

namespace {

std::size_t size_of(const input& each) { return each.line ? each.line->size() : 0; }

} // namespace

input_queue::input_queue(options choice)
  : options_{std::move(choice)} {
  // nop
}

bool input_queue::takes(const input& next) const {
  std::lock_guard lock{mutex_};
  return has_room(next);
}

bool input_queue::push(input next) {
  bool was_empty = false;
  {
    std::unique_lock lock{mutex_};
    room_.wait(lock, [&] { return ended_ || closed_ || has_room(next); });
    if (ended_ || !has_room(next)) {
      return false;
    }
    was_empty = queue_.empty();
    bytes_ += size_of(next);
    queue_.push_back(std::move(next));
  }
  if (was_empty) {
    options_.on_input();
  }
  return true;
}

void input_queue::end() {
  {
    std::lock_guard lock{mutex_};
    if (!std::exchange(ended_, true)) {
      queue_.push_back({input_kind::end_of_input, nullptr});
    }
  }
  room_.notify_all();
  // Also when lines wait: whoever stopped taking them may have done so for an output that is gone.
  options_.on_input();
  if (options_.on_end) {
    options_.on_end();
  }
}

void input_queue::close() {
  {
    std::lock_guard lock{mutex_};
    closed_ = true;
  }
  room_.notify_all();
}

std::optional<input> input_queue::next() {
  std::optional<input> taken;
  {
    std::lock_guard lock{mutex_};
    if (queue_.empty()) {
      return std::nullopt;
    }
    taken = std::move(queue_.front());
    queue_.pop_front();
    bytes_ -= size_of(*taken);
    end_handed_out_ = end_handed_out_ || taken->kind == input_kind::end_of_input;
    in_hand_ = taken;
  }
  room_.notify_one();
  return taken;
}

void input_queue::done() {
  std::lock_guard lock{mutex_};
  in_hand_.reset();
}

std::optional<input> input_queue::take_in_hand() {
  std::lock_guard lock{mutex_};
  return std::exchange(in_hand_, std::nullopt);
}

bool input_queue::ended() const {
  std::lock_guard lock{mutex_};
  return end_handed_out_;
}

bool input_queue::has_room(const input& next) const {
  return queue_.empty()
         || (queue_.size() < options_.lines_max && bytes_ + size_of(next) <= options_.bytes_max);
}

} // namespace nats_mcp::transport
