// SPDX-License-Identifier: MIT
// A local engine of its own for each test: its own directory, a default port on which nobody
// answers, a short idle end, and the proof at the end that no process is left.
#pragma once

#include "transport/engine/engine_client.hpp"
#include "transport/engine/engine_record.hpp"
#include "transport/process/process_table.hpp"

#include "tests/support/secrets.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace nats_mcp::testing {

/// A port that nobody can listen on, because it is taken and not listened on.
class refused_port {
public:
  refused_port();
  [[nodiscard]] std::uint16_t number() const noexcept { return number_; }

private:
  transport::descriptor socket_;
  std::uint16_t number_ = 0;
};

/// The processes whose command line holds `text`, other than this one.
[[nodiscard]] std::vector<pid_t> processes_that_mention(const std::string& text);

class engine_fixture : public ::testing::Test {
protected:
  engine_fixture();
  /// Ends the engine if the test left it, and fails the test if a process remains.
  ~engine_fixture() override;

  /// What a client of this process asks for, with plenty of time.
  [[nodiscard]] static transport::endpoint_request
  wanted(transport::start_policy start = transport::start_policy::start_if_needed);
  /// A client in a process of its own; it has not asked for anything yet.
  [[nodiscard]] server_process user() const;
  /// Lets a user ask, and returns its answer.
  json::value ask(server_process& user);
  /// Runs `nats-mcp-server local <arguments>` on this engine to its end; returns its exit code, and
  /// its standard output and error together in `said`.
  int local(std::vector<std::string> arguments, std::string& said);

  [[nodiscard]] static bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }

  [[nodiscard]] transport::engine_files files() const {
    return transport::engine_files{options_.directory};
  }
  [[nodiscard]] transport::engine_record record();
  /// Waits until no process of the engine is left.
  [[nodiscard]] ::testing::AssertionResult ends_within(std::chrono::milliseconds within) const;

  /// From now on the engine's token must not be shown either.
  void note_token();

  temporary_directory folder_;
  refused_port nobody_;
  transport::engine_options options_;

private:
  std::vector<secret> secrets_;
};

} // namespace nats_mcp::testing
