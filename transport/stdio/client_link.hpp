// SPDX-License-Identifier: MIT
// The client's two pipes, as the layer below the session: it outlives every crash of the session
// and loses no line and no duty to answer. A session that starts takes over in three steps: it
// answers `owed()`, answers for `take_in_hand()`, and goes on with `next()`.
#pragma once

#include "protocol/time.hpp"

#include "transport/stdio/answer_ledger.hpp"
#include "transport/stdio/input_queue.hpp"
#include "transport/stdio/line_reader.hpp"
#include "transport/stdio/line_writer.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::transport {

/// Every function may be called from any thread and none of them blocks, except `flush` and the
/// destructor. Construction throws std::system_error when the system has no descriptor left.
/// @threadsafe
class client_link {
public:
  struct options {
    /// What the client writes to and reads from; not owned, open as long as the link lives. SIGPIPE
    /// has to be ignored (transport/signals).
    int input = -1;
    int output = -1;
    /// There is input again after there was none, or the client is gone. Called by any thread; must
    /// not block.
    std::function<void()> on_input;
    /// The output is congested no longer. Called by any thread; must not block.
    std::function<void()> on_drained;
    /// The reader's thread has handed over `lines` lines since the last call and is about to wait:
    /// it may do other work now, such as what `on_input` asked for. It holds no lock then. May be
    /// empty.
    std::function<void(std::size_t lines)> before_waiting;
    /// The client is gone or closed our input; lines it wrote may still wait. Called by any thread,
    /// perhaps twice; must not block. May be empty.
    std::function<void()> on_end;
  };

  explicit client_link(options choice);
  ~client_link();

  client_link(const client_link&) = delete;
  client_link& operator=(const client_link&) = delete;

  // -- input -----------------------------------------------------------------------------------

  /// Starts reading; once.
  void start();

  /// Reads no more. What was read stays available, but for lines the full queue had no room for;
  /// nobody is told of an end.
  void stop_reading();

  /// The next input, or nothing while there is none; then `on_input` will be called. It stays in
  /// hand until `done`. `end_of_input` comes once, last. @pre nothing is in hand
  [[nodiscard]] std::optional<input> next() { return queue_.next(); }

  /// The input in hand was handled completely.
  void done() { queue_.done(); }

  /// After a crash: what the dead session had in hand, once. It may be what killed it, so it is
  /// answered with an error and not handled again.
  [[nodiscard]] std::optional<input> take_in_hand() { return queue_.take_in_hand(); }

  /// Whether `end_of_input` has been handed out to some session.
  [[nodiscard]] bool input_ended() const { return queue_.ended(); }

  // -- output ----------------------------------------------------------------------------------

  /// Writes one line, with its line feed, into what `push` sends. It outlives a crash of the
  /// session: the next one pushes it.
  void write(std::string_view line) { writer_.write(line); }

  /// Sends what was written.
  void push() { writer_.push(); }

  /// So much waits for the client that no further line should be taken until `on_drained`. What is
  /// in flight already may still be written.
  [[nodiscard]] bool output_congested() const { return writer_.congested(); }

  /// The client reads no more. Everything written is dropped, and the input ends.
  [[nodiscard]] bool output_closed() const { return writer_.closed(); }

  /// Pushes, then waits until everything is written, at most until `deadline`. @returns whether it
  /// is. Not for actors.
  [[nodiscard]] bool flush(monotonic_time deadline) { return writer_.flush(deadline); }

  // -- answers owed, see answer_ledger ---------------------------------------------------------

  void owe(mcp::owed_answer answer) { ledger_.owe(std::move(answer)); }
  void settle(const jsonrpc::request_id& id) { ledger_.settle(id); }
  [[nodiscard]] std::vector<mcp::owed_answer> owed() const { return ledger_.owed(); }
  void clear_owed() { ledger_.clear(); }

private:
  answer_ledger ledger_;
  input_queue queue_;
  line_writer writer_;
  line_reader reader_;
};

} // namespace nats_mcp::transport
