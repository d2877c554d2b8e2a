// SPDX-License-Identifier: MIT
// Twelve agents of two projects hand work to three coordinators, which give it to others of them:
// these take it, finish it, fail at it, give it back or forget it; all while coordinators and
// agents come and go.
#pragma once

#include "tests/simulation/checkers/coordination_checkers.hpp"
#include "tests/simulation/workloads/workload.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace nats_mcp::simulation {

class coordination_workload final : public workload {
public:
  [[nodiscard]] std::size_t crowd() const override { return 12; }
  [[nodiscard]] std::size_t coordinators() const override { return 3; }
  [[nodiscard]] world_rhythm rhythm() const override;
  void set_up(config::configuration& settings, dice& chance) override;
  void settle(config::configuration& settings, std::size_t agent) const override;
  void step(agent& who) override;
  void prove(agent& who) override;
  [[nodiscard]] bool proved(const agent& who) const override;
  [[nodiscard]] checkers check(const request_history& requests, server& nats) override;

private:
  /// One agent, as far as the workload knows.
  struct place {
    /// The process that was told to register, and whether it said that it did.
    std::size_t registering = ~std::size_t{0};
    bool registered = false;
    std::string guid;
    std::vector<std::string> held;

    // Of the proof.
    bool under_way = false;
    /// Looks in a row at which nothing it may see was open.
    int idle = 0;
  };

  [[nodiscard]] bool is_registered(const agent& who) const;
  void register_itself(agent& who);
  /// It may have lost its place; then it registers again.
  void note_failure(const request_record& answered);
  void offer(agent& who);
  void claim(agent& who, std::uint64_t timeout_ms, const agent::heard& then);
  void finish(agent& who, const char* tool, const agent::heard& then);
  void look_for_open_work(agent& who);

  std::map<std::size_t, place> places_;
  /// Offers, by the number of their request.
  std::set<std::size_t> offers_;
  std::uint64_t texts_ = 0;
  coordination_history history_;
};

} // namespace nats_mcp::simulation
