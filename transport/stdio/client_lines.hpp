// SPDX-License-Identifier: MIT
// The client as the session sees it: lines come in, lines go out, and what is owed outlives the
// session. A session that starts takes over in three steps: it answers `owed()`, answers for
// `take_in_hand()`, and goes on with `next()`. The real one is `client_link`, over two pipes; a
// simulation has another, in memory.
#pragma once

#include "protocol/jsonrpc/request_id.hpp"
#include "protocol/mcp/owed.hpp"

#include "transport/stdio/input_queue.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace nats_mcp::transport {

/// Every function may be called from any thread and none of them blocks.
/// @threadsafe
class client_lines {
public:
  client_lines() = default;
  client_lines(const client_lines&) = delete;
  client_lines& operator=(const client_lines&) = delete;
  virtual ~client_lines() = default;

  // -- input -----------------------------------------------------------------------------------

  /// The next input, or nothing while there is none; then the session will be told of the next. It
  /// stays in hand until `done`. `end_of_input` comes once, last. @pre nothing is in hand
  [[nodiscard]] virtual std::optional<input> next() = 0;

  /// The input in hand was handled completely.
  virtual void done() = 0;

  /// After a crash: what the dead session had in hand, once. It may be what killed it, so it is
  /// answered with an error and not handled again.
  [[nodiscard]] virtual std::optional<input> take_in_hand() = 0;

  /// Whether `end_of_input` has been handed out to some session.
  [[nodiscard]] virtual bool input_ended() const = 0;

  // -- output ----------------------------------------------------------------------------------

  /// Writes one line, with its line feed, into what `push` sends. It outlives a crash of the
  /// session: the next one pushes it.
  virtual void write(std::string_view line) = 0;

  /// Sends what was written.
  virtual void push() = 0;

  /// So much waits for the client that no further line should be taken until the session is told
  /// that it is drained. What is in flight already may still be written.
  [[nodiscard]] virtual bool output_congested() const = 0;

  /// How much `write` took in all, and how much of that was handed over to the client's end, in the
  /// same unit. When the rest follows, the session is told as it is of a drained output.
  [[nodiscard]] virtual std::uint64_t output_taken() const = 0;
  [[nodiscard]] virtual std::uint64_t output_sent() const = 0;

  // -- answers owed, see answer_ledger ---------------------------------------------------------

  virtual void owe(mcp::owed_answer answer) = 0;
  virtual void settle(const jsonrpc::request_id& id) = 0;
  [[nodiscard]] virtual std::vector<mcp::owed_answer> owed() const = 0;
};

} // namespace nats_mcp::transport
