// SPDX-License-Identifier: MIT
// A program started on two pipes, and what the kernel says it used. Blocking and without a thread
// of its own, so that what is measured is the program and not its observer.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace nats_mcp::bench {

/// User and system time a process has used so far.
[[nodiscard]] std::chrono::milliseconds processor_time_of(pid_t process);

struct child_options {
  /// Path of the program, then its arguments.
  std::vector<std::string> command;
  /// `NAME=value` entries; nothing else is inherited.
  std::vector<std::string> environment;
  std::string working_directory;
};

/// Throws std::runtime_error when the program can not be started or goes away.
class child {
public:
  explicit child(const child_options& options);
  child(const child&) = delete;
  child& operator=(const child&) = delete;
  /// Ends its input, waits two seconds for it to go, kills it otherwise.
  ~child();

  /// Everything or an exception.
  void write(std::string_view text);
  /// Blocks for the next complete line, without its end; valid until the next call.
  std::string_view read_line();
  /// True if a complete line is there already: `read_line` will not block.
  [[nodiscard]] bool has_line() const;

  /// Resident memory, in bytes.
  [[nodiscard]] std::size_t resident_bytes() const;
  /// User and system time used so far.
  [[nodiscard]] std::chrono::milliseconds processor_time() const;

private:
  void fill();

  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string buffer_;
  /// Where the next unread byte of `buffer_` is.
  std::size_t begin_ = 0;
};

} // namespace nats_mcp::bench
