// SPDX-License-Identifier: MIT
// One client's MCP conversation in both eras, without input or output: lines and tool answers go
// in, effects come out. State machine: MCP 2026-07-28, basic/versioning, for a server that serves
// both eras at once; legacy lifecycle: MCP 2025-11-25, basic/lifecycle. Driven by one actor; when
// that dies, the next one builds a new session from the last checkpoint.
#pragma once

#include "protocol/jsonrpc/encoding.hpp"
#include "protocol/jsonrpc/message.hpp"
#include "protocol/mcp/effect.hpp"
#include "protocol/mcp/envelope_modern.hpp"
#include "protocol/mcp/method_table.hpp"
#include "protocol/mcp/open_batches.hpp"
#include "protocol/mcp/running_calls.hpp"
#include "protocol/mcp/subscriptions.hpp"
#include "protocol/mcp/tool_pages.hpp"
#include "protocol/mcp/types.hpp"
#include "protocol/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace nats_mcp::mcp {

struct session_options {
  implementation server;
  /// For the client's model; empty = none.
  std::string instructions;
  /// In the order in which they are listed, always the same.
  std::vector<listed_tool> tools;
  /// 0 = all on one page.
  std::size_t tools_per_page = 0;
  /// Refuses the modern era as if the program knew nothing of it.
  bool legacy_only = false;
  /// The number of the first call: beyond every call of earlier sessions of this process.
  std::uint64_t first_call = 1;
};

/// What a restarted session needs of the one before it.
struct session_checkpoint {
  /// Empty = no handshake so far.
  std::string legacy_version;
  std::vector<listen_stream> streams;

  friend bool operator==(const session_checkpoint&, const session_checkpoint&) = default;
};

class session {
public:
  session(session_options options, session_checkpoint state);

  /// One line of the client, without its line feed.
  [[nodiscard]] std::vector<effect> on_line(std::string_view line, monotonic_time now);

  /// A line longer than limits::line_bytes_max was thrown away.
  [[nodiscard]] std::vector<effect> on_overlong_line(monotonic_time now);

  /// A tool has answered. Nothing follows when the call is unknown, answered or withdrawn.
  [[nodiscard]] std::vector<effect> on_answer(call_id call, tool_answer answer, monotonic_time now);

  /// A tool reports progress. Passed on only if the client asked for it, if it grows, and at most
  /// once in limits::progress_interval_min.
  [[nodiscard]] std::vector<effect> on_progress(call_id call, const progress_report& report,
                                                monotonic_time now);

  /// The conversation ends: every running call is answered `isError` with `reason` (a full
  /// sentence) and cancelled, every listen stream gets its result. Calls that still come are
  /// answered the same.
  [[nodiscard]] std::vector<effect> finish(std::string_view reason);

  [[nodiscard]] std::size_t calls_in_flight() const noexcept { return calls_.size(); }

  [[nodiscard]] const session_checkpoint& checkpoint() const noexcept { return state_; }

private:
  using effects = std::vector<effect>;

  void on_message(jsonrpc::request& request, effects& out);
  void on_message(jsonrpc::notification& notification, effects& out);
  void on_message(jsonrpc::response& response, effects& out);
  void on_message(jsonrpc::invalid& invalid, effects& out);
  void on_message(jsonrpc::batch& batch, effects& out);

  void on_member(jsonrpc::single_message& member, std::uint64_t batch, effects& out);
  void on_request(jsonrpc::request& request, const owed_answer& to, effects& out);
  void run(method which, json::value& params, const owed_answer& to, effects& out);
  void initialize(const json::value& params, const owed_answer& to, effects& out);
  void list_tools(const json::value& params, const owed_answer& to, effects& out);
  void call_tool(json::value& params, const owed_answer& to, effects& out);
  void listen(const json::value& params, const owed_answer& to, effects& out);
  void withdraw(const jsonrpc::request_id& id, effects& out);

  [[nodiscard]] bool is_unanswered(const jsonrpc::request_id& id) const;
  [[nodiscard]] era era_for(const json::value& params) const noexcept;
  /// How long the answer to this request may be.
  [[nodiscard]] std::size_t room_for(const owed_answer& to) const;
  [[nodiscard]] std::string answer_line(const owed_answer& to, const tool_answer& answer) const;

  /// Writes `line` as the answer to a request; in a batch it waits for the others.
  /// @param owed whether an `owe` was emitted for it.
  void deliver(const owed_answer& to, std::string line, bool owed, effects& out);
  void deliver_error(const owed_answer& to, jsonrpc::error_code code, std::string message,
                     effects& out);
  /// @param call the one that was started and owed; nothing for a call that never was.
  void deliver_call(const owed_answer& to, std::string_view tool, const tool_answer& answer,
                    std::optional<call_id> call, effects& out);
  void close_batch(std::uint64_t batch, bool owed, effects& out);

  /// Without `tools`, which live on in `pages_` and `tool_names_`.
  session_options options_;
  session_checkpoint state_;
  modern_envelope modern_;
  tool_pages pages_;
  std::unordered_set<std::string> tool_names_;
  running_calls calls_;
  open_batches batches_;
  std::uint64_t next_call_;
  /// Why no further call is started; empty while the session goes on.
  std::string finished_because_;
};

} // namespace nats_mcp::mcp
