// SPDX-License-Identifier: MIT
// How one request of the scripted session becomes a fact.
#include "protocol/json/member.hpp"
#include "protocol/work/work_item.hpp"

#include "tests/fault/actors/session_facts.hpp"
#include "tests/simulation/workloads/agent_world.hpp"
#include "tests/simulation/workloads/denials.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace nats_mcp::fault {

using namespace simulation;

namespace {

std::string text_of(const json::value& shown, const char* key) {
  return std::string{json::text_member(shown, key)};
}

std::uint32_t count_of(const json::value& shown, const char* key) {
  return static_cast<std::uint32_t>(json::unsigned_member(shown, key).value_or(0));
}

const json::value& shown_in(const request_record& one, const char* list) {
  static const json::value nothing = json::value::array();
  const auto* success = one.success();
  const auto* found = success == nullptr ? nullptr : json::find(success->content, list);
  return found == nullptr ? nothing : *found;
}

bool is_denied(const request_record& one) {
  return !one.answers.empty() && one.answers.front().failed && denies(one.answers.front().text);
}

bool is_refused_for_sure(const request_record& one) {
  return !one.answers.empty() && one.answers.front().failed
         && !leaves_open(one.answers.front().text);
}

struct deed_of_tool {
  std::string_view tool;
  work_deed what;
  const char* text;
};
constexpr std::array<deed_of_tool, 7> deeds{{
  {"report_progress", work_deed::report, "note"},
  {"complete_work", work_deed::complete, "summary"},
  {"fail_work", work_deed::fail, "error"},
  {"release_work", work_deed::release, ""},
  {"cancel_work", work_deed::cancel, "reason"},
  {"retry_dead_letter_item", work_deed::retry, ""},
  {"discard_dead_letter_item", work_deed::discard, ""},
}};

} // namespace

void session_facts::tell(const request& one, const facts& call, const asked_request& what) {
  const auto& asked = what.arguments;
  const auto is = [&what](std::string_view name) { return what.name == name; };
  if (what.is_wrong && is("send_message")) {
    return; // to a channel there is not
  }
  if (is("send_message")) {
    tell_send(one, call, asked);
  } else if (is("read_messages")) {
    tell_read(one, call, asked);
  } else if (is("wait_for_messages")) {
    tell_wait(one, call, asked);
  } else if (is("send_direct_message")) {
    tell_mail_send(one, call, asked);
  } else if (is("read_direct_messages")) {
    tell_mail_read(one, call, asked);
  } else if (is("register_agent")) {
    tell_identity(one, asked);
  } else if (is("broadcast_work_offer")) {
    tell_offer(one, call, asked);
  } else if (is("claim_work")) {
    tell_claim(one, call, asked);
  } else if (is("list_work") || is("get_work_status")) {
    tell_look(one, call);
  } else if (is("list_dead_letter_items")) {
    tell_letters(one, call);
  } else {
    tell_deed(one, call, what);
  }
}

// -- channels ----------------------------------------------------------------------------------

void session_facts::tell_send(const request& one, const facts& call, const json::value& asked) {
  send_facts send{call, text_of(asked, "channel"), text_of(asked, "message"), 0, is_denied(one)};
  if (const auto* success = one.success()) {
    send.sequence = json::unsigned_member(success->content, "sequence").value_or(0);
  }
  channels_.sends.push_back(std::move(send));
}

void session_facts::tell_read(const request& one, const facts& call, const json::value& asked) {
  constexpr std::uint64_t limit_by_default = 50;
  read_facts read;
  read.call = call;
  read.channel = text_of(asked, "channel");
  read.limit = json::unsigned_member(asked, "limit").value_or(limit_by_default);
  if (json::true_member(asked, "unread")) {
    read.mode = read_mode::unread;
  } else if (const auto after = json::unsigned_member(asked, "after")) {
    read.mode = read_mode::after;
    read.after = *after;
  }
  for (const auto& message : shown_in(one, "messages")) {
    read.shown.push_back({json::unsigned_member(message, "sequence").value_or(0),
                          text_of(message, "handle"), text_of(message, "message")});
  }
  if (const auto* success = one.success()) {
    read.next_after = json::unsigned_member(success->content, "nextAfter").value_or(0);
  }
  channels_.reads.push_back(std::move(read));
}

void session_facts::tell_wait(const request& one, const facts& call, const json::value& asked) {
  const auto over =
    one.time + std::chrono::milliseconds{json::unsigned_member(asked, "timeout").value_or(0)};
  wait_facts wait{call, {}, 0, {}};
  for (const auto* channel : channel_names) {
    wait.channels.emplace_back(channel);
  }
  if (const auto* some = json::find(asked, "channels")) {
    wait.channels = some->get<std::vector<std::string>>();
  }
  for (const auto& news : shown_in(one, "channels")) {
    wait.news.push_back(text_of(news, "channel"));
  }
  mail_wait letters{call, 0, 0};
  if (const auto* success = one.success()) {
    letters.unread = json::unsigned_member(success->content, "directMessages").value_or(0);
    letters.call.succeeded = wait.news.empty(); // else it ended for those
    // It ended early for mail, or because the process ends.
    wait.call.succeeded = letters.unread == 0 && success->time >= over;
    letters.call.succeeded = letters.call.succeeded && success->time >= over;
  }
  channels_.waits.push_back(std::move(wait));
  channel_waits_over_.push_back(over);
  mail_.waits.push_back(std::move(letters));
  mail_waits_over_.push_back(over);
}

