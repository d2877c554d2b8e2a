// SPDX-License-Identifier: MIT
// How the scripted session is written down: short words for its steps. Private to the script.
#pragma once

#include "tests/fault/actors/actor_stage.hpp"
#include "tests/fault/actors/script.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::fault {

using namespace std::chrono_literals;

class scene_writer {
public:
  explicit scene_writer(script& out)
    : out_{out} {
    // nop
  }

  /// A tool call; what is set on the step afterwards stands.
  step& call(std::size_t who, std::string tool, json::value arguments) {
    return add(step::kind::call, who, std::move(tool), std::move(arguments));
  }
  step& call(std::size_t who, std::string tool) {
    return call(who, std::move(tool), json::value::object());
  }
  step& ask(std::size_t who, std::string method, json::value parameters) {
    return add(step::kind::ask, who, std::move(method), std::move(parameters));
  }
  step& ask(std::size_t who, std::string method) {
    return ask(who, std::move(method), json::value::object());
  }
  void everybody(const std::string& tool) {
    for (std::size_t who = 0; who < cast.size(); ++who) {
      call(who, tool);
    }
  }
  /// The answers to all that was asked beside.
  void join() { add(step::kind::join, 0, "join", json::value::object()); }
  void pause(std::chrono::milliseconds lasts) {
    add(step::kind::pause, 0, "pause", json::value::object()).pause = lasts;
  }
  void act(std::string name, std::function<void(actor_stage&)> what) {
    add(step::kind::act, 0, std::move(name), json::value::object()).act = std::move(what);
  }
  void see(std::string name, std::function<bool(actor_stage&)> what) {
    add(step::kind::see, 0, std::move(name), json::value::object()).see = std::move(what);
  }

  void send(std::size_t who, const char* channel) {
    call(who, "send_message", {{"channel", channel}, {"message", "a message ~"}});
  }
  step& unread(std::size_t who, const char* channel) {
    return call(who, "read_messages", {{"channel", channel}, {"unread", true}});
  }
  void mail(std::size_t from, std::size_t to) {
    call(from, "send_direct_message",
         {{"recipientHandle", cast.at(to).handle}, {"message", "a letter ~"}});
  }
  step& offer(std::size_t who, const char* capability, json::value more) {
    json::value arguments{
      {"taskId", "task ~"}, {"capability", capability}, {"description", "somebody wants it"}};
    arguments.update(more);
    return call(who, "broadcast_work_offer", std::move(arguments));
  }
  /// Takes something and remembers it as `name`.
  step& claim(std::size_t who, std::string name, json::value arguments) {
    auto& one = call(who, "claim_work", std::move(arguments));
    one.keep = {{std::move(name), "work.workItemId"}};
    one.enough = [](const json::value& content, const script_memory&) {
      return !fact_at(content, "work.workItemId").empty();
    };
    return one;
  }
  void complete(std::size_t who, const std::string& name) {
    call(who, "complete_work",
         {{"workItemId", "$" + name}, {"summary", "done " + name}, {"result", {{"ok", true}}}});
  }

private:
  step& add(step::kind what, std::size_t who, std::string name, json::value arguments) {
    step one;
    one.what = what;
    one.who = who;
    one.name = std::move(name);
    one.arguments = std::move(arguments);
    out_.push_back(std::move(one));
    return out_.back();
  }

  script& out_;
};

/// Whether the fact at this path is this.
[[nodiscard]] inline enough_test shows(std::string path, std::string wanted) {
  return [path = std::move(path), wanted = std::move(wanted)](const json::value& content,
                                                              const script_memory&) {
    return fact_at(content, path) == wanted;
  };
}

} // namespace nats_mcp::fault
