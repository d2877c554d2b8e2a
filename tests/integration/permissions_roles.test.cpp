// SPDX-License-Identifier: MIT
// The walls that docs/howto/nats-permissions.md promises for the roles `project`, `user` and
// `read-only`: what each allows works through the shipped binary, what it does not allow is refused
// by nats-server, also to somebody who speaks NATS himself, and the tools say so in words.
#include "tests/integration/walled_roles.hpp"
#include "tests/support/eventually.hpp"

#include <algorithm>
#include <fstream>
#include <set>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> together(std::vector<std::vector<std::string>> parts) {
  std::vector<std::string> out;
  for (const auto& part : parts) {
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

// -- project -------------------------------------------------------------------------------------

class project_role : public walled_roles {
protected:
  static constexpr auto visible = "project-only";
};

TEST_F(project_role, leaves_the_agents_of_a_project_all_of_it) {
  agent ann{at({"team", "demo", "ann"})};
  agent bob{at({"team", "demo", "bob"})};
  ASSERT_EQ(ann.register_as(as("ann", visible)), guid_["ann"]);
  ASSERT_EQ(bob.register_as(as("bob", visible)), guid_["bob"]);
  const auto found = ann.call("discover_agents", nothing());
  EXPECT_NE(found.text.find(guid_["bob"]), std::string::npos) << found.text;
  EXPECT_NE(found.text.find("does not allow this user to: agents with the visibility user-only."),
            std::string::npos)
    << found.text;
  EXPECT_FALSE(ann.call("get_agent_info", {{"guid", guid_["bob"]}}).is_error);
  EXPECT_FALSE(ann.call("send_message", {{"channel", "planning"}, {"message", "hello"}}).is_error);
  EXPECT_NE(bob.call("read_messages", {{"channel", "planning"}}).text.find("**ann**: hello"),
            std::string::npos);
  EXPECT_FALSE(
    ann.call("send_direct_message", {{"recipientHandle", "bob"}, {"message", "mail"}}).is_error);
  EXPECT_NE(bob.call("read_direct_messages", nothing()).text.find(guid_["ann"]), std::string::npos);
  for (const auto* scope : {"public", "project"}) {
    const auto offered = ann.call(
      "broadcast_work_offer",
      {{"taskId", "t"}, {"capability", "C++"}, {"description", "to be done"}, {"scope", scope}});
    ASSERT_FALSE(offered.is_error) << offered.text;
    const auto claimed = bob.call("claim_work", {{"timeout", 10000}});
    ASSERT_FALSE(claimed.is_error) << claimed.text;
    const auto mark = claimed.text.find("- Work Item ID: ") + 16;
    const auto done = bob.call("complete_work", {{"workItemId", claimed.text.substr(mark, 36)}});
    EXPECT_FALSE(done.is_error) << done.text;
  }
}

TEST_F(project_role, lets_agents_be_private_and_public_but_not_in_a_users_scope) {
  agent ann{at({"team", "demo", "ann"})};
  for (const auto* visibility : {"private", "public"}) {
    EXPECT_EQ(ann.register_as(as("ann", visibility)), guid_["ann"]) << visibility;
  }
  expect_refused_in_words(ann, "register_agent", as("ann", "user-only"));
  EXPECT_FALSE(ann.call("discover_agents", nothing()).is_error) << "it is who it was";
}

TEST_F(project_role, knows_the_agents_it_was_made_for_and_no_others) {
  agent stranger{at({"team", "demo", "cy"})};
  expect_refused_in_words(stranger, "register_agent", as("cy", visible));
  EXPECT_FALSE(stranger.call("read_messages", {{"channel", "planning"}}).is_error);
}

TEST_F(project_role, keeps_another_projects_channels_behind_a_wall) {
  agent lost{at({"team", "rivals", "ann"})};
  lost.call("set_handle", {{"handle", "ann"}});
  expect_refused_in_words(lost, "send_message", {{"channel", "planning"}, {"message", "spy"}});
  expect_refused_in_words(lost, "read_messages", {{"channel", "planning"}});
  auto team = connection_of("team");
  EXPECT_EQ(team.refusal_of(publish("demo.planning")), "");
  expect_walls(team, together({{publish("rivals.planning"), subscribe("rivals.*"), subscribe(">"),
                                publish("$JS.API.STREAM.INFO.rivals_PLANNING"),
                                publish("$JS.API.CONSUMER.MSG.NEXT.rivals_PLANNING.any"),
                                publish("$JS.API.STREAM.NAMES"), publish("$JS.API.STREAM.LIST")},
                               ways_to_read("rivals_PLANNING", "rivals.planning"),
                               ways_to_destroy("rivals_PLANNING"),
                               ways_to_destroy("demo_PLANNING")}));
}

TEST_F(project_role, keeps_what_may_not_be_seen_behind_a_wall) {
  agent eve{at({"rivals", "rivals", "eve"})};
  agent ann{at({"team", "demo", "ann"})};
  ann.register_as(as("ann", visible));
  for (const auto* visibility : {"project-only", "private"}) {
    eve.register_as(as("eve", visibility));
    EXPECT_EQ(ann.call("discover_agents", nothing()).text.find(guid_["eve"]), std::string::npos);
    EXPECT_TRUE(ann.call("get_agent_info", {{"guid", guid_["eve"]}}).is_error);
  }
  auto team = connection_of("team");
  for (const auto* bucket : {"agents", "presence"}) {
    const auto key = std::string{"$KV."} + bucket + ".";
    const auto stream = std::string{"KV_"} + bucket;
    for (const auto& hidden : {"project." + project_["rivals"] + ".>", std::string{"user.>"},
                               "private." + guid_["eve"], std::string{">"}}) {
      expect_walls(team, ways_to_read(stream, key + hidden));
    }
    expect_walls(team,
                 together({{publish(key + "project." + project_["demo"] + "." + guid_["eve"]),
                            publish(key + "project." + project_["rivals"] + "." + guid_["ann"]),
                            publish(key + "public.all." + guid_["eve"]),
                            publish(key + "private." + guid_["eve"]),
                            publish("$KV.agent_sessions." + guid_["eve"])},
                           ways_to_destroy(stream)}));
  }
}

TEST_F(project_role, keeps_mail_and_names_of_other_projects_behind_a_wall) {
  auto team = connection_of("team");
  EXPECT_EQ(team.refusal_of(publish("inbox." + guid_["eve"] + "." + guid_["ann"])), "");
  const auto eves = "inbox-" + guid_["eve"];
  expect_walls(team, together({{publish("inbox." + guid_["bob"] + "." + guid_["eve"]),
                                subscribe("inbox." + guid_["eve"] + ".*"), subscribe("inbox.>"),
                                publish("$JS.API.CONSUMER.MSG.NEXT.AGENT_INBOX." + eves),
                                publish("$JS.API.CONSUMER.DELETE.AGENT_INBOX." + eves),
                                publish("$JS.ACK.AGENT_INBOX." + eves + ".1.1.1.1.1"),
                                subscribe("_INBOX.>"), subscribe("_INBOX_rivals.>")},
                               ways_to_read("AGENT_INBOX", "inbox." + guid_["eve"] + ".*"),
                               ways_to_read("AGENT_INBOX", "inbox.*.*"),
                               ways_to_destroy("AGENT_INBOX")}));
}

TEST_F(project_role, keeps_another_projects_work_behind_a_wall) {
  auto team = connection_of("team");
  const auto lane = project_["rivals"] + "-c=2B=2B-5";
  const auto subject = "work." + project_["rivals"] + ".c=2B=2B.5";
  EXPECT_EQ(team.refusal_of(publish("work." + project_["demo"] + ".c=2B=2B.5")), "");
  expect_walls(team, together({{publish(subject), subscribe("work." + project_["rivals"] + ".>"),
                                publish("coord.submit." + project_["rivals"]),
                                publish("dead." + project_["rivals"] + ".c=2B=2B.i1"),
                                publish("$JS.API.CONSUMER.MSG.NEXT.WORK." + lane),
                                publish("$JS.ACK.WORK." + lane + ".1.1.1.1.1"),
                                publish("$JS.API.CONSUMER.CREATE.WORK." + lane + "." + subject),
                                publish("$KV.coordinator.leader")},
                               ways_to_read("WORK", subject),
                               ways_to_read("WORK", "work.public.AGENT-" + guid_["eve"] + ".5"),
                               ways_to_read("DEAD_LETTER", "dead." + project_["rivals"] + ".>"),
                               ways_to_destroy("WORK"),
                               ways_to_destroy("DEAD_LETTER")}));
}

// -- user ----------------------------------------------------------------------------------------

class user_role : public walled_roles {};

TEST_F(user_role, leaves_the_agents_of_a_user_its_scope_and_its_projects) {
  agent ann{at({"ann", "demo", "ann"})};
  agent gardener{at({"ann", "garden", "ann"})};
  ASSERT_EQ(ann.register_as(as("ann", "user-only")), guid_["ann"]);
  ASSERT_EQ(gardener.register_as(as("gardener", "user-only")), guid_["gardener"]);
  const auto found = ann.call("discover_agents", nothing());
  EXPECT_NE(found.text.find(guid_["gardener"]), std::string::npos) << found.text;
  EXPECT_EQ(found.text.find("Not looked at"), std::string::npos) << found.text;
  EXPECT_FALSE(
    ann.call("send_direct_message", {{"recipientHandle", "gardener"}, {"message", "hi"}}).is_error);
  EXPECT_NE(gardener.call("read_direct_messages", nothing()).text.find(guid_["ann"]),
            std::string::npos);
  for (auto* who : {&ann, &gardener}) {
    EXPECT_FALSE(
      who->call("send_message", {{"channel", "planning"}, {"message", "hello"}}).is_error);
    const auto offered = who->call("broadcast_work_offer", {{"taskId", "t"},
                                                            {"capability", "C++"},
                                                            {"description", "to be done"},
                                                            {"scope", "project"}});
    EXPECT_FALSE(offered.is_error) << offered.text;
    const auto claimed = who->call("claim_work", {{"timeout", 10000}});
    EXPECT_FALSE(claimed.is_error) << claimed.text;
  }
}

TEST_F(user_role, keeps_other_users_and_projects_behind_a_wall) {
  agent lost{at({"ann", "rivals", "ann"})};
  lost.call("set_handle", {{"handle", "ann"}});
  expect_refused_in_words(lost, "send_message", {{"channel", "planning"}, {"message", "spy"}});
  auto ann = connection_of("ann");
  EXPECT_EQ(ann.refusal_of(publish("garden.planning")), "");
  const std::string other = "0123456789abcdef";
  for (const auto* bucket : {"agents", "presence"}) {
    const auto key = std::string{"$KV."} + bucket + ".";
    const auto stream = std::string{"KV_"} + bucket;
    for (const auto& hidden : {"user." + other + ".>", std::string{"user.>"},
                               "project." + project_["rivals"] + ".>", "private." + guid_["eve"]}) {
      expect_walls(ann, ways_to_read(stream, key + hidden));
    }
    expect_walls(ann, {publish(key + "user." + other + "." + guid_["ann"]),
                       publish(key + "public.all." + guid_["bob"])});
  }
  expect_walls(
    ann, together({{publish("rivals.planning"), subscribe("rivals.*"),
                    publish("inbox." + guid_["eve"] + "." + guid_["bob"]),
                    subscribe("inbox." + guid_["bob"] + ".*"),
                    publish("work." + project_["rivals"] + ".c=2B=2B.5"),
                    subscribe("_INBOX_team.>"), subscribe("_INBOX.>"),
                    publish("$JS.API.CONSUMER.MSG.NEXT.WORK." + project_["rivals"] + "-c=2B=2B-5"),
                    publish("$JS.ACK.AGENT_INBOX.inbox-" + guid_["bob"] + ".1.1.1.1.1"),
                    publish("$JS.API.CONSUMER.MSG.NEXT.AGENT_INBOX.inbox-" + guid_["bob"])},
                   ways_to_read("AGENT_INBOX", "inbox." + guid_["bob"] + ".*"),
                   ways_to_read("WORK", "work." + project_["rivals"] + ".>"),
                   ways_to_read("rivals_PLANNING", "rivals.planning"),
                   ways_to_destroy("AGENT_INBOX"),
                   ways_to_destroy("KV_agents")}));
}

// -- read-only -----------------------------------------------------------------------------------

class read_only_role : public walled_roles {};

TEST_F(read_only_role, lets_somebody_look_at_channels_and_agents) {
  agent bob{at({"team", "demo", "bob"})};
  ASSERT_EQ(bob.register_as(as("bob", "project-only")), guid_["bob"]);
  agent guest{at({"guest", "demo", "guest"})};
  const auto read = guest.call("read_messages", {{"channel", "planning"}});
  EXPECT_NE(read.text.find("made by ann"), std::string::npos) << read.text;
  const auto found = guest.call("discover_agents", nothing());
  EXPECT_NE(found.text.find(guid_["bob"]), std::string::npos) << found.text;
  EXPECT_FALSE(guest.call("get_agent_info", {{"guid", guid_["bob"]}}).is_error);
  EXPECT_FALSE(guest.call("list_channels", nothing()).is_error);
  EXPECT_FALSE(guest.call("server_status", nothing()).is_error);
  guest.call("read_messages", {{"channel", "planning"}, {"unread", true}});
  const auto waiting = guest.post("wait_for_messages", {{"timeout", 30000}});
  guest.call("get_my_handle", nothing());
  bob.call("send_message", {{"channel", "planning"}, {"message", "news"}});
  const auto news = guest.answer(waiting, 40s);
  EXPECT_NE(news.text.find("#planning"), std::string::npos) << news.text;
}

TEST_F(read_only_role, says_in_words_that_nothing_may_be_sent) {
  agent guest{at({"guest", "demo", "guest"})};
  guest.call("set_handle", {{"handle", "guest"}});
  expect_refused_in_words(guest, "send_message", {{"channel", "planning"}, {"message", "hello"}});
  expect_refused_in_words(guest, "register_agent", as("guest", "project-only"));
  const auto listed = guest.call("read_messages", {{"channel", "planning"}});
  EXPECT_EQ(listed.text.find("hello"), std::string::npos) << listed.text;
}

TEST_F(read_only_role, sends_and_changes_nothing) {
  auto guest = connection_of("guest");
  EXPECT_EQ(guest.refusal_of(subscribe("demo.*")), "");
  std::vector<std::string> walls{
    publish("demo.planning"),
    publish("inbox." + guid_["bob"] + "." + guid_["ann"]),
    publish("work.public.c=2B=2B.5"),
    publish("work." + project_["demo"] + ".c=2B=2B.5"),
    publish("dead.public.c=2B=2B.i1"),
    publish("coord.submit.public"),
    publish("$KV.work_items.i1"),
    publish("$KV.coordinator.leader"),
    publish("$KV.agent_sessions." + guid_["bob"]),
    publish("_INBOX_team.any"),
    publish("_INBOX_guest.any"),
    subscribe("inbox.>"),
    subscribe("work.>"),
    subscribe("_INBOX_team.>"),
    subscribe("_INBOX.>"),
  };
  for (const auto& key :
       {"private." + guid_["bob"], "project." + project_["demo"] + "." + guid_["bob"],
        "public.all." + guid_["bob"]}) {
    walls.push_back(publish("$KV.agents." + key));
    walls.push_back(publish("$KV.presence." + key));
  }
  for (const auto* stream : {"demo_PLANNING", "AGENT_INBOX", "WORK", "DEAD_LETTER", "KV_agents",
                             "KV_presence", "KV_agent_sessions", "KV_work_items"}) {
    const auto more = ways_to_destroy(stream);
    walls.insert(walls.end(), more.begin(), more.end());
    walls.push_back(publish(std::string{"$JS.API.STREAM.MSG.DELETE."} + stream));
  }
  expect_walls(guest, walls);
}

TEST_F(read_only_role, sees_neither_mail_nor_work_nor_another_project) {
  auto guest = connection_of("guest");
  expect_walls(
    guest, together({ways_to_read("AGENT_INBOX", "inbox." + guid_["bob"] + ".*"),
                     {publish("$JS.API.CONSUMER.MSG.NEXT.AGENT_INBOX.inbox-" + guid_["bob"]),
                      publish("$JS.ACK.AGENT_INBOX.inbox-" + guid_["bob"] + ".1.1.1.1.1"),
                      publish("$JS.API.CONSUMER.MSG.NEXT.WORK.public-c=2B=2B-5"),
                      publish("$JS.API.CONSUMER.DELETE.WORK.public-c=2B=2B-5")},
                     ways_to_read("WORK", "work.public.c=2B=2B.5"),
                     ways_to_read("KV_work_items", "$KV.work_items.>"),
                     ways_to_read("KV_agents", "$KV.agents.project." + project_["rivals"] + ".>"),
                     ways_to_read("KV_agents", "$KV.agents.private." + guid_["bob"]),
                     ways_to_read("KV_agents", "$KV.agents.user.>"),
                     ways_to_read("KV_agents", "$KV.agents.>"),
                     ways_to_read("rivals_PLANNING", "rivals.planning")}));
}

// -- the templates -------------------------------------------------------------------------------

/// What a template allows.
std::set<std::string> allowed_by(const std::string& role) {
  std::ifstream file{std::string{SOURCE_DIRECTORY} + "/deploy/nats/" + role + "-permissions.conf"};
  std::set<std::string> out;
  for (std::string line; std::getline(file, line);) {
    const auto begin = line.find('"');
    if (begin != std::string::npos && line.find('#') == std::string::npos) {
      out.insert(line.substr(begin));
    }
  }
  return out;
}

TEST(role_templates, allow_the_agents_of_a_user_and_of_a_project_what_one_agent_needs) {
  const auto agent = allowed_by("agent");
  EXPECT_GT(agent.size(), 80U);
  EXPECT_EQ(allowed_by("user"), agent);
  const auto project = allowed_by("project");
  for (const auto& one : agent) {
    EXPECT_EQ(project.contains(one), one.find("@USER_HASH@") == std::string::npos) << one;
  }
}

TEST(role_templates, allow_who_looks_on_nothing_that_an_agent_may_not) {
  const auto agent = allowed_by("agent");
  const auto read_only = allowed_by("read-only");
  EXPECT_GT(read_only.size(), 20U);
  EXPECT_TRUE(std::includes(agent.begin(), agent.end(), read_only.begin(), read_only.end()));
}

} // namespace
} // namespace nats_mcp::testing
