// SPDX-License-Identifier: MIT
// How the session ends: everybody finishes what there is, every part proves that it works, all is
// as the script left it, and the processes end in order while somebody still waits.
#include "tests/fault/actors/scenes.hpp"

#include <memory>

namespace nats_mcp::fault {

namespace {

constexpr std::array hinted_uris{"nats-mcp://channels/planning", "nats-mcp://inbox"};

void take_what_is_left(scene_writer& on) {
  for (std::size_t who = 0; who < cast.size(); ++who) {
    auto& one = on.call(who, "claim_work", {{"timeout", 1'000}});
    one.keep = {{"left", "work.workItemId"}};
    on.call(who, "complete_work",
            {{"workItemId", "$left"},
             {"summary", "done at last by " + std::string{cast.at(who).handle}}})
      .is_wrong = true; // nothing was left, most of the time
  }
}

void prove_parts(scene_writer& on) {
  for (std::size_t who = 0; who < cast.size(); ++who) {
    const auto next = (who + 1) % cast.size();
    on.send(who, "planning");
    on.mail(who, next);
    on.call(who, "get_my_handle").enough = shows("handle", cast.at(who).handle);
    on.call(who, "update_presence", {{"status", "online"}, {"currentTaskCount", 7}});
    on.call(next, "get_agent_info", {{"handle", cast.at(who).handle}}).enough =
      [guid = std::string{cast.at(who).handle}](const json::value& content,
                                                const script_memory& known) {
        return fact_at(content, "agent.guid") == known.at(guid)
               && fact_at(content, "agent.status") == "online"
               && fact_at(content, "agent.currentTaskCount") == "7";
      };
    for (const auto* channel : channel_names) {
      on.unread(who, channel);
    }
    on.call(who, "list_dead_letter_items").enough = shows("items", "[]");
    on.offer(who, cast.at(next).capabilities[1],
             {{"idempotencyKey", "proof " + std::to_string(who)},
              {"assignTo", "$" + std::string{cast.at(next).handle}}});
    const auto name = "proof " + std::to_string(who);
    on.claim(next, name, {{"timeout", 8'000}});
    on.complete(next, name);
  }
}

void prove_quiet(scene_writer& on) {
  for (std::size_t who = 0; who < cast.size(); ++who) {
    on.call(who, "read_direct_messages", {{"limit", 100}});
    on.call(who, "read_direct_messages", {{"limit", 100}}).enough = shows("messages", "[]");
    for (const auto* channel : channel_names) {
      on.unread(who, channel);
      on.unread(who, channel).enough = shows("messages", "[]");
    }
    on.call(who, "claim_work").enough = [](const json::value& content, const script_memory&) {
      return fact_at(content, "work.workItemId").empty();
    };
    on.call(who, "list_work").enough = shows("items", "[]");
    on.call(who, "discover_agents").enough = shows("total", "3");
    on.call(who, "server_status").enough = [](const json::value& content, const script_memory&) {
      const auto& parts = content.at("parts");
      bool all = parts.size() == 8 && fact_at(content, "heldWork").size() <= 2
                 && fact_at(content, "unreadDirectMessages") == "0";
      for (const auto& part : parts) {
        all = all && fact_at(part, "state") == "running";
      }
      return all;
    };
  }
}

/// Whoever subscribed is told of what happens now.
void prove_hints(scene_writer& on) {
  const auto before = std::make_shared<std::map<std::string, std::size_t>>();
  on.pause(3s); // what is under way has been told
  on.act("count the hints", [before](actor_stage& stage) {
    for (const auto* uri : hinted_uris) {
      for (const auto who : {planner, builder}) {
        (*before)[uri + std::to_string(who)] = stage.told_of(who, uri);
      }
    }
  });
  on.send(tester, "planning");
  on.mail(tester, planner);
  on.mail(tester, builder);
  for (const auto* uri : hinted_uris) {
    for (const auto who : {planner, builder}) {
      on.see(std::string{"a hint of "} + uri + " to " + cast.at(who).handle,
             [before, uri, who](actor_stage& stage) {
               return stage.told_of(who, uri) > (*before)[uri + std::to_string(who)];
             });
    }
  }
  on.call(planner, "read_direct_messages");
  on.call(builder, "read_direct_messages");
  on.act("count the hints of agents", [before](actor_stage& stage) {
    (*before)["agents"] = stage.told_of(planner, "nats-mcp://agents");
  });
  on.call(tester, "update_presence", {{"status", "busy"}});
  on.see("a hint of agents to planner", [before](actor_stage& stage) {
    return stage.told_of(planner, "nats-mcp://agents") > (*before)["agents"];
  });
  on.ask(planner, "resources/unsubscribe", {{"uri", "nats-mcp://agents"}});
}

void look_at_the_page(scene_writer& on) {
  on.act("open the page", [](actor_stage& stage) { stage.open_page(); });
  on.see("a page that shows the agents", [](actor_stage& stage) {
    return stage.page_shows("planner") && stage.page_shows("tester");
  });
}

void leave(scene_writer& on) {
  on.see("no request to a coordinator is left",
         [](actor_stage& stage) { return stage.requests_left() == 0; });
  for (auto* waits : {&on.call(planner, "wait_for_messages", {{"timeout", 60'000}}),
                      &on.call(builder, "claim_work", {{"timeout", 60'000}})}) {
    waits->beside = true;
    waits->is_wrong = true; // it is told that the server ends
  }
  on.pause(200ms);
  for (std::size_t who = 0; who < cast.size(); ++who) {
    on.act("stop", [who](actor_stage& stage) { stage.stop_process(who); });
  }
  on.act("stop the coordinator", [](actor_stage& stage) { stage.stop_coordinator(); });
  on.see("everybody has stopped", [](actor_stage& stage) { return stage.everybody_stopped(); });
  on.see("no actor is left", [](actor_stage& stage) { return stage.actors_alive() == 0; });
}

} // namespace

script closing_scenes() {
  script out;
  out.reserve(1'000);
  scene_writer on{out};
  take_what_is_left(on);
  prove_parts(on);
  prove_hints(on);
  look_at_the_page(on);
  prove_quiet(on);
  leave(on);
  return out;
}

} // namespace nats_mcp::fault
