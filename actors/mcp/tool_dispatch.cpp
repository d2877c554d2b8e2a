// SPDX-License-Identifier: MIT
#include "actors/mcp/tool_dispatch.hpp"

#include "protocol/limits.hpp"
#include "protocol/tools/catalog.hpp"
#include "protocol/tools/channel_tools.hpp"
#include "protocol/tools/dead_letter_tools.hpp"
#include "protocol/tools/identity_tools.hpp"
#include "protocol/tools/work_tools.hpp"

#include "actors/mcp/tool_dispatch_calls.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

tool_dispatch::tool_dispatch(asking_actor<session_actor>* owner, dispatch_options options,
                             memory last, answered on_answer, memory_changed on_change)
  : owner_{owner}
  , options_{std::move(options)}
  , memory_{std::move(last)}
  , on_answer_{std::move(on_answer)}
  , on_change_{std::move(on_change)} {
  // A predecessor may have died with answers in its hands, and with what it was told.
  if (options_.inbox) {
    owner_->send(options_.inbox, inbox_readers_gone{});
  }
  if (options_.work_queue) {
    owner_->send(options_.work_queue, work_claimers_gone{});
  }
  if (options_.registry) {
    owner_->send(options_.registry, identity_wanted{});
  }
}

const std::map<std::string_view, tool_dispatch::handler>& tool_dispatch::handlers() {
  constexpr auto work_queue = &dispatch_options::work_queue;
  constexpr auto dead_letters = &dispatch_options::dead_letters;
  static const std::map<std::string_view, handler> table{
    {"set_handle", &tool_dispatch::set_handle},
    {"get_my_handle", &tool_dispatch::my_handle},
    {"list_channels", &tool_dispatch::list_channels},
    {"send_message", &tool_dispatch::send_message},
    {"read_messages", &tool_dispatch::read_messages},
    {"wait_for_messages", &tool_dispatch::wait_for_messages},
    {"register_agent", &tool_dispatch::register_agent},
    {"discover_agents", &tool_dispatch::discover_agents},
    {"get_agent_info", &tool_dispatch::agent_info},
    {"update_presence", &tool_dispatch::update_presence},
    {"deregister_agent", &tool_dispatch::deregister_agent},
    {"send_direct_message", &tool_dispatch::send_direct_message},
    {"read_direct_messages", &tool_dispatch::read_direct_messages},
    {"broadcast_work_offer", &tool_dispatch::pass_on<offer_work, work_queue>},
    {"claim_work", &tool_dispatch::claim_work},
    {"report_progress", &tool_dispatch::pass_on<report_on_work, work_queue>},
    {"complete_work", &tool_dispatch::pass_on<complete_held_work, work_queue>},
    {"fail_work", &tool_dispatch::pass_on<fail_held_work, work_queue>},
    {"release_work", &tool_dispatch::pass_on<release_held_work, work_queue>},
    {"cancel_work", &tool_dispatch::pass_on<cancel_offered_work, work_queue>},
    {"get_work_status", &tool_dispatch::pass_on<look_up_work, work_queue>},
    {"list_work", &tool_dispatch::pass_on<list_known_work, work_queue>},
    {"list_dead_letter_items", &tool_dispatch::pass_on<list_dead_letters, dead_letters>},
    {"retry_dead_letter_item", &tool_dispatch::pass_on<retry_dead_letters, dead_letters>},
    {"discard_dead_letter_item", &tool_dispatch::pass_on<discard_dead_letter, dead_letters>},
    {"server_status", &tool_dispatch::server_status},
  };
  return table;
}

std::vector<std::string_view> tool_dispatch::tool_names() {
  std::vector<std::string_view> names;
  for (const auto& [name, unused] : handlers()) {
    names.push_back(name);
  }
  return names;
}

// -- one after another -------------------------------------------------------------------------

void tool_dispatch::start(call_id call, std::string_view tool, const json::value& arguments) {
  arrived_ = owner_->clock().now();
  if (!options_.configuration->problems.empty()) {
    fail(call, config::unusable(options_.configuration->problems));
    return;
  }
  held_back_.push_back({call, std::string{tool}, arguments, arrived_});
  run_held_back();
}

