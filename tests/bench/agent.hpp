// SPDX-License-Identifier: MIT
// The product under measurement: the shipped binary as an MCP client sees it, driven with lines
// that are put together once. No JSON is parsed here; an answer is a line, a failure one that says
// so.
#pragma once

#include "tests/bench/child.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::bench {

struct agent_options {
  /// The server and its arguments.
  std::vector<std::string> command;
  std::string nats_url;
  /// Its home, its data and its project are made below this directory.
  std::string directory;
  /// Namespace of its channels, `^[a-z0-9-]+$`.
  std::string channel_namespace;
};

/// The channel every benchmark talks in.
inline constexpr std::string_view channel = "bench";
/// Stream and subject of that channel in a namespace, as the wire has them.
std::string stream_name(std::string_view channel_namespace);
std::string subject_name(std::string_view channel_namespace);

/// 256 bytes of text: what one message of a benchmark says.
const std::string& message_text();
/// The payload the wire has for such a message, for the floor to send the same.
const std::string& message_payload();

/// One running server. Every call throws std::runtime_error with the line when an answer is an
/// error.
class agent {
public:
  /// Starts the process and writes nothing.
  explicit agent(const agent_options& options);

  /// `initialize` and its notification; waits for the answer.
  void initialize();
  /// Writes `initialize`, `set_handle` and one `send_message` in one go; waits for the last answer.
  void initialize_and_send();
  void set_handle();
  /// One message, acknowledged.
  void send();
  /// `count` messages with at most `window` unanswered; messages per second.
  double send_pipelined(std::size_t count, std::size_t window);
  /// The newest `count` messages; throws when the answer holds fewer.
  void read(std::size_t count);

  /// Any tool; `arguments` is JSON. The answer's line, valid until the next call.
  std::string_view call(std::string_view tool, std::string_view arguments);
  /// The same in two parts, for what waits.
  void post(std::string_view tool, std::string_view arguments);
  std::string_view answer();
  /// `count` calls of a tool with at most `window` unanswered; calls per second.
  double call_pipelined(std::string_view tool, std::string_view arguments, std::size_t count,
                        std::size_t window);
  /// Registers; the GUID. @param capability none when empty.
  std::string register_as(std::string_view agent_type, std::string_view capability = {});

  [[nodiscard]] const child& process() const { return process_; }

private:
  void append_send(std::string& lines);
  double pipelined(std::size_t count, std::size_t window,
                   const std::function<void(std::string&)>& append);

  child process_;
  std::uint64_t next_id_ = 1;
};

} // namespace nats_mcp::bench
