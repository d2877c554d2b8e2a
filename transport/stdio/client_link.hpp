// SPDX-License-Identifier: MIT
// The client's two pipes, as the layer below the session: it outlives every crash of the session
// and loses no line and no duty to answer.
#pragma once

#include "protocol/time.hpp"

#include "transport/stdio/answer_ledger.hpp"
#include "transport/stdio/client_lines.hpp"
#include "transport/stdio/input_queue.hpp"
#include "transport/stdio/line_reader.hpp"
#include "transport/stdio/line_writer.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::transport {

/// As `client_lines` promises; only `flush` and the destructor may block. Construction throws
/// std::system_error when the system has no descriptor left.
/// @threadsafe
class client_link final : public client_lines {
public:
  struct options {
    /// What the client writes to and reads from; not owned, open as long as the link lives. SIGPIPE
    /// has to be ignored (transport/signals).
    int input = -1;
    int output = -1;
    /// There is input again after there was none, or the client is gone. Called by any thread; must
    /// not block.
    std::function<void()> on_input;
    /// The output is congested no longer, or everything that had to wait was written. Called by any
    /// thread; must not block.
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
  ~client_link() override;

  // -- input -----------------------------------------------------------------------------------

  /// Starts reading; once.
  void start();

  /// Reads no more. What was read stays available, but for lines the full queue had no room for;
  /// nobody is told of an end.
  void stop_reading();

  // See client_lines.hpp; after nothing came, `on_input` tells of the next.
  [[nodiscard]] std::optional<input> next() override { return queue_.next(); }
  void done() override { queue_.done(); }
  [[nodiscard]] std::optional<input> take_in_hand() override { return queue_.take_in_hand(); }
  [[nodiscard]] bool input_ended() const override { return queue_.ended(); }

  // -- output ----------------------------------------------------------------------------------

  // See client_lines.hpp; `on_drained` tells when it is congested no longer.
  void write(std::string_view line) override { writer_.write(line); }
  void push() override { writer_.push(); }
  [[nodiscard]] bool output_congested() const override { return writer_.congested(); }
  [[nodiscard]] std::uint64_t output_taken() const override { return writer_.taken(); }
  [[nodiscard]] std::uint64_t output_sent() const override { return writer_.sent(); }

  /// The client reads no more. Everything written is dropped, and the input ends.
  [[nodiscard]] bool output_closed() const { return writer_.closed(); }

  /// Pushes, then waits until everything is written, at most until `deadline`. @returns whether it
  /// is. Not for actors.
  [[nodiscard]] bool flush(monotonic_time deadline) { return writer_.flush(deadline); }

  // -- answers owed, see answer_ledger ---------------------------------------------------------

  void owe(mcp::owed_answer answer) override { ledger_.owe(std::move(answer)); }
  void settle(const jsonrpc::request_id& id) override { ledger_.settle(id); }
  [[nodiscard]] std::vector<mcp::owed_answer> owed() const override { return ledger_.owed(); }

private:
  answer_ledger ledger_;
  input_queue queue_;
  line_writer writer_;
  line_reader reader_;
};

} // namespace nats_mcp::transport
