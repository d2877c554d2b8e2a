// SPDX-License-Identifier: MIT
// Direct messages that were fetched and are not done with: unread, in an answer that is on its way
// to the client, or read and not yet acknowledged. Bounded, and kept by their place in the stream,
// where mail of former GUIDs stands among the rest, since a message may be delivered more than once
// (docs/wire.md, "Inboxes"). Plain bookkeeping for the inbox actor.
#pragma once

#include "protocol/identifiers.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/limits.hpp"
#include "protocol/messaging/mail_filter.hpp"
#include "protocol/tools/direct_message_tools.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nats_mcp::messaging {

class held_mail {
public:
  struct bounds {
    std::size_t messages = limits::mail_held_max;
    std::size_t bytes = limits::mail_held_bytes_max;
    /// Messages that were acknowledged and may come again all the same.
    std::size_t remembered = limits::mail_read_remembered_max;
  };

  explicit held_mail(bounds most);

  // -- what NATS does --------------------------------------------------------------------------

  enum class arrival : std::uint8_t {
    unread,
    /// It is held already; this delivery stands for it now.
    known,
    /// It was read: it is to be acknowledged again, and nobody is shown it.
    read,
  };
  /// @param inbox of the consumer that delivered it.
  arrival add(const jetstream::delivery& delivered, std::string_view inbox);
  /// NATS has taken note that it was read.
  void acknowledged(std::uint64_t sequence);
  /// The consumer of that inbox was made anew and delivers all of it again: unread mail goes.
  void forget_unread(std::string_view inbox);
  /// That consumer is gone, and maybe the stream: a sequence may mean another message from now on.
  /// None is acknowledged before it is delivered again.
  void consumer_gone(std::string_view inbox);
  /// This process is another agent from now on, or none: nothing is held any more. What it read it
  /// remembers, and what is in an answer as soon as that is shown, since it may be the same agent
  /// again.
  void begin_anew();

  // -- what readers do -------------------------------------------------------------------------

  /// The oldest unread messages that the filter admits, now in the answer of `call`: nobody else
  /// gets them.
  [[nodiscard]] std::vector<tools::direct_message> take(call_id call, const mail_filter& wanted,
                                                        mail_portion most);
  /// The same without taking them.
  [[nodiscard]] std::vector<tools::direct_message> peek(const mail_filter& wanted,
                                                        mail_portion most) const;
  /// The answer of `call` is with the client. @returns the messages to acknowledge.
  [[nodiscard]] std::vector<std::uint64_t> shown(call_id call);
  /// The answer never got there: its messages are unread again. @returns whether it had any.
  bool not_shown(call_id call);
  /// No answer got there. @returns whether there was any.
  bool none_shown();

  // -- what is there ---------------------------------------------------------------------------

  struct receipt {
    std::string ack_subject; // empty: of a consumer that is gone
    std::string inbox;
  };
  /// Where a settlement of the message goes; null when there is nothing to be settled.
  [[nodiscard]] const receipt* receipt_of(std::uint64_t sequence) const;
  /// Read, and not known to be acknowledged.
  [[nodiscard]] std::vector<std::uint64_t> unacknowledged() const;
  [[nodiscard]] std::vector<std::uint64_t> unacknowledged(std::string_view inbox) const;
  /// Acknowledgement subjects of all that nobody has read: what has to be renewed.
  [[nodiscard]] std::vector<std::string> to_renew() const;

  /// How many the filter admits of those that are in no answer.
  [[nodiscard]] std::size_t matching(const mail_filter& wanted, std::size_t most) const;
  /// Messages that are in no answer.
  [[nodiscard]] std::size_t unread() const noexcept { return unread_.size(); }
  [[nodiscard]] std::size_t in_answers() const noexcept { return in_answers_; }
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  /// What NATS counts as delivered to us, and what nobody has read of that.
  [[nodiscard]] std::size_t size(std::string_view inbox) const;
  [[nodiscard]] std::size_t not_read(std::string_view inbox) const;
  /// How many more may be fetched, and how many bytes of them; 0 = none.
  [[nodiscard]] std::size_t room() const noexcept;
  [[nodiscard]] std::size_t bytes_room() const noexcept;

private:
  /// A sequence names another message after a stream was deleted and made again; the time differs.
  using name = std::pair<std::uint64_t, wall_time>;
  enum class stage : std::uint8_t { unread, in_answer, read };
  struct entry {
    stage at = stage::unread;
    receipt from;
    wall_time stored_at{};
    std::size_t bytes = 0;
    std::size_t room = 0;          // in an answer
    tools::direct_message message; // not kept once it is read
  };

  [[nodiscard]] std::vector<std::uint64_t> select(const mail_filter& wanted,
                                                  mail_portion most) const;
  void remember(name read);
  /// @returns whether it is to be acknowledged.
  bool set_read(std::uint64_t sequence);
  void put_back(const std::vector<std::uint64_t>& sequences);
  void drop(std::uint64_t sequence);

  bounds most_;
  /// By stream sequence: oldest first.
  std::map<std::uint64_t, entry> entries_;
  std::set<std::uint64_t> unread_;
  std::map<call_id, std::vector<std::uint64_t>> answers_;
  /// What was in answers when the process became another agent.
  std::map<call_id, std::vector<name>> former_answers_;
  std::size_t in_answers_ = 0;
  std::size_t bytes_ = 0;
  std::set<name> remembered_;
  std::deque<name> remembered_order_;
};

} // namespace nats_mcp::messaging
