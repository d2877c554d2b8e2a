// SPDX-License-Identifier: MIT
#include "tests/fault/actors/supervision_judge.hpp"

#include "protocol/json/member.hpp"

#include "tests/simulation/workloads/denials.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace nats_mcp::fault {

namespace {

using kind = supervision_event::kind;

/// An answer is in the client's hands and what follows from it is written within this.
constexpr std::chrono::milliseconds settled_within{1'000};

std::string quoted_text(const std::string& text) { return "\"" + text + "\""; }

/// Words that tell a caller what to do: it may or must not be repeated.
bool is_helpful(const std::string& text) {
  return simulation::leaves_open(text) || simulation::denies(text)
         || text.find("again") != std::string::npos || text.find("restart") != std::string::npos;
}

/// Somebody who waits is told of a message within this, restarts included.
constexpr std::chrono::milliseconds told_within{2'000};

/// Whether this is sent to a channel, or to that agent.
bool is_news_for(const asked_request& sent, const simulation::request_record& waiting) {
  if (sent.name == "send_message") {
    return !sent.is_wrong;
  }
  return sent.name == "send_direct_message"
         && json::text_member(sent.arguments, "recipientHandle") == cast.at(waiting.agent).handle;
}

} // namespace

std::vector<std::string> judge_events(const std::vector<part_event>& events,
                                      const std::string& crashed) {
  std::vector<std::string> found;
  std::map<std::string, int> starts;
  std::set<std::string> stopped;
  int crashes = 0;
  for (const auto& event : events) {
    const bool failed = event.what == kind::ended;
    if (failed && (event.actor != crashed || ++crashes > 1)) {
      found.push_back(event.actor + " failed: " + event.failure);
    }
    if (event.what == kind::started) {
      ++starts[event.actor];
    }
    if (event.what == kind::stopped || failed) {
      stopped.insert(event.actor);
    }
    if (event.what == kind::given_up || event.what == kind::killed || event.what == kind::abandoned
        || event.what == kind::start_failed) {
      found.push_back(event.actor + ": " + std::string{to_string(event.what)});
    }
  }
  for (const auto& [actor, times] : starts) {
    if (times > (actor == crashed ? 2 : 1)) {
      found.push_back(actor + " was started " + std::to_string(times) + " times");
    }
    if (!stopped.contains(actor)) {
      found.push_back(actor + " was never stopped");
    }
  }
  return found;
}

std::vector<std::string> judge_failures(const simulation::request_history& history,
                                        const std::map<std::size_t, asked_request>& asked,
                                        bool struck) {
  std::vector<std::string> found;
  for (const auto& [number, what] : asked) {
    const auto& one = history.requests.at(number);
    if (one.answers.empty() || !one.answers.front().failed || what.is_wrong || what.settled) {
      continue;
    }
    const auto& text = one.answers.front().text;
    if (!struck) {
      found.push_back("request " + std::to_string(number) + " (" + what.name + " "
                      + json::write(what.arguments)
                      + ") failed without a fault: " + quoted_text(text));
    } else if (!is_helpful(text)) {
      found.push_back("request " + std::to_string(number) + " (" + what.name
                      + ") was answered in words that do not say whether to repeat it: "
                      + quoted_text(text));
    }
  }
  return found;
}

std::vector<std::string> judge_repetitions(const simulation::request_history& history,
                                           const std::map<std::size_t, asked_request>& asked,
                                           monotonic_time struck_at) {
  std::vector<std::string> found;
  // By agent, tool, channel and message, with its id since notices repeat their words: when it was
  // shown.
  std::map<std::tuple<std::size_t, std::string, std::string, std::string>, monotonic_time> shown;
  for (const auto& [number, what] : asked) {
    const auto& one = history.requests.at(number);
    const bool is_mail = what.name == "read_direct_messages";
    const bool is_unread =
      what.name == "read_messages" && json::true_member(what.arguments, "unread");
    const auto* success = one.success();
    const auto* messages = success == nullptr ? nullptr : json::find(success->content, "messages");
    if ((!is_mail && !is_unread) || messages == nullptr) {
      continue;
    }
    for (const auto& message : *messages) {
      const std::string text{json::text_member(message, "message")};
      const auto [before, is_new] = shown.try_emplace(
        {one.agent, what.name, std::string{json::text_member(what.arguments, "channel")},
         std::string{json::text_member(message, "id")} + " " + text},
        success->time);
      const bool excused = struck_at != monotonic_time{}
                           && before->second + settled_within > struck_at
                           && before->second < struck_at + settled_within;
      if (!is_new && !excused) {
        found.push_back("request " + std::to_string(number) + " (" + what.name + ") shows "
                        + quoted_text(text) + " again");
      }
    }
  }
  return found;
}

std::vector<std::string> judge_waits(const simulation::request_history& history,
                                     const std::map<std::size_t, asked_request>& asked) {
  std::vector<std::string> found;
  for (const auto& [number, what] : asked) {
    const auto& wait = history.requests.at(number);
    const auto* success = wait.success();
    if (what.name != "wait_for_messages" || json::find(what.arguments, "channels") != nullptr
        || success == nullptr) {
      continue;
    }
    for (const auto& [other, sent] : asked) {
      const auto& message = history.requests.at(other);
      const auto* stored = message.success();
      if (stored != nullptr && message.agent != wait.agent && is_news_for(sent, wait)
          && stored->time >= wait.time && stored->time + told_within < success->time) {
        found.push_back("request " + std::to_string(number) + " waited on although request "
                        + std::to_string(other) + " (" + sent.name + ") was stored "
                        + std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(
                                           success->time - stored->time)
                                           .count())
                        + " ms before its answer");
      }
    }
  }
  return found;
}

} // namespace nats_mcp::fault
