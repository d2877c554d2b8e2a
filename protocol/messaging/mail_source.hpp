// SPDX-License-Identifier: MIT
// How the mail of one agent is got out of NATS: which request comes next, decided one round at a
// time. A round makes sure that the inbox has a reader (a durable consumer), counts what is unread,
// or fetches what is there. At most one request is under way, so that what the server counts as
// delivered can be compared with what we have: a delivery that reached nobody is noticed, and the
// consumer is made anew, because work-queue retention keeps the messages and the new one delivers
// them at once, while the old one would wait for its ack wait to pass (docs/wire.md, "Inboxes").
#pragma once

#include "protocol/jetstream/command.hpp"
#include "protocol/jetstream/durable_consumer.hpp"
#include "protocol/messaging/held_mail.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nats_mcp::messaging {

/// The durable consumer of an agent's inbox.
[[nodiscard]] jetstream::durable_consumer inbox_reader(std::string_view guid);

/// What is to be done next; each is answered with the event of the same line.
enum class mail_step : std::uint8_t {
  /// The stream has to be there: `stream_is_there`.
  ensure_stream,
  /// The same, after it was found missing.
  ensure_stream_again,
  /// The consumer is to be looked at: `described`, `consumer_missing` or `stream_missing`.
  describe,
  /// What was read is to be acknowledged, once more if it was, and to be waited for:
  /// `acknowledged`.
  acknowledge,
  /// It is to be made: `described`.
  make,
  /// It is to be deleted; what is unread is held no longer: `removed`.
  remove,
  /// `next_pull` says how: `pulled`.
  pull,
  /// The round is over.
  finish,
  /// Its consumer never answered.
  give_up,
};

/// How many of our messages the server counts as delivered and not settled.
struct unsettled_mail {
  /// Nobody has read them, so nothing was said about them.
  std::size_t at_least = 0;
  /// And those whose acknowledgement it may not have got yet.
  std::size_t at_most = 0;
};

/// How the readers of a round stand.
enum class mail_demand : std::uint8_t {
  /// Nobody needs more.
  met,
  /// Everybody has something, somebody would take more.
  open,
  /// Somebody has nothing.
  nothing_yet,
};

class mail_source {
public:
  enum class purpose : std::uint8_t {
    count,
    /// What is there at once.
    fetch,
    /// A message was announced, which may not be stored yet.
    announced,
  };
  struct round {
    purpose why = purpose::count;
    /// Most messages of one pull.
    std::size_t batch = 1;
  };
  struct pull_terms {
    std::uint32_t batch = 1;
    std::chrono::milliseconds expires{0};
    std::size_t bytes_max = 0;
  };

  /// @param held what was fetched and is not done with; outlives this.
  explicit mail_source(const held_mail* held);

  // -- one round -------------------------------------------------------------------------------

  [[nodiscard]] mail_step begin(round what);
  [[nodiscard]] mail_step stream_is_there() const noexcept;
  [[nodiscard]] mail_step stream_missing();
  [[nodiscard]] mail_step consumer_missing() noexcept;
  [[nodiscard]] mail_step described(const jetstream::consumer_state& state, unsettled_mail ours);
  [[nodiscard]] mail_step acknowledged() const noexcept { return mail_step::describe; }
  [[nodiscard]] mail_step removed() noexcept;
  [[nodiscard]] pull_terms next_pull() const;
  /// What was delivered is held already. @param pending as the last delivery says.
  [[nodiscard]] mail_step pulled(jetstream::pull_end end, std::size_t count, std::uint64_t pending,
                                 mail_demand demand);

  /// The consumer may be gone or another one: this round looks once more, or the next one first.
  void distrust() noexcept {
    checked_ = false;
    doubted_ = true;
  }

  // -- what is known ---------------------------------------------------------------------------

  /// Whether a consumer was seen since the last doubt.
  [[nodiscard]] bool trusted() const noexcept { return checked_; }
  /// Unread messages that were not fetched.
  [[nodiscard]] std::uint64_t pending() const noexcept { return pending_; }
  [[nodiscard]] std::chrono::nanoseconds ack_wait() const noexcept { return ack_wait_; }

private:
  /// Deliveries may be lost on the way again and again; or somebody else pulls as well.
  static constexpr unsigned remakes_max = 3;

  [[nodiscard]] mail_step pull_again() const;
  void know_pending(std::uint64_t pending) noexcept;
  void allow_remake() noexcept;
  [[nodiscard]] mail_step in_trouble();
  [[nodiscard]] mail_step came_to_the_end(std::size_t count, mail_demand demand);

  const held_mail* held_;
  bool checked_ = false;
  /// In this round, and the consumer was not looked at since.
  bool doubted_ = false;
  std::uint64_t pending_ = 0;
  std::chrono::nanoseconds ack_wait_ = limits::inbox_ack_wait;
  round round_;
  /// The next pull waits for one message.
  bool announced_ = false;
  /// The next message exceeds the room there is for bytes.
  bool alone_ = false;
  bool acknowledged_ = false;
  /// The consumer was made anew, and counts as pending what is held: until nothing is pending, also
  /// when the round in which it was made did not get to the end.
  bool counts_held_ = false;
  /// Whether the consumer may be made anew on a doubt: once in a round, and once more after
  /// whatever may have lost a delivery.
  bool may_remake_ = true;
  /// And how often since a delivery is known to be lost.
  unsigned remakes_left_ = remakes_max;
  unsigned troubles_ = 0;
};

} // namespace nats_mcp::messaging
