// SPDX-License-Identifier: MIT
// What the agents of the work workload did and were told, as facts for the checkers.
#include "protocol/json/member.hpp"
#include "protocol/work/streams.hpp"

#include "tests/simulation/checkers/request_checkers.hpp"
#include "tests/simulation/checkers/work_answer_checkers.hpp"
#include "tests/simulation/checkers/work_end_checkers.hpp"
#include "tests/simulation/checkers/work_look_checkers.hpp"
#include "tests/simulation/checkers/work_record_checkers.hpp"
#include "tests/simulation/workloads/agent_world.hpp"
#include "tests/simulation/workloads/denials.hpp"
#include "tests/simulation/workloads/work_cast.hpp"
#include "tests/simulation/workloads/work_workload.hpp"

#include <utility>

namespace nats_mcp::simulation {

namespace {

std::string text_in(const json::value& shown, const char* key) {
  return std::string{json::text_member(shown, key)};
}

std::uint32_t count_in(const json::value& shown, const char* key) {
  return static_cast<std::uint32_t>(json::unsigned_member(shown, key).value_or(0));
}

/// It failed, and the answer does not leave open what happened.
bool is_refused(const request_record& request) {
  return !request.answers.empty() && request.answers.front().failed
         && !leaves_open(request.answers.front().text);
}

std::set<std::uint64_t> lying_in(server& nats, std::string_view stream) {
  std::set<std::uint64_t> sequences;
  if (const auto* found = nats.find_stream(std::string{stream})) {
    for (const auto& [sequence, entry] : found->log().entries()) {
      sequences.insert(sequence);
    }
  }
  return sequences;
}

} // namespace

checkers work_workload::check(const request_history& requests, server& nats) {
  history_ = {};
  history_.processes = requests.processes;
  history_.journal = read_work_journal(requests.stored);
  history_.journal.still_queued = lying_in(nats, work::work_stream_name);
  history_.journal.letters_left = lying_in(nats, work::dead_letter_stream_name);
  auto agents = read_journal(requests.stored);
  tell_agents(requests, agents);
  history_.mail = std::move(agents.mail);
  for (const auto& [number, what] : asked_) {
    const auto& request = requests.requests.at(number);
    const auto call = facts_of(request);
    std::visit([&](const auto& one) { tell(request, call, one); }, what);
  }
  checkers all;
  all.push_back(std::make_unique<requests_are_answered_once>(requests));
  all.push_back(std::make_unique<answers_keep_their_era>(requests));
  all.push_back(std::make_unique<records_follow_the_rules>(history_));
  all.push_back(std::make_unique<work_is_completed_once>(history_));
  all.push_back(std::make_unique<live_leases_are_kept>(history_));
  all.push_back(std::make_unique<only_the_holder_finishes>(history_));
  all.push_back(std::make_unique<attempts_stay_within_the_limit>(history_));
  all.push_back(std::make_unique<work_is_shown_to_its_winner>(history_));
  all.push_back(std::make_unique<work_that_is_said_done_is_done>(history_));
  all.push_back(std::make_unique<refused_work_changes_nothing>(history_));
  all.push_back(std::make_unique<a_key_gives_one_item>(history_));
  all.push_back(std::make_unique<looks_at_work_are_true>(history_));
  all.push_back(std::make_unique<notices_of_work_are_true>(history_));
  all.push_back(std::make_unique<accepted_work_is_kept>(history_));
  all.push_back(std::make_unique<all_work_ends>(history_));
  all.push_back(std::make_unique<dead_letters_are_complete>(history_));
  return all;
}

void work_workload::tell_agents(const request_history& requests, const agent_journal& journal) {
  for (const auto& anchor : journal.anchors) {
    for (const auto& process : requests.processes) {
      if (process.session_id == anchor.session_id) {
        history_.agents[anchor.guid] = process.agent;
      }
    }
  }
  for (const auto& [number, state] : places_) {
    history_.living.insert(state.guid);
  }
}

void work_workload::tell(const request_record& request, const call_facts& call,
                         const asked_offer& what) {
  work_offer offer{call, what.wanted, what.key, {}, false, is_refused(request)};
  if (const auto* success = request.success()) {
    offer.item = text_in(success->content, "workItemId");
    offer.offered_before = json::true_member(success->content, "offeredBefore");
    offer.state = work::parse_item_state(json::text_member(success->content, "state"));
  }
  history_.offers.push_back(std::move(offer));
}

void work_workload::tell(const request_record& request, const call_facts& call,
                         const asked_claim& what) {
  work_claim claim;
  claim.call = call;
  claim.capabilities = what.capabilities;
  claim.project = worker_project(request.agent);
  const auto* success = request.success();
  if (const auto* work = success == nullptr ? nullptr : json::find(success->content, "work")) {
    claim.item = text_in(*work, "workItemId");
    claim.task = text_in(*work, "taskId");
    claim.description = text_in(*work, "description");
    claim.attempt = count_in(*work, "attempt");
    claim.attempts_max = count_in(*work, "attemptsMax");
  }
  history_.claims.push_back(std::move(claim));
}

void work_workload::tell(const request_record& request, const call_facts& call,
                         const asked_act& what) {
  work_act act{call, what.what, what.item, what.text, is_refused(request), false, false};
  if (const auto* success = request.success()) {
    const auto& content = success->content;
    act.was_so_before = json::true_member(content, "completedBefore")
                        || json::true_member(content, "cancelledBefore");
    act.tried_again = json::true_member(content, "retried");
  }
  history_.acts.push_back(std::move(act));
}

void work_workload::tell(const request_record& request, const call_facts& call, const asked_look&) {
  work_look look{call, {}};
  const auto* success = request.success();
  if (const auto* items = success == nullptr ? nullptr : json::find(success->content, "items")) {
    for (const auto& one : *items) {
      const auto state = work::parse_item_state(json::text_member(one, "state"));
      look.shown.push_back({text_in(one, "workItemId"), state.value_or(work::item_state::pending),
                            count_in(one, "attempt"), text_in(one, "workerHandle")});
    }
  }
  history_.looks.push_back(std::move(look));
}

void work_workload::tell(const request_record& request, const call_facts& call,
                         const asked_letters&) {
  letters_look look{call, {}};
  const auto* success = request.success();
  if (const auto* items = success == nullptr ? nullptr : json::find(success->content, "items")) {
    for (const auto& one : *items) {
      const auto* history = json::find(one, "history");
      look.shown.push_back({text_in(one, "id"), text_in(one, "reason"), count_in(one, "attempts"),
                            history == nullptr ? 0 : history->size()});
    }
  }
  history_.letters_looks.push_back(std::move(look));
}

void work_workload::tell(const request_record&, const call_facts&, const asked_retries&) {
  // nop: which items it took stands in their records
}

} // namespace nats_mcp::simulation
