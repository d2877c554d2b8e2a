// SPDX-License-Identifier: MIT
// Who reads this agent's mail or waits for some, and how far each has come. Plain bookkeeping
// without messages or clocks: the inbox actor feeds it events and acts on what it returns.
#pragma once

#include "protocol/identifiers.hpp"
#include "protocol/messaging/held_mail.hpp"
#include "protocol/messaging/mail_source.hpp"
#include "protocol/time.hpp"

#include "actors/inbox_messages.hpp"
#include "actors/supervision/guarded_promise.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <variant>
#include <vector>

namespace nats_mcp {

/// How far a reader has come.
enum class reader_stage : std::uint8_t {
  /// Who this process is has to be known first.
  arrived,
  /// Wants a round of requests to NATS.
  wants_look,
  /// That round is under way.
  looking,
  /// There was nothing; waits for mail.
  waiting,
  /// Is about to be answered; whether we still are this agent is being confirmed.
  confirming,
};

/// One reader; ascending in the order of their arrival.
enum class reader_id : std::uint64_t {};

struct inbox_reader_entry {
  using shows_messages = guarded_promise<tools::read_direct_messages_result>;
  using tells_news = guarded_promise<mail_news>;

  call_id call{};
  std::variant<shows_messages, tells_news> promise;
  reader_stage stage = reader_stage::arrived;
  messaging::mail_filter filter;
  std::size_t limit = 1;
  bool peek = false;
  monotonic_time since;
  std::chrono::milliseconds timeout{0};
  /// Of its requests to NATS; moves when it has waited.
  monotonic_time deadline;
  std::chrono::nanoseconds request_timeout{0};
  bool timer_armed = false;
  /// It need not wait any longer for mail.
  bool time_over = false;
  /// A look found nothing for it and it does not wait: that is its answer.
  bool in_vain = false;

  void fail(const error& why);
};

class inbox_readers {
public:
  explicit inbox_readers(const messaging::held_mail* mail);

  reader_id add(inbox_reader_entry entry);
  /// Null when it is gone.
  [[nodiscard]] inbox_reader_entry* find(reader_id id);
  [[nodiscard]] std::optional<inbox_reader_entry> take(reader_id id);
  [[nodiscard]] std::vector<reader_id> all() const;
  [[nodiscard]] std::vector<reader_id> of(call_id call) const;
  [[nodiscard]] std::vector<reader_id> at(reader_stage stage) const;
  [[nodiscard]] bool any(reader_stage stage) const;

  /// How many messages of those held this reader could be shown.
  [[nodiscard]] std::size_t found(const inbox_reader_entry& reader) const;
  /// What those that look or wait still need.
  [[nodiscard]] messaging::mail_demand demand() const;
  /// The next round for those that want one, who are looking from now on: how much to fetch, and by
  /// when. Nothing when nobody wants one.
  struct wanted_look {
    std::size_t batch = 1;
    monotonic_time deadline;
  };
  [[nodiscard]] std::optional<wanted_look> begin_look();
  /// How much to fetch for those that wait.
  [[nodiscard]] std::size_t batch_for_waiting() const;

private:
  [[nodiscard]] std::size_t batch_for(const inbox_reader_entry& reader) const;

  const messaging::held_mail* mail_;
  std::map<reader_id, inbox_reader_entry> readers_;
  std::uint64_t arrivals_ = 0;
};

} // namespace nats_mcp
