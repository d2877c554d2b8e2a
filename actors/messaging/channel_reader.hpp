// SPDX-License-Identifier: MIT
// One batch read of a channel: how long the stream is, a short-lived consumer at the right place,
// one pull, and away with the consumer. Never one request per message; gaps in the sequence are
// fine. Part of the channels actor's state; all calls and callbacks happen inside that actor.
#pragma once

#include "protocol/error.hpp"
#include "protocol/identifiers.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/messaging/newest_window.hpp"
#include "protocol/time.hpp"
#include "protocol/tools/channel_tools.hpp"

#include "actors/interfaces.hpp"
#include "actors/request.hpp"

#include <caf/scheduled_actor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp {

class channel_reader {
public:
  struct request {
    std::string channel;
    std::string stream;
    std::string subject;
    /// At most this many messages, at least 1.
    std::uint64_t limit = 1;
    /// Messages after this position, oldest first; without it the newest `limit`.
    std::optional<std::uint64_t> after;
    /// Called, with the newest `limit` read instead, when `after` lies beyond the end of the
    /// stream: it was deleted and begun again. Empty = such an `after` reads nothing.
    std::function<void()> begun_again;
    monotonic_time deadline;
  };

  using extent_known = std::function<void(const result<messaging::stream_extent>&)>;
  using read = std::function<void(const result<tools::read_messages_result>&)>;

  channel_reader(asking_actor<channels_actor>* owner, gateway_actor gateway, random_source random);

  /// How many messages the stream holds and where it ends.
  void extent(const std::string& stream, monotonic_time deadline, extent_known done);

  /// Reads as `what` says. A stream that does not exist is `not_found`.
  void start(request what, read done);

private:
  struct operation;

  void place_consumer(const std::shared_ptr<operation>& reading);
  void consumer_placed(const std::shared_ptr<operation>& reading, std::uint64_t available);
  void fetch(const std::shared_ptr<operation>& reading, std::uint64_t available);
  /// How much one pull may bring; no bytes = no bound.
  struct portion {
    std::size_t bytes = 0;
    std::uint64_t messages = 0;
  };

  void pull(const std::shared_ptr<operation>& reading, portion wanted);
  void pulled(const std::shared_ptr<operation>& reading, jetstream::pull_result got);
  static void collect(operation& reading, std::vector<jetstream::delivery> deliveries);
  static void leave_out_what_does_not_fit(operation& reading);
  void finish(operation& reading);
  void remove_consumer(const operation& reading);
  [[nodiscard]] static error not_delivered(const operation& reading);
  [[nodiscard]] static tools::read_messages_result assemble(const operation& reading);

  asking_actor<channels_actor>* owner_;
  gateway_actor gateway_;
  random_source random_;
};

} // namespace nats_mcp
