// SPDX-License-Identifier: MIT
// `nats-mcp-fault`: plays one session again and again, and makes each actor of each process crash
// at each message it handles.
#include "tests/fault/actors/actor_run.hpp"
#include "tests/fault/actors/broken_part.hpp"
#include "tests/fault/actors/run_pool.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace nats_mcp;
using namespace nats_mcp::fault;

constexpr int nothing_wrong = 0;
constexpr int wrong_usage = 1;
constexpr int violated = 2;
/// Of one run.
constexpr std::size_t shown_max = 12;

constexpr auto footer =
  "A session of three agents and a coordinator is played on virtual time: first without a fault,\n"
  "which says how many messages each actor handles, then once for each of these messages, at "
  "which\n"
  "the actor crashes. Exit codes: 0 nothing is wrong, 1 usage, 2 a promise was broken.\n";

struct fault_command_line {
  std::size_t every = 1;
  std::size_t from = 0;
  std::size_t jobs = 0;
  std::string actor;
  std::uint64_t message = 0;
  std::string broken;
  bool is_listed = false;
  bool is_traced = false;
};

/// What is known of an actor in the end.
struct actor_tally {
  std::uint64_t messages = 0;
  std::size_t runs = 0;
  std::size_t violated_runs = 0;
};

std::string repeating(const fault_command_line& given, const actor_fault& fault) {
  auto text = std::string{"nats-mcp-fault"};
  if (!fault.actor.empty()) {
    text += " --actor " + fault.actor + " --message " + std::to_string(fault.message);
  }
  return text + (given.broken.empty() ? "" : " --break " + given.broken) + " --trace";
}

void tell_violations(const fault_command_line& given, const actor_fault& fault,
                     const std::vector<std::string>& violations) {
  if (violations.empty()) {
    return;
  }
  std::cout << (fault.actor.empty()
                  ? std::string{"without a fault"}
                  : fault.actor + " crashes at message " + std::to_string(fault.message))
            << ":\n";
  for (std::size_t number = 0; number < violations.size() && number < shown_max; ++number) {
    std::cout << "  " << violations[number] << '\n';
  }
  if (violations.size() > shown_max) {
    std::cout << "  and " << violations.size() - shown_max << " more\n";
  }
  std::cout << "  again: " << repeating(given, fault) << '\n' << std::flush;
}

/// The messages to crash at: every `every`th of the whole list, so that a sample meets all actors.
std::vector<actor_fault> faults_of(const fault_command_line& given,
                                   const std::map<std::string, std::uint64_t>& counts) {
  std::vector<actor_fault> all;
  std::size_t number = 0;
  for (const auto& [actor, messages] : counts) {
    if (!given.actor.empty() && actor != given.actor) {
      continue;
    }
    for (std::uint64_t message = 1; message <= messages; ++message) {
      const bool is_sampled = number % given.every == given.from % given.every;
      const bool is_wanted = given.message != 0 ? message == given.message : is_sampled;
      if (is_wanted) {
        all.push_back({actor, message});
      }
      ++number;
    }
  }
  return all;
}

void print_table(const std::map<std::string, actor_tally>& tallies) {
  constexpr int name_width = 28;
  constexpr int number_width = 11;
  const auto row = [](const std::string& name, const auto& messages, const auto& runs,
                      const auto& violations) {
    std::cout << std::left << std::setw(name_width) << name << std::right << std::setw(number_width)
              << messages << std::setw(number_width) << runs << std::setw(number_width)
              << violations << '\n';
  };
  row("actor", "messages", "runs", "violated");
  actor_tally sum;
  for (const auto& [actor, one] : tallies) {
    row(actor, one.messages, one.runs, one.violated_runs);
    sum.messages += one.messages;
    sum.runs += one.runs;
    sum.violated_runs += one.violated_runs;
  }
  row("all", sum.messages, sum.runs, sum.violated_runs);
}

actor_run_report run_one(const fault_command_line& given, const actor_fault& fault) {
  actor_run_choice choice{fault, given.broken, {}};
  if (given.is_traced) {
    choice.reads = [](std::string_view line) { std::cout << line << '\n'; };
  }
  return run_actor_fault(choice);
}

