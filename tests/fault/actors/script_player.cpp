// SPDX-License-Identifier: MIT
#include "tests/fault/actors/script_player.hpp"

#include "protocol/limits/work.hpp"

#include "tests/simulation/workloads/denials.hpp"

#include <algorithm>

namespace nats_mcp::fault {

namespace {

using namespace std::chrono_literals;

/// A step that fails is tried again for so long: a restart takes 100 ms, a lease 4 s, a leader's
/// silence 6 s, an assignment nobody takes 8 s; the dead letter of an item whose worker broke off
/// in the middle of writing it comes with the next sweep.
constexpr std::chrono::milliseconds step_max = limits::sweep_interval + 30s;
constexpr std::chrono::milliseconds retry_pause{200};

/// A part is down: it says nothing about what the attempt before came to.
bool is_temporary(const std::string& text) {
  return text.find("Try again") != std::string::npos || text.find("restart") != std::string::npos
         || text.find("was not sent") != std::string::npos;
}

} // namespace

bool script_player::play(const script& what) {
  return std::all_of(what.begin(), what.end(), [this](const step& one) { return play_step(one); });
}

bool script_player::fail(const step& one, const std::string& why) {
  trouble_ = std::string{one.who < cast.size() ? cast.at(one.who).handle : "?"}
             + " cannot go on at " + one.name + " " + json::write(one.arguments) + ": " + why;
  return false;
}

bool script_player::play_step(const step& one) {
  switch (one.what) {
    case step::kind::pause:
      (void)stage_.until(one.pause, [] { return false; });
      return true;
    case step::kind::act:
      one.act(stage_);
      return true;
    case step::kind::see:
      return stage_.until(step_max, [&] { return one.see(stage_); }) || fail(one, "it is not so");
    case step::kind::join: {
      const auto all_done = [this] {
        return std::all_of(besides_.begin(), besides_.end(),
                           [](const auto& each) { return each.first->stays || each.second.done; });
      };
      return stage_.until(step_max, all_done)
             || fail(one, "something asked beside is not answered");
    }
    case step::kind::call:
    case step::kind::ask:
      break;
  }
  auto& how = besides_[&one];
  begin(one, how);
  if (one.beside) {
    return true;
  }
  const bool done = stage_.until(step_max, [&how] { return how.done; });
  return done || fail(one, how.last_answer.empty() ? "no answer" : how.last_answer);
}

void script_player::begin(const step& one, attempt& how) {
  auto& who = stage_.who(one.who);
  if (!who.has_process()) {
    how.done = true; // it has been told to stop
    return;
  }
  auto arguments = filled_in(one.arguments, known_, ++marks_);
  const auto then = [this, &one, &how](const simulation::request_record& answered) {
    heard(one, how, answered);
  };
  if (one.what == step::kind::call) {
    ++tool_calls_;
    how.request = who.call(one.name, arguments, then);
  } else {
    how.request = who.ask(one.name, arguments, then);
  }
  // As the server reads it: numbers of a script are signed.
  asked_[how.request] = {one.name, json::parse(json::write(arguments)).value(), one.is_wrong,
                         false};
}

void script_player::heard(const step& one, attempt& how,
                          const simulation::request_record& answered) {
  const auto& answer = answered.answers.front();
  how.last_answer = answer.text;
  const auto again = [this, &one, &how] {
    stage_.after(retry_pause, [this, &one, &how] { begin(one, how); });
  };
  if (one.stays) {
    again();
    return;
  }
  if (answer.failed) {
    const bool in_doubt = simulation::leaves_open(answer.text);
    const bool denied = simulation::denies(answer.text);
    if (one.is_wrong && !in_doubt && !denied) {
      how.done = true;
      return;
    }
    if (one.refusal_settles && how.in_doubt && !in_doubt && !is_temporary(answer.text)) {
      asked_.at(how.request).settled = true;
      how.done = true;
      return;
    }
    how.in_doubt = how.in_doubt || in_doubt;
    again();
    return;
  }
  for (const auto& [name, path] : one.keep) {
    known_[name] = fact_at(answer.content, path);
  }
  if (one.enough && !one.enough(answer.content, known_)) {
    how.last_answer = json::write(answer.content);
    again();
    return;
  }
  how.done = true;
}

} // namespace nats_mcp::fault
