// SPDX-License-Identifier: MIT
// Rounds of broken processes, networks, clusters and disks under load. In each round one or two
// faults are done to those on the stage and healed again; then everybody has to work again within a
// bound. Checkers judge what was called, answered and shown together with what NATS holds.
#include "tests/fault/rounds/round_faults.hpp"
#include "tests/fault/rounds/round_figures.hpp"
#include "tests/fault/rounds/round_stage.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

namespace {

using namespace nats_mcp;
using namespace nats_mcp::testing;
using namespace std::chrono_literals;

/// Faults follow progress, not a clock: so many calls are answered between two of them.
constexpr std::size_t answers_per_round = 15;
constexpr auto round_max = 4s;
constexpr auto works_again_within = 30s;
constexpr unsigned fault_min_ms = 200;
constexpr unsigned fault_max_ms = 1800;
/// What follows from one thing gone wrong can be a thousand others.
constexpr std::size_t violations_shown_max = 20;
constexpr std::size_t disk_bytes = 48UL * 1024UL * 1024UL;

struct run_options {
  unsigned rounds = 100;
  unsigned judge_every = 50;
  unsigned coordinators = 2;
  std::uint64_t seed = 1;
  bool cluster = false;
  bool small_disk = false;
  bool tell = false;
  std::string only;
  std::string history_file;
  std::string keep = "fault-rounds";
};

class round_run {
public:
  explicit round_run(const run_options& options)
    : options_{options}
    , chance_{options.seed} {
    // Before any thread is started.
    if (options.small_disk) {
      disk_.emplace(disk_bytes);
    }
    kinds_ = fault_kinds(nats_kind());
    std::erase_if(kinds_, [&](const std::string& one) {
      const bool has_victim = options.coordinators > 0 || !one.starts_with("coordinator");
      return !has_victim || one.find(options.only) == std::string::npos;
    });
    if (kinds_.empty()) {
      throw std::runtime_error{"no fault's name has \"" + options.only + "\" in it"};
    }
  }

  /// @returns how many things are wrong.
  std::size_t go() {
    std::size_t wrong = 0;
    for (unsigned done = 0; done < options_.rounds; done += options_.judge_every) {
      wrong += stretch(done, std::min(options_.rounds, done + options_.judge_every));
    }
    figures_.print(std::cout);
    return wrong;
  }

private:
  [[nodiscard]] round_nats::kind nats_kind() const {
    if (options_.cluster) {
      return round_nats::kind::cluster;
    }
    return options_.small_disk ? round_nats::kind::small_disk : round_nats::kind::one;
  }

  /// Rounds on a stage of their own, judged together.
  std::size_t stretch(unsigned from, unsigned to) {
    round_stage::options choice;
    choice.nats = nats_kind();
    choice.coordinators = options_.coordinators;
    choice.seed = chance_();
    choice.disk = disk_ ? &*disk_ : nullptr;
    round_stage stage{choice};
    stage.start();
    log_.clear();
    answers_ = 0;
    auto violations = stage.recover(works_again_within);
    for (auto round = from; round < to && violations.empty(); ++round) {
      violations = one_round(stage, round);
    }
    const auto more = stage.finish();
    violations.insert(violations.end(), more.begin(), more.end());
    std::cout << "rounds " << from + 1 << " to " << to << ": " << stage.summary() << std::endl;
    tell(stage, violations, from);
    return violations.size();
  }

  void tell(round_stage& stage, const std::vector<std::string>& violations, unsigned from) {
    if (!options_.history_file.empty()) {
      stage.write_history(options_.history_file);
    }
    if (violations.empty()) {
      return;
    }
    for (std::size_t i = 0; i < violations.size() && i < violations_shown_max; ++i) {
      std::cout << "VIOLATION " << violations[i] << '\n';
    }
    if (violations.size() > violations_shown_max) {
      std::cout << "and " << violations.size() - violations_shown_max << " more\n";
    }
    for (const auto& line : log_) {
      std::cout << "  " << line << '\n';
    }
    const auto where =
      options_.keep + "-" + std::to_string(options_.seed) + "-" + std::to_string(from + 1);
    stage.nats().keep(where);
    stage.write_history(where + "/history");
    std::cout << "stores, logs and the history are in " << where << std::endl;
  }

