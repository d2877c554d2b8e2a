// SPDX-License-Identifier: MIT
#include "tests/fault/actors/run_pool.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"

#include "transport/process/descriptor.hpp"

#include <array>
#include <poll.h>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace nats_mcp::fault {

namespace {

/// A worker says first what it begins, so that whoever reads knows what a dead one was at.
constexpr char beginning = '>';

struct pool_worker {
  ::pid_t pid = -1;
  transport::descriptor results;
  std::string unread;
  std::size_t place = 0;
  bool is_running = false;
};

void write_whole(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written <= 0) {
      ::_exit(1); // nobody reads any more
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

class process_pool {
public:
  explicit process_pool(const std::function<void(const pool_result&)>& on_result)
    : on_result_{on_result} {
    // nop
  }

  result<void> start(std::size_t first, std::size_t count, std::size_t stride,
                     const std::function<pool_result(std::size_t)>& work) {
    auto pipe = transport::make_pipe();
    if (!pipe) {
      return tl::make_unexpected(pipe.error());
    }
    const auto pid = ::fork();
    if (pid < 0) {
      return fail(ec::system_error, "No further process can be started.");
    }
    if (pid == 0) {
      const auto out = pipe->write.number();
      for (auto place = first; place < count; place += stride) {
        write_whole(out, beginning + std::to_string(place) + "\n");
        write_whole(out, write_pool_result(work(place)) + "\n");
      }
      ::_exit(0);
    }
    workers_.push_back({pid, std::move(pipe->read), {}, 0, false});
    return {};
  }

  void listen() {
    for (auto open = still_open(); !open.empty(); open = still_open()) {
      if (::poll(open.data(), open.size(), -1) < 0) {
        continue;
      }
      for (auto& one : workers_) {
        for (const auto& ready : open) {
          if (ready.fd == one.results.number() && ready.revents != 0 && one.pid >= 0) {
            read(one);
          }
        }
      }
    }
  }

private:
  [[nodiscard]] std::vector<::pollfd> still_open() const {
    std::vector<::pollfd> open;
    for (const auto& one : workers_) {
      if (one.pid >= 0) {
        open.push_back({one.results.number(), POLLIN, 0});
      }
    }
    return open;
  }

  void read(pool_worker& from) {
    std::array<char, 65536> chunk{};
    const auto got = ::read(from.results.number(), chunk.data(), chunk.size());
    if (got <= 0) {
      bury(from);
      return;
    }
    from.unread.append(chunk.data(), static_cast<std::size_t>(got));
    for (auto end = from.unread.find('\n'); end != std::string::npos;
         end = from.unread.find('\n')) {
      const auto line = from.unread.substr(0, end);
      from.unread.erase(0, end + 1);
      from.is_running = line.front() == beginning;
      if (from.is_running) {
        from.place = std::stoul(line.substr(1));
      } else if (const auto one = read_pool_result(line)) {
        on_result_(*one);
      }
    }
  }

  /// A worker is done, or dead in the middle of a run.
  void bury(pool_worker& from) {
    int status = 0;
    ::waitpid(from.pid, &status, 0);
    from.pid = -1;
    if (from.is_running) {
      on_result_({from.place,
                  {WIFSIGNALED(status)
                     ? "the process was ended by signal " + std::to_string(WTERMSIG(status))
                     : std::string{"the process ended"}},
                  0});
    }
  }

  const std::function<void(const pool_result&)>& on_result_;
  std::vector<pool_worker> workers_;
};

} // namespace

std::string write_pool_result(const pool_result& one) {
  return json::write(
    {{"place", one.place}, {"violations", one.violations}, {"failures", one.failures}});
}

std::optional<pool_result> read_pool_result(const std::string& line) {
  const auto read = json::parse(line);
  const auto* violations = read ? json::find(*read, "violations") : nullptr;
  if (violations == nullptr) {
    return std::nullopt;
  }
  return pool_result{json::unsigned_member(*read, "place").value_or(0),
                     violations->get<std::vector<std::string>>(),
                     json::unsigned_member(*read, "failures").value_or(0)};
}

result<void> run_in_pool(std::size_t count, std::size_t jobs,
                         const std::function<pool_result(std::size_t place)>& work,
                         const std::function<void(const pool_result&)>& on_result) {
  process_pool all{on_result};
  for (std::size_t number = 0; number < jobs && number < count; ++number) {
    if (auto started = all.start(number, count, jobs, work); !started) {
      return started;
    }
  }
  all.listen();
  return {};
}

} // namespace nats_mcp::fault
