// SPDX-License-Identifier: MIT
// One client's MCP conversation in both eras, without input or output: lines and tool answers go
// in, effects come out. State machine: MCP 2026-07-28, basic/versioning, for a server that serves
// both eras at once; legacy lifecycle: MCP 2025-11-25, basic/lifecycle. Driven by one actor; when
// that dies, the next one builds a new session from the last checkpoint.
#pragma once

#include "protocol/jsonrpc/encoding.hpp"
#include "protocol/jsonrpc/message.hpp"
#include "protocol/mcp/call_rate.hpp"
#include "protocol/mcp/effect.hpp"
#include "protocol/mcp/envelope_modern.hpp"
#include "protocol/mcp/list_pages.hpp"
#include "protocol/mcp/method_table.hpp"
#include "protocol/mcp/open_batches.hpp"
#include "protocol/mcp/pending_hints.hpp"
#include "protocol/mcp/prompt_list.hpp"
#include "protocol/mcp/resource_list.hpp"
#include "protocol/mcp/running_calls.hpp"
#include "protocol/mcp/session_options.hpp"
#include "protocol/mcp/update_pace.hpp"
#include "protocol/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace nats_mcp::mcp {

class session {
public:
  session(session_options options, session_checkpoint state);

  /// The first effects of a session that follows on another one, which may have missed any change.
  [[nodiscard]] std::vector<effect> resume(monotonic_time now);

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

  /// What a resource says at this moment, or why it cannot be read. Nothing follows when the call
  /// is unknown, answered or withdrawn.
  [[nodiscard]] std::vector<effect> on_resource(call_id call, const result<std::string>& text,
                                                monotonic_time now);

  /// A resource says something else now. Everybody who subscribed to it is told, at most once in
  /// limits::update_interval_min and always of the last change.
  [[nodiscard]] std::vector<effect> on_resource_changed(const std::string& uri, monotonic_time now);

  /// There is something to look at: the same for a client that takes hints, else nothing.
  [[nodiscard]] std::vector<effect> on_hint(client_hint hint, monotonic_time now);

  /// A hint about this that was not sent yet has come true in other words, or (nothing) not at all.
  void correct_hint(const std::string& about, std::optional<client_hint> hint);

  /// When `on_time` has something to do next.
  [[nodiscard]] std::optional<monotonic_time> next_due() const;

  /// Tells what was held back.
  [[nodiscard]] std::vector<effect> on_time(monotonic_time now);

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
  void list(const list_pages& pages, const json::value& params, const owed_answer& to,
            effects& out);
  void call_tool(json::value& params, const owed_answer& to, effects& out);
  void read(const json::value& params, const owed_answer& to, effects& out);
  void answer_prompt(const json::value& params, const owed_answer& to, effects& out);
  enum class subscription : std::uint8_t { begins, ends };
  void subscribe(subscription what, const json::value& params, const owed_answer& to, effects& out);
  void listen(const json::value& params, const owed_answer& to, effects& out);
  void withdraw(const jsonrpc::request_id& id, effects& out);

  /// Says what is to be watched if that is something else than last time.
  void watch(effects& out);
  void take_hints(effects& out);

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
  void deliver_resource(const running_call& running, const result<std::string>& text, effects& out);
  void close_batch(std::uint64_t batch, bool owed, effects& out);

  /// Without what is listed, which lives on in the lists.
  session_options options_;
  session_checkpoint state_;
  modern_envelope modern_;
  list_pages tools_;
  std::unordered_set<std::string> tool_names_;
  resource_list resources_;
  prompt_list prompts_;
  server_capabilities offered_;
  running_calls calls_;
  call_rate rate_;
  open_batches batches_;
  std::uint64_t next_call_;
  /// The time of the event that is being handled.
  monotonic_time now_{};
  std::set<std::string> watched_;
  update_pace updates_;
  pending_hints hints_;
  /// Why no further call is started; empty while the session goes on.
  std::string finished_because_;
};

} // namespace nats_mcp::mcp
