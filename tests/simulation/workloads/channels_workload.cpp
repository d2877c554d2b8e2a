// SPDX-License-Identifier: MIT
#include "tests/simulation/workloads/channels_workload.hpp"

#include "protocol/json/member.hpp"
#include "protocol/messaging/channel_message.hpp"
#include "protocol/messaging/channel_names.hpp"

#include "tests/simulation/checkers/reading_checkers.hpp"
#include "tests/simulation/checkers/request_checkers.hpp"
#include "tests/simulation/checkers/storing_checkers.hpp"
#include "tests/simulation/workloads/agent_world.hpp"
#include "tests/simulation/workloads/denials.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nats_mcp::simulation {

namespace {

/// Calls of one agent that may run at once.
constexpr std::size_t channels_open_max = 12;

} // namespace

void channels_workload::set_up(config::configuration& settings, dice&) {
  settings.channel_namespace = namespace_;
  for (const auto& name : channels_) {
    settings.channels.push_back({name, "Simulated"});
  }
}

// -- steps -------------------------------------------------------------------------------------

void channels_workload::step(agent& who) {
  if (!is_named(who)) {
    name_itself(who);
    return;
  }
  const auto what = who.chance().below(100);
  if (who.open().size() >= channels_open_max || what < 12) {
    change_mind(who);
  } else if (what < 50) {
    send(who, some_channel(who.chance()), {});
  } else if (what < 78) {
    read(who);
  } else if (what < 92) {
    wait(who);
  } else {
    ask_something(who);
  }
}

bool channels_workload::is_named(const agent& who) const {
  const auto found = named_in_.find(who.number());
  return found != named_in_.end() && found->second == who.process();
}

void channels_workload::name_itself(agent& who) {
  named_in_[who.number()] = who.process();
  who.call("set_handle", {{"handle", handle_of(who.number())}},
           [this](const request_record& answered) {
             if (answered.success() == nullptr) {
               named_in_.erase(answered.agent);
             }
           });
}

void channels_workload::send(agent& who, const std::string& channel, agent::heard then) {
  auto text = handle_of(who.number()) + " says " + std::to_string(++texts_);
  const auto request =
    who.call("send_message", {{"channel", channel}, {"message", text}}, std::move(then));
  asked_[request] = asked_send{channel, text};
}

void channels_workload::read(agent& who) {
  auto& chance = who.chance();
  asked_read what;
  what.channel = some_channel(chance);
  what.limit = chance.below(3) == 0 ? chance.between(1, 5) : 50;
  json::value arguments{{"channel", what.channel}, {"limit", what.limit}};
  if (const auto how = chance.below(4); how < 2) {
    what.mode = read_mode::unread;
    arguments["unread"] = true;
  } else if (how == 2) {
    what.mode = read_mode::after;
    what.after = chance.below(2 + texts_);
    arguments["after"] = what.after;
  }
  asked_[who.call("read_messages", std::move(arguments), {})] = what;
}

