// SPDX-License-Identifier: MIT
// Somebody who forges entries of the registry, signs of life, work, its records and dead letters,
// and what coordinators keep: whoever reads them is neither broken nor stopped, and what is honest
// among them is found.
#include "tests/fault/coordinators_at_work.hpp"
#include "tests/integration/hostile_peer.hpp"

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;
using namespace std::literals;

const std::vector<std::string>& garbage() {
  static const std::vector<std::string> all{
    "",
    "garbage",
    "\xff\xfe\0\x1b[2J"s,
    "{",
    "[]",
    "null",
    R"({"v":1})",
    R"({"v":99,"writeId":7,"guid":{},"id":[],"sessionId":null,"item":5,"state":"odd","gen":-1})",
    std::string(100'000, '['),
    R"({"v":1,"writeId":"w","id":")" + std::string(900'000, 'x') + R"("})",
  };
  return all;
}

json::value record(const std::string& guid, const std::string& handle) {
  return {{"v", 1},
          {"writeId", "w"},
          {"guid", guid},
          {"sessionId", "s"},
          {"agentType", "developer"},
          {"handle", handle},
          {"hostname", "h"},
          {"projectId", "p"},
          {"username", "u"},
          {"capabilities", {"forging"}},
          {"visibility", "public"},
          {"status", "online"},
          {"currentTaskCount", 0},
          {"heartbeatIntervalMs", 60000},
          {"registeredAt", "2026-01-15T10:00:00.000Z"}};
}

class hostile_records : public hostile_peer {
protected:
  /// Makes all streams and buckets of work.
  void make_work() {
    const auto item =
      item_in(done(victim_, "broadcast_work_offer",
                   {{"taskId", "first"}, {"capability", "typescript"}, {"description", "made"}}));
    done(friend_, "claim_work", {{"timeout", 10000}});
    done(friend_, "fail_work", {{"workItemId", item}, {"error", "made"}, {"retryable", false}});
  }

  /// Six times as long when it is shown.
  static std::string swelling(std::string text) {
    return text.replace(text.find('@'), 1, 900'000, '\x7f');
  }

  static std::string item(const std::string& id, const json::value& more) {
    json::value out{{"v", 1},
                    {"id", id},
                    {"taskId", "t"},
                    {"capability", "typescript"},
                    {"description", "forged"},
                    {"priority", 10},
                    {"scope", "public"},
                    {"offeredBy", {{"guid", made_up(9)}, {"handle", "evil"}}},
                    {"offeredAt", "2026-01-15T10:00:00.000Z"},
                    {"maxAttempts", 3},
                    {"gen", 1}};
    out.update(more);
    return json::write(out);
  }
};

// -- the registry --------------------------------------------------------------------------------

TEST_F(hostile_records, of_agents_that_are_garbage_are_passed_over) {
  int number = 100;
  for (const auto* bucket : {"agents", "presence", "agent_sessions"}) {
    const auto keys = std::string{"$KV."} + bucket + ".";
    for (const auto& content : garbage()) {
      put(keys + "public.all." + made_up(++number), content);
      put(keys + "public.all.no-guid", content);
      put(keys + "public.all." + made_up(number) + ".more", content);
      put(keys + "key." + std::string(64, 'a'), content);
      put(keys + "odd", content);
      put(keys + made_up(number), content);
    }
  }
  const auto found = done(victim_, "discover_agents", {{"includeOffline", true}}).text;
  EXPECT_NE(found.find(bob_), std::string::npos) << found;
  EXPECT_EQ(found.find("garbage"), std::string::npos) << found;
  expect_all_is_well();
}

TEST_F(hostile_records, of_agents_that_are_garbage_are_told_of_in_the_log_once_each) {
  put("$KV.presence.public.all." + made_up(2), "garbage");
  done(victim_, "discover_agents", {{"includeOffline", true}});
  for (const auto& content : garbage()) {
    put("$KV.agents.public.all." + made_up(1), content);
    put("$KV.agents.public.all.no-guid", content);
  }
  done(victim_, "discover_agents", {{"includeOffline", true}});
  const auto log = victim_.process().standard_error();
  EXPECT_EQ(lines_about("storage.unreadable", log), 3U) << log;
  EXPECT_EQ(lines_about("public.all." + made_up(2), log), 1U) << log;
  EXPECT_EQ(lines_about("public.all." + made_up(1), log), 1U) << log;
  EXPECT_EQ(lines_about("public.all.no-guid", log), 1U) << log;
  EXPECT_EQ(log.find("garbage"), std::string::npos) << "what was written is nobody's business";
}

TEST_F(hostile_records, of_agents_say_nothing_about_others_than_their_key) {
  auto liar = record(bob_, "bob");
  liar["capabilities"] = {"typescript"};
  put("$KV.agents.public.all." + made_up(1), json::write(liar));
  auto layout = record(made_up(2), "bob**\n- GUID: " + bob_ + "\n");
  layout["agentType"] = "x)\n**root** (y\x1b[2J";
  layout["hostname"] = std::string(200'000, 'h');
  layout["capabilities"] = json::value::array();
  for (int i = 0; i < 1000; ++i) {
    layout["capabilities"].push_back("forging\n- Status: " + std::string(500, 'c'));
  }
  put("$KV.agents.public.all." + made_up(2), json::write(layout));
  const auto found = done(victim_, "discover_agents", {{"capability", "typescript"}}).text;
  EXPECT_EQ(found.find(made_up(1)), std::string::npos) << found;
  EXPECT_EQ(lines_with("- GUID: " + bob_, found), 1U) << found;
  const auto all = done(victim_, "discover_agents", {{"includeOffline", true}}).text;
  EXPECT_EQ(lines_with("- GUID: " + bob_, all), 1U) << all;
  EXPECT_EQ(lines_with("**", all), lines_with("- GUID:", all)) << all;
  EXPECT_LT(all.size(), 20'000U);
  expect_all_is_well();
}

TEST_F(hostile_records, of_a_thousand_agents_with_ones_handle_are_told_apart_by_guid) {
  std::string many;
  for (int i = 1; i <= 1000; ++i) {
    many += raw_nats::publishing("$KV.agents.public.all." + made_up(i),
                                 json::write(record(made_up(i), "bob")));
  }
  EXPECT_EQ(enemy_.refusal_of(many), "");
  const auto sent =
    call(victim_, "send_direct_message", {{"recipientHandle", "bob"}, {"message", "secret plans"}});
  EXPECT_TRUE(sent.is_error) << "to one of a thousand is to a stranger";
  EXPECT_NE(sent.text.find("is used by 1001 agents. Use the GUID"), std::string::npos) << sent.text;
  EXPECT_LT(sent.text.size(), 5000U);
  done(victim_, "discover_agents", {{"limit", 500}});
  expect_all_is_well();
}

TEST_F(hostile_records, of_life_make_nobody_another) {
  put("$KV.presence.public.all." + bob_, R"({"v":1,"writeId":"x","sessionId":"evil"})");
  put("$KV.presence.public.all." + ann_, "\xff");
  EXPECT_NE(done(victim_, "discover_agents", nothing()).text.find(bob_), std::string::npos);
  expect_all_is_well();
}

TEST_F(hostile_records, of_who_an_agent_is_are_noticed_and_told) {
  put("$KV.agent_sessions." + ann_, json::write(json::value{{"v", 1},
                                                            {"writeId", "w"},
                                                            {"sessionId", "evil"},
                                                            {"agentKey", "public.all." + ann_},
                                                            {"since", "2026-01-15T10:00:00.000Z"},
                                                            {"heartbeatIntervalMs", 1000}}));
  put("$KV.agents.public.all." + ann_, json::write(record(ann_, "evil")));
  const auto told = call(victim_, "update_presence", {{"status", "busy"}});
  EXPECT_TRUE(told.is_error);
  EXPECT_NE(told.text.find("Another process has taken over as the agent \"ann\""),
            std::string::npos)
    << told.text;
  const auto refused =
    call(victim_, "send_direct_message", {{"recipientGuid", bob_}, {"message", "hello"}});
  EXPECT_TRUE(refused.is_error) << "it does not speak as whoever it was";
  const auto again = done(victim_, "register_agent", as("ann")).text;
  ann_ = again.substr(again.find("- GUID: ") + 8, 36);
  expect_all_is_well();
}

// -- work ----------------------------------------------------------------------------------------

TEST_F(hostile_records, of_work_that_are_garbage_block_no_lane) {
  make_work();
  for (const auto& content : garbage()) {
    put("work.public.typescript.10", content);
    put("work.public.AGENT-" + bob_ + ".5", content);
    put("work.public.typescript.odd", content);
    put("work.odd-scope.typescript.10", content);
  }
  put("work.public.typescript.10", item("no-uuid", nothing()));
  put("work.public.typescript.10", item(made_up(1), {{"gen", 1000}, {"capability", "other"}}));
  put("work.public.typescript.10", swelling(item(made_up(2), {{"description", "@"}})));
  put("work.public.typescript.10", item(made_up(3), {{"maxAttempts", -5}, {"deadline", "never"}}));
  put("work.public.typescript.10", item(made_up(4), {{"priority", "high"}, {"scope", {"x"}}}));
  // What can be read is worked on; what cannot be is among the dead letters.
  for (int claims = 0; claims < 10; ++claims) {
    const auto claimed = done(friend_, "claim_work", {{"timeout", 0}});
    if (item_in(claimed).empty()) {
      break;
    }
    call(friend_, "fail_work",
         {{"workItemId", item_in(claimed)}, {"error", "forged"}, {"retryable", false}});
  }
  expect_all_is_well();
  done(victim_, "list_work", nothing());
  const auto dead = done(victim_, "list_dead_letter_items", {{"limit", 100}}).text;
  EXPECT_GE(lines_with("**Reason:** Its message in the work queue could not be read.", dead),
            garbage().size())
    << dead;
}

TEST_F(hostile_records, of_items_that_were_overwritten_hurt_these_items_alone) {
  make_work();
  std::vector<std::string> items;
  for (const auto& content : garbage()) {
    const auto offered =
      done(victim_, "broadcast_work_offer",
           {{"taskId", "spoilt"}, {"capability", "typescript"}, {"description", "spoilt"}});
    items.push_back(item_in(offered));
    put("$KV.work_items." + items.back(), content);
    put("$KV.work_tasks." + std::string(64, 'b') + "." + items.back(), content);
  }
  for (const auto& spoilt : items) {
    const auto status = call(victim_, "get_work_status", {{"workItemId", spoilt}});
    EXPECT_FALSE(status.text.empty());
  }
  call(victim_, "get_work_status", {{"taskId", "spoilt"}});
  done(victim_, "list_work", {{"limit", 100}});
  expect_all_is_well();
}

TEST_F(hostile_records, of_the_dead_are_listed_and_can_be_discarded) {
  make_work();
  int number = 0;
  for (const auto& content : garbage()) {
    put("dead.public.typescript." + made_up(++number), content);
    put("dead.public.typescript.no-uuid-" + std::to_string(number), content);
    put("dead.public.=odd." + made_up(number), content);
  }
  put("dead.public.typescript." + made_up(50), R"({"v":1,"id":")" + made_up(50) + R"(","reason":")"
                                                 + std::string(900'000, '\x7f') + R"("})");
  for (const auto limit : {1, 5, 100}) {
    done(victim_, "list_dead_letter_items", {{"limit", limit}});
  }
  EXPECT_FALSE(call(victim_, "discard_dead_letter_item", {{"itemId", made_up(1)}}).text.empty());
  EXPECT_FALSE(call(victim_, "retry_dead_letter_item", {{"itemId", made_up(2)}}).text.empty());
  expect_all_is_well();
}

// -- coordinators --------------------------------------------------------------------------------

TEST_F(hostile_records, of_a_leader_do_not_keep_a_coordinator_from_leading) {
  coordinators_at_work coordinators{nats_.url(), 1};
  const auto* leader = coordinators.leader(20s);
  ASSERT_NE(leader, nullptr);
  ASSERT_TRUE(eventually(20s, [&] {
    const auto there = enemy_.request("$JS.API.STREAM.INFO.COORD", "");
    return observation{there.find(R"("error":)") == std::string::npos, there};
  }));
  for (const auto& content : garbage()) {
    put("$KV.coordinator.leader", content);
    put("$KV.coordinator.odd", content);
    put("coord.submit.public", content);
    put("coord.submit.odd", content);
  }
  // It finds out that the entry is not its own, and leads 6 seconds after it last saw another one.
  const auto offered = done(victim_, "broadcast_work_offer",
                            {{"taskId", "t"},
                             {"capability", "typescript"},
                             {"description", "honest work"},
                             {"coordinated", true}});
  const auto claimed = friend_.answer(friend_.post("claim_work", {{"timeout", 60000}}), 90s);
  EXPECT_EQ(item_in(claimed), item_in(offered)) << claimed.text;
  done(friend_, "complete_work", {{"workItemId", item_in(offered)}});
  EXPECT_TRUE(eventually(20s, [&] {
    const auto log = leader->standard_error();
    return observation{lines_about("storage.unreadable", log) == 1, log};
  }));
  expect_all_is_well();
}

TEST_F(hostile_records, of_items_that_are_garbage_are_told_of_by_a_coordinator_once_each) {
  make_work();
  coordinators_at_work coordinators{nats_.url(), 1};
  const auto* leader = coordinators.leader(20s);
  ASSERT_NE(leader, nullptr);
  for (const auto& content : garbage()) {
    put("$KV.work_items." + made_up(1), content);
  }
  put("$KV.work_items." + made_up(2), "the last one");
  ASSERT_TRUE(eventually(20s, [&] {
    const auto log = leader->standard_error();
    return observation{lines_about(made_up(2), log) == 1, log};
  }));
  EXPECT_EQ(lines_about(made_up(1), leader->standard_error()), 1U) << leader->standard_error();
}

} // namespace
} // namespace nats_mcp::testing
