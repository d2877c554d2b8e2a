// SPDX-License-Identifier: MIT
// What agents called, said and were shown while processes and networks were broken: the history a
// checker judges afterwards (talk_checker.hpp). Work has one of its own (work_history.hpp).
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::testing {

/// One life of the process of one member.
struct speaker {
  std::string member;
  std::string life;
};

struct call_event {
  enum class end : std::uint8_t {
    done,
    /// The tool said that it failed.
    failed,
    /// No answer came.
    none,
  };
  speaker who;
  std::string tool;
  end how = end::none;
  /// When it was made and when it came back, since the history began.
  std::chrono::milliseconds begun{0};
  std::chrono::milliseconds ended{0};
  /// Of a failure, or why there was no answer.
  std::string text{};
};

struct said_event {
  enum class receipt : std::uint8_t {
    stored,
    /// The answer says that it was not sent.
    not_sent,
    /// It may or may not be stored: no answer, or one that says so.
    unknown,
  };
  enum class place : std::uint8_t { channel, inbox };
  place where = place::channel;
  /// A channel, or the member a direct message is for.
  std::string to;
  speaker who;
  /// No other message has it.
  std::string mark;
  receipt how = receipt::unknown;
};

struct shown_event {
  said_event::place where = said_event::place::channel;
  /// A channel; empty for an inbox.
  std::string from;
  speaker who;
  std::vector<std::string> marks;
};

/// What a history holds.
struct talk_record {
  std::vector<call_event> calls;
  std::vector<said_event> said;
  std::vector<shown_event> shown;
  /// Lives that were ended on purpose.
  std::set<std::string> killed;
  /// What must not happen, noted when it did.
  std::vector<std::string> wrong;
};

[[nodiscard]] std::string_view to_text(call_event::end how) noexcept;
[[nodiscard]] std::string_view to_text(said_event::receipt how) noexcept;
/// What an error of a tool that sends a message says about that message.
[[nodiscard]] said_event::receipt receipt_of(bool is_error, std::string_view text);

/// Thread-safe.
class talk_history {
public:
  /// A message as it stands in a text.
  [[nodiscard]] static std::string mark(std::string_view life, std::size_t number);
  [[nodiscard]] static std::vector<std::string> marks_in(std::string_view text);

  void add(call_event event);
  void add(said_event event);
  void add(shown_event event);
  void killed(const std::string& life);
  void wrong(const std::string& what);

  [[nodiscard]] talk_record record() const;
  [[nodiscard]] std::chrono::milliseconds now() const;

  /// Waits until so many calls were answered in all, or `within` is over. @returns how many were.
  std::size_t wait_for_answers(std::size_t count, std::chrono::milliseconds within);
  /// From now on each member owes a probe.
  void ask_for_probes();
  /// The probe a member owes; 0: none.
  [[nodiscard]] std::size_t probe_owed(const std::string& member) const;
  void probe_done(const std::string& member, std::size_t probe);
  /// Waits until every one of these has done the probe asked for last. @returns who has not.
  [[nodiscard]] std::set<std::string> wait_for_probes(const std::set<std::string>& members,
                                                      std::chrono::milliseconds within);

private:
  [[nodiscard]] std::set<std::string> missing(const std::set<std::string>& members) const;

  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  talk_record record_;
  std::size_t answers_ = 0;
  std::size_t probe_ = 0;
  std::map<std::string, std::size_t> probes_done_;
};

} // namespace nats_mcp::testing