void channels_workload::wait(agent& who) {
  auto& chance = who.chance();
  asked_wait what;
  what.timeout = std::chrono::milliseconds{chance.below(3'000)};
  json::value arguments{{"timeout", what.timeout.count()}};
  if (chance.below(2) == 0) {
    what.channels = channels_;
  } else {
    what.channels = {some_channel(chance)};
    arguments["channels"] = what.channels;
  }
  asked_[who.call("wait_for_messages", std::move(arguments), {})] = what;
}

void channels_workload::change_mind(agent& who) {
  auto open = who.open();
  // Nobody may withdraw a handshake, and a handle is wanted in any case.
  std::erase_if(open, [this](std::size_t request) { return !asked_.contains(request); });
  if (!open.empty()) {
    who.withdraw(open[who.chance().below(open.size())]);
  }
}

void channels_workload::ask_something(agent& who) {
  constexpr std::array tools{"get_my_handle", "list_channels", "server_status"};
  const auto which = who.chance().below(tools.size() + 1);
  if (which == tools.size()) {
    who.ask("tools/list", {});
  } else {
    who.call(tools.at(which), json::value::object(), {});
  }
}

const std::string& channels_workload::some_channel(dice& chance) const {
  return channels_[chance.below(channels_.size())];
}

// -- the proof ---------------------------------------------------------------------------------

void channels_workload::prove(agent& who) {
  auto& state = proofs_[who.number()];
  if (state.under_way || state.done) {
    return;
  }
  if (!is_named(who)) {
    name_itself(who);
    return;
  }
  state.under_way = true;
  if (state.sequence != 0) {
    prove_read(who);
    return;
  }
  state.channel = some_channel(who.chance());
  send(who, state.channel, [&state](const request_record& answered) {
    state.under_way = false;
    if (const auto* success = answered.success()) {
      state.sequence = json::unsigned_member(success->content, "sequence").value_or(0);
    }
  });
}

void channels_workload::prove_read(agent& who) {
  auto& state = proofs_[who.number()];
  const asked_read what{state.channel, read_mode::after, state.sequence - 1, 1};
  // That it works is enough here; what it shows is for the checkers to judge.
  const auto request =
    who.call("read_messages", {{"channel", what.channel}, {"after", what.after}, {"limit", 1}},
             [&state](const request_record& answered) {
               state.under_way = false;
               state.done = answered.success() != nullptr;
             });
  asked_[request] = what;
}

bool channels_workload::proved(const agent& who) const {
  const auto found = proofs_.find(who.number());
  return found != proofs_.end() && found->second.done;
}

// -- what happened -----------------------------------------------------------------------------

checkers channels_workload::check(const request_history& requests, server& nats) {
  history_ = {};
  waits_over_.clear();
  for (const auto& process : requests.processes) {
    history_.part_failed.push_back(process.part_failed);
    while (history_.handles.size() <= process.agent) {
      history_.handles.push_back(handle_of(history_.handles.size()));
    }
  }
  for (const auto& [number, what] : asked_) {
    const auto& request = requests.requests.at(number);
    const auto call = facts_of(request);
    std::visit([&](const auto& one) { tell(request, call, one); }, what);
  }
  tell_when_waits_were_over(requests);
  tell_stored(nats);
  checkers all;
  all.push_back(std::make_unique<requests_are_answered_once>(requests));
  all.push_back(std::make_unique<answers_keep_their_era>(requests));
  all.push_back(std::make_unique<acknowledged_messages_are_stored>(history_));
  all.push_back(std::make_unique<messages_are_stored_once>(history_));
  all.push_back(std::make_unique<senders_keep_their_order>(history_));
  all.push_back(std::make_unique<failures_are_honest>(history_));
  all.push_back(std::make_unique<reads_show_the_stream>(history_));
  all.push_back(std::make_unique<unread_skips_nothing>(history_));
  all.push_back(std::make_unique<unread_repeats_nothing>(history_));
  all.push_back(std::make_unique<waits_notice_news>(history_));
  return all;
}

void channels_workload::tell(const request_record& request, const call_facts& call,
                             const asked_send& what) {
  send_facts send{call, what.channel, what.text, 0, false};
  if (const auto* success = request.success()) {
    send.sequence = json::unsigned_member(success->content, "sequence").value_or(0);
  } else if (!request.answers.empty()) {
    send.denied = denies(request.answers.front().text);
  }
  history_.sends.push_back(std::move(send));
}

void channels_workload::tell(const request_record& request, const call_facts& call,
                             const asked_read& what) {
  read_facts read{call, what.channel, what.mode, what.after, what.limit, {}, 0};
  if (const auto* success = request.success()) {
    read.next_after = json::unsigned_member(success->content, "nextAfter").value_or(0);
    if (const auto* messages = json::find(success->content, "messages"); messages != nullptr) {
      for (const auto& message : *messages) {
        read.shown.push_back({json::unsigned_member(message, "sequence").value_or(0),
                              std::string{json::text_member(message, "handle")},
                              std::string{json::text_member(message, "message")}});
      }
    }
  }
  history_.reads.push_back(std::move(read));
}

void channels_workload::tell(const request_record& request, const call_facts& call,
                             const asked_wait& what) {
  wait_facts wait{call, what.channels, 0, {}};
  if (const auto* success = request.success()) {
    if (const auto* news = json::find(success->content, "channels"); news != nullptr) {
      for (const auto& channel : *news) {
        wait.news.emplace_back(json::text_member(channel, "channel"));
      }
    }
  }
  history_.waits.push_back(std::move(wait));
  waits_over_.push_back(request.time + what.timeout);
}

void channels_workload::tell_when_waits_were_over(const request_history& requests) {
  for (const auto& request : requests.requests) {
    for (const auto& answer : request.answers) {
      for (std::size_t i = 0; i < history_.waits.size(); ++i) {
        if (answer.time <= waits_over_[i]) {
          auto& over = history_.waits[i].over;
          over = std::max(over, answer.order + 1);
        }
      }
    }
  }
}

void channels_workload::tell_stored(server& nats) {
  for (const auto& channel : channels_) {
    const auto* stream = nats.find_stream(messaging::channel_stream_name(namespace_, channel));
    if (stream == nullptr) {
      continue;
    }
    auto& stored = history_.stored[channel];
    for (const auto& [sequence, entry] : stream->log().entries()) {
      if (const auto message = messaging::parse_channel_message(entry.payload)) {
        stored.push_back({sequence, message->handle, message->message});
      } else {
        stored.push_back({sequence, {}, entry.payload});
      }
    }
  }
}

} // namespace nats_mcp::simulation
