// SPDX-License-Identifier: MIT
// Agents of two projects that share work: they offer it, take it, report on it, finish it, fail at
// it or forget it, give it back, withdraw it, look at it, and look after the dead letters; most of
// it in time, some of it late, twice or never.
#pragma once

#include "tests/simulation/checkers/work_history.hpp"
#include "tests/simulation/workloads/workload.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace nats_mcp::simulation {

class work_workload final : public workload {
public:
  [[nodiscard]] std::size_t crowd() const override { return 8; }
  [[nodiscard]] world_rhythm rhythm() const override;
  void set_up(config::configuration& settings, dice& chance) override;
  void settle(config::configuration& settings, std::size_t agent) const override;
  void step(agent& who) override;
  void prove(agent& who) override;
  [[nodiscard]] bool proved(const agent& who) const override;
  [[nodiscard]] checkers check(const request_history& requests, server& nats) override;

private:
  // What was asked of a request, by its number; the answers stand in the request history.
  struct asked_offer {
    work::work_item wanted;
    /// Together with the project; empty without one.
    std::string key;
    json::value arguments;
  };
  struct asked_claim {
    std::vector<std::string> capabilities;
  };
  struct asked_act {
    work_deed what = work_deed::report;
    std::string item;
    std::string text;
  };
  struct asked_look {};
  struct asked_letters {};
  /// Of all dead letters of a capability at once.
  struct asked_retries {};
  using asked =
    std::variant<asked_offer, asked_claim, asked_act, asked_look, asked_letters, asked_retries>;

  /// One agent, as far as the workload knows.
  struct place {
    /// The process that was told to register, and whether it said that it did.
    std::size_t registering = ~std::size_t{0};
    bool registered = false;
    std::string guid;
    /// What it was shown and has not finished, and what it once had.
    std::vector<std::string> held;
    std::vector<std::string> past;
    /// What it completed, with what it said.
    std::vector<std::pair<std::string, std::string>> completed;
    std::vector<std::string> offered;

    // Of the proof.
    bool under_way = false;
    /// Claims in a row that waited long and found nothing.
    int idle = 0;
    bool saw_letters = false;
    /// Dead letters it still has to look after, and how often it did after which.
    std::vector<std::string> letters;
    std::map<std::string, int> looked_after;
  };

  // -- steps -----------------------------------------------------------------------------------

  [[nodiscard]] bool is_registered(const agent& who) const;
  void register_itself(agent& who);
  /// Whether it is news that the agent has lost its place; then it registers again.
  void note_failure(const request_record& answered);
  void offer(agent& who);
  /// Anything, at random.
  [[nodiscard]] asked_offer draw_offer(agent& who);
  void claim(agent& who, std::chrono::milliseconds timeout, agent::heard then);
  void act_on_held(agent& who, std::size_t which);
  void act_late(agent& who);
  void complete_again(agent& who);
  void cancel(agent& who);
  void look(agent& who);
  void list_letters(agent& who, agent::heard then);
  void look_after_letters(agent& who);
  void change_mind(agent& who);
  std::size_t act(agent& who, work_deed what, const std::string& item, agent::heard then);
  [[nodiscard]] std::string draw_text(const agent& who);

  // -- the proof -------------------------------------------------------------------------------

  /// Whether it offered something again of which nobody knows whether it is in its queue.
  bool prove_offering(agent& who);
  void prove_claiming(agent& who);
  void nobody_is_idle();
  void prove_completing(agent& who);
  void prove_listing(agent& who);
  void prove_looking_after(agent& who);

  // -- what happened ---------------------------------------------------------------------------

  void tell(const request_record& request, const call_facts& call, const asked_offer& what);
  void tell(const request_record& request, const call_facts& call, const asked_claim& what);
  void tell(const request_record& request, const call_facts& call, const asked_act& what);
  void tell(const request_record& request, const call_facts& call, const asked_look& what);
  void tell(const request_record& request, const call_facts& call, const asked_letters& what);
  void tell(const request_record& request, const call_facts& call, const asked_retries& what);
  void tell_agents(const request_history& requests, const agent_journal& journal);

  std::chrono::milliseconds ack_timeout_{0};
  std::map<std::size_t, place> places_;
  std::map<std::size_t, asked> asked_;
  /// By project and key: what was offered under it first.
  std::map<std::string, asked_offer> keys_;
  /// Those under which an offer succeeded in the proof, or is under way.
  std::set<std::string> keys_offered_again_;
  /// Every item somebody was told of, and every one that was seen among the dead.
  std::vector<std::string> known_;
  std::vector<std::string> dead_;
  std::uint64_t texts_ = 0;
  work_history history_;
};

} // namespace nats_mcp::simulation
