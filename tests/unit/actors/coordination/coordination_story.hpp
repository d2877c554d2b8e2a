// SPDX-License-Identifier: MIT
// The stage for tests of coordinators: whole coordinator processes over a modelled NATS, and Ann
// and Bob, who offer work and do it.
#pragma once

#include "protocol/coordination/metrics.hpp"
#include "protocol/coordination/overview.hpp"

#include "actors/system/coordinator_system.hpp"

#include "tests/unit/actors/work/work_story.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nats_mcp::testing {

class coordination_story : public work_story {
protected:
  static constexpr auto takes_over_within = 8s;
  static constexpr auto space = "demo";
  static constexpr auto channel = "planning";

  /// One coordinator process.
  struct host {
    std::string guid;
    std::shared_ptr<simulation::simulated_link> link;
    coordinator_system parts;
    /// How long its computer has been asleep.
    std::chrono::nanoseconds asleep{0};
    /// The next message this part handles makes it crash.
    std::string crashes_next;
    std::vector<logging::event> log;
  };

  /// Ann and Bob are online for others, too.
  void SetUp() override;
  void TearDown() override;

  // -- coordinators
  /// Starts one, and returns when nothing is left to do at this moment.
  host& start_coordinator();
  /// Starts one, and lets time pass until it leads.
  host& start_leader();
  /// It is gone without a word.
  void kill(host& which);
  /// As on SIGTERM.
  void leave(host& which);
  [[nodiscard]] coordinator_status status(const host& which);
  [[nodiscard]] bool leads(const host& which) { return status(which).is_leader; }
  /// Lets time pass until it holds, a minute at most. @returns whether it does.
  bool eventually(const std::function<bool()>& holds, std::chrono::milliseconds within = 60s);

  // -- agents, as others see them
  void is_there(const std::string& guid, const std::string& handle,
                strings capabilities = {"TypeScript", "Rust"});
  void is_offline(const std::string& guid, const std::string& handle);

  // -- coordinated items
  /// Bob's offer, unless `by` says so. @returns the item's id.
  std::string submit(std::string task, std::optional<std::string> preferred = {},
                     process* by = nullptr);
  [[nodiscard]] std::optional<work::item_record> record_of(const std::string& id);
  /// Who has it, or is to claim it; empty: nobody.
  [[nodiscard]] std::string worker_of(const std::string& id);
  [[nodiscard]] std::uint64_t requests() { return stored("COORD"); }
  result<tools::complete_work_result> completes_item(process& whose, const std::string& id);
  result<tools::fail_work_result> fails_item(process& whose, const std::string& id);

  std::vector<std::unique_ptr<host>> hosts_;

private:
  void write_agent(const std::string& guid, const std::string& handle, strings capabilities,
                   tools::agent_status status);
};

} // namespace nats_mcp::testing