void tool_dispatch::run_held_back() {
  if (std::exchange(running_held_back_, true)) {
    return; // an answer that came at once
  }
  while (!blocked_by_ && !registering_itself_ && !held_back_.empty()) {
    const auto& tool = *tools::find_tool(held_back_.front().tool);
    if (registers_itself_first(tool)) {
      register_itself(held_back_.front().at);
      continue;
    }
    auto next = std::move(held_back_.front());
    held_back_.pop_front();
    if (tool.order == tools::dispatch_order::exclusive) {
      blocked_by_ = next.call;
    }
    arrived_ = next.at;
    // The session let only tools of the catalog through; a test holds the two tables together.
    (this->*handlers().at(next.tool))(next.call, next.arguments);
  }
  running_held_back_ = false;
}

void tool_dispatch::finished(call_id call) {
  waits_.erase(call);
  if (blocked_by_ == call) {
    blocked_by_.reset();
    withdrawn_.reset();
    run_held_back();
  }
}

void tool_dispatch::cancel(call_id call) {
  unread_reads_.erase(call);
  std::erase_if(held_back_, [call](const arrival& one) { return one.call == call; });
  cancel_claim(call);
  cancel_waits(call);
  if (blocked_by_ == call) {
    withdrawn_ = call; // it takes effect all the same; what follows it waits until then
  } else {
    finished(call);
  }
}

void tool_dispatch::delivered(call_id call) {
  const auto read = unread_reads_.extract(call);
  if (!read.empty() && read.mapped()) {
    // Remembered here as well: the channels may be down just now.
    memory_.shown[read.mapped()->channel] = read.mapped()->position;
    on_change_();
    owner_->send(options_.channels, *read.mapped());
  }
  if (mail_reads_.erase(call) > 0) {
    owner_->send(options_.inbox, direct_messages_shown{call});
  }
  claim_delivered(call);
}

void tool_dispatch::withheld(call_id call) {
  unread_reads_.erase(call);
  if (mail_reads_.erase(call) > 0) {
    owner_->send(options_.inbox, direct_messages_not_shown{call});
  }
  claim_lost(call);
}

std::vector<tool_dispatch::progress> tool_dispatch::waiting(monotonic_time now) const {
  std::vector<progress> out;
  for (const auto& [call, entry] : waits_) {
    out.push_back({call, std::chrono::duration_cast<std::chrono::milliseconds>(now - entry.since),
                   entry.total, entry.what});
  }
  return out;
}

// -- identity ----------------------------------------------------------------------------------

void tool_dispatch::set_handle(call_id call, const json::value& arguments) {
  auto wanted = decode<tools::set_handle_arguments>(call, arguments);
  if (!wanted) {
    return;
  }
  if (memory_.who.guid.empty()) {
    note_outcome(call, tools::set_handle_result{wanted->handle});
    succeed(call, tools::set_handle_result{std::move(wanted->handle)});
  } else {
    ask_part<tools::set_handle_result>(
      call, options_.registry, change_handle{std::move(wanted->handle), deadline()}, "registry");
  }
}

void tool_dispatch::note_outcome(call_id /*call*/, const tools::set_handle_result& outcome) {
  memory_.who.handle = outcome.handle;
  on_change_();
}

void tool_dispatch::my_handle(call_id call, const json::value& arguments) {
  if (decode<tools::get_my_handle_arguments>(call, arguments)) {
    succeed(call, tools::get_my_handle_result{memory_.who.handle});
  }
}

// -- channels ----------------------------------------------------------------------------------

void tool_dispatch::list_channels(call_id call, const json::value& arguments) {
  if (decode<tools::list_channels_arguments>(call, arguments)) {
    tools::list_channels_result out;
    for (const auto& channel : options_.configuration->value.channels) {
      out.channels.push_back({channel.name, channel.description});
    }
    succeed(call, out);
  }
}

