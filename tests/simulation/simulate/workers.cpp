// SPDX-License-Identifier: MIT
#include "tests/simulation/simulate/workers.hpp"

#include "transport/process/descriptor.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <poll.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace nats_mcp::simulation {

namespace {

struct worker {
  ::pid_t pid = -1;
  transport::descriptor results;
  std::string unread;
  /// What it runs now; 0 = nothing yet, or all done.
  std::uint64_t seed = 0;
  bool seed_running = false;
};

/// A line that announces a seed, so that whoever reads knows what a dead worker was at.
constexpr char begin_mark = '>';

void write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written <= 0) {
      ::_exit(1); // nobody reads any more
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// The life of a worker: every `stride`th seed from `first` on.
[[noreturn]] void work(const seed_range& share, std::uint64_t stride, int results,
                       const simulation_choice& choice) {
  for (auto seed = share.first; seed <= share.last; seed += stride) {
    write_all(results, begin_mark + std::to_string(seed) + "\n");
    const auto one = run_seed(seed, choice);
    std::cout.flush();
    write_all(results, write_result(one) + "\n");
  }
  ::_exit(0);
}

class pool {
public:
  pool(const simulation_choice& choice, const std::function<void(const seed_result&)>& on_result)
    : choice_{choice}
    , on_result_{on_result} {
    // nop
  }

  result<void> start(const seed_range& share, std::uint64_t stride) {
    auto pipe = transport::make_pipe();
    if (!pipe) {
      return tl::make_unexpected(pipe.error());
    }
    const auto pid = ::fork();
    if (pid < 0) {
      return fail(ec::system_error, "No further process can be started.");
    }
    if (pid == 0) {
      work(share, stride, pipe->write.number(), choice_);
    }
    workers_.push_back({pid, std::move(pipe->read), {}, 0, false});
    return {};
  }

  void listen() {
    for (auto open = waiting(); !open.empty(); open = waiting()) {
      if (::poll(open.data(), open.size(), -1) < 0) {
        continue;
      }
      for (const auto& ready : open) {
        if (ready.revents != 0) {
          read(find(ready.fd));
        }
      }
    }
  }

private:
  [[nodiscard]] std::vector<::pollfd> waiting() const {
    std::vector<::pollfd> open;
    for (const auto& one : workers_) {
      if (one.pid >= 0) {
        open.push_back({one.results.number(), POLLIN, 0});
      }
    }
    return open;
  }

  [[nodiscard]] worker& find(int descriptor) {
    auto found = workers_.begin();
    while (found->results.number() != descriptor) {
      ++found;
    }
    return *found;
  }

  void read(worker& from) {
    std::array<char, 65536> chunk{};
    const auto got = ::read(from.results.number(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) {
      return; // it is ready still
    }
    if (got <= 0) {
      bury(from);
      return;
    }
    from.unread.append(chunk.data(), static_cast<std::size_t>(got));
    for (auto end = from.unread.find('\n'); end != std::string::npos;
         end = from.unread.find('\n')) {
      const auto line = from.unread.substr(0, end);
      from.unread.erase(0, end + 1);
      take(from, line);
    }
  }

  void take(worker& from, const std::string& line) {
    from.seed_running = line.front() == begin_mark;
    if (from.seed_running) {
      from.seed = std::strtoull(line.c_str() + 1, nullptr, 10);
    } else if (const auto one = parse_result(line)) {
      on_result_(*one);
    }
  }

  /// A worker is done, or dead in the middle of a seed.
  void bury(worker& from) {
    int status = 0;
    ::waitpid(from.pid, &status, 0);
    from.pid = -1;
    if (from.seed_running) {
      seed_result one;
      one.seed = from.seed;
      one.outcome = seed_outcome::crashed;
      one.report.problems = {WIFSIGNALED(status) ? "its process was ended by signal "
                                                     + std::to_string(WTERMSIG(status))
                                                 : std::string{"its process ended"}};
      on_result_(one);
    }
  }

  const simulation_choice& choice_;
  const std::function<void(const seed_result&)>& on_result_;
  std::vector<worker> workers_;
};

} // namespace

result<void> run_seeds(const seed_range& seeds, std::size_t jobs, const simulation_choice& choice,
                       const std::function<void(const seed_result&)>& on_result) {
  pool workers{choice, on_result};
  for (std::size_t number = 0; number < jobs && number < seeds.size(); ++number) {
    if (auto started = workers.start({seeds.first + number, seeds.last}, jobs); !started) {
      return started;
    }
  }
  workers.listen();
  return {};
}

} // namespace nats_mcp::simulation
