// SPDX-License-Identifier: MIT
// The reports of a connection on their way to whoever takes them: one wake-up per burst, and a
// bound beyond which the connection stops reading.
#pragma once

#include "protocol/limits.hpp"

#include "transport/nats/event.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

namespace nats_mcp::transport {

/// @threadsafe
class event_queue {
public:
  /// See `connection::attach`.
  std::uint64_t attach(std::function<void()> wake);
  /// See `connection::detach`.
  void detach(std::uint64_t receiver);
  /// Appends and empties `batch`; wakes the receiver if nothing was waiting.
  /// @returns about how many bytes were added.
  std::size_t push(std::vector<event>& batch);
  void push(event one);
  /// @returns what waits. @param was_full set if the producer may have stopped because of the
  /// bound.
  [[nodiscard]] std::vector<event> take(bool& was_full);
  /// Whether no more should be produced for now.
  [[nodiscard]] bool full() const;

private:
  mutable std::mutex mutex_;
  std::vector<event> waiting_;
  std::size_t bytes_ = 0;
  std::function<void()> wake_;
  std::uint64_t receiver_ = 0;
};

} // namespace nats_mcp::transport
