// SPDX-License-Identifier: MIT
// Many coordinated items across a few workers while workers and the leading coordinator are killed:
// all of them end, completed once or dead with a history; the other coordinator acts in time.
#include "tests/fault/coordinators_at_work.hpp"
#include "tests/fault/stored_work.hpp"
#include "tests/fault/work_checker.hpp"
#include "tests/fault/work_crew.hpp"
#include "tests/support/nats_server.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <memory>

namespace {

using namespace nats_mcp;
using namespace nats_mcp::testing;
using namespace std::chrono_literals;

constexpr auto lease = 1500ms;
constexpr auto hold = 4000ms;
constexpr auto takes_over_within = 8000ms;
/// Everything that can end has ended when nothing was completed for so long: longer than a hold,
/// and than an assignment nobody claims.
constexpr auto quiet = 20s;

struct run_options {
  std::size_t items = 1000;
  unsigned workers = 6;
  unsigned crashes = 3;
  std::uint64_t seed = 1;
};

/// Offers its items one after the other, then nothing more.
class requester final : public crew_member {
public:
  requester(options choice, std::size_t items)
    : crew_member{std::move(choice)}
    , left_{items} {
    // nop
  }

  /// Call after `stop`.
  [[nodiscard]] const std::set<std::string>& tasks() const noexcept { return tasks_; }

private:
  void act() override {
    if (left_ == 0) {
      history().rest(50ms);
      return;
    }
    const auto task = name() + "-" + std::to_string(left_);
    tasks_.insert(task);
    const auto offered = carry_out({deed::offer,
                                    "broadcast_work_offer",
                                    {{"taskId", task},
                                     {"capability", "typescript"},
                                     {"description", "Work for " + task},
                                     {"coordinated", true},
                                     {"idempotencyKey", task}},
                                    task});
    if (offered && !offered->is_error) {
      --left_;
    }
  }

  std::size_t left_;
  std::set<std::string> tasks_;
};

class run {
public:
  explicit run(const run_options& options)
    : options_{options}
    , chance_{options.seed}
    , requester_{member("requester"), options.items} {
    for (unsigned i = 0; i < options.workers; ++i) {
      workers_.push_back(std::make_unique<crew_worker>(member("worker-" + std::to_string(i))));
    }
  }

  run(const run&) = delete;
  run& operator=(const run&) = delete;
  ~run() {
    history_.end_waits();
    requester_.stop();
    for (const auto& worker : workers_) {
      worker->stop();
    }
  }

  /// @returns what is wrong.
  std::vector<std::string> go() {
    const auto began = history_.now();
    requester_.start();
    for (const auto& worker : workers_) {
      worker->start();
    }
    const auto share = options_.items / (options_.crashes + 2);
    for (unsigned crash = 0; crash < options_.crashes; ++crash) {
      done_ = history_.wait_for_completions((crash + 1) * share, 120s);
      workers_[crash % workers_.size()]->kill();
      if (crash == 0) {
        replace_leader();
      }
    }
    for (const auto& worker : workers_) {
      worker->be_diligent();
    }
    for (auto before = done_ + 1; before != done_ && done_ < options_.items;) {
      before = done_;
      done_ = history_.wait_for_completions(done_ + 1, quiet);
    }
    const auto took = history_.now() - began;
    history_.end_waits();
    requester_.stop();
    for (const auto& worker : workers_) {
      worker->stop();
    }
    return judge(took);
  }

private:
  crew_member::options member(const std::string& name) {
    return {name,
            nats_.url(),
            {{"WORKQUEUE_ACK_TIMEOUT", std::to_string(lease.count())},
             {"WORKQUEUE_MAX_HOLD", std::to_string(hold.count())},
             {"NATS_MCP_HEARTBEAT_INTERVAL", "1000"},
             {"LOG_LEVEL", "ERROR"}},
            chance_(),
            history_};
  }

  void replace_leader() {
    if (const auto took = coordinators_.kill_leader(2 * takes_over_within)) {
      std::cout << "The other coordinator leads " << took->count() << " ms after the kill.\n";
      late_ = *took > takes_over_within;
    } else {
      late_ = true;
    }
  }

  std::vector<std::string> judge(std::chrono::milliseconds took) {
    const auto events = history_.events();
    const auto items = items_of(events);
    const auto content = read_stored_work(nats_.port(), items);
    work_rules rules{lease, requester_.tasks()};
    auto violations = check_work(events, content, rules);
    std::map<std::string, std::size_t> states;
    for (const auto& [item, found] : content) {
      const auto state = found.state.value_or("nothing");
      ++states[state];
      if (state != "completed" && state != "dead") {
        violations.push_back("Item " + item + " has not ended: it is " + state + ".");
      }
    }
    if (items.size() != options_.items) {
      violations.push_back("Of " + std::to_string(options_.items) + " items "
                           + std::to_string(items.size()) + " are known.");
    }
    if (late_) {
      violations.emplace_back("The other coordinator did not lead in time.");
    }
    std::cout << options_.items << " coordinated items, " << options_.workers << " workers, "
              << options_.crashes << " of them killed, the leader killed, in " << took.count()
              << " ms:";
    for (const auto& [state, count] : states) {
      std::cout << ' ' << count << ' ' << state;
    }
    std::cout << '\n';
    return violations;
  }

  run_options options_;
  std::mt19937_64 chance_;
  nats_server nats_;
  coordinators_at_work coordinators_{nats_.url(), 2};
  work_history history_;
  requester requester_;
  std::vector<std::unique_ptr<crew_worker>> workers_;
  std::size_t done_ = 0;
  bool late_ = false;
};

} // namespace

int main(int argc, char** argv) {
  run_options options;
  CLI::App app{
    "Kills workers and the leading coordinator while coordinated items are worked on, and"
    " checks that each of them ends once"};
  app.option_defaults()->always_capture_default();
  app.add_option("--items", options.items)->check(CLI::PositiveNumber);
  app.add_option("--workers", options.workers)->check(CLI::PositiveNumber);
  app.add_option("--crashes", options.crashes, "Workers that are killed, one after the other");
  app.add_option("--seed", options.seed, "Of what workers do; the timing is the machine's");
  CLI11_PARSE(app, argc, argv);
  try {
    const auto violations = run{options}.go();
    for (const auto& violation : violations) {
      std::cout << "VIOLATION " << violation << '\n';
    }
    std::cout << (violations.empty() ? "Every item has ended, none was done twice.\n" : "");
    return violations.empty() ? 0 : 1;
  } catch (const std::exception& e) {
    std::cerr << "error: " << e.what() << '\n';
    return 2;
  }
}
