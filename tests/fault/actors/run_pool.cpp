// SPDX-License-Identifier: MIT
#include "tests/fault/actors/run_pool.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"

#include "tests/support/forked_workers.hpp"

#include <cstdint>
#include <map>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace nats_mcp::fault {

namespace {

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

  void live(const session_player& plays) {
    auto violations = plays([this](const actor_fault& here) { return is_branch(here); });
    if (branch_) {
      tell({*branch_, std::move(violations)});
    } else {
      for (const auto& [fault, place] : open_) {
        tell({place, {"its message never came"}});
      }
    }
  }

private:
  void tell(const pool_result& one) const { testing::report_line(out_, write_pool_result(one)); }

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
      tell({place, {testing::how_it_ended(status)}});
    }
    return false;
  }

  const std::vector<actor_fault>& faults_;
  int out_;
  std::map<std::pair<std::string, std::uint64_t>, std::size_t> open_;
  /// Set in a child.
  std::optional<std::size_t> branch_;
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
  testing::forked_workers workers;
  for (std::size_t number = 0; number < jobs && number < faults.size(); ++number) {
    auto started = workers.start([&](int reports) {
      branching{faults, number, jobs, reports}.live(plays);
    });
    if (!started) {
      return started;
    }
  }
  std::vector<bool> told(faults.size());
  workers.listen({[&](std::size_t, const std::string& line) {
                    if (const auto one = read_pool_result(line)) {
                      told.at(one->place) = true;
                      on_result(*one);
                    }
                  },
                  [](std::size_t, int) {
                    // What it did not tell of is found below.
                  }});
  for (std::size_t place = 0; place < told.size(); ++place) {
    if (!told[place]) {
      on_result({place, {"nothing was heard of this run: its worker ended"}});
    }
  }
  return {};
}

} // namespace nats_mcp::fault
