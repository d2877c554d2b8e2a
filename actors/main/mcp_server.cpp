// SPDX-License-Identifier: MIT
// The program `nats-mcp-server`: reads the environment, chooses the command, hands back its exit
// code.
#include "actors/main/local_command.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>

namespace {

std::string environment_variable(const char* name) {
  const auto* text = std::getenv(name);
  return text == nullptr ? std::string{} : std::string{text};
}

nats_mcp::transport::engine_environment engine_environment() {
  return {environment_variable("XDG_DATA_HOME"), environment_variable("HOME"),
          environment_variable("PATH"), environment_variable("NATS_MCP_LOCAL")};
}

} // namespace

int main(int argument_count, char** arguments) {
  CLI::App program{"MCP server through which AI agents talk and share work over NATS JetStream"};
  int exit_code = 0;
  nats_mcp::add_local_commands(program, engine_environment(), exit_code);
  CLI11_PARSE(program, argument_count, arguments);
  return exit_code;
}
