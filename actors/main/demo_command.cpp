// SPDX-License-Identifier: MIT
#include "actors/main/demo_command.hpp"

#include "actors/main/demo_agent.hpp"

#include <fmt/core.h>

#include <array>
#include <fstream>
#include <stdlib.h>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp {

namespace {

struct step {
  /// Which agent acts.
  std::size_t agent;
  std::string_view tool;
  json::value arguments;
};

const std::array<std::string_view, 2>& names() {
  static const std::array<std::string_view, 2> both{"planner", "reviewer"};
  return both;
}

std::vector<step> story() {
  return {
    {0, "set_handle", {{"handle", names()[0]}}},
    {1, "set_handle", {{"handle", names()[1]}}},
    {0, "list_channels", json::value::object()},
    {0,
     "send_message",
     {{"channel", "roadmap"},
      {"message", "The login page is next. Can you review the API first?"}}},
    {1, "read_messages", {{"channel", "roadmap"}, {"limit", 1}}},
    {1,
     "send_message",
     {{"channel", "roadmap"}, {"message", "Reviewed: two comments on the token endpoint."}}},
    {0, "read_messages", {{"channel", "roadmap"}, {"limit", 2}}},
    {0, "register_agent", {{"agentType", "planner"}}},
    {1, "register_agent", {{"agentType", "reviewer"}, {"capabilities", {"code-review"}}}},
    {0, "discover_agents", {{"capability", "code-review"}}},
    {0,
     "send_direct_message",
     {{"recipientHandle", names()[1]}, {"message", "Just between us: please look at PR #42."}}},
    {1, "read_direct_messages", json::value::object()},
    {0, "deregister_agent", json::value::object()},
    {1, "deregister_agent", json::value::object()},
  };
}

void print_call(const step& what) {
  std::string arguments;
  for (const auto& [name, argument] : what.arguments.items()) {
    arguments += (arguments.empty() ? "" : ", ") + name + "=" + json::write(argument);
  }
  fmt::print("\n{:>9} > {}({})\n", names()[what.agent], what.tool, arguments);
}

void print_answer(std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    fmt::print("          | {}\n", text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

/// The environment of the agents: ours, and a namespace of its own, so that a demonstration never
/// writes into a project's channels.
demo_agent::options agent_options(const process_environment& environment,
                                  const std::filesystem::path& project) {
  demo_agent::options out;
  out.binary = environment.own_binary;
  out.project = project;
  for (const auto& [name, value] : environment.variables) {
    if (name != "MCP_PROJECT_PATH") {
      out.environment.push_back(name + "=" + value);
    }
  }
  out.environment.push_back("MCP_PROJECT_PATH=" + project.string());
  return out;
}

/// The agents act, and everything is printed. @returns the exit code.
int play(const process_environment& environment, const std::filesystem::path& project) {
  fmt::print("Two agents, each with a nats-mcp-server process of its own:\n");
  std::vector<demo_agent> agents;
  for (const auto& name : names()) {
    auto agent = demo_agent::start(agent_options(environment, project));
    if (!agent) {
      fmt::print(stderr, "{} could not start: {}\n", name, agent.error().message);
      return 1;
    }
    agents.push_back(std::move(*agent));
  }
  for (const auto& what : story()) {
    print_call(what);
    const auto answer = agents[what.agent].call(what.tool, what.arguments);
    if (!answer) {
      print_answer(answer.error().message);
      fmt::print(stderr, "\nThe demonstration stopped here.\n");
      return 1;
    }
    print_answer(*answer);
  }
  bool ended_well = true;
  for (auto& agent : agents) {
    ended_well = agent.end() && ended_well;
  }
  fmt::print("\nEvery message above is stored in NATS JetStream.\n");
  return ended_well ? 0 : 1;
}

} // namespace

int run_demo(const process_environment& environment) {
  std::error_code failure;
  // 0700 and ours: nobody else can have put a configuration there.
  auto project = (std::filesystem::temp_directory_path(failure) / "nats-mcp-demo-XXXXXX").string();
  if (::mkdtemp(project.data()) == nullptr) {
    fmt::print(stderr, "Cannot make a directory like {}.\n", project);
    return 1;
  }
  std::ofstream{std::filesystem::path{project} / ".mcp-config.json"}
    << R"({"namespace": "nats-mcp-demo"})" << '\n';
  const int outcome = play(environment, project);
  std::filesystem::remove_all(project, failure);
  return outcome;
}

} // namespace nats_mcp
