// SPDX-License-Identifier: MIT
// What /proc says about processes and sockets: is that number still the same process, is it
// stopped, whose is it, does it own that listening socket, who has a file open. A secret is handed
// to a port only after these questions. Functions without state; any thread may call them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace nats_mcp::transport {

/// A process, told apart from a later one with the same number by when it started.
struct process_identity {
  pid_t pid = 0;
  /// Clock ticks since the machine started, as /proc/<pid>/stat counts them.
  std::uint64_t start_ticks = 0;

  friend bool operator==(const process_identity&, const process_identity&) = default;
};

/// Whether a process can act: a stopped one (SIGSTOP, Ctrl-Z, a debugger) exists but does nothing.
enum class process_condition { running, stopped, gone };

/// What is known of one process.
struct process_facts {
  process_identity identity;
  process_condition condition = process_condition::gone;
  uid_t user = 0;
  /// The kernel's short name, at most 15 bytes.
  std::string name;
};

/// Reads the text of /proc/<pid>/stat; `user` stays 0. Absent when the text is none.
[[nodiscard]] std::optional<process_facts> parse_process_stat(std::string_view text);

/// Looks a process up. A zombie counts as gone; absent when there is no such number.
[[nodiscard]] std::optional<process_facts> look_up(pid_t pid);

/// The condition of exactly this process: `gone` when the number belongs to another one now.
[[nodiscard]] process_condition condition_of(const process_identity& process);

/// Sends `number` to exactly this process. @returns whether it was there to get it.
bool signal_process(const process_identity& process, int number);

/// One listening socket.
struct listening_socket {
  uid_t user = 0;
  std::uint64_t inode = 0;
};

/// Finds who listens on 127.0.0.1:`port` in the text of /proc/net/tcp; a socket bound to exactly
/// that address wins over one bound to every address, as in the kernel.
[[nodiscard]] std::optional<listening_socket> find_loopback_listener(std::string_view table,
                                                                     std::uint16_t port);

/// Whether `process` lives, belongs to the calling user and owns the socket that a connection to
/// 127.0.0.1:`port` would reach.
[[nodiscard]] bool owns_loopback_listener(const process_identity& process, std::uint16_t port);

/// The processes that have `file` open, as far as we may look; ourselves excluded, ascending order.
[[nodiscard]] std::vector<process_facts> processes_with_open(const std::filesystem::path& file);

/// The file of the running program; still executable when it has been replaced on disk meanwhile.
[[nodiscard]] std::filesystem::path own_executable();

/// The text of a small file of /proc or of ours, at most `bytes_max`; absent when it cannot be
/// read.
[[nodiscard]] std::optional<std::string> read_small_file(const std::filesystem::path& file,
                                                         std::size_t bytes_max);

} // namespace nats_mcp::transport