  std::vector<std::string> one_round(round_stage& stage, unsigned number) {
    answers_ = stage.talk().wait_for_answers(answers_ + answers_per_round, round_max);
    std::vector<round_fault> faults{chosen(stage)};
    if (below(4) == 0) {
      if (auto second = chosen(stage); second.victim != faults.front().victim) {
        faults.push_back(std::move(second));
      }
    }
    auto line = "round " + std::to_string(number + 1) + " at "
                + std::to_string(stage.talk().now().count()) + " ms:";
    for (const auto& one : faults) {
      one.apply();
      line += " [" + one.kind + ", " + one.victim + "]";
    }
    stage.work().rest(std::chrono::milliseconds{fault_min_ms + below(fault_max_ms - fault_min_ms)});
    for (auto one = faults.rbegin(); one != faults.rend(); ++one) {
      one->heal();
    }
    const auto healed = stage.talk().now();
    auto out = stage.recover(works_again_within);
    const auto took = stage.talk().now() - healed;
    for (const auto& one : faults) {
      figures_.add(one.kind, took);
    }
    log_.push_back(line + " healed at " + std::to_string(healed.count()) + " ms, all work after "
                   + std::to_string(took.count()) + " ms");
    if (options_.tell) {
      std::cout << log_.back() << std::endl;
    }
    return out;
  }

  round_fault chosen(round_stage& stage) {
    return make_fault(kinds_[below(static_cast<unsigned>(kinds_.size()))], stage, chance_);
  }

  unsigned below(unsigned bound) {
    return std::uniform_int_distribution<unsigned>{0, bound - 1}(chance_);
  }

  run_options options_;
  std::mt19937_64 chance_;
  std::optional<small_disk> disk_;
  std::vector<std::string> kinds_;
  round_figures figures_;
  std::vector<std::string> log_;
  std::size_t answers_ = 0;
};

} // namespace

int main(int argc, char** argv) {
  run_options options;
  CLI::App app{"Breaks processes, networks, nodes of a cluster or the disk at random while agents"
               " talk and work, and checks that nothing that was acknowledged is lost"};
  app.option_defaults()->always_capture_default();
  app.add_option("--rounds", options.rounds, "Rounds of one or two faults")
    ->check(CLI::PositiveNumber);
  app.add_option("--judge-every", options.judge_every, "Rounds between two judgements")
    ->check(CLI::PositiveNumber);
  app.add_option("--coordinators", options.coordinators, "The first leads after some 6 seconds");
  app.add_option("--seed", options.seed, "Of the choices; the timing is the machine's");
  auto* cluster = app.add_flag("--cluster", options.cluster, "Three nats-servers, three replicas");
  app.add_flag("--disk-full", options.small_disk, "The store lies on a small disk, which fills up")
    ->excludes(cluster);
  app.add_flag("--tell", options.tell, "A line for each round");
  app.add_option("--only", options.only, "Only faults with this in their name");
  app.add_option("--history", options.history_file, "Writes the history to this file");
  app.add_option("--keep", options.keep, "Where stores and logs go when something is wrong");
  CLI11_PARSE(app, argc, argv);
  try {
    const auto wrong = round_run{options}.go();
    std::cout << (wrong == 0 ? "Nothing is lost, nothing was done twice.\n"
                             : std::to_string(wrong) + " things are wrong.\n");
    return wrong == 0 ? 0 : 1;
  } catch (const std::exception& e) {
    std::cerr << "error: " << e.what() << '\n';
    return 2;
  }
}
