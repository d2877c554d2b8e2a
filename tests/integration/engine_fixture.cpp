// SPDX-License-Identifier: MIT
#include "tests/integration/engine_fixture.hpp"

#include "transport/engine/engine_control.hpp"

#include "tests/support/eventually.hpp"
#include "tests/support/secrets.hpp"

#include <array>
#include <charconv>
#include <netinet/in.h>
#include <signal.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace nats_mcp::testing {

using namespace transport;
using namespace std::chrono_literals;

refused_port::refused_port()
  : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  EXPECT_EQ(::bind(socket_.number(), reinterpret_cast<sockaddr*>(&address), length), 0);
  EXPECT_EQ(::getsockname(socket_.number(), reinterpret_cast<sockaddr*>(&address), &length), 0);
  number_ = ntohs(address.sin_port);
}

std::vector<pid_t> processes_that_mention(const std::string& text) {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
    const auto name = entry.path().filename().string();
    pid_t pid = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (read.ptr != name.data() + name.size() || pid == ::getpid()) {
      continue;
    }
    const auto command = read_small_file(entry.path() / "cmdline", 1024 * 1024);
    if (command && command->find(text) != std::string::npos) {
      found.push_back(pid);
    }
  }
  return found;
}

engine_fixture::engine_fixture() {
  options_.directory = folder_.path() / "nats-mcp";
  options_.server_binary = find_server_binary({});
  options_.own_binary = NATS_MCP_SERVER_BINARY;
  options_.idle_end = 300ms;
  options_.start_timeout = 20s;
  options_.default_port = nobody_.number();
}

engine_fixture::~engine_fixture() {
  EXPECT_TRUE(ends_within(10s)) << "the engine or a user of it outlived the test";
  for (const auto pid : processes_that_mention(folder_.path().string())) {
    ::kill(pid, SIGKILL);
  }
  for (const auto& file : {files().log(), files().older_log()}) {
    if (const auto text = read_small_file(file, 4 * 1024 * 1024)) {
      expect_no_secrets(secrets_, *text, file.string());
    }
  }
  expect_no_secrets_below(secrets_, files().store());
}

endpoint_request engine_fixture::wanted(start_policy start) {
  return {start, {std::chrono::steady_clock::now() + 20s, {}}};
}

server_process engine_fixture::user() const {
  server_options command;
  command.binary = ENGINE_USER_BINARY;
  command.arguments = {options_.directory.string(), options_.own_binary.string(),
                       options_.server_binary.string(), std::to_string(options_.idle_end.count()),
                       std::to_string(options_.default_port)};
  return server_process{command};
}

json::value engine_fixture::ask(server_process& user) {
  user.send("endpoint");
  auto answer = user.read_line(30s);
  if (!answer) {
    throw std::runtime_error("the user of the engine got no endpoint: " + user.standard_error());
  }
  note_token();
  return *answer;
}

int engine_fixture::local(std::vector<std::string> arguments, std::string& said) {
  auto pipe = make_pipe();
  child_options command;
  command.executable = options_.own_binary;
  command.arguments = std::move(arguments);
  command.arguments.insert(command.arguments.begin(), "local");
  std::map<std::string, std::string> environment{{"HOME", folder_.path().string()},
                                                 {"XDG_DATA_HOME", folder_.path().string()}};
  plant_secrets(environment);
  for (const auto& planted : secrets_in(environment)) {
    secrets_.push_back(planted);
  }
  command.environment.emplace();
  for (const auto& [name, text] : environment) {
    command.environment->push_back(name + "=" + text);
  }
  command.descriptors = {{pipe->write.number(), STDOUT_FILENO},
                         {pipe->write.number(), STDERR_FILENO}};
  auto child = child_process::start(command);
  if (!child) {
    throw std::runtime_error(child.error().message);
  }
  pipe->write.reset();
  said.clear();
  std::array<char, 4096> block{};
  for (;;) {
    const auto count = ::read(pipe->read.number(), block.data(), block.size());
    if (count <= 0) {
      break;
    }
    said.append(block.data(), static_cast<std::size_t>(count));
  }
  note_token();
  expect_no_secrets(secrets_, said, "what `local` said");
  return child->wait_until(std::chrono::steady_clock::now() + 30s).value().code.value_or(-1);
}

void engine_fixture::note_token() {
  if (const auto found = load_record(files())) {
    secrets_.push_back({"engine.json", found->token});
  }
}

engine_record engine_fixture::record() {
  note_token();
  const auto found = load_record(files());
  if (!found) {
    throw std::runtime_error("there is no engine.json");
  }
  return *found;
}

::testing::AssertionResult engine_fixture::ends_within(std::chrono::milliseconds within) const {
  return eventually(within, [&] {
    std::string seen;
    for (const auto pid : processes_that_mention(options_.directory.string())) {
      const auto facts = look_up(pid);
      seen += (facts ? facts->name : "?") + "[" + std::to_string(pid) + "] ";
    }
    return observation{seen.empty(), seen};
  });
}

} // namespace nats_mcp::testing
