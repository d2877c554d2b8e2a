// SPDX-License-Identifier: MIT
#include "tests/simulation/world/simulated_client.hpp"

#include <memory>
#include <utility>

namespace nats_mcp::simulation {

simulated_client::simulated_client(options choice)
  : options_{std::move(choice)}
  , queue_{{.on_input = [this] { options_.on_input(); }, .on_end = {}}} {
  // nop
}

void simulated_client::say(std::string line) {
  if (!closed_) {
    // The queue takes thousands of lines: it never waits for room here.
    (void)queue_.push(
      {transport::input_kind::line, std::make_shared<const std::string>(std::move(line))});
  }
}

void simulated_client::read_on() {
  reading_ = true;
  const bool something = !unread_.empty();
  take_unread();
  if (something) {
    options_.on_drained();
  }
}

void simulated_client::close() {
  closed_ = true;
  gathered_.clear();
  take_unread(); // what is in the pipe outlives its writer
}

std::optional<transport::input> simulated_client::next() {
  return closed_ ? std::nullopt : queue_.next();
}

std::optional<transport::input> simulated_client::take_in_hand() {
  return closed_ ? std::nullopt : queue_.take_in_hand();
}

void simulated_client::write(std::string_view line) {
  if (!closed_) {
    gathered_.emplace_back(line);
    ++taken_;
  }
}

void simulated_client::push() {
  const bool congested = output_congested();
  while (!gathered_.empty()) {
    unread_.push_back(std::move(gathered_.front()));
    gathered_.pop_front();
  }
  if (reading_) {
    take_unread();
  }
  if (congested && !output_congested()) {
    options_.on_drained();
  }
}

void simulated_client::take_unread() {
  while (!unread_.empty()) {
    const auto line = std::move(unread_.front());
    unread_.pop_front();
    options_.on_line(line);
  }
}

} // namespace nats_mcp::simulation
