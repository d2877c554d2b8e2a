// SPDX-License-Identifier: MIT
#include "tests/simulation/simulate/workers.hpp"

#include "tests/support/forked_workers.hpp"

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::simulation {

namespace {

/// A line that announces a seed, so that whoever reads knows what a dead worker was at.
constexpr char begin_mark = '>';

/// The life of a worker: every `stride`th seed from `first` on.
void work(const seed_range& share, std::uint64_t stride, int reports,
          const simulation_choice& choice) {
  for (auto seed = share.first; seed <= share.last; seed += stride) {
    testing::report_line(reports, begin_mark + std::to_string(seed));
    const auto one = run_seed(seed, choice);
    std::cout.flush();
    testing::report_line(reports, write_result(one));
  }
}

seed_result ended_in(std::uint64_t seed, int wait_status) {
  seed_result one;
  one.seed = seed;
  one.outcome = seed_outcome::crashed;
  one.report.problems = {testing::how_it_ended(wait_status)};
  return one;
}

} // namespace

result<void> run_seeds(const seed_range& seeds, std::size_t jobs, const simulation_choice& choice,
                       const std::function<void(const seed_result&)>& on_result) {
  testing::forked_workers workers;
  // What each of them is at.
  std::vector<std::optional<std::uint64_t>> running;
  for (std::size_t number = 0; number < jobs && number < seeds.size(); ++number) {
    const seed_range share{seeds.first + number, seeds.last};
    auto started = workers.start([&](int reports) { work(share, jobs, reports, choice); });
    if (!started) {
      return started;
    }
    running.emplace_back();
  }
  workers.listen({[&](std::size_t worker, const std::string& line) {
                    if (line.front() == begin_mark) {
                      running[worker] = std::strtoull(line.c_str() + 1, nullptr, 10);
                    } else if (const auto one = parse_result(line)) {
                      running[worker].reset();
                      on_result(*one);
                    }
                  },
                  [&](std::size_t worker, int wait_status) {
                    if (running[worker]) {
                      on_result(ended_in(*running[worker], wait_status));
                    }
                  }});
  return {};
}

} // namespace nats_mcp::simulation
