// SPDX-License-Identifier: MIT
// Puts the configuration together: environment, then the project's `.mcp-config.json` (its
// directory or up to five above), then the user's `~/.nats-mcp/config.json`, then the defaults.
// Pure: files and environment are handed in.
#pragma once

#include "protocol/config/configuration.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::config {

/// What the world outside offers.
struct sources {
  std::map<std::string, std::string> environment;
  /// Absolute.
  std::string working_directory;
  /// Absolute; empty when there is none.
  std::string home_directory;
  /// A file's text; nothing when it does not exist.
  std::function<result<std::optional<std::string>>(const std::string& path)> read_file;
  /// The directory with symbolic links resolved; the path as given when that cannot be told.
  std::function<std::string(const std::string& path)> real_path;
};

/// Loads everything and collects every problem; never stops at the first.
[[nodiscard]] loaded_configuration load(const sources& given);

/// One line of what `doctor` prints.
struct setting {
  /// `workQueue.ackTimeout`.
  std::string key;
  /// As JSON; a secret only says that it is set.
  std::string value;
  /// `default`, `environment`, or a path with its line.
  std::string origin;
};

/// Every setting with its value and where that came from. No secrets.
[[nodiscard]] std::vector<setting> settings_of(const loaded_configuration& loaded);

} // namespace nats_mcp::config
