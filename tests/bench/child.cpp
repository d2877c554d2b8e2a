// SPDX-License-Identifier: MIT
#include "tests/bench/child.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sstream>
#include <stdexcept>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nats_mcp::bench {

namespace {

/// Room for a whole window of requests and answers: neither side waits for the other to read.
constexpr int pipe_bytes = 1 << 20;
constexpr std::size_t read_bytes = 262'144;
constexpr int end_max_ms = 2000;

[[noreturn]] void fail(const std::string& what, int code) {
  throw std::runtime_error(what + ": " + std::strerror(code));
}

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    fail("no pipe", errno);
  }
  ::fcntl(ends[0], F_SETPIPE_SZ, pipe_bytes);
  return ends;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (auto& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

} // namespace

child::child(const child_options& options) {
  auto command = options.command;
  auto environment = options.environment;
  const auto in = make_pipe();
  const auto out = make_pipe();
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_addchdir_np(&actions, options.working_directory.c_str());
  const auto code = ::posix_spawnp(&pid_, command.front().c_str(), &actions, nullptr,
                                   pointers_to(command).data(), pointers_to(environment).data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(in[0]);
  ::close(out[1]);
  input_ = in[1];
  output_ = out[0];
  if (code != 0) {
    ::close(input_);
    ::close(output_);
    fail("cannot start " + options.command.front(), code);
  }
}

child::~child() {
  ::close(input_);
  const auto handle = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  pollfd gone{handle, POLLIN, 0};
  if (::poll(&gone, 1, end_max_ms) != 1) {
    ::kill(pid_, SIGKILL);
  }
  ::waitpid(pid_, nullptr, 0);
  ::close(handle);
  ::close(output_);
}

void child::write(std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(input_, text.data(), text.size());
    if (count < 0 && errno != EINTR) {
      fail("the program does not read", errno);
    }
    text.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
  }
}

void child::fill() {
  buffer_.erase(0, begin_);
  begin_ = 0;
  const auto used = buffer_.size();
  buffer_.resize(used + read_bytes);
  auto count = ::read(output_, buffer_.data() + used, read_bytes);
  while (count < 0 && errno == EINTR) {
    count = ::read(output_, buffer_.data() + used, read_bytes);
  }
  if (count <= 0) {
    throw std::runtime_error("the program ended before it answered");
  }
  buffer_.resize(used + static_cast<std::size_t>(count));
}

std::string_view child::read_line() {
  auto end = buffer_.find('\n', begin_);
  while (end == std::string::npos) {
    const auto searched = buffer_.size() - begin_;
    fill();
    end = buffer_.find('\n', searched);
  }
  const std::string_view line(buffer_.data() + begin_, end - begin_);
  begin_ = end + 1;
  return line;
}

bool child::has_line() const { return buffer_.find('\n', begin_) != std::string::npos; }

std::size_t child::resident_bytes() const {
  std::ifstream in("/proc/" + std::to_string(pid_) + "/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  in >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::chrono::milliseconds child::processor_time() const { return processor_time_of(pid_); }

std::chrono::milliseconds processor_time_of(pid_t process) {
  std::ifstream in("/proc/" + std::to_string(process) + "/stat");
  std::string text{std::istreambuf_iterator<char>(in), {}};
  // The name in brackets may hold anything; utime and stime are the 12th and 13th fields after it.
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) {
    fields >> skipped;
  }
  long user = 0;
  long system = 0;
  fields >> user >> system;
  return std::chrono::milliseconds((user + system) * 1000 / ::sysconf(_SC_CLK_TCK));
}

} // namespace nats_mcp::bench