/// @returns the exit code.
int run_all(const fault_command_line& given, const actor_run_report& without) {
  const auto faults = faults_of(given, without.counts);
  if (faults.empty()) {
    std::cerr << "There is no such message; --list shows the actors and their messages.\n";
    return wrong_usage;
  }
  std::map<std::string, actor_tally> tallies;
  for (const auto& [actor, messages] : without.counts) {
    if (given.actor.empty() || actor == given.actor) {
      tallies[actor].messages = messages;
    }
  }
  bool is_wrong = !without.violations.empty();
  const auto note = [&](const pool_result& one) {
    const auto& fault = faults.at(one.place);
    auto& tally = tallies[fault.actor];
    ++tally.runs;
    tally.violated_runs += one.violations.empty() ? 0 : 1;
    is_wrong = is_wrong || !one.violations.empty();
    tell_violations(given, fault, one.violations);
  };
  if (given.is_traced || given.message != 0) {
    note({0, run_one(given, faults.front()).violations}); // from the beginning, as a check of those
    print_table(tallies);
    return is_wrong ? violated : nothing_wrong;
  }
  const auto done = run_in_pool(
    faults, given.jobs,
    [&given](const crash_point::chooser& chooses) {
      return run_actor_fault({{}, given.broken, {}, chooses}).violations;
    },
    note);
  if (!done) {
    std::cerr << done.error().message << '\n';
    return wrong_usage;
  }
  print_table(tallies);
  return is_wrong ? violated : nothing_wrong;
}

int run_faults(fault_command_line given) {
  const auto broken = broken_parts();
  if (!given.broken.empty()
      && std::find(broken.begin(), broken.end(), given.broken) == broken.end()) {
    std::cerr << "Nothing is broken by \"" << given.broken << "\".\n";
    return wrong_usage;
  }
  if (given.jobs == 0) {
    given.jobs = std::max(1U, std::thread::hardware_concurrency());
  }
  auto quietly = given;
  quietly.is_traced = given.is_traced && given.actor.empty();
  const auto without = run_one(quietly, {});
  std::cout << without.tool_calls << " tool calls in " << without.lasted.count()
            << " ms of virtual time without a fault\n"
            << std::flush;
  tell_violations(given, {}, without.violations);
  if (given.is_listed) {
    std::map<std::string, actor_tally> tallies;
    for (const auto& [actor, messages] : without.counts) {
      tallies[actor].messages = messages;
    }
    print_table(tallies);
  }
  if (given.is_listed || (given.is_traced && given.actor.empty())) {
    return without.violations.empty() ? nothing_wrong : violated;
  }
  return run_all(given, without);
}

} // namespace

int main(int argument_count, char** arguments) {
  CLI::App program{"Makes each actor crash at each message of a session, and looks for a promise"
                   " that is broken by it",
                   "nats-mcp-fault"};
  fault_command_line given;
  program.add_option("--every", given.every, "Only every so many-th message")
    ->check(CLI::Range(1, 1'000'000))
    ->capture_default_str();
  program
    .add_option("--from", given.from,
                "With --every: which of them is the first, so that samples add"
                " up to all messages")
    ->capture_default_str();
  program.add_option("--actor", given.actor, "Only this actor, as --list shows it");
  program.add_option("--message", given.message, "Only this message of it, from 1")
    ->needs("--actor");
  program
    .add_option("--jobs", given.jobs, "Processes that work at the same time; 0 = one for each core")
    ->check(CLI::Range(0, 1024))
    ->capture_default_str();
  program.add_option("--break", given.broken, "Run a product that is broken on purpose");
  program.add_flag("--list", given.is_listed, "Only say which actors handle how many messages");
  program.add_flag("--trace", given.is_traced, "Write everything that happens to standard output");
  program.footer(footer);
  try {
    program.parse(argument_count, arguments);
  } catch (const CLI::ParseError& wrong) {
    return program.exit(wrong) == 0 ? nothing_wrong : wrong_usage;
  }
  return run_faults(std::move(given));
}
