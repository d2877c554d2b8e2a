// SPDX-License-Identifier: MIT
// The walls around work: with the permissions of deploy/nats/agent-permissions.conf an agent goes
// through the whole life of an item, and can take nothing that is not for it.
#include "tests/integration/walled_agents.hpp"
#include "tests/support/eventually.hpp"

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

class work_permissions : public walled_agents {
protected:
  static std::string offer(agent& by, json::value arguments) {
    arguments["taskId"] = "t";
    arguments["description"] = "to be done";
    if (json::find(arguments, "capability") == nullptr) {
      arguments["capability"] = "C++";
    }
    const auto offered = by.call("broadcast_work_offer", arguments);
    EXPECT_FALSE(offered.is_error) << offered.text;
    return item_in(offered);
  }

  static std::string claim(agent& by) {
    const auto claimed = by.call("claim_work", {{"timeout", 10000}});
    EXPECT_FALSE(claimed.is_error) << claimed.text;
    return item_in(claimed);
  }

  static tool_outcome with(agent& who, const std::string& tool, const std::string& item,
                           json::value arguments = json::value::object()) {
    arguments["workItemId"] = item;
    auto outcome = who.call(tool, arguments);
    EXPECT_FALSE(outcome.is_error) << tool << ": " << outcome.text;
    return outcome;
  }

  static void expect_refused(raw_nats& by, const std::string& line) {
    EXPECT_NE(by.refusal_of(line).find("Permissions Violation"), std::string::npos) << line;
  }
};

TEST_F(work_permissions, let_an_agent_offer_take_and_finish_work) {
  agent ann{as("ann")};
  agent bob{as("bob")};
  ASSERT_EQ(ann.register_as(self("ann")), ann_);
  ASSERT_EQ(bob.register_as(self("bob")), bob_);
  for (const auto* scope : {"public", "project"}) {
    const auto item = offer(ann, {{"scope", scope}});
    ASSERT_EQ(claim(bob), item) << scope;
    with(bob, "report_progress", item, {{"progress", 50}, {"note", "half"}});
    with(bob, "complete_work", item, {{"summary", "done"}});
    EXPECT_NE(with(ann, "get_work_status", item).text.find("completed"), std::string::npos);
  }
  const auto mail = ann.call("read_direct_messages", json::value::object());
  EXPECT_NE(mail.text.find("work-complete"), std::string::npos) << mail.text;
  const auto personal = offer(ann, {{"assignTo", bob_}});
  ASSERT_EQ(claim(bob), personal);
  with(bob, "release_work", personal);
  ASSERT_EQ(claim(bob), personal);
  with(bob, "complete_work", personal);
}

TEST_F(work_permissions, let_a_waiting_agent_hear_of_work) {
  agent ann{as("ann")};
  agent bob{as("bob")};
  ann.register_as(self("ann"));
  bob.register_as(self("bob"));
  const auto waiting = bob.post("claim_work", {{"timeout", 30000}});
  bob.call("get_my_handle", json::value::object());
  const auto item = offer(ann, {{"scope", "project"}});
  EXPECT_EQ(item_in(bob.answer(waiting, 10s)), item);
}

TEST_F(work_permissions, let_an_agent_cancel_and_deal_with_dead_letters) {
  agent ann{as("ann")};
  agent bob{as("bob")};
  ann.register_as(self("ann"));
  bob.register_as(self("bob"));
  const auto cancelled = offer(ann, json::value::object());
  with(ann, "cancel_work", cancelled, {{"reason", "not needed"}});
  EXPECT_EQ(item_in(bob.call("claim_work", json::value::object())), "") << "it is cancelled";
  for (const auto* scope : {"public", "project"}) {
    const auto item = offer(ann, {{"scope", scope}});
    ASSERT_EQ(claim(bob), item);
    with(bob, "fail_work", item, {{"error", "broken"}, {"retryable", false}});
    EXPECT_TRUE(eventually(10s, [&] { // its letter follows the answer
      const auto dead = ann.call("list_dead_letter_items", json::value::object()).text;
      return observation{dead.find(item) != std::string::npos, dead};
    }));
    const auto retried = ann.call("retry_dead_letter_item", {{"itemId", item}});
    EXPECT_FALSE(retried.is_error) << retried.text;
    ASSERT_EQ(claim(bob), item);
    with(bob, "fail_work", item, {{"error", "broken"}, {"retryable", false}});
    const auto discarded = ann.call("discard_dead_letter_item", {{"itemId", item}});
    EXPECT_FALSE(discarded.is_error) << discarded.text;
    EXPECT_EQ(ann.call("list_dead_letter_items", json::value::object()).text.find(item),
              std::string::npos);
  }
  const auto listed = ann.call("list_work", {{"state", "discarded"}});
  EXPECT_FALSE(listed.is_error) << listed.text;
}

