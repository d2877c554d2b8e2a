// SPDX-License-Identifier: MIT
#include "tests/simulation/simulate/summary.hpp"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <sys/resource.h>

namespace nats_mcp::simulation {

namespace {

/// Of user and system, of all workers that ended.
double processor_seconds() {
  ::rusage used{};
  ::getrusage(RUSAGE_CHILDREN, &used);
  const auto seconds = [](const ::timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// Failures described in full; of further ones only the seed is named.
constexpr std::uint64_t described_max = 5;

} // namespace

summary::summary(const seed_range& seeds, const simulation_choice& choice)
  : seeds_{seeds}
  , choice_{choice}
  , began_{std::chrono::steady_clock::now()} {
  std::cerr << "seeds " << to_text(seeds) << ", workload " << choice.workload << ", faults "
            << choice.fault_names << ", agents " << choice.agents << ", steps " << choice.steps
            << '\n';
}

void summary::add(const seed_result& one) {
  ++done_;
  if (one.outcome != seed_outcome::passed) {
    if (++failed_ <= described_max) {
      std::cerr << describe(one, choice_);
    } else {
      std::cerr << "seed " << one.seed << " failed as well\n";
    }
    if (one.seed < lowest_failed_) {
      lowest_failed_ = one.seed;
      outcome_ = one.outcome;
    }
  }
  requests_ += one.report.requests;
  answers_ += one.report.answers;
  turns_ += one.report.turns;
  busy_ += one.report.busy;
  healing_max_ = std::max(healing_max_, one.report.healing);
  for (const auto& [name, times] : one.report.events) {
    events_[name] += times;
  }
  if (seeds_.size() == 1) {
    std::cerr << (failed_ == 0 ? "the plan was:\n" + one.report.plan : std::string{}) << "course "
              << course_of(one.report) << '\n';
  }
  const auto tenth = std::max<std::uint64_t>(1, seeds_.size() / 10);
  if (done_ % tenth == 0 && seeds_.size() > 1) {
    std::cerr << done_ << " of " << seeds_.size() << " done, " << failed_ << " failed, "
              << std::fixed << std::setprecision(1) << seconds() << " s\n";
  }
}

void summary::finish() const {
  std::ostringstream out;
  out << std::fixed << std::setprecision(1);
  out << done_ << " seeds, " << failed_ << " failed; " << requests_ << " requests, " << answers_
      << " answers, " << turns_ << " turns of actors, "
      << std::chrono::duration<double>{busy_}.count() << " s under faults, healed within "
      << std::chrono::duration<double>{healing_max_}.count() << " s\n";
  for (const auto& [name, times] : events_) {
    out << "  " << name << ": " << times << '\n';
  }
  out << seconds() << " s, " << processor_seconds() << " s of processor time\n";
  std::cerr << out.str();
}

double summary::seconds() const {
  return std::chrono::duration<double>{std::chrono::steady_clock::now() - began_}.count();
}

} // namespace nats_mcp::simulation
