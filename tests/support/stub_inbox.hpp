// SPDX-License-Identifier: MIT
// The inbox of one agent as NATS keeps it, for actor tests: a work queue with one durable consumer,
// just enough of it to deliver, forget and deliver again. What the server really does is the
// contract suite's affair (tests/contract).
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace nats_mcp::testing {

class stub_inbox {
public:
  /// @param last_sequence what of the stream is somebody else's
  explicit stub_inbox(std::string owner_guid, std::uint64_t last_sequence = 0);

  // -- what others do
  /// @returns its sequence.
  std::uint64_t store(std::string subject, std::string payload);
  /// Somebody else with this guid is handed the oldest message and never acknowledges it.
  void deliver_to_nobody();
  /// Every delivery that is not acknowledged counts as lost and goes out again.
  void ack_wait_is_over();
  void delete_consumer() { consumer_ = false; }
  void delete_stream();
  /// As nats-server 2.9.10 when it is killed: the messages are gone and are counted from 1 again,
  /// while the consumer remembers how many there were.
  void count_anew();
  /// A settlement is forgotten, as by a server that was killed: its message is back.
  void undo_settlement(std::uint64_t sequence);

  // -- the requests
  [[nodiscard]] result<jetstream::api_reply> api(const jetstream::api_request& what);
  [[nodiscard]] result<jetstream::pull_result> pull(const jetstream::pull& what);
  [[nodiscard]] result<jetstream::settled> settle(const jetstream::settle& what);

  // -- what there is
  [[nodiscard]] std::size_t messages() const noexcept { return messages_.size(); }
  [[nodiscard]] bool has_consumer() const noexcept { return consumer_; }
  [[nodiscard]] bool can_deliver() const { return consumer_ && next() != messages_.end(); }

private:
  struct message {
    std::string subject;
    std::string payload;
    wall_time stored_at{};
    bool delivered = false;
    std::uint64_t deliveries = 0;
  };
  using table = std::map<std::uint64_t, message>;

  [[nodiscard]] table::const_iterator next() const;
  [[nodiscard]] std::string consumer_info() const;

  std::string owner_;
  table messages_;
  table settled_;
  /// Delivered and not acknowledged, whatever became of the delivery.
  std::set<std::uint64_t> unsettled_;
  std::uint64_t last_sequence_ = 0;
  /// The consumer's newest.
  std::uint64_t delivered_sequence_ = 0;
  /// One second passes from message to message.
  wall_time newest_{};
  bool stream_ = false;
  bool consumer_ = false;
};

} // namespace nats_mcp::testing
