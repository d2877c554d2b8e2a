// SPDX-License-Identifier: MIT
// Running the commands of the shipped binary in a project of a test's own, against a nats-server of
// its own.
#pragma once

#include "transport/process/child_process.hpp"
#include "transport/process/descriptor.hpp"

#include "tests/support/nats_server.hpp"
#include "tests/support/sanitizer_variables.hpp"
#include "tests/support/secrets.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace nats_mcp::testing {

/// What a command said and how it ended.
struct command_outcome {
  std::optional<int> exit_code;
  std::string said;
};

/// A command of the shipped binary that runs beside the test. What it writes to both streams is
/// what it says.
class running_command {
public:
  /// @param words the program and its arguments. @param environment further variables; of two with
  /// the same name the first counts.
  running_command(const std::vector<std::string>& words, std::vector<std::string> environment,
                  const std::filesystem::path& folder) {
    auto pipe = transport::make_pipe();
    transport::child_options child;
    child.executable = words.front();
    child.arguments.assign(words.begin() + 1, words.end());
    environment.insert(environment.end(), {"HOME=/nonexistent", "NATS_MCP_LOCAL=never",
                                           "LOG_LEVEL=ERROR", "PATH=/usr/bin:/usr/sbin"});
    for (const auto& [name, text] : sanitizer_variables()) {
      environment.push_back(name + "=" + text);
    }
    child.environment = std::move(environment);
    child.working_directory = folder;
    child.descriptors = {{pipe->write.number(), STDOUT_FILENO},
                         {pipe->write.number(), STDERR_FILENO}};
    auto started = transport::child_process::start(child);
    if (!started) {
      throw std::runtime_error{started.error().message};
    }
    process_.emplace(std::move(*started));
    said_ = std::move(pipe->read);
  }

  /// Waits for its end.
  command_outcome outcome() {
    command_outcome out;
    std::array<char, 4096> chunk{};
    for (auto got = ::read(said_.number(), chunk.data(), chunk.size()); got > 0;
         got = ::read(said_.number(), chunk.data(), chunk.size())) {
      out.said.append(chunk.data(), static_cast<std::size_t>(got));
    }
    constexpr std::chrono::seconds patience{10};
    if (const auto ended = process_->wait_until(std::chrono::steady_clock::now() + patience)) {
      out.exit_code = ended->code;
    }
    return out;
  }

private:
  std::optional<transport::child_process> process_;
  transport::descriptor said_;
};

class commands : public ::testing::Test {
protected:
  /// Runs the binary in the project; what it writes to both streams is `said`.
  command_outcome run(std::vector<std::string> arguments) {
    const auto environment = variables();
    const auto secrets = secrets_in(environment);
    remember_secrets(secrets);
    std::vector<std::string> lines;
    for (const auto& [name, text] : environment) {
      lines.push_back(name + "=" + text);
    }
    arguments.insert(arguments.begin(), NATS_MCP_SERVER_BINARY);
    auto out = running_command{arguments, std::move(lines), project_.path()}.outcome();
    expect_no_secrets(secrets, out.said, "what the command said");
    return out;
  }

  void configure(const std::string& limits) {
    project_.write(".mcp-config.json",
                   R"({"namespace": "demo", "channels": [{"name": "planning")" + limits + "}]}");
  }

  nats_server nats_;
  std::string url_ = nats_.url();
  temporary_directory project_;
  /// Further variables of the environment, instead of those of the same name.
  std::map<std::string, std::string> variables_;

private:
  [[nodiscard]] std::map<std::string, std::string> variables() const {
    std::map<std::string, std::string> out{{"NATS_URL", url_},
                                           {"HOME", "/nonexistent"},
                                           {"NATS_MCP_LOCAL", "never"},
                                           {"LOG_LEVEL", "ERROR"},
                                           {"PATH", "/usr/bin:/usr/sbin"}};
    for (const auto& [name, text] : variables_) {
      out[name] = text;
    }
    plant_secrets(out);
    return out;
  }
};

inline bool says(const command_outcome& outcome, const std::string& part) {
  return outcome.said.find(part) != std::string::npos;
}

} // namespace nats_mcp::testing
