// SPDX-License-Identifier: MIT
#include "tests/fault/actors/actor_run.hpp"

#include "tests/fault/actors/broken_part.hpp"
#include "tests/fault/actors/script.hpp"
#include "tests/fault/actors/script_player.hpp"
#include "tests/fault/actors/session_facts.hpp"
#include "tests/fault/actors/supervision_judge.hpp"

#include <utility>

namespace nats_mcp::fault {

namespace {

void add_all(std::vector<std::string>& to, std::vector<std::string> some) {
  for (auto& one : some) {
    to.push_back(std::move(one));
  }
}

void judge_run(actor_stage& stage, const script_player& player, actor_run_report& report) {
  const auto& fault = stage.crash().fault();
  auto& found = report.violations;
  if (!fault.actor.empty() && !stage.crash().struck()) {
    found.push_back("message " + std::to_string(fault.message) + " of " + fault.actor
                    + " never came");
  }
  const session_facts facts{stage, player.asked()};
  for (const auto& one : facts.check()) {
    for (const auto& violation : one->violations()) {
      found.push_back(std::string{one->invariant()} + ": " + violation);
    }
  }
  add_all(found, judge_failures(stage.history(), player.asked(), stage.crash().struck()));
  add_all(found, judge_repetitions(stage.history(), player.asked(), stage.struck_at()));
  add_all(found, judge_waits(stage.history(), player.asked()));
  if (player.trouble().empty()) {
    add_all(found, judge_events(stage.events(), fault.actor));
    add_all(found, stage.owed());
  }
}

} // namespace

actor_run_report run_actor_fault(const actor_run_choice& choice) {
  actor_stage::options on;
  on.fault = choice.fault;
  on.reads = choice.reads;
  on.chooses = choice.chooses;
  break_part(choice.broken, on);
  const auto session = scripted_session();
  const auto closing = closing_scenes();
  actor_run_report report;
  actor_stage stage{std::move(on)};
  script_player player{stage};
  const auto began = stage.now();
  if (!player.play(session) || !player.play(closing)) {
    report.violations.push_back(player.trouble());
  }
  report.lasted = std::chrono::duration_cast<std::chrono::milliseconds>(stage.now() - began);
  judge_run(stage, player, report);
  report.counts = stage.crash().counts();
  report.tool_calls = player.tool_calls();
  for (const auto& [number, what] : player.asked()) {
    const auto& answers = stage.history().requests.at(number).answers;
    report.failures += !answers.empty() && answers.front().failed && !what.is_wrong ? 1 : 0;
  }
  report.hash = stage.hash();
  return report;
}

} // namespace nats_mcp::fault
