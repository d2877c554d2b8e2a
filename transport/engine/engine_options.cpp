// SPDX-License-Identifier: MIT
#include "transport/engine/engine_options.hpp"

#include "transport/process/process_table.hpp"

#include <array>
#include <pwd.h>
#include <string_view>
#include <unistd.h>

namespace nats_mcp::transport {

namespace {

std::filesystem::path home_of_user_database() {
  std::array<char, 4096> room{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::geteuid(), &entry, room.data(), room.size(), &found) != 0
      || found == nullptr) {
    return "/";
  }
  return found->pw_dir;
}

bool is_executable_file(const std::filesystem::path& file) {
  std::error_code failure;
  return std::filesystem::is_regular_file(file, failure) && ::access(file.c_str(), X_OK) == 0;
}

} // namespace

std::filesystem::path engine_directory(const engine_environment& environment) {
  const std::filesystem::path data{environment.xdg_data_home};
  if (data.is_absolute()) {
    return data / "nats-mcp";
  }
  const std::filesystem::path home{environment.home};
  const auto below = home.is_absolute() ? home : home_of_user_database();
  return below / ".local" / "share" / "nats-mcp";
}

std::filesystem::path find_server_binary(const engine_environment& environment) {
  const std::filesystem::path name{"nats-server"};
  std::string_view rest{environment.path};
  while (!rest.empty()) {
    const auto end = std::min(rest.find(':'), rest.size());
    const std::filesystem::path folder{rest.substr(0, end)};
    rest.remove_prefix(std::min(end + 1, rest.size()));
    // A relative folder would run whatever lies in the project the agent happens to work on.
    if (folder.is_absolute() && is_executable_file(folder / name)) {
      return folder / name;
    }
  }
  for (const auto* folder : {"/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/bin"}) {
    if (is_executable_file(folder / name)) {
      return folder / name;
    }
  }
  return {};
}

result<engine_options> default_engine_options(const engine_environment& environment) {
  engine_options options;
  if (environment.local == "never") {
    options.use = local_engine_use::never;
  } else if (!environment.local.empty() && environment.local != "auto") {
    return fail(ec::configuration_invalid,
                "The environment variable NATS_MCP_LOCAL is `" + environment.local
                  + "`, which means nothing: use `auto` (a local nats-server is started when no "
                    "NATS_URL is set) or `never`.");
  }
  options.directory = engine_directory(environment);
  options.server_binary = find_server_binary(environment);
  options.own_binary = own_executable();
  return options;
}

} // namespace nats_mcp::transport
