// SPDX-License-Identifier: MIT
#include "tests/bench/agent.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace nats_mcp::bench {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view initialize_lines =
  R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}})"
  "\n"
  R"({"jsonrpc":"2.0","method":"notifications/initialized"})"
  "\n";
/// What tells an answer from a notification. Quotes inside of texts are escaped, so that this is
/// never part of one.
constexpr std::string_view answer_mark = R"("id":)";
constexpr std::string_view tool_failed = R"("isError":true)";
constexpr std::string_view call_failed = R"("error":{)";

/// A tools/call line; `arguments` is JSON.
void append_call(std::string& lines, std::uint64_t id, std::string_view tool,
                 std::string_view arguments) {
  lines += R"({"jsonrpc":"2.0","id":)";
  lines += std::to_string(id);
  lines += R"(,"method":"tools/call","params":{"name":")";
  lines += tool;
  lines += R"(","arguments":)";
  lines += arguments;
  lines += "}}\n";
}

const std::string& send_arguments() {
  static const std::string arguments =
    R"({"channel":")" + std::string(channel) + R"(","message":")" + message_text() + R"("})";
  return arguments;
}

child_options prepare(const agent_options& options) {
  const auto project = fs::path(options.directory) / ("project-" + options.channel_namespace);
  fs::create_directories(project);
  // Room for every message of a run: a channel at its limit deletes with each one it stores.
  std::ofstream(project / ".mcp-config.json")
    << R"({"namespace":")" << options.channel_namespace << R"(","channels":[{"name":")" << channel
    << R"(","description":"Benchmark","maxMessages":2000000,"maxBytes":500000000,"maxAge":"24h"}]})";
  const auto* path = std::getenv("PATH");
  return {options.command,
          {"NATS_URL=" + options.nats_url, "NATS_MCP_LOCAL=never", "LOG_LEVEL=ERROR",
           "NATS_MCP_CALL_RATE=0", // what it can do, not what it lets an agent do
           "MCP_PROJECT_PATH=" + project.string(), "HOME=" + options.directory,
           "XDG_DATA_HOME=" + options.directory + "/data",
           "PATH=" + std::string(path == nullptr ? "/usr/bin:/bin" : path)},
          project.string()};
}

void refuse_errors(std::string_view line) {
  if (line.find(tool_failed) != std::string_view::npos
      || line.find(call_failed) != std::string_view::npos) {
    throw std::runtime_error("the server answered with an error: " + std::string(line));
  }
}

} // namespace

std::string stream_name(std::string_view channel_namespace) {
  std::string name(channel_namespace);
  name += '_';
  std::transform(channel.begin(), channel.end(), std::back_inserter(name),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return name;
}

std::string subject_name(std::string_view channel_namespace) {
  return std::string(channel_namespace) + '.' + std::string(channel);
}

const std::string& message_text() {
  static const std::string text(256, 'm');
  return text;
}

const std::string& message_payload() {
  static const std::string payload = R"({"v":1,"handle":"bench","message":")" + message_text()
                                     + R"(","timestamp":"2026-01-01T00:00:00.000Z"})";
  return payload;
}

agent::agent(const agent_options& options)
  : process_(prepare(options)) {
  // nop
}

std::string_view agent::answer() {
  auto line = process_.read_line();
  while (line.find(answer_mark) == std::string_view::npos) {
    line = process_.read_line();
  }
  refuse_errors(line);
  return line;
}

void agent::initialize() {
  process_.write(initialize_lines);
  answer();
}

void agent::initialize_and_send() {
  std::string lines(initialize_lines);
  append_call(lines, next_id_++, "set_handle", R"({"handle":"bench"})");
  append_send(lines);
  process_.write(lines);
  for (int answers = 0; answers < 3; ++answers) {
    answer();
  }
}

void agent::set_handle() {
  std::string line;
  append_call(line, next_id_++, "set_handle", R"({"handle":"bench"})");
  process_.write(line);
  answer();
}

void agent::append_send(std::string& lines) {
  append_call(lines, next_id_++, "send_message", send_arguments());
}

void agent::send() {
  std::string line;
  append_send(line);
  process_.write(line);
  answer();
}

void agent::post(std::string_view tool, std::string_view arguments) {
  std::string line;
  append_call(line, next_id_++, tool, arguments);
  process_.write(line);
}

std::string_view agent::call(std::string_view tool, std::string_view arguments) {
  post(tool, arguments);
  return answer();
}

std::string agent::register_as(std::string_view agent_type, std::string_view capability) {
  auto arguments = R"({"visibility":"public","agentType":")" + std::string(agent_type) + '"';
  if (!capability.empty()) {
    arguments += R"(,"capabilities":[")" + std::string(capability) + R"("])";
  }
  const auto line = call("register_agent", arguments + '}');
  constexpr std::string_view mark = "GUID: ";
  constexpr std::size_t guid_length = 36;
  return std::string(line.substr(line.find(mark) + mark.size(), guid_length));
}

double agent::send_pipelined(std::size_t count, std::size_t window) {
  return pipelined(count, window, [this](std::string& lines) { append_send(lines); });
}

double agent::call_pipelined(std::string_view tool, std::string_view arguments, std::size_t count,
                             std::size_t window) {
  return pipelined(count, window,
                   [&](std::string& lines) { append_call(lines, next_id_++, tool, arguments); });
}

double agent::pipelined(std::size_t count, std::size_t window,
                        const std::function<void(std::string&)>& append) {
  // One thread is enough: the pipes hold a whole window, so neither write nor read waits for the
  // other, and on few processors a second thread would only take time from what is measured.
  std::size_t sent = 0;
  std::size_t answered = 0;
  std::string lines;
  const auto start = std::chrono::steady_clock::now();
  while (answered < count) {
    lines.clear();
    for (; sent < count && sent - answered < window; ++sent) {
      append(lines);
    }
    process_.write(lines);
    do {
      answer();
      ++answered;
    } while (answered < sent && process_.has_line());
  }
  const auto seconds =
    std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return static_cast<double>(count) / seconds;
}

void agent::read(std::size_t count) {
  std::string line;
  append_call(line, next_id_++, "read_messages",
              R"({"channel":")" + std::string(channel) + R"(","limit":)" + std::to_string(count)
                + "}");
  process_.write(line);
  const auto text = answer();
  if (text.size() < count * message_text().size()) {
    throw std::runtime_error("read_messages answered less than " + std::to_string(count)
                             + " messages");
  }
}

} // namespace nats_mcp::bench
