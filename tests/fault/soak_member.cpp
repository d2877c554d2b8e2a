// SPDX-License-Identifier: MIT
#include "tests/fault/soak_member.hpp"

#include <utility>

namespace nats_mcp::testing {

namespace {

using namespace std::chrono_literals;

/// A process that says nothing for so long is not merely slow.
constexpr auto answer_max = 60s;
/// Between two deeds, so that the machine has something else to do as well.
constexpr unsigned pause_max_ms = 240;
constexpr int everything = 1000;
const json::value planning{{"uri", "nats-mcp://channels/planning"}};
const json::value inbox{{"uri", "nats-mcp://inbox"}};

std::string behind(const std::string& text, std::string_view mark) {
  const auto at = text.find(mark);
  return at == std::string::npos
           ? std::string{}
           : text.substr(at + mark.size(), text.find('\n', at) - at - mark.size());
}

} // namespace

soak_member::soak_member(options choice, talk with)
  : crew_member{std::move(choice)}
  , talk_{std::move(with)} {
  // nop
}

const std::vector<std::string>& soak_member::channels() {
  static const std::vector<std::string> names{"planning", "review"};
  return names;
}

// -- calls -------------------------------------------------------------------------------------

tool_outcome soak_member::do_call(std::string_view tool, const json::value& arguments) {
  const auto begun = history().now();
  auto out = process().answer(process().post(tool, arguments), answer_max);
  talk_.ledger.answered(tool, out.is_error, history().now() - begun);
  return out;
}

void soak_member::do_request(std::string_view method, const json::value& parameters) {
  const auto begun = history().now();
  const auto answer = process().process().request(method, parameters, answer_max);
  talk_.ledger.answered(method, json::find(answer, "error") != nullptr, history().now() - begun);
}

void soak_member::begin() {
  const json::value me{
    {"agentType", name()}, {"visibility", "public"}, {"capabilities", {"typescript", "C++"}}};
  // nats-server may be away just now.
  while (do_call("register_agent", me).is_error && history().rest(500ms) && !stopping()) {
    // nop
  }
  // From here on everything is unread.
  for (const auto& channel : channels()) {
    while (hear_channel(channel).is_error && history().rest(500ms) && !stopping()) {
      // nop
    }
  }
}

void soak_member::lost(const std::string& why) {
  if (talk_.expects == fate::lasting) {
    talk_.ledger.wrong(who() + " gave no answer: " + why);
  }
}

void soak_member::act() {
  constexpr auto look_up = 500ms;
  if (!talk_.gate.pass(look_up)) {
    stop_following();
    return;
  }
  // What the server says by itself.
  while (process().process().read_line(0ms)) {
    talk_.ledger.answered("(notification)", false, 0ms);
  }
  struct choice {
    unsigned weight;
    void (soak_member::*deed)();
  };
  constexpr choice choices[]{{40, &soak_member::talk_in_channels},
                             {26, &soak_member::talk_to_somebody},
                             {6, &soak_member::offer},
                             {12, &soak_member::claim},
                             {6, &soak_member::look_around},
                             {4, &soak_member::ask_about_work},
                             {3, &soak_member::follow_resources},
                             {2, &soak_member::think_better_of_it},
                             {1, &soak_member::err}};
  unsigned all = 0;
  for (const auto& one : choices) {
    all += one.weight;
  }
  auto chance = number_below(all);
  for (const auto& one : choices) {
    if (chance < one.weight) {
      (this->*one.deed)();
      break;
    }
    chance -= one.weight;
  }
  history().rest(std::chrono::milliseconds{number_below(pause_max_ms)});
}

// -- talk --------------------------------------------------------------------------------------

tool_outcome soak_member::hear_channel(const std::string& channel) {
  auto out =
    do_call("read_messages", {{"channel", channel}, {"unread", true}, {"limit", everything}});
  if (!out.is_error && talk_.expects == fate::lasting) {
    talk_.ledger.heard_in_channel(channel, name(), out.text);
  }
  return out;
}

tool_outcome soak_member::hear_mail(std::chrono::milliseconds wait) {
  auto out = do_call("read_direct_messages", {{"limit", 100}, {"timeout", wait.count()}});
  if (!out.is_error && talk_.expects == fate::lasting) {
    talk_.ledger.heard_directly(name(), out.text);
  }
  return out;
}

void soak_member::hear_the_rest() {
  constexpr int patience = 20;
  constexpr std::string_view none = "No ";
  for (const auto& channel : channels()) {
    for (int i = 0; i < patience && hear_channel(channel).text.rfind(none, 0) != 0; ++i) {
      // nop
    }
  }
  for (int i = 0; i < patience && hear_mail(0ms).text.rfind(none, 0) != 0; ++i) {
    // nop
  }
}

void soak_member::talk_in_channels() {
  const auto& channel = channels()[number_below(static_cast<unsigned>(channels().size()))];
  switch (number_below(5)) {
    case 0:
    case 1: {
      const auto mark = soak_ledger::mark(who(), ++said_);
      const auto sent = do_call("send_message", {{"channel", channel}, {"message", mark}});
      if (!sent.is_error) {
        talk_.ledger.said_in_channel(channel, name(), mark);
      }
      return;
    }
    case 2:
    case 3:
      (void)hear_channel(channel);
      return;
    default:
      (void)do_call("wait_for_messages", {{"timeout", 300}});
  }
}

void soak_member::talk_to_somebody() {
  if (one_in(2)) {
    (void)hear_mail(one_in(4) ? 200ms : 0ms);
    return;
  }
  const auto& somebody =
    talk_.everybody[number_below(static_cast<unsigned>(talk_.everybody.size()))];
  const auto mark = soak_ledger::mark(who(), ++said_);
  const auto sent =
    do_call("send_direct_message", {{"recipientHandle", somebody}, {"message", mark}});
  if (!sent.is_error) {
    talk_.ledger.said_to(somebody, mark);
  }
}

// -- the rest of what agents do ----------------------------------------------------------------

void soak_member::look_around() {
  switch (number_below(5)) {
    case 0:
      (void)do_call("discover_agents", {{"includeOffline", true}, {"limit", 20}});
      return;
    case 1:
      (void)do_call("get_agent_info", {{"handle", name()}});
      return;
    case 2:
      (void)do_call("update_presence", {{"status", one_in(2) ? "busy" : "online"},
                                        {"currentTaskCount", number_below(5)}});
      return;
    case 3:
      (void)do_call("set_handle", {{"handle", name()}});
      return;
    default:
      (void)do_call("server_status", json::value::object());
  }
}

void soak_member::ask_about_work() {
  switch (number_below(3)) {
    case 0:
      (void)do_call("list_work", {{"limit", 20}});
      return;
    case 1:
      (void)do_call("list_dead_letter_items", {{"limit", 10}});
      return;
    default:
      if (!last_item_.empty()) {
        (void)do_call("get_work_status", {{"workItemId", last_item_}});
      }
  }
}

void soak_member::stop_following() {
  if (!std::exchange(follows_, false)) {
    return;
  }
  do_request("resources/unsubscribe", planning);
  do_request("resources/unsubscribe", inbox);
}

void soak_member::follow_resources() {
  switch (number_below(6)) {
    case 0:
      follows_ = true;
      do_request("resources/subscribe", planning);
      return;
    case 1:
      do_request("resources/unsubscribe", planning);
      return;
    case 2:
      follows_ = true;
      do_request("resources/subscribe", inbox);
      return;
    case 3:
      do_request("resources/read", planning);
      return;
    case 4:
      do_request("resources/read", {{"uri", "nats-mcp://agents"}});
      return;
    default:
      do_request("tools/list", json::value::object());
  }
}

void soak_member::think_better_of_it() {
  // Either an answer comes or none: both are right.
  const auto id = one_in(2) ? process().post("wait_for_messages", {{"timeout", 30'000}})
                            : process().post("read_direct_messages",
                                             {{"messageType", "work-error"}, {"timeout", 30'000}});
  history().rest(std::chrono::milliseconds{number_below(50)});
  process().process().notify("notifications/cancelled", {{"requestId", id}});
  do_request("ping", json::value::object());
}

void soak_member::err() {
  switch (number_below(3)) {
    case 0:
      (void)do_call("send_message", {{"channel", "No such channel"}, {"message", "x"}});
      return;
    case 1:
      (void)do_call("complete_work", {{"workItemId", "seq-999999999"}});
      return;
    default:
      do_request("no/such_method", json::value::object());
  }
}

// -- work --------------------------------------------------------------------------------------

void soak_member::offer() {
  const auto task = who() + "-" + std::to_string(++tasks_);
  const auto offered = carry_out({deed::offer,
                                  "broadcast_work_offer",
                                  {{"taskId", task},
                                   {"capability", one_in(2) ? "typescript" : "C++"},
                                   {"description", "Work for " + task},
                                   {"priority", 4 + number_below(3)},
                                   {"coordinated", one_in(3)}},
                                  task});
  if (offered) {
    talk_.ledger.answered("broadcast_work_offer", offered->is_error, 0ms);
    last_item_ = behind(offered->text, "- Work Item ID: ");
  }
}

void soak_member::claim() {
  const auto claimed = carry_out({deed::claim, "claim_work", {{"timeout", 100}}});
  if (!claimed) {
    return;
  }
  talk_.ledger.answered("claim_work", claimed->is_error, 0ms);
  const auto item = behind(claimed->text, "- Work Item ID: ");
  if (!item.empty()) {
    finish(item, behind(claimed->text, "- Task ID: "));
  }
}

void soak_member::finish(const std::string& item, const std::string& task) {
  const auto chance = number_below(100);
  const auto told = [&](std::string_view tool, const std::optional<tool_outcome>& outcome) {
    talk_.ledger.answered(tool, outcome->is_error, 0ms);
    return verdict_of(*outcome) != verdict::unknown;
  };
  if (chance < 4) {
    (void)told("fail_work",
               carry_out({deed::fail_for_good,
                          "fail_work",
                          {{"workItemId", item}, {"error", "hopeless"}, {"retryable", false}},
                          task,
                          item}));
    return;
  }
  if (chance < 8) {
    (void)told("fail_work",
               carry_out({deed::fail,
                          "fail_work",
                          {{"workItemId", item}, {"error", "broken"}, {"retryAfter", 100}},
                          task,
                          item}));
    return;
  }
  if (chance < 12) {
    (void)told("release_work",
               carry_out({deed::release, "release_work", {{"workItemId", item}}, task, item}));
    return;
  }
  if (chance < 14) {
    return; // It is forgotten.
  }
  if (chance < 34) {
    (void)do_call("report_progress",
                  {{"workItemId", item}, {"progress", 50}, {"note", "half of it"}});
  }
  const auto token = who() + "/" + std::to_string(++completions_);
  constexpr int patience = 3;
  for (int i = 0; i < patience; ++i) {
    if (told("complete_work", carry_out({deed::complete,
                                         "complete_work",
                                         {{"workItemId", item}, {"summary", token}},
                                         task,
                                         item,
                                         token}))) {
      return;
    }
  }
}

} // namespace nats_mcp::testing
