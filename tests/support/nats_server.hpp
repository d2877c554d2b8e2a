// SPDX-License-Identifier: MIT
// A real nats-server of a test's own: free port, store in a temporary folder, loopback only, ended
// by its own pid. The binary is `nats-server` of the PATH or what NATS_SERVER names; without one
// every test that needs it fails.
#pragma once

#include "tests/support/server_version.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nats_mcp::testing {

class nats_server {
public:
  struct options {
    bool jetstream = true;
    /// Lines of nats-server's configuration file, such as `authorization { token: secret }`.
    std::vector<std::string> configuration;
  };

  /// Starts and waits until it listens. Throws `std::runtime_error` if that fails.
  explicit nats_server(options choice = {true, {}});
  nats_server(const nats_server&) = delete;
  nats_server& operator=(const nats_server&) = delete;
  /// Kills the server and removes the folder. The test fails if a process stored one of its secrets
  /// (tests/support/secrets.hpp).
  ~nats_server();

  /// `nats://127.0.0.1:<port>`; the same for its whole life, restarts included.
  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
  [[nodiscard]] bool running() const noexcept { return pid_ > 0; }
  /// What the server said of itself when it started.
  [[nodiscard]] server_version version() const;

  /// SIGKILL, waited for.
  void kill();
  /// SIGTERM, waited for.
  void stop();
  /// Any signal that does not end it, such as SIGSTOP.
  void signal(int number) const;
  /// Nothing while it does not run.
  [[nodiscard]] std::optional<pid_t> pid() const;
  /// Starts again on the same store and port, with other configuration lines if given.
  void start();
  void configure(std::vector<std::string> lines) { options_.configuration = std::move(lines); }
  /// SIGHUP with other configuration lines; waits until they are in force. Throws
  /// `std::runtime_error` when the server does not take them.
  void reload(std::vector<std::string> lines);

private:
  void end(int signal);
  void write_configuration() const;

  options options_;
  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

/// A port of the loopback interface nobody listens on now.
[[nodiscard]] std::uint16_t unused_port();

} // namespace nats_mcp::testing
