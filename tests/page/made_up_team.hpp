// SPDX-License-Identifier: MIT
// A team that does not exist: agents that offer, claim, finish and drop work and talk about it, by
// the rules of the real ones, with no NATS anywhere. For looking at the coordinator's page, and for
// tests of it in a browser.
#pragma once

#include "protocol/coordination/overview.hpp"
#include "protocol/coordination/work_view.hpp"
#include "protocol/error.hpp"
#include "protocol/time.hpp"
#include "protocol/work/item_change.hpp"

#include "tests/simulation/world/dice.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nats_mcp::page {

/// Whether things happen by themselves, or only as they are told to.
enum class liveliness : bool { still, moving };

class made_up_team {
public:
  struct options {
    std::size_t agents = 24;
    std::uint64_t seed = 1;
    liveliness how = liveliness::moving;
    /// Items a coordinator sees at once.
    std::size_t in_view = 1000;
    /// Begins an hour before, so that there is something to look at.
    wall_time now{};
  };

  explicit made_up_team(const options& choice);

  /// Lets happen what happened until `now`.
  void pass(wall_time now);

  // -- as somebody would
  void join(const std::string& handle);
  void say(const std::string& channel, const std::string& handle, const std::string& text);
  /// An item that is dead at once. @returns its id.
  std::string lose(const std::string& description, const std::string& reason);
  [[nodiscard]] result<work::item_record> retry(const std::string& item_id);
  [[nodiscard]] result<work::item_record> discard(const std::string& item_id);

  // -- what a coordinator sees
  [[nodiscard]] coordination::overview_facts facts() const;
  [[nodiscard]] const coordination::work_view& work() const noexcept { return view_; }

private:
  struct member {
    tools::agent_summary summary;
    bool is_away = false;
    wall_time seen{};
    /// Empty: has nothing to do.
    std::string item_id;
    std::string claim_id;
    wall_time done_at{};
  };

  [[nodiscard]] std::string new_id();
  void add_member(std::size_t number);
  void second();
  void offer();
  void let_work(member& one);
  void finish(member& one);
  void chat();
  work::item_record& keep(work::item_record record);
  [[nodiscard]] work::delivered_item delivery(const work::item_record& record) const;

  options options_;
  simulation::dice dice_;
  wall_time now_;
  std::vector<member> members_;
  std::vector<coordination::overview_channel> channels_;
  std::map<std::string, work::item_record, std::less<>> records_;
  /// Those that wait, oldest first.
  std::vector<std::string> waiting_;
  coordination::work_view view_;
  std::uint64_t revision_ = 0;
  std::uint64_t said_ = 0;
};

} // namespace nats_mcp::page
