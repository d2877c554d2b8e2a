// SPDX-License-Identifier: MIT
// What agents did with work and what was stored of it: the view of the work checkers. The work
// workload makes it; the checkers' tests make it by hand.
#pragma once

#include "tests/simulation/checkers/channel_history.hpp"
#include "tests/simulation/checkers/checker.hpp"
#include "tests/simulation/checkers/work_journal.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nats_mcp::simulation {

struct work_offer {
  call_facts call;
  /// What was asked for; the task is no other offer's, unless both have the same key.
  work::work_item wanted;
  /// Together with the project: empty without one.
  std::string key;
  /// As the answer says; empty without a success.
  std::string item;
  bool offered_before = false;
  /// It failed, and the answer says that nothing happened.
  bool refused = false;
  /// What the answer says has become of an item offered before.
  std::optional<work::item_state> state{};
};

struct work_claim {
  call_facts call;
  /// What the agent can do, or the one thing it asked for.
  std::vector<std::string> capabilities;
  std::string project;
  /// What the answer shows; empty: nothing.
  std::string item;
  std::string task;
  std::string description;
  std::uint32_t attempt = 0;
  std::uint32_t attempts_max = 0;
};

/// What changes an item that is there.
enum class work_deed : std::uint8_t { report, complete, fail, release, cancel, retry, discard };

struct work_act {
  call_facts call;
  work_deed what = work_deed::report;
  std::string item;
  /// The note, summary, error or reason; only a repetition of the same call has the same. Empty
  /// for deeds without one.
  std::string text;
  /// It failed, and the answer says that nothing changed.
  bool refused = false;
  /// It succeeded, and the answer says that it had been so before.
  bool was_so_before = false;
  /// A failure after which the item is to be tried again.
  bool tried_again = false;
};

/// An item as an answer shows it.
struct shown_item {
  std::string item;
  work::item_state state = work::item_state::pending;
  std::uint32_t attempt = 0;
  std::string worker_handle;
};

/// An answer about items that changes nothing.
struct work_look {
  call_facts call;
  std::vector<shown_item> shown;
};

/// A dead letter as an answer shows it.
struct shown_letter {
  std::string item;
  std::string reason;
  std::uint32_t attempts = 0;
  std::size_t history = 0;
};

struct letters_look {
  call_facts call;
  std::vector<shown_letter> shown;
};

struct work_history {
  std::vector<work_offer> offers;
  std::vector<work_claim> claims;
  std::vector<work_act> acts;
  std::vector<work_look> looks;
  std::vector<letters_look> letters_looks;
  std::vector<process_record> processes;
  work_journal journal;
  std::vector<mail_stored> mail;
  /// Which agent a GUID is, or was.
  std::map<std::string, std::size_t> agents;
  /// GUIDs somebody works as in the end.
  std::set<std::string> living;
};

/// Whether the GUID is one of this agent.
[[nodiscard]] bool is_agent(const work_history& history, const std::string& guid,
                            std::size_t agent);

/// Whether something came between the question and the answer; without an answer, at any time
/// after.
[[nodiscard]] bool is_during(const call_facts& call, const stored_when& when) noexcept;

/// A checker over a `work_history` that outlives it.
class work_checker : public checker {
public:
  explicit work_checker(const work_history& history)
    : history_{history} {
    // nop
  }

protected:
  [[nodiscard]] const work_history& history() const noexcept { return history_; }

private:
  const work_history& history_;
};

} // namespace nats_mcp::simulation
