// SPDX-License-Identifier: MIT
// Rounds of kill -9 of nats-server, workers and offerers at random under load, with a history of
// all that agents did and were told; a checker judges it together with what NATS holds in the end.
// A round is one or two processes killed while everybody works.
#include "tests/fault/stored_work.hpp"
#include "tests/fault/work_checker.hpp"
#include "tests/fault/work_crew.hpp"
#include "tests/support/nats_server.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>

namespace {

using namespace nats_mcp;
using namespace nats_mcp::testing;
using namespace std::chrono_literals;

constexpr auto lease = 1500ms;
constexpr auto hold = 4000ms;
/// Kills follow progress, not a clock: so many completions lie between two of them.
constexpr std::size_t completions_per_round = 5;
constexpr auto round_max = 4s;
/// Everything that can end has ended when nothing was completed for so long: longer than a hold.
constexpr auto quiet = 8s;

struct run_options {
  unsigned rounds = 100;
  unsigned offerers = 2;
  unsigned workers = 5;
  std::uint64_t seed = 1;
  std::string history_file;
};

class run {
public:
  explicit run(const run_options& options)
    : options_{options}
    , chance_{options.seed} {
    for (unsigned i = 0; i < options.offerers; ++i) {
      offerers_.push_back(std::make_unique<crew_offerer>(member("offerer-" + std::to_string(i))));
    }
    for (unsigned i = 0; i < options.workers; ++i) {
      workers_.push_back(std::make_unique<crew_worker>(member("worker-" + std::to_string(i))));
    }
  }

  run(const run&) = delete;
  run& operator=(const run&) = delete;
  ~run() {
    history_.end_waits();
    for (auto* member : everybody()) {
      member->stop();
    }
  }

  /// @returns what is wrong.
  std::vector<std::string> go() {
    for (auto* member : everybody()) {
      member->start();
    }
    history_.wait_for_completions(completions_per_round, 30s);
    for (unsigned round = 0; round < options_.rounds; ++round) {
      kill_somebody();
      done_ = history_.wait_for_completions(done_ + completions_per_round, round_max);
    }
    finish();
    work_rules rules{lease, {}};
    for (const auto& offerer : offerers_) {
      rules.keyed_tasks.insert(offerer->keyed_tasks().begin(), offerer->keyed_tasks().end());
    }
    const auto events = history_.events();
    const auto content = read_stored_work(nats_.port(), items_of(events));
    report(events, content);
    return check_work(events, content, rules);
  }

private:
  crew_member::options member(const std::string& name) {
    return {name,
            nats_.url(),
            {{"WORKQUEUE_ACK_TIMEOUT", std::to_string(lease.count())},
             {"WORKQUEUE_MAX_HOLD", std::to_string(hold.count())},
             {"NATS_MCP_CALL_TIMEOUT", "2000"},
             {"LOG_LEVEL", "ERROR"}},
            chance_(),
            history_};
  }

  std::vector<crew_member*> everybody() {
    std::vector<crew_member*> out;
    for (const auto& one : offerers_) {
      out.push_back(one.get());
    }
    for (const auto& one : workers_) {
      out.push_back(one.get());
    }
    return out;
  }

  void kill_somebody() {
    const auto victims = everybody();
    const auto number = [&](std::size_t bound) {
      return std::uniform_int_distribution<std::size_t>{0, bound - 1}(chance_);
    };
    const bool both = number(4) == 0;
    if (both || number(3) == 0) {
      nats_.kill();
      ++nats_killed_;
      if (both) {
        victims[number(victims.size())]->kill();
        ++agents_killed_;
      }
      nats_.start();
    } else {
      victims[number(victims.size())]->kill();
      ++agents_killed_;
    }
  }

  /// No more offers, no more faults: what can be done is done.
  void finish() {
    for (const auto& worker : workers_) {
      worker->be_diligent();
    }
    for (const auto& offerer : offerers_) {
      offerer->stop();
    }
    for (auto before = done_ + 1; before != done_;) {
      before = done_;
      done_ = history_.wait_for_completions(done_ + 1, quiet);
    }
    history_.end_waits();
    for (const auto& worker : workers_) {
      worker->stop();
    }
  }

  void report(const std::vector<work_event>& events, const work_content& content) const {
    std::map<std::string, unsigned> states;
    for (const auto& [item, found] : content) {
      ++states[found.state.value_or(found.in_queue ? "offered" : "nothing")];
    }
    std::cout << options_.rounds << " rounds: nats-server killed " << nats_killed_
              << " times, agents " << agents_killed_ << " times; " << events.size()
              << " calls about " << content.size() << " items, which are in the end:";
    for (const auto& [state, count] : states) {
      std::cout << ' ' << count << ' ' << state;
    }
    std::cout << '\n';
    if (!options_.history_file.empty()) {
      std::ofstream file{options_.history_file};
      for (const auto& event : events) {
        file << to_text(event) << '\n';
      }
    }
  }

  run_options options_;
  std::mt19937_64 chance_;
  nats_server nats_;
  work_history history_;
  std::vector<std::unique_ptr<crew_offerer>> offerers_;
  std::vector<std::unique_ptr<crew_worker>> workers_;
  std::size_t done_ = 0;
  unsigned nats_killed_ = 0;
  unsigned agents_killed_ = 0;
};

} // namespace

int main(int argc, char** argv) {
  run_options options;
  CLI::App app{"Kills nats-server, workers and offerers at random while work is shared, and checks"
               " that no item is lost or completed twice"};
  app.option_defaults()->always_capture_default();
  app.add_option("--rounds", options.rounds, "Rounds of kill -9")->check(CLI::PositiveNumber);
  app.add_option("--offerers", options.offerers)->check(CLI::PositiveNumber);
  app.add_option("--workers", options.workers)->check(CLI::PositiveNumber);
  app.add_option("--seed", options.seed, "Of the choices; the timing is the machine's");
  app.add_option("--history", options.history_file, "Writes the history to this file");
  CLI11_PARSE(app, argc, argv);
  try {
    const auto violations = run{options}.go();
    for (const auto& violation : violations) {
      std::cout << "VIOLATION " << violation << '\n';
    }
    std::cout << (violations.empty() ? "Nothing is lost, nothing was done twice.\n" : "");
    return violations.empty() ? 0 : 1;
  } catch (const std::exception& e) {
    std::cerr << "error: " << e.what() << '\n';
    return 2;
  }
}
