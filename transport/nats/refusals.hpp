// SPDX-License-Identifier: MIT
// The server's refusals of single subjects on their way from the thread on which nats.c reports
// them. The connection itself keeps only the text of the last one, so of several that arrive with
// one read it would tell one.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::transport {

/// @threadsafe
class refusals {
public:
  /// A refusal as the server worded it. Beyond `limits::nats_refusals_queued_max` it is dropped:
  /// whoever waits for it ends at its deadline.
  void add(std::string text);

  /// All that were added since the last call, in order.
  [[nodiscard]] std::vector<std::string> take();

  /// Waits until `text` is among those added, and therefore all that came before it. @returns
  /// false when that takes longer than `patience`.
  [[nodiscard]] bool wait_for(std::string_view text, std::chrono::milliseconds patience);

private:
  std::mutex mutex_;
  std::condition_variable added_;
  std::vector<std::string> waiting_;
};

} // namespace nats_mcp::transport
