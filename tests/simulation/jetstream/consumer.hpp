// SPDX-License-Identifier: MIT
// One consumer: where it stands in its stream, to whom it delivers, what comes back. Pulled from or
// pushing, durable or not; what decides is its configuration, as in the server (ADR-13, ADR-15 and
// ADR-42 of NATS say what; nats-server 2.9.10 was asked where they leave room).
#pragma once

#include "protocol/json/value.hpp"

#include "tests/simulation/jetstream/behaviour.hpp"
#include "tests/simulation/jetstream/consumer_config.hpp"
#include "tests/simulation/jetstream/delivery_ledger.hpp"
#include "tests/simulation/jetstream/message_log.hpp"
#include "tests/simulation/jetstream/pull_queue.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace nats_mcp::simulation {

/// What an acknowledgement subject names. A server looks at the sequence alone: neither whose
/// delivery it was nor the rest of the subject matters.
struct delivery_name {
  std::string stream;
  std::string consumer;
  std::uint64_t delivery_count = 0;
  std::uint64_t stream_sequence = 0;
};

/// Reads `$JS.ACK.<stream>.<consumer>.<count>.<stream seq>.<consumer seq>.<time>.<pending>`.
[[nodiscard]] std::optional<delivery_name> parse_delivery_name(std::string_view ack_subject);

class consumer {
public:
  consumer(std::string stream, std::string name, consumer_config config, behaviour how,
           const message_log& log, const outlet& out, instant now);

  // -- requests --------------------------------------------------------------------------------

  /// A pull request; its messages and its end go to `request.reply`, or nothing does.
  void pull(const pull_request& request, instant now);
  /// What somebody sent to the acknowledgement subject of `sequence`. @returns whether the message
  /// is done with: acknowledged or terminated. Whose delivery it was does not matter.
  bool settle(std::uint64_t sequence, std::string_view payload, instant now);
  /// Another configuration for the same consumer; it stays where it stands.
  void rewrite(consumer_config config, instant now);

  // -- what happens around it ------------------------------------------------------------------

  void message_stored(const log_entry& entry, instant now);
  void message_removed(std::uint64_t sequence);
  /// A delivered message whose settlement a crash forgot.
  void message_restored(std::uint64_t sequence, instant now);
  /// Somebody began or ceased to listen.
  void interest_changed(instant now);
  void advance(instant now);
  /// Ends the waiting requests before the consumer goes away.
  void close(const std::string& why) { waiting_.end_all(409, why); }
  /// The server is gone and back: nobody waits any more.
  void restarted(instant now);

  [[nodiscard]] std::optional<instant> next_due() const;
  /// Nobody used it for its inactive threshold.
  [[nodiscard]] bool abandoned(instant now) const;
  [[nodiscard]] const consumer_config& config() const noexcept { return config_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] json::value information() const;
  /// Undelivered messages of its filter.
  [[nodiscard]] std::uint64_t pending() const;
  [[nodiscard]] const delivery_ledger& ledger() const noexcept { return ledger_; }

private:
  void start();
  void dispatch(instant now);
  /// The next message for somebody; sets `blocked` when there are some that may not go out.
  [[nodiscard]] const log_entry* next_message(bool& again, bool& blocked);
  void deliver(const log_entry& entry, const std::string& to, const std::string& ack_subject,
               instant now);
  void took(bool again, const log_entry& entry);
  [[nodiscard]] std::string ack_subject(const log_entry& entry, bool again) const;
  void heartbeat(instant now);

  std::string stream_;
  std::string name_;
  consumer_config config_;
  behaviour how_;
  const message_log& log_;
  const outlet& out_;
  delivery_ledger ledger_;
  pull_queue waiting_;
  /// Newest messages to deliver first (`last_per_subject`), then everything from `next_`.
  std::deque<std::uint64_t> newest_first_;
  std::uint64_t next_ = 1;
  std::uint64_t consumer_sequence_ = 0;
  std::uint64_t delivered_stream_sequence_ = 0;
  instant created_{};
  instant last_used_{};
  instant last_sent_{};
  bool bound_ = false;
};

} // namespace nats_mcp::simulation
