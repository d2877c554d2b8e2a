// SPDX-License-Identifier: MIT
#include "tests/fault/actors/session_facts.hpp"

#include "protocol/json/member.hpp"
#include "protocol/messaging/channel_message.hpp"
#include "protocol/messaging/channel_names.hpp"
#include "protocol/messaging/direct_message_codec.hpp"
#include "protocol/work/streams.hpp"

#include "tests/simulation/checkers/mail_checkers.hpp"
#include "tests/simulation/checkers/reading_checkers.hpp"
#include "tests/simulation/checkers/request_checkers.hpp"
#include "tests/simulation/checkers/storing_checkers.hpp"
#include "tests/simulation/checkers/work_answer_checkers.hpp"
#include "tests/simulation/checkers/work_end_checkers.hpp"
#include "tests/simulation/checkers/work_look_checkers.hpp"
#include "tests/simulation/checkers/work_record_checkers.hpp"
#include "tests/simulation/workloads/agent_world.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace nats_mcp::fault {

using namespace simulation;

namespace {

std::set<std::uint64_t> sequences_in(server& nats, std::string_view stream) {
  std::set<std::uint64_t> sequences;
  if (const auto* found = nats.find_stream(std::string{stream})) {
    for (const auto& [sequence, entry] : found->log().entries()) {
      sequences.insert(sequence);
    }
  }
  return sequences;
}

} // namespace

session_facts::session_facts(actor_stage& of, const std::map<std::size_t, asked_request>& asked)
  : stage_{of} {
  const auto& history = of.history();
  for (const auto& process : history.processes) {
    channels_.part_failed.push_back(process.part_failed);
    channels_.handles.emplace_back(cast.at(process.agent).handle);
    const std::string handle = cast.at(process.agent).handle;
    mail_.handles.push_back({handle, handle + "-too"});
  }
  tell_stored();
  for (const auto& [number, what] : asked) {
    const auto& one = history.requests.at(number);
    tell(one, facts_of(one), what);
  }
  tell_when_waits_were_over();
  forget_assignments();
}

/// A coordinator writes to whom it gives an item next, in another generation each time, which the
/// checkers of work do not know: those of coordination judge it.
void session_facts::forget_assignments() {
  uncoordinated_ = work_;
  std::set<std::string> coordinated;
  for (auto& [item, records] : work_.journal.records) {
    for (auto& one : records) {
      if (one.record.assigned) {
        coordinated.insert(item);
        one.record.item.assigned_to.clear();
      }
    }
  }
  for (auto& one : work_.journal.queued) {
    if (coordinated.contains(one.queued.item.id)) {
      one.queued.item.assigned_to.clear();
    }
  }
  for (const auto& item : coordinated) {
    uncoordinated_.journal.records.erase(item);
  }
}

void session_facts::tell_stored() {
  const auto& history = stage_.history();
  auto& nats = stage_.nats();
  for (const auto* channel : channel_names) {
    if (const auto* stream =
          nats.find_stream(messaging::channel_stream_name(channel_namespace, channel))) {
      for (const auto& [sequence, entry] : stream->log().entries()) {
        const auto message = messaging::parse_channel_message(entry.payload);
        channels_.stored[channel].push_back(
          {sequence, message ? message->handle : "", message ? message->message : entry.payload});
      }
    }
  }
  mail_.processes = history.processes;
  mail_.journal = read_journal(history.stored);
  mail_.unread = sequences_in(nats, messaging::inbox_stream_name);
  for (const auto& process : history.processes) {
    mail_.living.insert(process.session_id);
  }
  work_.processes = mail_.processes;
  work_.journal = read_work_journal(history.stored);
  work_.journal.still_queued = sequences_in(nats, work::work_stream_name);
  work_.journal.letters_left = sequences_in(nats, work::dead_letter_stream_name);
  for (const auto& anchor : mail_.journal.anchors) {
    for (const auto& process : history.processes) {
      if (process.session_id == anchor.session_id) {
        work_.agents[anchor.guid] = process.agent;
        work_.living.insert(anchor.guid);
      }
    }
  }
  work_.mail = mail_.journal.mail;
  coordination_ = read_coordination(history);
  coordination_.requests_left = stage_.requests_left();
}

void session_facts::tell_when_waits_were_over() {
  const auto look = [this](auto& waits, const std::vector<monotonic_time>& over) {
    for (const auto& one : stage_.history().requests) {
      for (const auto& answer : one.answers) {
        for (std::size_t i = 0; i < waits.size(); ++i) {
          if (answer.time <= over[i]) {
            waits[i].over = std::max(waits[i].over, answer.order + 1);
          }
        }
      }
    }
  };
  look(channels_.waits, channel_waits_over_);
  look(mail_.waits, mail_waits_over_);
}

checkers session_facts::check() const {
  const auto& history = stage_.history();
  checkers all;
  const auto add = [&all](auto one) { all.push_back(std::move(one)); };
  add(std::make_unique<requests_are_answered_once>(history));
  add(std::make_unique<answers_keep_their_era>(history));
  add(std::make_unique<acknowledged_messages_are_stored>(channels_));
  add(std::make_unique<messages_are_stored_once>(channels_));
  add(std::make_unique<senders_keep_their_order>(channels_));
  add(std::make_unique<failures_are_honest>(channels_));
  add(std::make_unique<reads_show_the_stream>(channels_));
  add(std::make_unique<unread_skips_nothing>(channels_));
  add(std::make_unique<unread_repeats_nothing>(channels_));
  add(std::make_unique<waits_notice_news>(channels_));
  add(std::make_unique<accepted_mail_is_stored>(mail_));
  add(std::make_unique<refused_mail_is_not_stored>(mail_));
  add(std::make_unique<read_mail_was_shown>(mail_));
  add(std::make_unique<mail_is_shown_to_its_recipient>(mail_));
  add(std::make_unique<emptiness_is_true>(mail_));
  add(std::make_unique<no_mail_is_out_of_reach>(mail_));
  add(std::make_unique<mail_is_shown_once>(mail_));
  add(std::make_unique<records_follow_the_rules>(uncoordinated_));
  add(std::make_unique<work_is_completed_once>(work_));
  add(std::make_unique<live_leases_are_kept>(work_));
  add(std::make_unique<only_the_holder_finishes>(work_));
  add(std::make_unique<attempts_stay_within_the_limit>(work_));
  add(std::make_unique<work_is_shown_to_its_winner>(work_));
  add(std::make_unique<work_that_is_said_done_is_done>(work_));
  add(std::make_unique<refused_work_changes_nothing>(work_));
  add(std::make_unique<a_key_gives_one_item>(work_));
  add(std::make_unique<looks_at_work_are_true>(work_));
  add(std::make_unique<notices_of_work_are_true>(work_));
  add(std::make_unique<accepted_work_is_kept>(work_));
  add(std::make_unique<all_work_ends>(work_));
  add(std::make_unique<dead_letters_are_complete>(work_));
  add(std::make_unique<one_leader_acts_at_a_time>(coordination_));
  add(std::make_unique<one_worker_has_an_item>(coordination_));
  add(std::make_unique<terms_only_grow>(coordination_));
  add(std::make_unique<every_request_comes_to_an_end>(coordination_));
  return all;
}

} // namespace nats_mcp::fault
