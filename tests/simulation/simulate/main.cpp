// SPDX-License-Identifier: MIT
// `nats-mcp-simulate`: runs worlds from seeds and looks for one in which a promise is broken.
#include "tests/simulation/simulate/broken_product.hpp"
#include "tests/simulation/simulate/seed_range.hpp"
#include "tests/simulation/simulate/seed_result.hpp"
#include "tests/simulation/simulate/summary.hpp"
#include "tests/simulation/simulate/workers.hpp"
#include "tests/simulation/workloads/workload.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <string>
#include <thread>

namespace {

using namespace nats_mcp;
using namespace nats_mcp::simulation;

constexpr int usage_error = static_cast<int>(seed_outcome::usage);

constexpr auto footer =
  "A seed decides everything: the faults, what the agents do, which actor runs next. A seed that\n"
  "fails is printed with its plan and the command that runs it again.\n"
  "Exit codes: 0 all seeds passed, 1 usage, 2 an invariant does not hold, 3 it did not work again\n"
  "after the faults stopped, 4 two runs of a seed differ (--twice), 5 a run itself failed. Of\n"
  "several failures the one with the lowest seed counts.\n";

struct command_line {
  std::string seeds = NATS_MCP_SIMULATION_SEEDS;
  std::size_t jobs = 0;
  simulation_choice choice;
};

template <class Names>
std::string listed(const Names& names) {
  std::string text;
  for (const auto& name : names) {
    text.append(text.empty() ? "" : ", ").append(name);
  }
  return text;
}

void declare(CLI::App& program, command_line& given) {
  auto& choice = given.choice;
  program.add_option("--seeds", given.seeds, "Which seeds: A..B, or one number")
    ->envname("NATS_MCP_SIMULATION_SEEDS")
    ->capture_default_str();
  program
    .add_option("--workload", choice.workload, "What the agents do: " + listed(workload_names()))
    ->capture_default_str();
  program
    .add_option("--faults", choice.fault_names,
                "What goes wrong, with commas between: " + fault_names())
    ->capture_default_str();
  program
    .add_option("--agents", choice.agents,
                "Agents, each with a process of its own; else as many as the workload takes")
    ->check(CLI::Range(1, 64));
  program
    .add_option("--steps", choice.steps,
                "Things the agents do while faults happen, together; else 30 of each")
    ->check(CLI::Range(1, 100'000));
  program
    .add_option("--jobs", given.jobs, "Processes that work at the same time; 0 = one for each core")
    ->check(CLI::Range(0, 1024))
    ->capture_default_str();
  program.add_option("--break", choice.broken,
                     "Run a product that is broken on purpose: " + listed(broken_products()));
  program.add_flag("--twice", choice.twice, "Run each seed twice and compare the courses");
  program.add_flag("--trace", choice.traced, "Write everything that happens to standard output");
  program.footer(footer);
}

int complain(const std::string& sentence) {
  std::cerr << sentence << '\n';
  return usage_error;
}

int run(command_line given) {
  auto& choice = given.choice;
  const auto seeds = parse_seed_range(given.seeds);
  if (!seeds) {
    return complain(seeds.error().message);
  }
  auto faults = parse_fault_choice(choice.fault_names);
  if (!faults) {
    return complain(faults.error().message);
  }
  choice.faults = std::move(*faults);
  if (make_workload(choice.workload) == nullptr) {
    return complain("There is no workload \"" + choice.workload + "\"; there are "
                    + listed(workload_names()) + ".");
  }
  const auto broken = broken_products();
  if (!choice.broken.empty()
      && std::find(broken.begin(), broken.end(), choice.broken) == broken.end()) {
    return complain("Nothing is broken by \"" + choice.broken + "\"; there are " + listed(broken)
                    + ".");
  }
  choice = completed(std::move(choice));
  if (given.jobs == 0) {
    given.jobs = std::max(1U, std::thread::hardware_concurrency());
  }
  summary all{*seeds, choice};
  const auto done = run_seeds(*seeds, choice.traced ? 1 : given.jobs, choice,
                              [&](const seed_result& one) { all.add(one); });
  if (!done) {
    std::cerr << done.error().message << '\n';
    return static_cast<int>(seed_outcome::crashed);
  }
  all.finish();
  return static_cast<int>(all.outcome());
}

} // namespace

int main(int argument_count, char** arguments) {
  CLI::App program{"Runs worlds of agents, servers and faults from seeds, and looks for one in"
                   " which a promise is broken",
                   "nats-mcp-simulate"};
  command_line given;
  declare(program, given);
  try {
    program.parse(argument_count, arguments);
  } catch (const CLI::ParseError& wrong) {
    return program.exit(wrong) == 0 ? 0 : usage_error;
  }
  return run(std::move(given));
}
