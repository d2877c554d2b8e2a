// SPDX-License-Identifier: MIT
#include "tests/fault/actors/run_pool.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"

#include "transport/process/descriptor.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <map>
#include <poll.h>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace nats_mcp::fault {

namespace {

struct pool_worker {
  ::pid_t pid = -1;
  transport::descriptor results;
  std::string unread;
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

std::string how_it_ended(int status) {
  return WIFSIGNALED(status) ? "the process was ended by signal " + std::to_string(WTERMSIG(status))
                             : "the process ended with " + std::to_string(WEXITSTATUS(status));
}

/// The life of a worker: forks at its share of the faults.
class branching {
public:
  branching(const std::vector<actor_fault>& faults, std::size_t first, std::size_t stride, int out)
    : faults_{faults}
    , out_{out} {
    for (auto place = first; place < faults.size(); place += stride) {
      open_[{faults[place].actor, faults[place].message}] = place;
    }
  }

  [[noreturn]] void live(const session_player& plays) {
    auto violations = plays([this](const actor_fault& here) { return is_branch(here); });
    if (branch_) {
      tell({*branch_, std::move(violations)});
    } else {
      for (const auto& [fault, place] : open_) {
        tell({place, {"its message never came"}});
      }
    }
    ::_exit(0);
  }

private:
  void tell(const pool_result& one) const { write_whole(out_, write_pool_result(one) + "\n"); }

  bool is_branch(const actor_fault& here) {
    const auto found = branch_ ? open_.end() : open_.find({here.actor, here.message});
    if (found == open_.end()) {
      return false;
    }
    const auto place = found->second;
    open_.erase(found);
    const auto pid = ::fork();
    if (pid == 0) {
      branch_ = place;
      return true;
    }
    int status = 0;
    if (pid < 0) {
      tell({place, {"no further process can be started"}});
    } else if (::waitpid(pid, &status, 0); status != 0) {
      tell({place, {how_it_ended(status)}});
    }
    return false;
  }

  const std::vector<actor_fault>& faults_;
  int out_;
  std::map<std::pair<std::string, std::uint64_t>, std::size_t> open_;
  /// Set in a child.
  std::optional<std::size_t> branch_;
};

class process_pool {
public:
  explicit process_pool(const std::function<void(const pool_result&)>& on_result)
    : on_result_{on_result} {
    // nop
  }

  result<void> start(const std::vector<actor_fault>& faults, std::size_t first, std::size_t stride,
                     const session_player& plays) {
    auto pipe = transport::make_pipe();
    if (!pipe) {
      return tl::make_unexpected(pipe.error());
    }
    const auto pid = ::fork();
    if (pid < 0) {
      return fail(ec::system_error, "No further process can be started.");
    }
    if (pid == 0) {
      branching{faults, first, stride, pipe->write.number()}.live(plays);
    }
    workers_.push_back({pid, std::move(pipe->read), {}});
    return {};
  }

  void listen() {
    for (auto open = still_open(); !open.empty(); open = still_open()) {
      if (::poll(open.data(), open.size(), -1) < 0) {
        continue;
      }
      for (auto& one : workers_) {
        for (const auto& ready : open) {
          if (one.pid >= 0 && ready.fd == one.results.number() && ready.revents != 0) {
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
    if (got < 0 && errno == EINTR) {
      return; // it is ready still
    }
    if (got <= 0) {
      ::waitpid(from.pid, nullptr, 0);
      from.pid = -1;
      return;
    }
    from.unread.append(chunk.data(), static_cast<std::size_t>(got));
    for (auto end = from.unread.find('\n'); end != std::string::npos;
         end = from.unread.find('\n')) {
      const auto line = from.unread.substr(0, end);
      from.unread.erase(0, end + 1);
      if (const auto one = read_pool_result(line)) {
        on_result_(*one);
      }
    }
  }

  const std::function<void(const pool_result&)>& on_result_;
  std::vector<pool_worker> workers_;
};

} // namespace

std::string write_pool_result(const pool_result& one) {
  return json::write({{"place", one.place}, {"violations", one.violations}});
}

std::optional<pool_result> read_pool_result(const std::string& line) {
  const auto read = json::parse(line);
  const auto* violations = read ? json::find(*read, "violations") : nullptr;
  if (violations == nullptr) {
    return std::nullopt;
  }
  return pool_result{json::unsigned_member(*read, "place").value_or(0),
                     violations->get<std::vector<std::string>>()};
}

result<void> run_in_pool(const std::vector<actor_fault>& faults, std::size_t jobs,
                         const session_player& plays,
                         const std::function<void(const pool_result&)>& on_result) {
  std::vector<bool> told(faults.size());
  const std::function<void(const pool_result&)> note = [&](const pool_result& one) {
    told.at(one.place) = true;
    on_result(one);
  };
  process_pool all{note};
  for (std::size_t number = 0; number < jobs && number < faults.size(); ++number) {
    if (auto started = all.start(faults, number, jobs, plays); !started) {
      return started;
    }
  }
  all.listen();
  for (std::size_t place = 0; place < told.size(); ++place) {
    if (!told[place]) {
      on_result({place, {"nothing was heard of this run: its worker ended"}});
    }
  }
  return {};
}

} // namespace nats_mcp::fault
