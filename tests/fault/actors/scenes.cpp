// SPDX-License-Identifier: MIT
// The session of the fault tests: every tool, every resource and prompt, waits, hints and a
// coordinator, in 200 calls.
#include "tests/fault/actors/scenes.hpp"

namespace nats_mcp::fault {

namespace {

void introduce_everybody(scene_writer& on) {
  for (std::size_t who = 0; who < cast.size(); ++who) {
    on.call(who, "server_status");
    on.call(who, "get_my_handle");
    on.call(who, "set_handle", {{"handle", cast.at(who).handle}});
    on.call(who, "list_channels");
    on.ask(who, "tools/list");
    on.ask(who, "resources/list");
    on.ask(who, "resources/templates/list");
    on.ask(who, "prompts/list");
    on.ask(who, "prompts/get", {{"name", "check_messages"}});
    on.call(who, "send_message", {{"channel", "nowhere"}, {"message", "lost"}}).is_wrong = true;
    on.call(who, "register_agent",
            {{"agentType", "actor"},
             {"handle", cast.at(who).handle},
             {"capabilities", {cast.at(who).capabilities[0], cast.at(who).capabilities[1]}},
             {"visibility", "public"}})
      .keep = {{cast.at(who).handle, "guid"}};
  }
  on.ask(planner, "ping");
  on.ask(builder, "server/discover");
}

void subscribe(scene_writer& on) {
  for (const auto* uri :
       {"nats-mcp://channels/planning", "nats-mcp://inbox", "nats-mcp://agents"}) {
    on.ask(planner, "resources/subscribe", {{"uri", uri}});
  }
  auto& stays =
    on.ask(builder, "subscriptions/listen",
           {{"notifications",
             {{"resourceSubscriptions", {"nats-mcp://channels/planning", "nats-mcp://inbox"}}}}});
  stays.beside = true;
  stays.stays = true;
}

void look_around(scene_writer& on) {
  for (std::size_t who = 0; who < cast.size(); ++who) {
    on.call(who, "discover_agents").enough = shows("total", "3");
    on.call(who, "get_agent_info", {{"handle", cast.at((who + 1) % cast.size()).handle}});
    on.call(who, "update_presence", {{"status", "busy"}, {"currentTaskCount", who + 1}});
    on.call(who, "discover_agents", {{"capability", "c++"}, {"limit", 1}});
  }
}

void talk(scene_writer& on) {
  for (int round = 0; round < 4; ++round) {
    for (std::size_t who = 0; who < cast.size(); ++who) {
      on.send(who, who % 2 == 0 ? "planning" : "status");
      on.unread((who + 1) % cast.size(), "planning");
    }
    on.call(planner, "read_messages", {{"channel", "status"}, {"limit", 3}});
    on.call(tester, "read_messages", {{"channel", "planning"}, {"after", 1}, {"limit", 2}});
    auto& wait = on.call(builder, "wait_for_messages", {{"timeout", 20'000}});
    wait.beside = true;
    on.send(planner, "planning");
    on.join();
    on.unread(builder, "planning");
    on.unread(builder, "status");
  }
  on.call(tester, "wait_for_messages", {{"channels", {"status"}}, {"timeout", 300}});
}

void write_letters(scene_writer& on) {
  for (int round = 0; round < 3; ++round) {
    on.mail(planner, builder);
    on.mail(builder, tester);
    on.call(tester, "send_direct_message",
            {{"recipientGuid", "$planner"},
             {"message", "a hand-off ~"},
             {"messageType", "work-claim"},
             {"metadata", {{"workItemId", "an item"}}}});
    auto& waits = on.call(planner, "read_direct_messages", {{"timeout", 5'000}});
    waits.beside = true;
    on.mail(builder, planner);
    on.join();
    on.call(builder, "read_direct_messages", {{"senderGuid", "$planner"}});
    on.call(tester, "read_direct_messages", {{"messageType", "text"}, {"limit", 1}});
    auto& wait = on.call(tester, "wait_for_messages", {{"timeout", 4'000}});
    wait.beside = true;
    on.mail(planner, tester);
    on.join();
    on.call(tester, "read_direct_messages");
    on.call(planner, "read_direct_messages");
  }
}

void work_together(scene_writer& on) {
  on.offer(planner, "c++", {{"idempotencyKey", "first"}, {"priority", 9}, {"notifyClaim", true}});
  on.call(planner, "list_work", {{"capability", "c++"}});
  on.claim(builder, "first", {{"timeout", 6'000}});
  on.call(builder, "report_progress",
          {{"workItemId", "$first"}, {"progress", 40}, {"note", "half of it"}});
  on.call(planner, "get_work_status", {{"workItemId", "$first"}});
  on.pause(6s); // longer than a lease
  on.call(builder, "server_status").enough = [](const json::value& content,
                                                const script_memory& known) {
    return fact_at(content, "heldWork.0") == known.at("first");
  };
  on.complete(builder, "first");
  on.complete(builder, "first");

  auto& waiting = on.claim(tester, "second", {{"timeout", 8'000}, {"capability", "review"}});
  waiting.beside = true;
  on.offer(builder, "review", {{"priority", 3}, {"contextData", {{"file", "a"}}}});
  on.join();
  auto& failing = on.call(tester, "fail_work",
                          {{"workItemId", "$second"}, {"error", "no idea ~"}, {"retryAfter", 500}});
  failing.refusal_settles = true;
  on.claim(tester, "second", {{"timeout", 8'000}});
  on.call(tester, "release_work", {{"workItemId", "$second"}}).refusal_settles = true;
  on.claim(tester, "second", {{"timeout", 8'000}});
  on.complete(tester, "second");

  on.offer(planner, "docs", {{"idempotencyKey", "third"}, {"scope", "project"}}).keep = {
    {"offered", "workItemId"}};
  on.call(planner, "cancel_work", {{"workItemId", "$offered"}, {"reason", "no need"}});
  on.call(planner, "list_work", {{"state", "cancelled"}});
}

void look_after_letters(scene_writer& on) {
  for (int round = 0; round < 2; ++round) {
    on.offer(tester, "c++", {{"idempotencyKey", "dead " + std::to_string(round)}});
    on.claim(builder, "dying", {{"timeout", 8'000}});
    on.call(builder, "fail_work",
            {{"workItemId", "$dying"}, {"error", "broken ~"}, {"retryable", false}})
      .refusal_settles = true;
    on.call(planner, "list_dead_letter_items").enough = [](const json::value& content,
                                                           const script_memory& known) {
      return fact_at(content, "items.0.id") == known.at("dying");
    };
    if (round == 0) {
      on.call(planner, "retry_dead_letter_item", {{"itemId", "$dying"}, {"resetAttempts", true}})
        .refusal_settles = true;
      on.claim(tester, "dying", {{"timeout", 8'000}});
      on.complete(tester, "dying");
    } else {
      on.call(tester, "discard_dead_letter_item", {{"itemId", "$dying"}}).refusal_settles = true;
    }
    on.call(tester, "list_dead_letter_items", {{"capability", "c++"}}).enough =
      shows("items", "[]");
  }
}

void be_coordinated(scene_writer& on) {
  for (int round = 0; round < 3; ++round) {
    const auto name = "given " + std::to_string(round);
    on.offer(planner, "c++",
             {{"idempotencyKey", name},
              {"coordinated", true},
              {"preferredWorker", round == 1 ? "$tester" : "$builder"}});
    const auto who = round == 1 ? tester : builder;
    auto& taken = on.claim(who, name, {{"timeout", 10'000}});
    taken.beside = true;
    on.call(planner, "get_my_handle");
    on.join();
    on.call(who, "report_progress", {{"workItemId", "$" + name}, {"progress", 10}});
    on.complete(who, name);
    on.call(planner, "get_work_status", {{"workItemId", "$" + name}}).enough =
      shows("items.0.state", "completed");
  }
}

void read_resources(scene_writer& on) {
  for (std::size_t who = 0; who < cast.size(); ++who) {
    for (const auto* uri :
         {"nats-mcp://channels/planning", "nats-mcp://inbox", "nats-mcp://agents"}) {
      on.ask(who, "resources/read", {{"uri", uri}});
    }
    on.ask(who, "prompts/get", {{"name", "introduce_yourself"}});
  }
}

void change_names(scene_writer& on) {
  on.call(tester, "deregister_agent").refusal_settles = true;
  on.call(planner, "discover_agents").enough = shows("total", "2");
  on.call(tester, "register_agent",
          {{"agentType", "actor"},
           {"handle", "tester"},
           {"capabilities", {"c++", "review"}},
           {"visibility", "public"}})
    .enough = [](const json::value& content, const script_memory& known) {
    return fact_at(content, "guid") == known.at("tester");
  };
  on.call(planner, "set_handle", {{"handle", "planner-too"}});
  on.call(builder, "get_agent_info", {{"handle", "planner-too"}});
  on.call(planner, "set_handle", {{"handle", "planner"}});
  on.call(builder, "get_agent_info", {{"handle", "planner"}});
}

} // namespace

script scripted_session() {
  script out;
  out.reserve(1'000); // steps are changed after they were added
  scene_writer on{out};
  introduce_everybody(on);
  subscribe(on);
  look_around(on);
  talk(on);
  on.act("open the page", [](actor_stage& stage) { stage.open_page(); });
  write_letters(on);
  work_together(on);
  look_after_letters(on);
  on.act("close the page", [](actor_stage& stage) { stage.close_page(); });
  be_coordinated(on);
  read_resources(on);
  change_names(on);
  on.pause(6s); // signs of life
  talk(on);
  on.everybody("server_status");
  return out;
}

} // namespace nats_mcp::fault
