// SPDX-License-Identifier: MIT
#include "transport/nats/connection.hpp"

#include "transport/nats/connection_loop.hpp"

#include <unistd.h>
#include <utility>

namespace nats_mcp::transport {

connection::loop::loop(options choice)
  : inbox{choice.inbox_prefix + '.' + make_uuid(choice.random)}
  , options_{std::move(choice)}
  , delays_{options_.delays}
  , spare_{options_.release_memory} {
  signals_.wake = [this] { wake(); };
  subscriptions_[subscription_key::inbox] = {inbox + ".*", {}};
  thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

connection::loop::~loop() {
  close();
  thread_.join();
  // Ends the library's threads before what they may still call.
  library_.reset();
}

// -- any thread --------------------------------------------------------------------------------

void connection::loop::wake() const {
  const std::uint64_t one = 1;
  // Full means that the loop is being woken already.
  [[maybe_unused]] const auto written = ::write(wake_event_.number(), &one, sizeof one);
}

void connection::loop::want() {
  const std::lock_guard guard{state_mutex_};
  if (!live_) {
    wanted_ = true;
    attempt_now_ = true;
    asked_until_ = std::chrono::steady_clock::now() + limits::reconnect_wanted_for;
    changed_.notify_all();
  }
}

void connection::loop::keep_trying() {
  const std::lock_guard guard{state_mutex_};
  if (!live_) {
    wanted_ = true;
    asked_until_ = std::chrono::steady_clock::now() + limits::reconnect_wanted_for;
    changed_.notify_all();
  }
}

result<void> connection::loop::write(std::uint64_t epoch, const jetstream::outgoing& message) {
  const std::lock_guard guard{state_mutex_};
  if (!live_ || epoch != epoch_) {
    return tl::make_unexpected(write_error(NATS_CONNECTION_CLOSED, message.subject));
  }
  return live_->write(message);
}

void connection::loop::flush() {
  // Under the lock, so that the connection ends on its own thread and nowhere else.
  const std::lock_guard guard{state_mutex_};
  if (live_) {
    live_->flush();
  }
}

result<void> connection::loop::subscribe(subscription_key key, const std::string& subject,
                                         const std::string& queue_group) {
  const std::lock_guard guard{state_mutex_};
  if (const auto found = subscriptions_.find(key); found != subscriptions_.end()) {
    if (found->second.subject == subject && found->second.queue_group == queue_group) {
      return {};
    }
    if (live_) {
      live_->unsubscribe(key);
    }
  }
  if (live_) {
    if (auto done = live_->subscribe(key, subject, queue_group);
        !done && done.error().code != ec::nats_unreachable) {
      return done;
    }
  }
  subscriptions_[key] = {subject, queue_group};
  return {};
}

void connection::loop::unsubscribe(subscription_key key) {
  const std::lock_guard guard{state_mutex_};
  if (subscriptions_.erase(key) > 0 && live_) {
    live_->unsubscribe(key);
  }
}

void connection::loop::unsubscribe_range(subscription_key first, subscription_key last) {
  const std::lock_guard guard{state_mutex_};
  const auto begin = subscriptions_.lower_bound(first);
  const auto end = subscriptions_.lower_bound(last);
  for (auto at = begin; at != end; ++at) {
    if (live_) {
      live_->unsubscribe(at->first);
    }
  }
  subscriptions_.erase(begin, end);
}

std::optional<connection_made> connection::loop::current() const {
  const std::lock_guard guard{state_mutex_};
  return live_ ? std::optional{made_} : std::nullopt;
}

void connection::loop::close() {
  thread_.request_stop();
  wake();
}

// -- the public face ---------------------------------------------------------------------------

connection::connection(options choice)
  : loop_{std::make_unique<loop>(std::move(choice))} {}
connection::~connection() = default;

std::uint64_t connection::attach(std::function<void()> wake) {
  return loop_->queue.attach(std::move(wake));
}

void connection::detach(std::uint64_t receiver) { loop_->queue.detach(receiver); }

std::vector<event> connection::take_events() {
  bool was_full = false;
  auto events = loop_->queue.take(was_full);
  if (was_full) {
    loop_->wake();
  }
  return events;
}

void connection::connect() { loop_->want(); }
void connection::keep_trying() { loop_->keep_trying(); }

result<void> connection::write(std::uint64_t epoch, const jetstream::outgoing& message) {
  return loop_->write(epoch, message);
}

void connection::flush() { loop_->flush(); }

result<void> connection::subscribe(subscription_key key, const std::string& subject,
                                   const std::string& queue_group) {
  return loop_->subscribe(key, subject, queue_group);
}

void connection::unsubscribe(subscription_key key) { loop_->unsubscribe(key); }
void connection::unsubscribe_range(subscription_key first, subscription_key last) {
  loop_->unsubscribe_range(first, last);
}

void connection::close() { loop_->close(); }
const std::string& connection::inbox() const noexcept { return loop_->inbox; }
std::optional<connection_made> connection::current() const { return loop_->current(); }

} // namespace nats_mcp::transport
