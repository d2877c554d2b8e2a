// SPDX-License-Identifier: MIT
// Readers who wait until a watch has seen what is in its bucket now. How far the watch's consumer
// has to come is asked of the server; the watch says how far it is. Part of gateway_subscriptions.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/time.hpp"

#include "actors/messages.hpp"
#include "actors/supervision/guarded_promise.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp {

class watch_waits {
public:
  /// How far a watch has come.
  struct progress {
    jetstream::subscription_id id{};
    /// Empty while it follows none.
    std::string consumer;
    std::uint64_t consumer_sequence = 0;
  };
  /// A question to the server, on behalf of one wait.
  struct question {
    std::uint64_t step = 0;
    monotonic_time deadline;
  };

  /// @returns its step.
  std::uint64_t add(const await_watch& asked, guarded_promise<watch_is_current> promise);
  /// The waits for which the state of this consumer is to be asked: each of this watch that was not
  /// asked of it yet.
  [[nodiscard]] std::vector<question> to_ask(const progress& at);
  /// The answer to `CONSUMER.INFO`, or why there is no connection to ask.
  void on_answer(std::uint64_t step, const result<jetstream::api_reply>& reply, const progress& at);
  /// The watch has passed something on.
  void on_progress(const progress& at);
  void watch_closed(jetstream::subscription_id id);
  void tick(monotonic_time now);

  [[nodiscard]] bool empty() const noexcept { return waits_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return waits_.size(); }
  [[nodiscard]] std::optional<monotonic_time> next_due() const;

private:
  struct wait {
    std::uint64_t step = 0;
    jetstream::subscription_id id{};
    guarded_promise<watch_is_current> promise;
    monotonic_time deadline;
    /// The one asked about, and how far it has to come; nothing while the server has not said.
    std::string consumer;
    std::optional<std::uint64_t> target;
  };

  std::vector<wait> waits_;
  std::uint64_t steps_ = 0;
};

} // namespace nats_mcp
