// SPDX-License-Identifier: MIT
// One watch over the keys of a bucket: an ordered, ephemeral push consumer that is made again, from
// where it was, whenever something is missing (ADR-17 and ADR-31 of NATS). Pure: what it wants from
// the server and what its reader is told come out as effects.
//
// The bucket's stream is looked at before each consumer is made: a stream with another creation
// time, or one that ends before what was seen, is another bucket, and the watch begins again from
// nothing.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/jetstream/wire_message.hpp"
#include "protocol/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nats_mcp::jetstream {

/// Ask the API and hand the answer back with the same `step`.
struct watch_request {
  std::uint64_t step = 0;
  std::string verb;
  std::string body;
};
/// Tell the server that its flow control message arrived.
struct watch_flow_reply {
  std::string subject;
};
using watch_effect = std::variant<watch_request, watch_flow_reply, kv_change, kv_watch_event>;

/// What the next incarnation of the gateway needs to go on.
struct watch_position {
  /// Creation time of the stream as the server writes it; empty = nothing seen yet.
  std::string stream_created;
  std::uint64_t last_sequence = 0;
  bool initial_values_done = false;
};

class key_watch {
public:
  struct options {
    subscription_id id{};
    std::string bucket;
    /// A pattern over keys.
    std::string filter;
    watch_position position;
  };

  explicit key_watch(options choice)
    : options_{std::move(choice)} {
    // nop
  }

  /// There is a connection: makes the consumer. @param deliver_subject where it delivers to, a new
  /// one each time. @param consumer its name, a new one each time.
  void begin(std::string deliver_subject, std::string consumer, monotonic_time now);
  /// The answer to a `watch_request`; one of an earlier step is ignored.
  void on_answer(std::uint64_t step, const result<api_reply>& reply, monotonic_time now);
  /// A message for `deliver_subject` of the last `begin`.
  void on_message(incoming&& message, monotonic_time now);
  /// The connection is gone; `begin` is called when there is one again.
  void on_disconnected();

  /// When the watch should be looked at: a heartbeat missing, a retry due. Then, if `wants_begin`,
  /// call `begin`.
  [[nodiscard]] std::optional<monotonic_time> next_due() const;
  [[nodiscard]] bool wants_begin(monotonic_time now) const;

  [[nodiscard]] std::vector<watch_effect> take_effects() { return std::exchange(effects_, {}); }
  /// Whether a consumer was ever made; and the failure if the last try ended in one.
  [[nodiscard]] bool established() const noexcept { return established_; }
  /// Whether there is a consumer now that it follows.
  [[nodiscard]] bool following() const noexcept { return state_ == state::following; }
  [[nodiscard]] const error& failure() const noexcept { return failure_; }
  [[nodiscard]] const watch_position& position() const noexcept { return options_.position; }
  /// Messages of the current consumer that were passed on.
  [[nodiscard]] std::uint64_t consumer_sequence() const noexcept { return consumer_sequence_; }
  [[nodiscard]] const options& settings() const noexcept { return options_; }

private:
  enum class state { resting, asking_stream, asking_consumer, following };

  void on_stream_info(const api_reply& reply, monotonic_time now);
  void on_consumer_made(const api_reply& reply, monotonic_time now);
  void on_status(const incoming& message, monotonic_time now);
  void ask(std::string verb, std::string body);
  void fail_for_now(error reason, monotonic_time now);
  void begin_again(monotonic_time now);
  void initial_values_are_done();
  [[nodiscard]] std::string consumer_request() const;

  options options_;
  state state_ = state::resting;
  std::uint64_t step_ = 0;
  std::string deliver_subject_;
  std::string consumer_;
  std::uint64_t consumer_sequence_ = 0;
  bool established_ = false;
  unsigned failures_ = 0;
  error failure_;
  /// Nothing is due while empty.
  std::optional<monotonic_time> due_;
  std::vector<watch_effect> effects_;
};

} // namespace nats_mcp::jetstream
