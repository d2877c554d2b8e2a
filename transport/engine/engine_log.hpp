// SPDX-License-Identifier: MIT
// The engine's log: nats-server's output and its parent's notes in one bounded file.
#pragma once

#include "transport/engine/engine_files.hpp"

#include <string>
#include <string_view>

namespace nats_mcp::transport {

/// Appends to `engine.log`. Used by the engine's parent only.
class engine_log {
public:
  /// Opens the log, and makes room first if it is full.
  [[nodiscard]] static result<engine_log> open(const engine_files& files);

  /// What nats-server gets as its standard output and error.
  [[nodiscard]] int number() const noexcept { return file_.number(); }
  /// Adds one line with the time and our process id.
  void note(std::string_view sentence) const;
  /// Moves a full log's text to `engine.log.1` and empties the log in place: nats-server has it
  /// open for appending and goes on at the new end.
  void keep_bounded() const;
  /// The last line that is not empty, for an error sentence; at most a few hundred bytes.
  [[nodiscard]] std::string last_line() const;

private:
  engine_log(engine_files files, descriptor file);

  engine_files files_;
  descriptor file_;
};

} // namespace nats_mcp::transport
