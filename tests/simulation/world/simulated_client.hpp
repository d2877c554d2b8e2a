// SPDX-License-Identifier: MIT
// A client's two pipes in memory: what `transport::client_link` is over real ones. The queue of
// lines and the ledger of answers are those of the product; only bytes and threads are missing.
#pragma once

#include "transport/stdio/answer_ledger.hpp"
#include "transport/stdio/client_lines.hpp"
#include "transport/stdio/input_queue.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>

namespace nats_mcp::simulation {

class simulated_client final : public transport::client_lines {
public:
  struct options {
    /// See `client_link`.
    std::function<void()> on_input;
    std::function<void()> on_drained;
    /// The client reads a line.
    std::function<void(const std::string& line)> on_line;
    /// Lines the pipe takes while the client does not read; then the output is congested.
    std::size_t room = 4;
  };

  explicit simulated_client(options choice);

  // -- the client's side -----------------------------------------------------------------------

  void say(std::string line);
  /// Closes the client's end: nothing more is said.
  void end() { queue_.end(); }
  void stall() { reading_ = false; }
  void read_on();
  /// The process is gone: nothing is read or written any more.
  void close();

  // -- the session's side, see client_lines.hpp ------------------------------------------------

  [[nodiscard]] std::optional<transport::input> next() override;
  void done() override { queue_.done(); }
  [[nodiscard]] std::optional<transport::input> take_in_hand() override;
  [[nodiscard]] bool input_ended() const override { return queue_.ended(); }
  void write(std::string_view line) override;
  void push() override;
  [[nodiscard]] bool output_congested() const override {
    return gathered_.size() + unread_.size() > options_.room;
  }
  [[nodiscard]] std::uint64_t output_taken() const override { return taken_; }
  [[nodiscard]] std::uint64_t output_sent() const override {
    return taken_ - gathered_.size() - unread_.size();
  }
  void owe(mcp::owed_answer answer) override { ledger_.owe(std::move(answer)); }
  void settle(const jsonrpc::request_id& id) override { ledger_.settle(id); }
  [[nodiscard]] std::vector<mcp::owed_answer> owed() const override { return ledger_.owed(); }

private:
  void take_unread();

  options options_;
  transport::answer_ledger ledger_;
  transport::input_queue queue_;
  /// Written, not yet pushed: lost with the process.
  std::deque<std::string> gathered_;
  std::deque<std::string> unread_;
  /// Lines.
  std::uint64_t taken_ = 0;
  bool reading_ = true;
  bool closed_ = false;
};

} // namespace nats_mcp::simulation
