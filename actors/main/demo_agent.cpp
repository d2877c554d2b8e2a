// SPDX-License-Identifier: MIT
#include "actors/main/demo_agent.hpp"

#include "protocol/json/member.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace nats_mcp {

namespace {

/// Longest wait for one answer: the first call may have to start a NATS server.
constexpr auto answer_within = std::chrono::seconds{20};
constexpr auto end_within = std::chrono::seconds{5};

} // namespace

demo_agent::demo_agent(transport::child_process process, transport::descriptor input,
                       transport::descriptor output)
  : process_{std::move(process)}
  , input_{std::move(input)}
  , output_{std::move(output)} {
  // nop
}

result<demo_agent> demo_agent::start(const options& choice) {
  auto to_child = transport::make_pipe();
  auto from_child = transport::make_pipe();
  if (!to_child || !from_child) {
    return tl::make_unexpected(to_child ? from_child.error() : to_child.error());
  }
  transport::child_options child;
  child.executable = choice.binary;
  child.environment = choice.environment;
  child.working_directory = choice.project;
  child.descriptors = {{to_child->read.number(), STDIN_FILENO},
                       {from_child->write.number(), STDOUT_FILENO},
                       {STDERR_FILENO, STDERR_FILENO}};
  auto process = transport::child_process::start(child);
  if (!process) {
    return tl::make_unexpected(process.error());
  }
  demo_agent agent{std::move(*process), std::move(to_child->write), std::move(from_child->read)};
  const auto hello = agent.request(
    "initialize", {{"protocolVersion", "2025-11-25"},
                   {"capabilities", json::value::object()},
                   {"clientInfo", {{"name", "nats-mcp-server demo"}, {"version", "1"}}}});
  if (!hello) {
    return tl::make_unexpected(hello.error());
  }
  if (const auto sent =
        agent.write_line({{"jsonrpc", "2.0"}, {"method", "notifications/initialized"}});
      !sent) {
    return tl::make_unexpected(sent.error());
  }
  return agent;
}

result<std::string> demo_agent::call(std::string_view tool, const json::value& arguments) {
  const auto answer = request("tools/call", {{"name", tool}, {"arguments", arguments}});
  if (!answer) {
    return tl::make_unexpected(answer.error());
  }
  std::string text;
  if (const auto* content = json::find(*answer, "content"); content != nullptr) {
    for (const auto& block : *content) {
      text += json::text_member(block, "text");
    }
  }
  if (json::true_member(*answer, "isError")) {
    return fail(ec::unavailable, std::move(text));
  }
  return text;
}

bool demo_agent::end() {
  input_ = {};
  const auto ended = process_.wait_until(std::chrono::steady_clock::now() + end_within);
  return ended && ended->code == 0;
}

result<json::value> demo_agent::request(std::string_view method, json::value parameters) {
  const int id = ++last_id_;
  if (const auto sent = write_line(
        {{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(parameters)}});
      !sent) {
    return tl::make_unexpected(sent.error());
  }
  while (true) {
    const auto line = read_line();
    if (!line) {
      return tl::make_unexpected(line.error());
    }
    const auto message = json::parse(*line);
    if (!message) {
      return tl::make_unexpected(message.error());
    }
    if (json::signed_member(*message, "id") != id) {
      continue; // a notification
    }
    if (const auto* failure = json::find(*message, "error"); failure != nullptr) {
      return fail(ec::unavailable, std::string{json::text_member(*failure, "message")});
    }
    const auto* answer = json::find(*message, "result");
    return answer == nullptr ? json::value{} : *answer;
  }
}

result<void> demo_agent::write_line(const json::value& message) {
  const auto line = json::write(message) + '\n';
  std::string_view rest{line};
  while (!rest.empty()) {
    const auto written = ::write(input_.number(), rest.data(), rest.size());
    if (written < 0 && errno != EINTR) {
      return fail(ec::system_error, "The agent's process does not read any more.");
    }
    rest.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  return {};
}

result<std::string> demo_agent::read_line() {
  const auto deadline = std::chrono::steady_clock::now() + answer_within;
  while (true) {
    if (const auto end = buffer_.find('\n'); end != std::string::npos) {
      auto line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd readable{output_.number(), POLLIN, 0};
    if (left.count() <= 0 || ::poll(&readable, 1, static_cast<int>(left.count())) <= 0) {
      return fail(ec::timeout, "The agent's process did not answer in time.");
    }
    std::array<char, 16 * 1024> chunk{};
    const auto got = ::read(output_.number(), chunk.data(), chunk.size());
    if (got == 0 || (got < 0 && errno != EINTR)) {
      return fail(ec::system_error, "The agent's process ended before it answered.");
    }
    buffer_.append(chunk.data(), got < 0 ? 0 : static_cast<std::size_t>(got));
  }
}

} // namespace nats_mcp
