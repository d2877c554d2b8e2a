// SPDX-License-Identifier: MIT
// What agents did with direct messages, and what lay in the inboxes: the view of the mail checkers.
// The mail workload makes it; the checkers' tests make it by hand.
#pragma once

#include "tests/simulation/checkers/agent_journal.hpp"
#include "tests/simulation/checkers/channel_history.hpp"
#include "tests/simulation/checkers/checker.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nats_mcp::simulation {

struct mail_send {
  call_facts call;
  /// No two of a run have the same.
  std::string text;
  std::string type;
  /// As the answer says; empty without a success.
  std::string id;
  std::string recipient_guid;
  /// It failed, and the answer says that nothing was stored.
  bool denied = false;
};

struct shown_mail {
  std::string id;
  std::string sender_guid;
  std::string sender_handle;
  std::string type;
  std::string text;
};

struct mail_read {
  call_facts call;
  std::optional<order_number> withdrawn;
  /// Empty: any.
  std::string type;
  std::string sender_guid;
  std::vector<shown_mail> shown;
};

/// `wait_for_messages` of a registered agent.
struct mail_wait {
  call_facts call;
  /// What was accepted before this was there before its time was over.
  order_number over = 0;
  std::uint64_t unread = 0;
};

/// A process was told that it is this agent, and asked for nothing else before `until`.
struct mail_identity {
  std::size_t process = 0;
  std::string guid;
  order_number from = 0;
  order_number until = ~order_number{0};
};

struct mail_history {
  std::vector<mail_send> sends;
  std::vector<mail_read> reads;
  std::vector<mail_wait> waits;
  std::vector<mail_identity> identities;
  std::vector<process_record> processes;
  agent_journal journal;
  /// What lies in the inboxes in the end, by place in the stream.
  std::set<std::uint64_t> unread;
  /// When the NATS server was ended, to be started again.
  std::vector<order_number> server_ends;
  /// Handles by agent.
  std::vector<std::set<std::string>> handles;
  /// Sessions of processes that had read all their mail in the end.
  std::set<std::string> living;
};

/// The message of this text as it was stored first; null: never.
[[nodiscard]] const mail_stored* find_stored(const mail_history& history, const std::string& text);

/// The read whose answer showed the message first; null: none.
[[nodiscard]] const mail_read* first_shown(const mail_history& history, const std::string& text);

/// A checker over a `mail_history` that outlives it.
class mail_checker : public checker {
public:
  explicit mail_checker(const mail_history& history)
    : history_{history} {
    // nop
  }

protected:
  [[nodiscard]] const mail_history& history() const noexcept { return history_; }

private:
  const mail_history& history_;
};

} // namespace nats_mcp::simulation
