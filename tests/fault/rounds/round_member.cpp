// SPDX-License-Identifier: MIT
#include "tests/fault/rounds/round_member.hpp"

#include <stdexcept>
#include <utility>

namespace nats_mcp::testing {

namespace {

using namespace std::chrono_literals;

/// A process that says nothing for so long, stopped for a while or not, does not answer.
constexpr auto round_answer_max = 20s;
constexpr unsigned pause_max_ms = 60;
/// More than the three heartbeats after which a process that was killed counts as gone.
constexpr auto comes_back_after = 3500ms;
/// As many as one read may show.
constexpr int everything = 1000;

std::string line_behind(const std::string& text, std::string_view mark) {
  const auto at = text.find(mark);
  return at == std::string::npos
           ? std::string{}
           : text.substr(at + mark.size(), text.find('\n', at) - at - mark.size());
}

bool is_empty(const tool_outcome& outcome) { return outcome.text.rfind("No ", 0) == 0; }

} // namespace

round_member::round_member(options choice, talk_history& talk, std::vector<std::string> everybody)
  : crew_member{std::move(choice)}
  , talk_{talk}
  , everybody_{std::move(everybody)} {
  // nop
}

const std::vector<std::string>& round_member::channels() {
  static const std::vector<std::string> names{"planning", "review"};
  return names;
}

// -- calls --------------------------------------------------------------------------------------

tool_outcome round_member::do_call(std::string_view tool, const json::value& arguments) {
  return recorded(
    tool, [&] { return process().answer(process().post(tool, arguments), round_answer_max); });
}

std::optional<tool_outcome> round_member::do_work(const order& what) {
  return recorded(what.tool, [&] { return *carry_out(what); });
}

template <class Call>
tool_outcome round_member::recorded(std::string_view tool, Call call) {
  call_event event{me(), std::string{tool}, call_event::end::none, talk_.now(), {}, {}};
  try {
    auto out = call();
    event.ended = talk_.now();
    event.how = out.is_error ? call_event::end::failed : call_event::end::done;
    event.text = out.is_error ? out.text : std::string{};
    talk_.add(std::move(event));
    look_for_second_answers();
    return out;
  } catch (const std::runtime_error& e) {
    event.ended = talk_.now();
    event.text = e.what();
    talk_.add(std::move(event));
    throw;
  }
}

void round_member::look_for_second_answers() {
  while (const auto line = process().process().read_line(0ms)) {
    if (json::find(*line, "method") == nullptr) {
      talk_.wrong(who() + " was told what it did not ask for: " + line->dump());
    }
  }
}

void round_member::begin() {
  returns_at_.reset();
  // nats-server may be away just now.
  while (!register_self() && history().rest(50ms) && !stopping()) {
    // nop
  }
  // From here on everything is unread.
  for (const auto& channel : channels()) {
    while (!hear_channel(channel) && history().rest(50ms) && !stopping()) {
      // nop
    }
  }
}

bool round_member::register_self() {
  const auto registered = do_call(
    "register_agent",
    {{"agentType", name()}, {"visibility", "public"}, {"capabilities", {"typescript", "C++"}}});
  if (!registered.is_error) {
    const bool later = registered.text.find("returns to it") != std::string::npos;
    returns_at_ = later ? std::optional{talk_.now() + comes_back_after} : std::nullopt;
  }
  return !registered.is_error;
}

void round_member::return_when_told() {
  if (returns_at_ && *returns_at_ <= talk_.now()) {
    (void)register_self();
  }
}

void round_member::lost(const std::string& why) {
  if (!pid()) {
    talk_.wrong(name() + " did not begin: " + why);
  }
}

void round_member::act() {
  if (const auto owed = talk_.probe_owed(name()); owed != 0) {
    do_probe(owed);
    return;
  }
  return_when_told();
  const auto chance = number_below(100);
  if (ending_) {
    work();
  } else if (chance < 25) {
    (void)speak();
  } else if (chance < 42) {
    (void)hear_channel(any_of(channels()));
  } else if (chance < 58) {
    write_to_somebody();
  } else if (chance < 74) {
    (void)hear_mail(one_in(4) ? 200ms : 0ms);
  } else if (chance < 84) {
    offer();
  } else {
    work();
  }
  history().rest(std::chrono::milliseconds{number_below(pause_max_ms)});
}

/// One of each kind that changes something.
void round_member::do_probe(std::size_t owed) {
  if (speak() && hear_mail(0ms)) {
    talk_.probe_done(name(), owed);
  } else {
    history().rest(20ms);
  }
}

const std::string& round_member::any_of(const std::vector<std::string>& texts) {
  return texts[number_below(static_cast<unsigned>(texts.size()))];
}

// -- talk ---------------------------------------------------------------------------------------

bool round_member::speak() {
  const auto& channel = any_of(channels());
  said_event said{said_event::place::channel, channel, me(), talk_history::mark(who(), ++said_),
                  said_event::receipt::unknown};
  try {
    const auto sent = do_call("send_message", {{"channel", channel}, {"message", said.mark}});
    said.how = receipt_of(sent.is_error, sent.text);
    talk_.add(said);
    return !sent.is_error;
  } catch (const std::runtime_error&) {
    talk_.add(said);
    throw;
  }
}

void round_member::write_to_somebody() {
  const auto& somebody = any_of(everybody_);
  said_event said{said_event::place::inbox, somebody, me(), talk_history::mark(who(), ++said_),
                  said_event::receipt::unknown};
  try {
    const auto sent =
      do_call("send_direct_message", {{"recipientHandle", somebody}, {"message", said.mark}});
    said.how = receipt_of(sent.is_error, sent.text);
    talk_.add(said);
  } catch (const std::runtime_error&) {
    talk_.add(said);
    throw;
  }
}

bool round_member::hear_channel(const std::string& channel) {
  const auto out =
    do_call("read_messages", {{"channel", channel}, {"unread", true}, {"limit", everything}});
  if (!out.is_error) {
    talk_.add(
      shown_event{said_event::place::channel, channel, me(), talk_history::marks_in(out.text)});
  }
  return !out.is_error;
}

bool round_member::hear_mail(std::chrono::milliseconds wait) {
  const auto out = do_call("read_direct_messages", {{"limit", 100}, {"timeout", wait.count()}});
  if (!out.is_error) {
    talk_.add(shown_event{said_event::place::inbox, {}, me(), talk_history::marks_in(out.text)});
  }
  return !out.is_error;
}

void round_member::hear_channels() {
  constexpr int patience = 20;
  for (const auto& channel : channels()) {
    for (int i = 0; i < patience; ++i) {
      const auto out =
        do_call("read_messages", {{"channel", channel}, {"unread", true}, {"limit", everything}});
      talk_.add(
        shown_event{said_event::place::channel, channel, me(), talk_history::marks_in(out.text)});
      if (is_empty(out)) {
        break;
      }
    }
  }
}

void round_member::hear_mail_once() {
  return_when_told();
  (void)hear_mail(0ms);
}

// -- work ---------------------------------------------------------------------------------------

void round_member::offer() {
  const auto task = who() + "-" + std::to_string(++tasks_);
  (void)do_work({deed::offer,
                 "broadcast_work_offer",
                 {{"taskId", task},
                  {"capability", one_in(2) ? "typescript" : "C++"},
                  {"description", "Work for " + task},
                  {"priority", 4 + number_below(3)},
                  {"coordinated", one_in(3)}},
                 task});
}

void round_member::work() {
  const auto claimed = do_work({deed::claim, "claim_work", {{"timeout", 100}}});
  const auto item = claimed ? line_behind(claimed->text, "- Work Item ID: ") : std::string{};
  if (!item.empty()) {
    finish(item, line_behind(claimed->text, "- Task ID: "));
  }
}

void round_member::finish(const std::string& item, const std::string& task) {
  const auto chance = ending_ ? 100 : number_below(100);
  if (chance < 4) {
    (void)do_work({deed::fail_for_good,
                   "fail_work",
                   {{"workItemId", item}, {"error", "hopeless"}, {"retryable", false}},
                   task,
                   item});
    return;
  }
  if (chance < 9) {
    (void)do_work({deed::fail,
                   "fail_work",
                   {{"workItemId", item}, {"error", "broken"}, {"retryAfter", 100}},
                   task,
                   item});
    return;
  }
  if (chance < 14) {
    (void)do_work({deed::release, "release_work", {{"workItemId", item}}, task, item});
    return;
  }
  if (chance < 17) {
    return; // It is forgotten.
  }
  const auto token = who() + "/" + std::to_string(++completions_);
  constexpr int patience = 3;
  for (int i = 0; i < patience; ++i) {
    const auto told = do_work({deed::complete,
                               "complete_work",
                               {{"workItemId", item}, {"summary", token}},
                               task,
                               item,
                               token});
    if (told && verdict_of(*told) != verdict::unknown) {
      return;
    }
  }
}

} // namespace nats_mcp::testing