// -- agents and mail ---------------------------------------------------------------------------

void session_facts::tell_mail_send(const request& one, const facts& call,
                                   const json::value& asked) {
  auto type = text_of(asked, "messageType");
  mail_send send{
    call,          text_of(asked, "message"), type.empty() ? "text" : std::move(type), {}, {},
    is_denied(one)};
  if (const auto* success = one.success()) {
    send.id = text_of(success->content, "messageId");
    send.recipient_guid = text_of(success->content, "recipientGuid");
  }
  mail_.sends.push_back(std::move(send));
}

void session_facts::tell_mail_read(const request& one, const facts& call,
                                   const json::value& asked) {
  mail_read read{
    call, one.withdrawn, text_of(asked, "messageType"), text_of(asked, "senderGuid"), {}};
  for (const auto& message : shown_in(one, "messages")) {
    read.shown.push_back({text_of(message, "id"), text_of(message, "senderGuid"),
                          text_of(message, "senderHandle"), text_of(message, "messageType"),
                          text_of(message, "message")});
  }
  mail_.reads.push_back(std::move(read));
}

void session_facts::tell_identity(const request& one, const json::value&) {
  if (const auto* success = one.success()) {
    mail_.identities.push_back({one.process, text_of(success->content, "guid"), success->order});
  }
}

// -- work --------------------------------------------------------------------------------------

void session_facts::tell_offer(const request& one, const facts& call, const json::value& asked) {
  const auto project = project_of(cast.at(one.agent).project);
  work_offer offer;
  offer.call = call;
  offer.refused = is_refused_for_sure(one);
  auto& item = offer.wanted;
  item.task_id = text_of(asked, "taskId");
  item.capability = text_of(asked, "capability");
  item.description = text_of(asked, "description");
  item.priority = static_cast<int>(json::unsigned_member(asked, "priority").value_or(5));
  item.scope = text_of(asked, "scope") == "project" ? project : std::string{work::public_scope};
  item.assigned_to = text_of(asked, "assignTo");
  if (const auto* context = json::find(asked, "contextData")) {
    item.context = *context;
  }
  if (const auto key = text_of(asked, "idempotencyKey"); !key.empty()) {
    offer.key = project + "/" + key;
  }
  if (const auto* success = one.success()) {
    offer.item = text_of(success->content, "workItemId");
    offer.offered_before = json::true_member(success->content, "offeredBefore");
    offer.state = work::parse_item_state(json::text_member(success->content, "state"));
  }
  if (json::true_member(asked, "coordinated")) {
    if (!offer.item.empty()) {
      coordination_.accepted.push_back(offer.item);
    }
    return; // a coordinator puts it into the queue, later
  }
  work_.offers.push_back(std::move(offer));
}

void session_facts::tell_claim(const request& one, const facts& call, const json::value& asked) {
  work_claim claim;
  claim.call = call;
  claim.project = project_of(cast.at(one.agent).project);
  for (const auto* each : cast.at(one.agent).capabilities) {
    claim.capabilities.emplace_back(each);
  }
  if (const auto only = text_of(asked, "capability"); !only.empty()) {
    claim.capabilities = {only};
  }
  const auto* success = one.success();
  if (const auto* work = success == nullptr ? nullptr : json::find(success->content, "work")) {
    claim.item = text_of(*work, "workItemId");
    claim.task = text_of(*work, "taskId");
    claim.description = text_of(*work, "description");
    claim.attempt = count_of(*work, "attempt");
    claim.attempts_max = count_of(*work, "attemptsMax");
  }
  work_.claims.push_back(std::move(claim));
}

void session_facts::tell_deed(const request& one, const facts& call, const asked_request& what) {
  for (const auto& deed : deeds) {
    if (deed.tool != what.name) {
      continue;
    }
    auto item = text_of(what.arguments, "workItemId");
    if (item.empty()) {
      item = text_of(what.arguments, "itemId");
    }
    work_act act{call,
                 deed.what,
                 std::move(item),
                 text_of(what.arguments, deed.text),
                 is_refused_for_sure(one),
                 false,
                 false};
    if (const auto* success = one.success()) {
      act.was_so_before = json::true_member(success->content, "completedBefore")
                          || json::true_member(success->content, "cancelledBefore");
      act.tried_again = json::true_member(success->content, "retried");
    }
    work_.acts.push_back(std::move(act));
  }
}

void session_facts::tell_look(const request& one, const facts& call) {
  work_look look{call, {}};
  for (const auto& item : shown_in(one, "items")) {
    const auto state = work::parse_item_state(json::text_member(item, "state"));
    look.shown.push_back({text_of(item, "workItemId"), state.value_or(work::item_state::pending),
                          count_of(item, "attempt"), text_of(item, "workerHandle")});
  }
  work_.looks.push_back(std::move(look));
}

void session_facts::tell_letters(const request& one, const facts& call) {
  letters_look look{call, {}};
  for (const auto& item : shown_in(one, "items")) {
    const auto* history = json::find(item, "history");
    look.shown.push_back({text_of(item, "id"), text_of(item, "reason"), count_of(item, "attempts"),
                          history == nullptr ? 0 : history->size()});
  }
  work_.letters_looks.push_back(std::move(look));
}

} // namespace nats_mcp::fault
