// SPDX-License-Identifier: MIT
#include "tests/simulation/network/simulated_link.hpp"

#include <utility>

namespace nats_mcp::simulation {

simulated_link::simulated_link(std::shared_ptr<network> wires)
  : wires_{std::move(wires)}
  , process_{wires_->join([this](transport::event one) { queue_.push(std::move(one)); })}
  , inbox_{"_INBOX.process" + std::to_string(static_cast<std::uint64_t>(process_))} {
  wires_->subscribe(process_, static_cast<std::uint64_t>(transport::subscription_key::inbox),
                    inbox_ + ".*", {});
}

simulated_link::~simulated_link() {
  if (!closed_) {
    wires_->leave(process_);
  }
}

std::uint64_t simulated_link::attach(std::function<void()> wake) {
  return queue_.attach(std::move(wake));
}

void simulated_link::detach(std::uint64_t receiver) { queue_.detach(receiver); }

std::vector<transport::event> simulated_link::take_events() {
  bool was_full = false;
  return queue_.take(was_full);
}

void simulated_link::connect() {
  if (!closed_) {
    wires_->connect(process_);
  }
}

result<void> simulated_link::write(std::uint64_t epoch, const jetstream::outgoing& message) {
  if (closed_) {
    return fail(ec::nats_unreachable, "The connection to NATS is closed.");
  }
  return wires_->write(process_, epoch, message);
}

void simulated_link::flush() {
  // nop
}

result<void> simulated_link::subscribe(transport::subscription_key key, const std::string& subject,
                                       const std::string& queue_group) {
  if (!closed_) {
    wires_->subscribe(process_, static_cast<std::uint64_t>(key), subject, queue_group);
  }
  return {};
}

void simulated_link::unsubscribe(transport::subscription_key key) {
  if (!closed_) {
    wires_->unsubscribe(process_, static_cast<std::uint64_t>(key));
  }
}

void simulated_link::unsubscribe_range(transport::subscription_key first,
                                       transport::subscription_key last) {
  if (!closed_) {
    wires_->unsubscribe_range(process_, static_cast<std::uint64_t>(first),
                              static_cast<std::uint64_t>(last));
  }
}

void simulated_link::close() {
  if (!std::exchange(closed_, true)) {
    wires_->leave(process_);
  }
}

const std::string& simulated_link::inbox() const noexcept { return inbox_; }

std::optional<transport::connection_made> simulated_link::current() const {
  return closed_ ? std::nullopt : wires_->current(process_);
}

} // namespace nats_mcp::simulation
