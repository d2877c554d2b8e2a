// SPDX-License-Identifier: MIT
#include "tests/support/forked_workers.hpp"

#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace nats_mcp::testing {

result<void> forked_workers::start(const life& lives) {
  auto pipe = transport::make_pipe();
  if (!pipe) {
    return tl::make_unexpected(pipe.error());
  }
  const auto pid = ::fork();
  if (pid < 0) {
    return fail(ec::system_error, "No further process can be started.");
  }
  if (pid == 0) {
    lives(pipe->write.number());
    ::_exit(0);
  }
  workers_.push_back({pid, std::move(pipe->read), {}});
  return {};
}

void forked_workers::listen(const listener& to) {
  for (;;) {
    std::vector<::pollfd> open;
    std::vector<std::size_t> numbers;
    for (std::size_t number = 0; number < workers_.size(); ++number) {
      if (workers_[number].pid >= 0) {
        open.push_back({workers_[number].reports.number(), POLLIN, 0});
        numbers.push_back(number);
      }
    }
    if (open.empty()) {
      return;
    }
    if (::poll(open.data(), open.size(), -1) < 0) {
      continue;
    }
    for (std::size_t at = 0; at < open.size(); ++at) {
      if (open[at].revents != 0) {
        read(numbers[at], to);
      }
    }
  }
}

void forked_workers::read(std::size_t number, const listener& to) {
  auto& from = workers_[number];
  std::array<char, 65536> chunk{};
  const auto got = ::read(from.reports.number(), chunk.data(), chunk.size());
  if (got < 0 && errno == EINTR) {
    return; // it is ready still
  }
  if (got <= 0) {
    int status = 0;
    ::waitpid(from.pid, &status, 0);
    from.pid = -1;
    to.on_end(number, status);
    return;
  }
  from.unread.append(chunk.data(), static_cast<std::size_t>(got));
  for (auto end = from.unread.find('\n'); end != std::string::npos; end = from.unread.find('\n')) {
    const auto line = from.unread.substr(0, end);
    from.unread.erase(0, end + 1);
    to.on_line(number, line);
  }
}

void report_line(int reports, std::string_view line) {
  const auto text = std::string{line} + '\n';
  std::string_view left{text};
  while (!left.empty()) {
    const auto written = ::write(reports, left.data(), left.size());
    if (written <= 0) {
      ::_exit(1); // nobody listens any more
    }
    left.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string how_it_ended(int wait_status) {
  return WIFSIGNALED(wait_status)
           ? "its process was ended by signal " + std::to_string(WTERMSIG(wait_status))
           : "its process ended with " + std::to_string(WEXITSTATUS(wait_status));
}

} // namespace nats_mcp::testing
