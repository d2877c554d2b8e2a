// SPDX-License-Identifier: MIT
#include "tests/simulation/simulate/seed_result.hpp"

#include "protocol/json/member.hpp"

#include "tests/simulation/simulate/broken_product.hpp"
#include "tests/simulation/workloads/workload.hpp"
#include "tests/simulation/world/world.hpp"

#include <exception>
#include <iostream>

namespace nats_mcp::simulation {

namespace {

/// Of one agent, while faults happen.
constexpr std::size_t steps_of_one = 30;

run_report run_once(std::uint64_t seed, const simulation_choice& given, bool traced) {
  const auto choice = completed(given);
  world_options options;
  options.seed = seed;
  options.workload = choice.workload;
  options.faults = choice.faults;
  options.agents = choice.agents;
  options.calls = choice.steps;
  options.broken = broken_product(choice.broken);
  if (traced) {
    options.reads = [](std::string_view line) { std::cout << line << '\n'; };
  }
  return world{std::move(options)}.run();
}

seed_outcome outcome_of(verdict judged) {
  switch (judged) {
    case verdict::passed:
      return seed_outcome::passed;
    case verdict::violated:
      return seed_outcome::violated;
    case verdict::not_converged:
      return seed_outcome::not_converged;
  }
  return seed_outcome::crashed;
}

std::string hexadecimal(std::uint64_t number) {
  std::string digits;
  for (int shift = 60; shift >= 0; shift -= 4) {
    digits += "0123456789abcdef"[(number >> static_cast<unsigned>(shift)) & 0xfU];
  }
  return digits;
}

const char* name_of(seed_outcome outcome) {
  switch (outcome) {
    case seed_outcome::passed:
      return "passed";
    case seed_outcome::usage:
      return "usage";
    case seed_outcome::violated:
      return "an invariant does not hold";
    case seed_outcome::not_converged:
      return "it did not work again after the faults";
    case seed_outcome::not_deterministic:
      return "two runs took different courses";
    case seed_outcome::crashed:
      return "the run itself failed";
  }
  return "";
}

} // namespace

std::string course_of(const run_report& report) { return hexadecimal(report.hash); }

simulation_choice completed(simulation_choice choice) {
  if (choice.agents == 0) {
    choice.agents = make_workload(choice.workload)->crowd();
  }
  if (choice.steps == 0) {
    choice.steps = steps_of_one * choice.agents;
  }
  return choice;
}

seed_result run_seed(std::uint64_t seed, const simulation_choice& choice) {
  seed_result one;
  one.seed = seed;
  try {
    one.report = run_once(seed, choice, choice.traced);
    one.outcome = outcome_of(one.report.outcome);
    if (choice.twice) {
      const auto again = run_once(seed, choice, false);
      if (again.hash != one.report.hash) {
        one.outcome = seed_outcome::not_deterministic;
        one.report.problems = {"the first run came to " + course_of(one.report) + ", the second to "
                               + course_of(again)};
      }
    }
  } catch (const std::exception& failure) {
    one.outcome = seed_outcome::crashed;
    one.report.problems = {failure.what()};
  }
  return one;
}

std::string replay_command(std::uint64_t seed, const simulation_choice& given) {
  const auto choice = completed(given);
  auto command = "nats-mcp-simulate --seeds " + std::to_string(seed) + " --workload "
                 + choice.workload + " --faults " + choice.fault_names + " --agents "
                 + std::to_string(choice.agents) + " --steps " + std::to_string(choice.steps);
  if (!choice.broken.empty()) {
    command += " --break " + choice.broken;
  }
  return command + (choice.twice ? " --twice" : "");
}

std::string describe(const seed_result& failed, const simulation_choice& choice) {
  auto text = "seed " + std::to_string(failed.seed) + ": " + name_of(failed.outcome) + "\n";
  for (const auto& problem : failed.report.problems) {
    text += "  - " + problem + "\n";
  }
  text += "the plan was:\n" + failed.report.plan;
  return text + "again: " + replay_command(failed.seed, choice) + " --trace\n";
}

std::string write_result(const seed_result& one) {
  const auto& report = one.report;
  return json::write({
    {"seed", one.seed},
    {"outcome", static_cast<unsigned>(one.outcome)},
    {"problems", report.problems},
    {"plan", report.plan},
    {"requests", report.requests},
    {"answers", report.answers},
    {"turns", report.turns},
    {"events", report.events},
    {"busy", report.busy.count()},
    {"healing", report.healing.count()},
    {"hash", report.hash},
  });
}

result<seed_result> parse_result(std::string_view line) {
  const auto read = json::parse(line);
  if (!read) {
    return tl::make_unexpected(read.error());
  }
  const auto number = [&](std::string_view key) {
    return json::unsigned_member(*read, key).value_or(0);
  };
  seed_result one;
  one.seed = number("seed");
  one.outcome = static_cast<seed_outcome>(number("outcome"));
  auto& report = one.report;
  report.plan = json::text_member(*read, "plan");
  report.requests = number("requests");
  report.answers = number("answers");
  report.turns = number("turns");
  report.hash = number("hash");
  report.busy = std::chrono::milliseconds{number("busy")};
  report.healing = std::chrono::milliseconds{number("healing")};
  if (const auto* problems = json::find(*read, "problems")) {
    for (const auto& problem : *problems) {
      report.problems.push_back(problem.get<std::string>());
    }
  }
  if (const auto* events = json::find(*read, "events")) {
    for (const auto& [name, times] : events->items()) {
      report.events[name] = times.get<std::uint64_t>();
    }
  }
  return one;
}

} // namespace nats_mcp::simulation
