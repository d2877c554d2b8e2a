// SPDX-License-Identifier: MIT
// Running the commands of the shipped binary in a project of a test's own, against a nats-server of
// its own.
#pragma once

#include "transport/process/child_process.hpp"

#include "tests/support/nats_server.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

namespace nats_mcp::testing {

/// What a command said and how it ended.
struct command_outcome {
  std::optional<int> exit_code;
  std::string said;
};

class commands : public ::testing::Test {
protected:
  /// Runs the binary in the project; what it writes to both streams is `said`.
  command_outcome run(std::vector<std::string> arguments) {
    auto pipe = transport::make_pipe();
    transport::child_options child;
    child.executable = NATS_MCP_SERVER_BINARY;
    child.arguments = std::move(arguments);
    // Of two with the same name the first counts.
    auto environment = variables_;
    environment.insert(environment.end(),
                       {"NATS_URL=" + url_, "HOME=/nonexistent", "NATS_MCP_LOCAL=never",
                        "LOG_LEVEL=ERROR", "PATH=/usr/bin:/usr/sbin"});
    child.environment = std::move(environment);
    child.working_directory = project_.path();
    child.descriptors = {{pipe->write.number(), STDOUT_FILENO},
                         {pipe->write.number(), STDERR_FILENO}};
    auto process = transport::child_process::start(child);
    pipe->write.reset();
    command_outcome out;
    std::array<char, 4096> chunk{};
    for (auto got = ::read(pipe->read.number(), chunk.data(), chunk.size()); got > 0;
         got = ::read(pipe->read.number(), chunk.data(), chunk.size())) {
      out.said.append(chunk.data(), static_cast<std::size_t>(got));
    }
    constexpr std::chrono::seconds patience{10};
    if (const auto ended = process->wait_until(std::chrono::steady_clock::now() + patience)) {
      out.exit_code = ended->code;
    }
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
  std::vector<std::string> variables_;
};

inline bool says(const command_outcome& outcome, const std::string& part) {
  return outcome.said.find(part) != std::string::npos;
}

} // namespace nats_mcp::testing
