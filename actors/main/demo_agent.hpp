// SPDX-License-Identifier: MIT
// One agent of the demonstration: a child process that runs this very program, spoken to as an MCP
// client would, over its standard input and output.
#pragma once

#include "protocol/error.hpp"
#include "protocol/json/value.hpp"

#include "transport/process/child_process.hpp"
#include "transport/process/descriptor.hpp"

#include "actors/main/process_environment.hpp"

#include <string>
#include <string_view>

namespace nats_mcp {

class demo_agent {
public:
  struct options {
    std::filesystem::path binary;
    std::filesystem::path project;
    /// `NAME=value` each.
    std::vector<std::string> environment;
  };

  /// Starts the process and shakes hands.
  [[nodiscard]] static result<demo_agent> start(const options& choice);

  /// Calls a tool. @returns its text, or what went wrong (the tool's own error text included).
  [[nodiscard]] result<std::string> call(std::string_view tool, const json::value& arguments);

  /// Closes its input and waits for it. @returns whether it ended well by itself.
  [[nodiscard]] bool end();

private:
  demo_agent(transport::child_process process, transport::descriptor input,
             transport::descriptor output);

  [[nodiscard]] result<json::value> request(std::string_view method, json::value parameters);
  [[nodiscard]] result<void> write_line(const json::value& message);
  [[nodiscard]] result<std::string> read_line();

  transport::child_process process_;
  transport::descriptor input_;
  transport::descriptor output_;
  std::string buffer_;
  int last_id_ = 0;
};

} // namespace nats_mcp
