// SPDX-License-Identifier: MIT
// Which deliveries of a consumer are not settled, when they count as lost, and which go out again.
// Everything is kept by stream sequence, as in the server: that is why a late settlement of an
// earlier delivery acts on the later one.
#pragma once

#include "tests/simulation/jetstream/instant.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace nats_mcp::simulation {

class delivery_ledger {
public:
  explicit delivery_ledger(std::chrono::nanoseconds ack_wait)
    : ack_wait_{ack_wait} {
    // nop
  }

  /// A message went out; it is lost, for this ledger, one ack wait from now.
  void delivered(std::uint64_t sequence, std::uint64_t consumer_sequence, instant now);
  /// It needs no further delivery.
  void settle(std::uint64_t sequence);
  /// It goes out again as soon as somebody asks.
  void again_now(std::uint64_t sequence);
  /// It goes out again after `delay`, however long the ack wait is.
  void again_after(std::uint64_t sequence, std::chrono::nanoseconds delay, instant now);
  /// Its ack wait starts anew. One that is lost already stays lost.
  void extend(std::uint64_t sequence, instant now);
  /// No delivery of it is counted as pending any more, and none follows (`max_deliver`).
  void give_up(std::uint64_t sequence);
  /// A new ack wait counts for what is out already.
  void set_ack_wait(std::chrono::nanoseconds ack_wait);

  /// Finds the deliveries that are lost by `now`.
  void expire(instant now);
  [[nodiscard]] std::optional<instant> next_due() const;

  /// The message to be delivered again first; `take` removes it from the queue.
  [[nodiscard]] std::optional<std::uint64_t> next_again() const;
  void take_again() { again_.pop_front(); }

  [[nodiscard]] bool is_pending(std::uint64_t sequence) const {
    return pending_.find(sequence) != pending_.end();
  }
  [[nodiscard]] std::uint64_t count(std::uint64_t sequence) const;
  [[nodiscard]] std::size_t pending() const noexcept { return pending_.size(); }
  [[nodiscard]] std::size_t waiting_again() const noexcept { return again_.size(); }
  /// Messages delivered more than once and not settled.
  [[nodiscard]] std::size_t redelivered() const;
  /// The oldest unsettled delivery: stream sequence and consumer sequence.
  [[nodiscard]] std::optional<std::pair<std::uint64_t, std::uint64_t>> oldest() const;

private:
  struct entry {
    std::uint64_t consumer_sequence = 0;
    /// One ack wait before it is lost.
    instant since{};
  };

  void stop_timer(std::uint64_t sequence, const entry& of);
  void remove_again(std::uint64_t sequence);

  std::chrono::nanoseconds ack_wait_;
  std::map<std::uint64_t, entry> pending_;
  /// Timers of those that are not lost yet.
  std::set<std::pair<instant, std::uint64_t>> due_;
  std::deque<std::uint64_t> again_;
  std::map<std::uint64_t, std::uint64_t> counts_;
};

} // namespace nats_mcp::simulation
