// SPDX-License-Identifier: MIT
// What this process was given by the operating system, read once in `main`: environment,
// directories, clock, randomness. Everything below gets it as values.
#pragma once

#include "protocol/config/configuration.hpp"
#include "protocol/error.hpp"
#include "protocol/identifiers.hpp"
#include "protocol/time.hpp"

#include "actors/agents/own_entry.hpp"
#include "actors/runtime.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace nats_mcp {

struct process_environment {
  /// Which of our programs this is, for the server's list of connections.
  std::string program = "nats-mcp-server";
  /// Every environment variable.
  std::map<std::string, std::string> variables;
  std::filesystem::path working_directory;
  /// The user's home; empty when there is none.
  std::filesystem::path home;
  /// This program's own file, for the processes it starts.
  std::filesystem::path own_binary;
  /// This computer's name.
  std::string hostname;
  /// The name of the user: `USER`, else `USERNAME`, else what the user database says; empty when
  /// nothing does.
  std::string user;
};

[[nodiscard]] process_environment read_process_environment();

/// A file's text; nothing when it does not exist. Fails when it exists and cannot be read, or is
/// larger than a configuration can sensibly be.
[[nodiscard]] result<std::optional<std::string>> read_text_file(const std::filesystem::path& file);

/// The configuration this process runs with, problems included (protocol/config/loader.hpp). What
/// it says of authorities holds for the whole process from now on: no other thread may run yet.
[[nodiscard]] config::loaded_configuration
load_configuration(const process_environment& environment);

/// Who this process is, whoever it registers as; another one with every call.
[[nodiscard]] process_identity make_process_identity(const process_environment& environment,
                                                     const random_source& random);

/// The real world: the system's clock and its random bits. Thread-safe.
[[nodiscard]] runtime real_world();

} // namespace nats_mcp
