// SPDX-License-Identifier: MIT
// Starts a program without a shell, with exactly the descriptors that are listed, and owns it until
// it has been waited for: a child can neither be forgotten nor keep something of ours open.
#pragma once

#include "protocol/error.hpp"
#include "protocol/time.hpp"

#include "transport/process/descriptor.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nats_mcp::transport {

/// `source`, a descriptor of this process, appears as `target` in the child.
struct inherited_descriptor {
  int source = -1;
  int target = -1;
};

/// Whether the child stays in our session and process group, or gets its own: then neither a
/// terminal's Ctrl-C and Ctrl-Z nor signals to our group reach it.
enum class child_session { inherited, own };

/// What to start and how.
struct child_options {
  /// The program's file; no search in PATH.
  std::filesystem::path executable;
  /// Its arguments, without the program's own name.
  std::vector<std::string> arguments;
  /// `NAME=value` each; without a value the child gets our environment.
  std::optional<std::vector<std::string>> environment;
  /// Empty: ours.
  std::filesystem::path working_directory;
  /// Everything not listed is closed in the child; 0, 1 and 2 become /dev/null unless listed.
  std::vector<inherited_descriptor> descriptors;
  child_session session = child_session::inherited;
  /// The signal the child gets when the *thread* that started it ends, however that happens; 0:
  /// none.
  int parent_death_signal = 0;
};

/// How a child ended: by `exit(code)`, or by a signal (then `code` is empty).
struct exit_status {
  std::optional<int> code;
  std::optional<int> signal;

  friend bool operator==(const exit_status&, const exit_status&) = default;
};

/// "exited with code 1", "was ended by signal 9 (Killed)".
[[nodiscard]] std::string to_string(const exit_status& status);

/// A running child and the duty to wait for it. Any thread may use it, one at a time.
class child_process {
public:
  /// Forks and executes. Signal dispositions and mask are the defaults in the child.
  /// @returns `ec::system_error` that names the program when it cannot be executed.
  [[nodiscard]] static result<child_process> start(const child_options& options);

  child_process(child_process&&) noexcept;
  child_process& operator=(child_process&&) noexcept;
  /// Kills (SIGKILL) and waits for a child that still runs.
  ~child_process();

  /// The process id; it cannot be reused before the child has been waited for.
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  /// Becomes readable when the child ends; for `poll`.
  [[nodiscard]] int exit_descriptor() const noexcept { return exit_.number(); }
  /// Waits until the child ends or `deadline`; empty when it still runs then.
  [[nodiscard]] std::optional<exit_status> wait_until(monotonic_time deadline);
  /// Sends `number`; does nothing once the child has been waited for.
  void signal(int number) const noexcept;
  /// Sends `number` (and SIGCONT, or a stopped child could not act on it), waits `grace`, then
  /// kills.
  exit_status end(int number, std::chrono::milliseconds grace);

private:
  child_process(pid_t pid, descriptor exit) noexcept;
  void abandon() noexcept;

  pid_t pid_ = -1;
  descriptor exit_;
  std::optional<exit_status> status_;
};

/// Starts a program that is nobody's child afterwards (adopted by init) and lives in its own
/// session. The caller needs neither to wait for it nor to live as long.
/// @returns its process id.
[[nodiscard]] result<pid_t> start_detached(const child_options& options);

} // namespace nats_mcp::transport
