// SPDX-License-Identifier: MIT
// Which of several coordinators acts (docs/wire.md, "Coordinator"), as a state machine without
// clock and connection: it says what to ask NATS and is told the answers.
//
// Why never two act: a leader counts its time from before it sent what was acknowledged, so its
// entry was written later than that. Who wants its place has seen the entry unchanged for longer
// than the leader's time, and then writes over just that revision. Clocks have to run equally fast,
// nothing else is asked of them; they have to run while the computer sleeps (`CLOCK_BOOTTIME`).
#pragma once

#include "protocol/error.hpp"
#include "protocol/identifiers.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nats_mcp::coordination {

class leadership {
public:
  struct identity {
    /// Random for each start of a process.
    std::string guid;
    std::string host;
    random_source random;
  };
  using command = std::variant<jetstream::kv_get, jetstream::kv_put>;

  explicit leadership(identity self);

  /// What to ask now; nothing while an answer is awaited, or before `due`. Whoever asks sets a
  /// deadline of `limits::leader_request_max`, and hands in the one answer that comes.
  [[nodiscard]] std::optional<command> next(monotonic_time now);
  /// When `next` has something, if no answer comes first.
  [[nodiscard]] monotonic_time due() const noexcept;
  void on_lookup(const result<jetstream::kv_lookup>& answer, monotonic_time now);
  void on_write(const result<jetstream::kv_revision>& answer, monotonic_time now);

  /// Whether this coordinator may act at this moment: look before each round of commands.
  [[nodiscard]] bool may_act(monotonic_time now) const noexcept;
  /// The term of the leader; 0 for a follower. Of two leaders the later one has the greater one.
  [[nodiscard]] std::uint64_t term() const noexcept { return term_; }
  /// Whose the entry was when it was read last; empty: nobody's, or not known.
  [[nodiscard]] const std::string& seen_leader() const noexcept { return seen_leader_; }

  /// A record names a greater term than this leader's: either another one leads, or the bucket was
  /// made anew and its revisions began again. It acts no more until a new renewal tells which.
  void outranked(std::uint64_t by_term, monotonic_time now);

  /// It acts no more and hands the entry over, and does not want it again before
  /// `limits::leader_unable_pause` is over: another one may be able to do what this one is not. For
  /// a follower nothing changes. @pre what it has begun is over
  void stand_down(monotonic_time now);

  /// It acts no more and hands the entry over. @pre what it has begun is over
  void resign(monotonic_time now);
  /// Whether the hand-over is done, or was tried in vain: others take over after the silence then.
  [[nodiscard]] bool has_resigned() const noexcept { return resigned_; }

private:
  enum class request : std::uint8_t { none, look, campaign, renewal, release };
  struct sent_write {
    std::string write_id;
    monotonic_time sent_at{};
    /// Sent after a greater term was met: its success proves that nobody else leads.
    bool is_proof = false;
  };
  struct seen_revision {
    std::uint64_t revision = 0;
    monotonic_time since{};
  };

  [[nodiscard]] request wanted() const noexcept;
  [[nodiscard]] jetstream::kv_put begin_write(request what, monotonic_time now);
  /// The entry names this coordinator.
  void on_own_entry(std::uint64_t revision, std::string_view write_id, monotonic_time now);
  void on_other_entry(std::uint64_t revision, bool is_released, monotonic_time now);
  /// @param by null: not known by which write.
  void lead(std::uint64_t revision, const sent_write* by, monotonic_time now);
  void follow() noexcept;
  void hand_over_failed(monotonic_time now) noexcept;
  /// The entry is handed over, or was tried to in vain.
  void handed_over(monotonic_time now) noexcept;

  identity self_;
  request asked_ = request::none;
  monotonic_time due_ = monotonic_time::min();
  /// What was written is not known: the entry is read before anything else.
  bool must_look_ = false;

  // As a follower.
  std::optional<seen_revision> seen_;
  std::string seen_leader_;
  bool is_candidate_ = false;

  // As a leader.
  bool leads_ = false;
  std::uint64_t term_ = 0;
  std::uint64_t revision_ = 0;
  /// When the last acknowledged renewal was sent.
  std::optional<monotonic_time> renewed_at_;
  std::optional<std::uint64_t> greater_term_;

  sent_write in_flight_;
  /// May have been stored, or be stored yet; all of them expect `in_doubt_over_`.
  std::vector<sent_write> in_doubt_;
  std::uint64_t in_doubt_over_ = 0;

  bool resigning_ = false;
  /// It resigns, but stays.
  bool stands_down_ = false;
  monotonic_time barred_until_ = monotonic_time::min();
  bool resigned_ = false;
  unsigned hand_overs_ = 0;
};

} // namespace nats_mcp::coordination
