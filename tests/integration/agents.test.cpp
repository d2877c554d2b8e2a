// SPDX-License-Identifier: MIT
// Agents that find each other: the shipped binary, projects in folders of their own, several users,
// a real nats-server.
#include "tests/integration/agent.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/nats_server.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <regex>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

class agent_registry : public ::testing::Test {
protected:
  /// Who runs the process; signs of life come every second, so that silence is noticed soon.
  [[nodiscard]] agent::options run_by(const std::string& user, std::string project = "demo") const {
    return {
      nats_.url(), std::move(project), {{"USER", user}, {"NATS_MCP_HEARTBEAT_INTERVAL", "1000"}}};
  }

  static json::value developer(std::string_view visibility) {
    return {{"agentType", "developer"},
            {"capabilities", {"coding", "testing"}},
            {"visibility", visibility}};
  }

  static std::string found_by(agent& who) {
    return who.call("discover_agents", {{"includeOffline", true}}).text;
  }

  static bool sees(agent& who, const std::string& guid) {
    return found_by(who).find(guid) != std::string::npos;
  }

  nats_server nats_;
};

TEST_F(agent_registry, registers_and_answers_as_documented) {
  agent one{{nats_.url(), "demo", {{"USER", "ann"}}}};
  const auto answer = one.call("register_agent", developer("project-only"));
  EXPECT_TRUE(std::regex_match(
    answer.text, std::regex{"Agent registered successfully!\n- GUID: [0-9a-f-]{36}\n"
                            "- Handle: developer\n- Heartbeat: active \\(60s interval\\)"}))
    << answer.text;
  EXPECT_EQ(one.call("get_my_handle", json::value::object()).text,
            "Your current handle: developer");
}

TEST_F(agent_registry, shows_an_agent_to_another_folder_of_the_project) {
  agent reviewer{run_by("ann")};
  agent developer_one{run_by("bob")};
  const auto guid = reviewer.register_as({{"agentType", "reviewer"},
                                          {"handle", "code-reviewer"},
                                          {"capabilities", {"code-review", "security-audit"}}});
  const auto found =
    developer_one.call("discover_agents", {{"agentType", "reviewer"}, {"status", "online"}}).text;
  EXPECT_EQ(found.rfind("Found 1 agent:\n\n**code-reviewer** (reviewer)\n- GUID: " + guid
                          + "\n- Status: online\n- Capabilities: [code-review, security-audit]\n"
                            "- Last seen: 20",
                        0),
            0U)
    << found;
  const auto info = developer_one.call("get_agent_info", {{"guid", guid}}).text;
  EXPECT_EQ(info.rfind("## Agent: code-reviewer\n\n| Field | Value |\n|-------|-------|\n| GUID | "
                         + guid + " |\n| Type | reviewer |\n| Status | online |\n"
                         + "| Capabilities | code-review, security-audit |\n",
                       0),
            0U)
    << info;
}

struct sight {
  const char* visibility;
  const char* user;
  const char* project;
  bool seen;
};

class agent_visibility : public agent_registry, public ::testing::WithParamInterface<sight> {};

TEST_P(agent_visibility, is_what_the_table_says) {
  agent owner{run_by("ann", "ours")};
  agent viewer{run_by(GetParam().user, GetParam().project)};
  const auto guid = owner.register_as(developer(GetParam().visibility));
  EXPECT_TRUE(sees(owner, guid)) << "everybody sees himself";
  EXPECT_EQ(sees(viewer, guid), GetParam().seen) << found_by(viewer);
  const auto info = viewer.call("get_agent_info", {{"guid", guid}});
  EXPECT_EQ(info.is_error, !GetParam().seen) << info.text;
}

INSTANTIATE_TEST_SUITE_P(of_everybody, agent_visibility,
                         ::testing::Values(sight{"private", "ann", "ours", false},
                                           sight{"project-only", "bob", "ours", true},
                                           sight{"project-only", "ann", "theirs", false},
                                           sight{"user-only", "ann", "theirs", true},
                                           sight{"user-only", "bob", "ours", false},
                                           sight{"public", "bob", "theirs", true}));

TEST_F(agent_registry, follows_an_agent_that_changes_who_may_see_it) {
  agent owner{run_by("ann", "ours")};
  agent stranger{run_by("bob", "theirs")};
  const auto guid = owner.register_as(developer("public"));
  EXPECT_TRUE(sees(stranger, guid));
  EXPECT_EQ(owner.register_as(developer("project-only")), guid);
  EXPECT_FALSE(sees(stranger, guid));
  EXPECT_EQ(owner.register_as(developer("public")), guid);
  EXPECT_TRUE(sees(stranger, guid));
}