TEST_F(work_permissions, let_an_agent_hand_work_of_its_scopes_to_a_coordinator) {
  agent ann{as("ann")};
  ann.register_as(self("ann"));
  for (const auto* scope : {"public", "project"}) {
    const auto item = offer(ann, {{"scope", scope}, {"coordinated", true}});
    EXPECT_NE(with(ann, "get_work_status", item).text.find("has not chosen a worker yet"),
              std::string::npos);
  }
  auto bob = bobs_connection();
  EXPECT_EQ(bob.refusal_of(publish("coord.submit." + project_)), "");
  for (const auto* name :
       {"coord.submit.0123456789abcdef", "$JS.API.CONSUMER.MSG.NEXT.COORD.coordinator",
        "$JS.API.CONSUMER.CREATE.COORD.mine.coord.submit.*", "$JS.API.STREAM.PURGE.COORD",
        "$JS.ACK.COORD.coordinator.1.1.1.1.1", "$KV.coordinator.leader"}) {
    expect_refused(bob, publish(name));
  }
}

TEST_F(work_permissions, keep_another_projects_work_behind_a_wall) {
  auto bob = bobs_connection();
  const std::string other = "0123456789abcdef";
  const auto lane = other + "-c=2B=2B-5";
  const auto subject = "work." + other + ".c=2B=2B.5";
  EXPECT_EQ(bob.refusal_of(publish("work." + project_ + ".c=2B=2B.5")), "");
  for (const auto& name : {subject, "$JS.API.CONSUMER.CREATE.WORK.mine." + subject,
                           "$JS.API.CONSUMER.CREATE.WORK." + lane + "." + subject,
                           "$JS.API.CONSUMER.CREATE.WORK.public-c=2B=2B-5." + subject,
                           "$JS.API.CONSUMER.MSG.NEXT.WORK." + lane,
                           "$JS.ACK.WORK." + lane + ".1.1.1.1.1", "dead." + other + ".c=2B=2B.i1",
                           "$JS.API.DIRECT.GET.DEAD_LETTER.dead." + other + ".c=2B=2B.i1",
                           "$JS.API.CONSUMER.CREATE.DEAD_LETTER.mine.dead." + other + ".*.*",
                           std::string{"$JS.API.CONSUMER.CREATE.DEAD_LETTER.mine.dead.>"}}) {
    expect_refused(bob, publish(name));
  }
  expect_refused(bob, "SUB work." + other + ".c=2B=2B.* 9\r\n");
  expect_refused(bob, "SUB work.> 9\r\n");
}

TEST_F(work_permissions, give_nobody_what_is_not_for_it) {
  auto bob = bobs_connection();
  EXPECT_EQ(bob.refusal_of(publish("work.public.AGENT-" + ann_ + ".5")), "") << "anybody may offer";
  for (const auto& name :
       {"$JS.API.CONSUMER.MSG.NEXT.WORK.public-AGENT-" + ann_ + "-5",
        "$JS.API.CONSUMER.CREATE.WORK.mine.work.public.AGENT-" + ann_ + ".5",
        std::string{"$JS.API.CONSUMER.MSG.NEXT.WORK.public-testing-5"},
        std::string{"$JS.API.CONSUMER.CREATE.WORK.public-testing-5.work.public.testing.5"},
        std::string{"$JS.API.CONSUMER.CREATE.WORK.public-c=2B=2B-5.work.public.c=2B=2B.6"},
        std::string{"$JS.API.CONSUMER.CREATE.WORK.mine.work.>"},
        std::string{"$JS.API.CONSUMER.DURABLE.CREATE.WORK.mine"},
        std::string{"$JS.API.CONSUMER.DELETE.WORK.public-c=2B=2B-5"},
        std::string{"$JS.ACK.WORK.public-testing-5.1.1.1.1.1"},
        std::string{"$JS.API.STREAM.MSG.GET.WORK"}, std::string{"$JS.API.STREAM.MSG.DELETE.WORK"},
        std::string{"$JS.API.STREAM.PURGE.WORK"}, std::string{"$JS.API.STREAM.UPDATE.WORK"},
        std::string{"$JS.API.STREAM.DELETE.WORK"},
        std::string{"$JS.API.STREAM.MSG.DELETE.KV_work_items"}}) {
    expect_refused(bob, publish(name));
  }
  expect_refused(bob, "SUB work.public.AGENT-" + ann_ + ".* 9\r\n");
}

} // namespace
} // namespace nats_mcp::testing
