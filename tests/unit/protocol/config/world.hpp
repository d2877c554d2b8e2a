// SPDX-License-Identifier: MIT
// A world of files and variables for the tests of the loader.
#pragma once

#include "protocol/config/loader.hpp"

#include <map>
#include <string>

namespace nats_mcp::config {

struct world {
  std::map<std::string, std::string> files{};
  std::map<std::string, std::string> environment{};
  std::string working_directory = "/home/me/project";
  std::string home_directory = "/home/me";
  /// Files that exist and cannot be read.
  std::string unreadable{};

  [[nodiscard]] loaded_configuration load() const {
    sources given;
    given.environment = environment;
    given.working_directory = working_directory;
    given.home_directory = home_directory;
    given.read_file = [this](const std::string& path) -> result<std::optional<std::string>> {
      if (path == unreadable) {
        return fail(ec::system_error, "Cannot read " + path + ": Permission denied.");
      }
      const auto found = files.find(path);
      return found == files.end() ? std::nullopt : std::optional{found->second};
    };
    given.real_path = [](const std::string& path) { return "/real" + path; };
    return config::load(given);
  }
};

inline constexpr auto project_file = "/home/me/project/.mcp-config.json";
inline constexpr auto user_file = "/home/me/.nats-mcp/config.json";

/// The problems as text.
inline std::vector<std::string> problems_of(const world& given) {
  std::vector<std::string> out;
  for (const auto& one : given.load().problems) {
    out.push_back(to_text(one));
  }
  return out;
}

} // namespace nats_mcp::config