TEST_F(agent_registry, tells_presence_as_documented) {
  agent one{run_by("ann")};
  one.register_as(developer("public"));
  EXPECT_EQ(one.call("update_presence", {{"status", "busy"}, {"currentTaskCount", 3}}).text,
            "Presence updated:\n- Status: online → busy\n- Current Tasks: 0 → 3");
  EXPECT_NE(found_by(one).find("- Status: busy"), std::string::npos);
}

TEST_F(agent_registry, deregisters_once) {
  agent one{run_by("ann")};
  agent other{run_by("ann")};
  const auto guid = one.register_as(developer("public"));
  EXPECT_EQ(one.call("deregister_agent", json::value::object()).text,
            "Agent deregistered successfully.\n- Status: offline\n- Heartbeat: stopped");
  EXPECT_TRUE(one.call("deregister_agent", json::value::object()).is_error);
  EXPECT_NE(other.call("discover_agents", {{"status", "offline"}}).text.find(guid),
            std::string::npos);
  EXPECT_EQ(one.register_as(developer("public")), guid) << "it may come back as itself";
}

TEST_F(agent_registry, gives_a_second_live_process_an_identity_of_its_own) {
  agent one{run_by("ann")};
  agent two{run_by("ann")};
  EXPECT_NE(one.register_as(developer("public")), two.register_as(developer("public")));
}

TEST_F(agent_registry, returns_a_process_that_ended_to_its_identity) {
  std::string guid;
  {
    agent first{run_by("ann")};
    guid = first.register_as(developer("public"));
    first.process().close_input();
    ASSERT_TRUE(first.process().wait_exit());
  }
  agent second{run_by("ann")};
  EXPECT_EQ(second.register_as(developer("public")), guid);
}

TEST_F(agent_registry, marks_an_agent_offline_that_is_told_to_end) {
  agent viewer{run_by("bob")};
  for (const bool by_signal : {true, false}) {
    agent one{run_by("ann")};
    const auto guid = one.register_as(developer("public"));
    if (by_signal) {
      one.process().signal(SIGTERM);
    } else {
      one.process().close_input();
    }
    ASSERT_TRUE(one.process().wait_exit());
    const auto offline = viewer.call("discover_agents", {{"status", "offline"}}).text;
    EXPECT_NE(offline.find(guid), std::string::npos) << offline;
  }
}

TEST_F(agent_registry, notices_the_silence_of_a_killed_agent_and_replaces_it) {
  agent viewer{run_by("bob")};
  auto first = std::make_unique<agent>(run_by("ann"));
  const auto guid = first->register_as(developer("public"));
  first->process().signal(SIGKILL);
  ASSERT_TRUE(first->process().wait_exit());
  EXPECT_NE(viewer.call("discover_agents", json::value::object()).text.find(guid),
            std::string::npos)
    << "nobody can know yet";
  EXPECT_TRUE(eventually(15s, [&] {
    const auto offline = viewer.call("discover_agents", {{"status", "offline"}}).text;
    return observation{offline.find(guid) != std::string::npos, offline};
  }));
  agent second{run_by("ann")};
  EXPECT_EQ(second.register_as(developer("public")), guid);
}

TEST_F(agent_registry, gets_the_mail_of_a_killed_process_that_was_restarted_at_once) {
  agent writer{run_by("bob")};
  auto killed = std::make_unique<agent>(run_by("ann"));
  const auto guid = killed->register_as(developer("public"));
  killed->process().signal(SIGKILL);
  writer.register_as({{"agentType", "writer"}, {"visibility", "public"}});
  ASSERT_FALSE(
    writer.call("send_direct_message", {{"recipientGuid", guid}, {"message", "Are you there?"}})
      .is_error);
  agent again{run_by("ann")};
  const auto answer = again.call("register_agent", developer("public"));
  ASSERT_FALSE(answer.is_error) << answer.text;
  // Unless this computer is so slow that the silence was long enough.
  EXPECT_TRUE(answer.text.find(guid) != std::string::npos
              || answer.text.find("- Note: the GUID of this name") != std::string::npos)
    << answer.text;
  EXPECT_TRUE(eventually(15s, [&] {
    const auto repeated = again.call("register_agent", developer("public")).text;
    return observation{repeated.find(guid) != std::string::npos, repeated};
  }));
  const auto mail = again.call("read_direct_messages", json::value::object()).text;
  EXPECT_NE(mail.find("Are you there?"), std::string::npos) << mail;
}

