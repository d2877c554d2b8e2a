// SPDX-License-Identifier: MIT
// The thread behind `connection` and what it shares with whoever writes. Private to
// transport/nats/connection.cpp and connection_loop.cpp.
#pragma once

#include "transport/nats/connection.hpp"
#include "transport/nats/event_queue.hpp"
#include "transport/nats/learnt_servers.hpp"
#include "transport/nats/live_connection.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <sys/eventfd.h>
#include <thread>
#include <vector>

namespace nats_mcp::transport {

/// The thread and what it shares. `state_mutex_` guards everything but the queue, and what is the
/// thread's alone.
class connection::loop {
public:
  explicit loop(options choice);
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;
  ~loop();

  void want();
  void keep_trying();
  result<void> write(std::uint64_t epoch, const jetstream::outgoing& message);
  void flush();
  result<void> subscribe(subscription_key key, const std::string& subject,
                         const std::string& queue_group);
  void unsubscribe(subscription_key key);
  void unsubscribe_range(subscription_key first, subscription_key last);
  void close();
  void wake() const;
  std::optional<connection_made> current() const;

  event_queue queue;
  const std::string inbox;

private:
  struct wanted_subscription {
    std::string subject;
    std::string queue_group;
  };

  void run(const std::stop_token& stop);
  bool wait_until_wanted(const std::stop_token& stop);
  void pause(const std::stop_token& stop, std::chrono::milliseconds delay);
  result<std::unique_ptr<live_connection>> attempt(const std::stop_token& stop);
  result<std::unique_ptr<live_connection>> open(const std::stop_token& stop);
  void announce(std::unique_ptr<live_connection> made);
  void serve(const std::stop_token& stop);
  void announce_wait(std::size_t reports) const;
  /// @returns whether the socket has something to read.
  bool wait_for_socket(std::chrono::steady_clock::time_point at_most) const;

  options options_;
  std::shared_ptr<const void> library_ = open_library();
  file_descriptor wake_event_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  loop_signals signals_;
  endpoint where_;
  learnt_servers learnt_;
  backoff delays_;
  /// The thread's alone.
  spare_memory spare_;

  mutable std::mutex state_mutex_;
  std::condition_variable_any changed_;
  bool wanted_ = false;
  bool attempt_now_ = false;
  /// Attempts follow each other quickly until then.
  std::chrono::steady_clock::time_point asked_until_;
  std::uint64_t epoch_ = 0;
  connection_made made_;
  std::map<subscription_key, wanted_subscription> subscriptions_;
  std::unique_ptr<live_connection> live_;

  std::jthread thread_;
};

} // namespace nats_mcp::transport
