// SPDX-License-Identifier: MIT
// The tools around other agents: registration, discovery, direct messages, and waiting for news of
// any kind.
#include "protocol/limits.hpp"
#include "protocol/tools/agent_tools.hpp"
#include "protocol/tools/direct_message_tools.hpp"
#include "protocol/tools/tool_groups.hpp"

#include "actors/mcp/tool_dispatch.hpp"
#include "actors/mcp/tool_dispatch_calls.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

// -- what the other parts tell ------------------------------------------------------------------

void tool_dispatch::identity_changed(const nats_mcp::identity_changed& news) {
  sure_until_ = news.sure_until;
  send_slack_ = news.now.heartbeat_interval / limits::send_slack_divisor;
  asleep_when_sure_ = time_asleep(options_.world);
  if (!news.lost_because.empty() && !memory_.who.guid.empty()) {
    memory_.lost_notice = news.lost_because;
    memory_.lost_guid = memory_.who.guid;
  }
  if (memory_.who.guid != news.now.guid
      || (!news.now.guid.empty() && memory_.who.handle != news.now.handle)) {
    memory_.who.guid = news.now.guid;
    if (!news.now.guid.empty()) {
      memory_.who.handle = news.now.handle;
    }
    on_change_();
  }
}

void tool_dispatch::mail_counted(std::uint64_t unread) { unread_mail_ = unread; }

// -- registration ------------------------------------------------------------------------------

bool tool_dispatch::registers_itself_first(const tools::tool_declaration& tool) const {
  return is_to_register_itself() && held_back_.front().at >= register_again_at_
         && tool.nats == tools::nats_need::required && tool.name != "register_agent"
         && tool.name != "deregister_agent";
}

bool tool_dispatch::is_to_register_itself() const {
  // A user who registers or deregisters by hand has the say, and is told of a loss before this
  // session speaks as somebody else.
  return options_.configuration->problems.empty()
         && !options_.configuration->value.agent_type.empty() && memory_.who.guid.empty()
         && memory_.lost_notice.empty() && !memory_.registration_declined;
}

void tool_dispatch::register_unasked() {
  if (is_to_register_itself() && !registering_itself_ && !blocked_by_) {
    register_itself(owner_->clock().now());
  }
}

void tool_dispatch::register_itself(monotonic_time asked_at) {
  const auto& settings = options_.configuration->value;
  registering_itself_ = true;
  tools::register_agent_arguments wanted;
  wanted.agent_type = settings.agent_type;
  wanted.capabilities = settings.capabilities;
  auto request = registration_of(std::move(wanted));
  // The call that waits for it needs time as well.
  request.deadline = asked_at + settings.call_timeout / 2;
  const auto over = [this] {
    registering_itself_ = false;
    run_held_back();
  };
  ask<tools::register_agent_result>(
    owner_, options_.registry, std::move(request), "registry",
    [this, over](const tools::register_agent_result& outcome) {
      const bool again = !memory_.lost_guid.empty() && memory_.lost_guid != outcome.guid;
      registered(outcome);
      if (again || outcome.predecessor) {
        registration_notice_ =
          (again ? "Registered again, as another agent: " : "Registered as ") + outcome.handle
          + " (" + outcome.guid + ")"
          + (outcome.predecessor ? "; " + tools::remark(*outcome.predecessor) : "") + ".";
      }
      over();
    },
    [this, over](const error& why) {
      registration_notice_ = "This agent could not register itself: " + why.message;
      register_again_at_ = owner_->clock().now() + limits::registration_retry;
      over();
    });
}

register_as tool_dispatch::registration_of(tools::register_agent_arguments wanted) const {
  std::string handle = memory_.who.handle;
  if (wanted.handle) {
    handle = *wanted.handle;
  } else if (handle.empty()) {
    handle = tools::handle_of_type(wanted.agent_type);
  }
  return {std::move(wanted), std::move(handle), deadline()};
}

void tool_dispatch::registered(const tools::register_agent_result& outcome) {
  memory_.who = {outcome.handle, outcome.guid};
  memory_.registration_declined = false;
  memory_.lost_guid.clear();
  registration_notice_.clear();
  on_change_();
}

void tool_dispatch::register_agent(call_id call, const json::value& arguments) {
  if (auto wanted = decode<tools::register_agent_arguments>(call, arguments)) {
    ask_part<tools::register_agent_result>(call, options_.registry,
                                           registration_of(std::move(*wanted)), "registry");
  }
}

void tool_dispatch::note_outcome(call_id /*call*/, const tools::register_agent_result& outcome) {
  registered(outcome);
}

void tool_dispatch::deregister_agent(call_id call, const json::value& arguments) {
  if (decode<tools::deregister_agent_arguments>(call, arguments)) {
    ask_part<tools::deregister_agent_result>(call, options_.registry, deregister{deadline()},
                                             "registry");
  }
}

void tool_dispatch::note_outcome(call_id /*call*/, const tools::deregister_agent_result&) {
  memory_.who.guid.clear();
  memory_.registration_declined = true;
  unread_mail_ = 0;
  on_change_();
}

void tool_dispatch::update_presence(call_id call, const json::value& arguments) {
  if (auto wanted = decode<tools::update_presence_arguments>(call, arguments)) {
    ask_part<tools::update_presence_result>(
      call, options_.registry, change_presence{std::move(*wanted), deadline()}, "registry");
  }
}