TEST_F(agent_registry, lets_a_stopped_process_find_out_that_it_was_replaced) {
  agent viewer{run_by("bob")};
  agent sleeper{run_by("ann")};
  const auto guid = sleeper.register_as(developer("public"));
  sleeper.process().signal(SIGSTOP);
  ASSERT_TRUE(eventually(15s, [&] {
    const auto offline = viewer.call("discover_agents", {{"status", "offline"}}).text;
    return observation{offline.find(guid) != std::string::npos, offline};
  }));
  agent successor{run_by("ann")};
  ASSERT_EQ(successor.register_as(developer("public")), guid);
  sleeper.process().signal(SIGCONT);
  const auto refused =
    sleeper.call("send_direct_message", {{"recipientGuid", guid}, {"message", "I am still me"}});
  EXPECT_TRUE(refused.is_error);
  EXPECT_NE(refused.text.find("Another process has taken over"), std::string::npos) << refused.text;
  EXPECT_EQ(successor.call("read_direct_messages", json::value::object()).text.find("still me"),
            std::string::npos);
  EXPECT_NE(sleeper.register_as(developer("public")), guid);
}

TEST_F(agent_registry, registers_by_itself_when_the_environment_says_so) {
  agent viewer{run_by("bob")};
  auto choice = run_by("ann");
  choice.environment["NATS_MCP_AGENT_TYPE"] = "developer";
  choice.environment["NATS_MCP_HANDLE"] = "dev-one";
  choice.environment["NATS_MCP_CAPABILITIES"] = "coding,testing";
  agent one{choice};
  EXPECT_EQ(found_by(viewer).find("dev-one"), std::string::npos) << "not before it needs NATS";
  ASSERT_FALSE(one.call("read_messages", {{"channel", "planning"}}).is_error);
  const auto found = found_by(viewer);
  EXPECT_NE(found.find("**dev-one** (developer)"), std::string::npos) << found;
  EXPECT_NE(found.find("[coding, testing]"), std::string::npos) << found;
}

TEST_F(agent_registry, is_whole_again_after_nats_was_killed) {
  agent one{run_by("ann")};
  agent viewer{run_by("bob")};
  const auto guid = one.register_as(developer("public"));
  ASSERT_TRUE(sees(viewer, guid));
  nats_.kill();
  nats_.start();
  EXPECT_TRUE(eventually(10s, [&] {
    const auto online = viewer.call("discover_agents", {{"status", "online"}}).text;
    return observation{online.find(guid) != std::string::npos, online};
  }));
}

TEST_F(agent_registry, writes_an_entry_again_that_somebody_deleted) {
  agent one{run_by("ann")};
  const auto guid = one.register_as(developer("public"));
  const auto store = nats_.folder();
  nats_.stop();
  for (const auto& entry : std::filesystem::recursive_directory_iterator{store}) {
    if (entry.is_directory() && entry.path().filename() == "KV_agents") {
      std::filesystem::remove_all(entry.path());
      break;
    }
  }
  nats_.start();
  agent viewer{run_by("bob")};
  EXPECT_TRUE(eventually(15s, [&] {
    const auto online = viewer.call("discover_agents", {{"status", "online"}}).text;
    return observation{online.find(guid) != std::string::npos, online};
  }));
}

TEST_F(agent_registry, stores_no_credentials_and_no_paths) {
  nats_server guarded{{true, {"authorization { user: ann, password: s3cr3t-word }"}}};
  agent::options choice{"nats://ann:s3cr3t-word@127.0.0.1:" + std::to_string(guarded.port()),
                        "demo",
                        {{"USER", "ann"}}};
  agent one{choice};
  one.register_as(developer("public"));
  one.call("send_direct_message", {{"recipientHandle", "developer"}, {"message", "hello"}});
  const auto folder = std::filesystem::temp_directory_path().string();
  std::size_t looked_at = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{guarded.folder()}) {
    if (entry.is_regular_file() && entry.path().extension() == ".blk") {
      std::ifstream file{entry.path(), std::ios::binary};
      const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
      EXPECT_EQ(bytes.find("s3cr3t-word"), std::string::npos) << entry.path();
      EXPECT_EQ(bytes.find(folder), std::string::npos) << entry.path();
      ++looked_at;
    }
  }
  EXPECT_GT(looked_at, 0U);
}

} // namespace
} // namespace nats_mcp::testing
