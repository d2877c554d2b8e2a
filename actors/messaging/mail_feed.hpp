// SPDX-License-Identifier: MIT
// Asks NATS for the mail in one inbox, one round of requests at a time, as `mail_source` decides.
// Part of the inbox actor's state; all calls and callbacks happen inside that actor.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/jetstream/durable_consumer.hpp"
#include "protocol/jetstream/stream_config.hpp"
#include "protocol/messaging/held_mail.hpp"
#include "protocol/messaging/mail_source.hpp"
#include "protocol/time.hpp"

#include "actors/interfaces.hpp"
#include "actors/request.hpp"
#include "actors/streams/api_caller.hpp"
#include "actors/streams/stream_keeper.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace nats_mcp {

class mail_feed {
public:
  struct surroundings {
    asking_actor<inbox_actor>* owner = nullptr;
    gateway_actor gateway;
    stream_keeper* streams = nullptr;
    /// What is fetched goes there.
    messaging::held_mail* mail = nullptr;
    /// The stream of all inboxes, as it is to be.
    jetstream::stream_config stream;
    /// What the readers of the round still need.
    std::function<messaging::mail_demand()> demand;
    /// After each pull. @param read_before messages that were read and came again: to be
    /// acknowledged.
    std::function<void(const std::vector<std::uint64_t>& read_before)> arrived;
  };
  /// The round is over. Called once, unless `serve` comes first.
  using ended = std::function<void(const result<void>&)>;

  explicit mail_feed(surroundings around);

  /// From now on the inbox of `guid`; empty = nobody's. A round under way is dropped.
  void serve(std::string guid);

  /// Begins a round; only while none is under way, and with an inbox to serve.
  void begin(messaging::mail_source::round what, monotonic_time deadline, ended done);
  [[nodiscard]] bool busy() const noexcept { return static_cast<bool>(done_); }

  /// The consumer may be gone: the next round looks first.
  void distrust() noexcept { source_.distrust(); }
  /// Whose inbox; empty: nobody's.
  [[nodiscard]] const std::string& inbox() const noexcept { return inbox_; }
  /// Unread messages that are not held; 0 while nothing is known.
  [[nodiscard]] std::uint64_t pending() const noexcept { return source_.pending(); }
  /// Whether the consumer was seen, so that `pending` means something.
  [[nodiscard]] bool trusted() const noexcept { return source_.trusted(); }
  [[nodiscard]] std::chrono::nanoseconds ack_wait() const noexcept { return source_.ack_wait(); }

private:
  void take(messaging::mail_step step);
  void ensure_stream();
  void describe();
  [[nodiscard]] api_caller api() const;
  /// Takes the answer to `CONSUMER.INFO` or `CONSUMER.CREATE`: both tell the consumer's state.
  [[nodiscard]] api_answered state_told();
  void acknowledge();
  void remove();
  void pull();
  void pulled(jetstream::pull_result got);
  /// Steps on if the consumer or the stream is merely missing; else the round ends.
  void failed(const error& why);
  void finish(const result<void>& outcome);
  [[nodiscard]] error not_answered() const;

  surroundings around_;
  messaging::mail_source source_;
  std::string inbox_;
  jetstream::durable_consumer reader_;
  monotonic_time deadline_;
  ended done_;
  /// Of the round: answers to questions of an earlier one mean nothing.
  std::uint64_t number_ = 0;
};

} // namespace nats_mcp