void tool_dispatch::send_message(call_id call, const json::value& arguments) {
  auto decoded = decode<tools::send_message_arguments>(call, arguments);
  if (!decoded) {
    return;
  }
  if (memory_.who.handle.empty()) {
    fail(call, tools::no_handle());
    return;
  }
  const auto until = deadline();
  if (memory_.who.guid.empty()) {
    ask_part<tools::send_message_result>(call, options_.channels,
                                         send_to_channel{memory_.who, std::move(*decoded), until},
                                         "channels");
  } else if (is_sure()) {
    send_as_registered(call, std::move(*decoded), std::min(until, sure_until_ + send_slack_));
  } else {
    // Too long without a sign of life: another process may be this agent by now.
    ask<agent_identity>(
      owner_, options_.registry, confirm_identity{until}, "registry",
      [this, call, what = std::move(*decoded), until](const agent_identity& who) {
        const auto slack = who.heartbeat_interval / limits::send_slack_divisor;
        send_as_registered(call, what, std::min(until, owner_->clock().now() + slack));
      },
      [this, call](const error& why) { fail(call, why); });
  }
}

void tool_dispatch::send_as_registered(call_id call, tools::send_message_arguments what,
                                       monotonic_time until) {
  // `until`: nothing may still be repeated when somebody else can be this agent.
  ask_part<tools::send_message_result>(
    call, options_.channels, send_to_channel{memory_.who, std::move(what), until}, "channels");
}

bool tool_dispatch::is_sure() const {
  return owner_->clock().now() < sure_until_
         && time_asleep(options_.world) - asleep_when_sure_ < limits::sleep_noticed;
}

void tool_dispatch::read_messages(call_id call, const json::value& arguments) {
  auto decoded = decode<tools::read_messages_arguments>(call, arguments);
  if (!decoded) {
    return;
  }
  read_channel request{std::move(*decoded), deadline()};
  if (request.arguments.unread && !request.arguments.after) {
    if (unread_reads_.size() >= limits::calls_in_flight_max) {
      unread_reads_.erase(unread_reads_.begin()); // its answer was too long for a line: never shown
    }
    unread_reads_[call];
    if (const auto last = memory_.shown.find(request.arguments.channel);
        last != memory_.shown.end()) {
      request.shown = last->second;
    }
  }
  ask_part<tools::read_messages_result>(call, options_.channels, std::move(request), "channels");
}

void tool_dispatch::note_outcome(call_id call, const tools::read_messages_result& outcome) {
  // A call that was withdrawn meanwhile shows nobody anything.
  const auto read = unread_reads_.find(call);
  if (read == unread_reads_.end()) {
    return;
  }
  read->second = messages_shown{outcome.channel, outcome.next_after};
  // A first read says where to begin, also if nobody is left to say that its answer was shown.
  const auto begin =
    outcome.messages.empty() ? outcome.next_after : outcome.messages.front().sequence - 1;
  if (memory_.shown.try_emplace(outcome.channel, begin).second) {
    on_change_();
  }
}

// -- shared ------------------------------------------------------------------------------------

void tool_dispatch::fail(call_id call, const error& why) {
  mcp::tool_answer answer;
  answer.texts.push_back(why.message);
  answer.is_error = true;
  if (!memory_.lost_notice.empty() && memory_.lost_notice == why.message) {
    memory_.lost_notice.clear();
    on_change_();
  }
  if (!withdrawn_ || *withdrawn_ != call) {
    add_notices(answer, true);
  }
  mail_reads_.erase(call);
  unread_reads_.erase(call);
  claim_lost(call);
  on_answer_(call, std::move(answer));
  finished(call);
}

void tool_dispatch::add_notices(mcp::tool_answer& answer, bool shows_mail) {
  const bool was_lost = !memory_.lost_notice.empty();
  for (auto* notice : {&memory_.lost_notice, &registration_notice_}) {
    if (!notice->empty()) {
      answer.texts.push_back("[" + std::exchange(*notice, {}) + "]");
    }
  }
  if (was_lost) {
    on_change_();
  }
  if (auto line = tools::unread_line(unread_mail_); !line.empty() && !shows_mail) {
    answer.texts.push_back(std::move(line));
  }
}

monotonic_time tool_dispatch::deadline() const {
  return arrived_ + options_.configuration->value.call_timeout;
}

} // namespace nats_mcp
