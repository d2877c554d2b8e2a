// SPDX-License-Identifier: MIT
#include "tests/support/nats_server.hpp"

#include "tests/support/eventually.hpp"
#include "tests/support/secrets.hpp"

#include <arpa/inet.h>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <netinet/in.h>
#include <regex>
#include <signal.h>
#include <spawn.h>
#include <sstream>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

extern "C" char** environ;

namespace nats_mcp::testing {

namespace {

constexpr std::chrono::seconds start_limit{15};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool listens(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(port);
  const bool connected =
    ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return connected;
}

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream{file}.rdbuf();
  return text.str();
}

std::uint16_t port_in(const std::filesystem::path& folder) {
  for (const auto& file : std::filesystem::directory_iterator{folder}) {
    if (file.path().extension() != ".ports") {
      continue;
    }
    const auto content = text_of(file.path());
    std::smatch found;
    if (std::regex_search(content, found, std::regex{R"((?:nats|tls)://[0-9.]+:(\d+))"})) {
      return static_cast<std::uint16_t>(std::stoi(found[1]));
    }
  }
  return 0;
}

} // namespace

nats_server::nats_server(options choice)
  : options_{std::move(choice)} {
  auto pattern = (std::filesystem::temp_directory_path() / "nats-mcp-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw std::runtime_error{"no temporary folder for nats-server"};
  }
  folder_ = pattern;
  start();
}

nats_server::~nats_server() {
  kill();
  expect_no_secrets_below(remembered_secrets(), folder_ / "store");
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string nats_server::url() const { return "nats://127.0.0.1:" + std::to_string(port_); }

server_version nats_server::version() const {
  const auto log = text_of(folder_ / "server.log");
  std::smatch found;
  if (!std::regex_search(log, found, std::regex{R"(Version:\s+(\d+)\.(\d+)\.(\d+))"})) {
    throw std::runtime_error{"nats-server does not say its version: " + log};
  }
  return {std::stoi(found[1]), std::stoi(found[2]), std::stoi(found[3])};
}

void nats_server::kill() { end(SIGKILL); }
void nats_server::stop() { end(SIGTERM); }

void nats_server::reload(std::vector<std::string> lines) {
  const auto times_reloaded = [this] {
    const auto log = text_of(folder_ / "server.log");
    const std::string mark = "Reloaded server configuration";
    std::size_t count = 0;
    for (auto at = log.find(mark); at != std::string::npos; at = log.find(mark, at + 1)) {
      ++count;
    }
    return count;
  };
  configure(std::move(lines));
  write_configuration();
  const auto before = times_reloaded();
  ::kill(pid_, SIGHUP);
  if (!eventually(start_limit, [&] { return times_reloaded() > before; })) {
    throw std::runtime_error{"nats-server does not reload: " + text_of(folder_ / "server.log")};
  }
}

void nats_server::signal(int number) const {
  if (pid_ > 0) {
    ::kill(pid_, number);
  }
}

std::optional<pid_t> nats_server::pid() const {
  return pid_ > 0 ? std::optional{pid_} : std::nullopt;
}

void nats_server::end(int signal) {
  if (pid_ > 0) {
    ::kill(pid_, signal);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
}

void nats_server::write_configuration() const {
  std::ofstream file{folder_ / "server.conf"};
  file << "listen: \"127.0.0.1:" << (port_ == 0 ? -1 : static_cast<int>(port_)) << "\"\n"
       << "ports_file_dir: " << folder_ << "\n";
  if (options_.jetstream) {
    file << "jetstream { store_dir: " << (folder_ / "store") << " }\n";
  }
  for (const auto& line : options_.configuration) {
    file << line << "\n";
  }
}

void nats_server::start() {
  write_configuration();
  const char* named = std::getenv("NATS_SERVER");
  const std::string binary = named != nullptr ? named : "nats-server";
  const auto configuration = (folder_ / "server.conf").string();
  const auto log = (folder_ / "server.log").string();
  std::vector<std::string> words{binary, "-c", configuration, "-l", log};
  std::vector<char*> arguments;
  for (auto& word : words) {
    arguments.push_back(word.data());
  }
  arguments.push_back(nullptr);
  if (::posix_spawnp(&pid_, binary.c_str(), nullptr, nullptr, arguments.data(), environ) != 0) {
    pid_ = -1;
    throw std::runtime_error{"cannot start \"" + binary
                             + "\": install nats-server or set NATS_SERVER"};
  }
  const auto up = eventually(start_limit, [this] {
    if (port_ == 0) {
      port_ = port_in(folder_);
    }
    return observation{port_ != 0 && listens(port_), "port " + std::to_string(port_)};
  });
  if (!up) {
    kill();
    throw std::runtime_error{"nats-server does not listen: " + text_of(log)};
  }
}

std::uint16_t unused_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  ::bind(socket, reinterpret_cast<const sockaddr*>(&address), size);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(socket);
  return ntohs(address.sin_port);
}

} // namespace nats_mcp::testing