// -- discovery ---------------------------------------------------------------------------------

void tool_dispatch::discover_agents(call_id call, const json::value& arguments) {
  if (auto wanted = decode<tools::discover_agents_arguments>(call, arguments)) {
    ask_part<tools::discover_agents_result>(call, options_.registry,
                                            discover{std::move(*wanted), deadline()}, "registry");
  }
}

void tool_dispatch::agent_info(call_id call, const json::value& arguments) {
  if (auto wanted = decode<tools::get_agent_info_arguments>(call, arguments)) {
    ask_part<tools::get_agent_info_result>(
      call, options_.registry, look_up_agent{std::move(*wanted), deadline()}, "registry");
  }
}

// -- direct messages ---------------------------------------------------------------------------

void tool_dispatch::send_direct_message(call_id call, const json::value& arguments) {
  if (auto wanted = decode<tools::send_direct_message_arguments>(call, arguments)) {
    ask_part<tools::send_direct_message_result>(
      call, options_.inbox, send_direct{std::move(*wanted), deadline()}, "inbox");
  }
}

void tool_dispatch::read_direct_messages(call_id call, const json::value& arguments) {
  auto wanted = decode<tools::read_direct_messages_arguments>(call, arguments);
  if (!wanted) {
    return;
  }
  mail_reads_.insert(call);
  if (wanted->timeout.count() > 0) {
    waits_[call] = {owner_->clock().now(), wanted->timeout};
  }
  ask_part<tools::read_direct_messages_result>(
    call, options_.inbox, read_inbox{call, std::move(*wanted), deadline()}, "inbox");
}

// -- waiting -----------------------------------------------------------------------------------

void tool_dispatch::wait_for_messages(call_id call, const json::value& arguments) {
  auto wanted = decode<tools::wait_for_messages_arguments>(call, arguments);
  if (!wanted) {
    return;
  }
  auto until = deadline();
  bool for_mail = wanted->direct_messages && !memory_.who.guid.empty();
  tools::wait_for_messages_result found;
  found.no_inbox = wanted->direct_messages && !for_mail
                   && tools::offers(options_.configuration->value, config::tool_group::agents);
  if (wanted->hook) {
    found = {};
    found.hook = true;
    if (memory_.who.guid.empty()) {
      // Before it has said who it is, a prompt is no reason to connect, or to start a NATS server.
      succeed(call, found);
      return;
    }
    // Mail is counted as it comes: nobody has to be asked, who might wait for NATS.
    found.direct_messages = wanted->direct_messages ? unread_mail_ : 0;
    for_mail = false;
    wanted->timeout = {};
    until = std::min(until, owner_->clock().now() + limits::status_count_max);
  }
  const auto timeout = wanted->timeout;
  waits_[call] = {owner_->clock().now(), timeout, "messages", for_mail ? 2U : 1U, std::move(found)};
  const auto failed = [this, call](const error& why) { wait_failed(call, why); };
  ask<tools::wait_for_messages_result>(
    owner_, options_.channels, wait_for_channels{call, std::move(*wanted), until, memory_.shown},
    "channels",
    [this, call](const tools::wait_for_messages_result& news) { wait_heard(call, news); }, failed);
  if (for_mail) {
    ask<mail_news>(
      owner_, options_.inbox, wait_for_mail{call, timeout, until}, "inbox",
      [this, call, timeout](const mail_news& news) {
        tools::wait_for_messages_result part;
        part.direct_messages = news.unread;
        part.waited = timeout;
        wait_heard(call, part);
      },
      failed);
  }
}

void tool_dispatch::wait_heard(call_id call, const tools::wait_for_messages_result& part) {
  const auto waiting = waits_.find(call);
  if (waiting == waits_.end() || waiting->second.open == 0) {
    return; // over, or cancelled
  }
  auto& found = waiting->second.found;
  found.channels.insert(found.channels.end(), part.channels.begin(), part.channels.end());
  found.direct_messages += part.direct_messages;
  const bool news = !found.channels.empty() || found.direct_messages > 0;
  if (--waiting->second.open > 0 && !news) {
    return;
  }
  const auto waited = owner_->clock().now() - waiting->second.since;
  found.waited = news ? std::min(std::chrono::duration_cast<std::chrono::milliseconds>(waited),
                                 waiting->second.total)
                      : waiting->second.total;
  const auto outcome = std::move(found);
  cancel_waits(call);
  succeed(call, outcome);
}

void tool_dispatch::wait_failed(call_id call, const error& why) {
  const auto waiting = waits_.find(call);
  if (waiting == waits_.end()) {
    return;
  }
  if (waiting->second.found.hook) {
    wait_heard(call, {}); // what cannot be told now is told with the next prompt
    return;
  }
  cancel_waits(call);
  fail(call, why);
}

void tool_dispatch::cancel_waits(call_id call) {
  const bool waited = waits_.erase(call) > 0;
  const bool read_mail = mail_reads_.erase(call) > 0;
  if (waited) {
    owner_->send(options_.channels, cancel_wait{call});
  }
  if ((waited || read_mail) && options_.inbox) {
    owner_->send(options_.inbox, cancel_mail_wait{call});
  }
}

} // namespace nats_mcp
