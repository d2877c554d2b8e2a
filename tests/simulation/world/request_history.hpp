// SPDX-License-Identifier: MIT
// What the clients of a world asked and what they were answered: everything a checker may know of
// them. Filled by `agent`; by hand in the checkers' own tests.
#pragma once

#include "protocol/json/value.hpp"
#include "protocol/mcp/version.hpp"
#include "protocol/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::simulation {

/// Counts what the clients do and see and what the server stores, all of it together: what comes
/// first has the smaller one.
using order_number = std::uint64_t;

struct answer_record {
  order_number order = 0;
  monotonic_time time{};
  /// A JSON-RPC error or a result marked `isError`.
  bool failed = false;
  /// What a model would read.
  std::string text;
  /// `structuredContent` of a result, null without.
  json::value content;
  /// In the envelope of the modern era.
  bool modern = false;
};

/// Its place in the history is its JSON-RPC id.
struct request_record {
  std::size_t agent = 0;
  /// Its place in `request_history::processes`.
  std::size_t process = 0;
  /// The tool's name, or the method's.
  std::string what;
  mcp::era how = mcp::era::legacy;
  order_number order = 0;
  monotonic_time time{};
  /// The client sent a cancellation.
  std::optional<order_number> withdrawn;
  std::vector<answer_record> answers;

  /// The first answer, if it is no failure.
  [[nodiscard]] const answer_record* success() const noexcept {
    return answers.empty() || answers.front().failed ? nullptr : &answers.front();
  }
};

/// A part of a process failed and was started again.
struct failure_record {
  order_number order = 0;
  std::string part;
};

struct process_record {
  std::size_t agent = 0;
  /// It was killed: what it still owed nobody can ask of it.
  bool killed = false;
  /// One of its parts failed and was started again.
  bool part_failed = false;
  /// By which it is told from every other (`process_identity`).
  std::string session_id{};
  std::vector<failure_record> failures{};
  /// It is gone.
  std::optional<order_number> ended{};
};

/// A message the NATS server took: of a stream, or a value of a bucket.
struct stored_record {
  order_number order = 0;
  monotonic_time time{};
  /// The server's time stamp, as whoever reads it sees it.
  wall_time stamp{};
  std::string stream;
  std::uint64_t sequence = 0;
  std::string subject;
  std::string payload;
  /// The mark of a deleted key.
  bool deletion = false;
};

/// A coordinator asked something of NATS as the leader.
struct leader_act {
  order_number order = 0;
  /// One life of one coordinator.
  std::uint64_t process = 0;
  std::uint64_t term = 0;
};

struct request_history {
  std::vector<request_record> requests;
  std::vector<process_record> processes;
  /// Lines that answer nothing this process was asked, or that are no JSON-RPC message.
  std::vector<std::string> strays;
  /// Everything that was ever stored, in order.
  std::vector<stored_record> stored;
  std::vector<leader_act> acts;
  /// When the NATS server was ended, to be started again.
  std::vector<order_number> server_ends;
  order_number last_order = 0;
};

} // namespace nats_mcp::simulation
