// SPDX-License-Identifier: MIT
// GUIDs of processes of this name that were killed before they returned to the one they had: their
// mail is found by whoever comes next, and nobody who lives loses his.
#include "protocol/agents/buckets.hpp"
#include "protocol/agents/way_back.hpp"
#include "protocol/limits.hpp"

#include "tests/support/registry_story.hpp"

#include <string>
#include <vector>

namespace nats_mcp {
namespace {

using namespace std::chrono_literals;
using strings = std::vector<std::string>;

class a_former_guid : public testing::registry_story {
protected:
  /// A process of this name registers and is killed. Then some time passes.
  std::string killed_as(const std::string& session, std::chrono::milliseconds time = 20s) {
    registry_options how = options();
    how.child_id = session;
    how.process.session_id = session;
    how.session = nullptr;
    how.heartbeat = nullptr;
    how.inbox = nullptr;
    how.supervisor = nullptr;
    const auto part = start_registry(std::move(how));
    const auto answer = ask(part, registering("dev"));
    EXPECT_TRUE(answer) << answer.error().message;
    kill(caf::actor_cast<caf::actor>(part));
    advance(time);
    return answer ? answer->guid : std::string{};
  }

  void kill_two() {
    first_ = killed_as("session-2");
    interim_ = killed_as("session-3");
    ASSERT_NE(first_, interim_);
    nats_.unread_mail = 2;
  }

  /// A sign of life of this process, an interval after the last one.
  void beat() {
    advance(interval);
    tell(registry_, beat_report{heartbeat_heard_->back().now.guid, beat_finding::confirmed, now()});
  }

  /// Where there is no mail, not every sign of life looks.
  void beats_until_a_look() {
    for (unsigned beats = 0; beats < limits::beats_between_looks; ++beats) {
      beat();
    }
  }

  [[nodiscard]] strings opened() const { return inbox_heard_->back().now.former_guids; }
  /// Under whatever names there are.
  [[nodiscard]] strings listed() const {
    strings out;
    for (const auto& entry : nats_.store().entries(agents::sessions_bucket)) {
      if (entry.key.starts_with("key.")) {
        const auto others = agents::read_way_back(entry.value).others;
        out.insert(out.end(), others.begin(), others.end());
      }
    }
    return out;
  }

  std::string first_;
  std::string interim_;
};

TEST_F(a_former_guid, of_a_killed_process_is_opened_with_the_registration_when_it_is_silent) {
  kill_two();
  advance(3 * interval);
  EXPECT_EQ(must_register(registering("dev")), first_);
  EXPECT_EQ(opened(), strings{interim_});
  EXPECT_EQ(holder(interim_), "session-1");
  EXPECT_TRUE(records(interim_).empty()) << "nobody is to write to it any more";
}

TEST_F(a_former_guid, of_one_that_was_killed_last_is_opened_when_it_had_time_to_show_up) {
  kill_two();
  advance(3 * interval - 40s); // the first one has been silent for long enough, not the second
  EXPECT_EQ(must_register(registering("dev")), first_);
  for (int beats = 0; beats < 3; ++beats) {
    EXPECT_TRUE(opened().empty());
    beat();
  }
  for (int beats = 0; beats < 3; ++beats) {
    beat();
  }
  EXPECT_EQ(opened(), strings{interim_});
  EXPECT_EQ(holder(interim_), "session-1");
}

TEST_F(a_former_guid, is_none_of_one_that_lives_beside_this_process) {
  kill_two();
  advance(3 * interval - 40s);
  EXPECT_EQ(must_register(registering("dev")), first_);
  for (int beats = 0; beats < 12; ++beats) {
    const auto record = records(interim_).front();
    (void)nats_.store().put({std::string{agents::presence_bucket},
                             "project.0123456789abcdef." + interim_,
                             agents::write_presence(record.session_id, "w"),
                             {},
                             "w",
                             {}});
    beat();
  }
  EXPECT_TRUE(opened().empty());
  EXPECT_EQ(holder(interim_), "session-3");
  EXPECT_EQ(records(interim_).size(), 1U);
}

TEST_F(a_former_guid, whose_mail_was_read_is_closed) {
  kill_two();
  advance(3 * interval);
  must_register(registering("dev"));
  ASSERT_EQ(opened(), strings{interim_});
  nats_.unread_mail = 0;
  beat();
  EXPECT_TRUE(opened().empty());
  EXPECT_EQ(listed(), strings{interim_}) << "work it offered may still be reported";
  nats_.unread_mail = 1;
  beats_until_a_look();
  EXPECT_EQ(opened(), strings{interim_});
}

TEST_F(a_former_guid, comes_along_when_the_handle_changes) {
  kill_two();
  advance(3 * interval);
  must_register(registering("dev"));
  ASSERT_EQ(opened(), strings{interim_});
  ASSERT_TRUE(ask(registry_, change_handle{"lead", soon()}));
  beat();
  EXPECT_EQ(opened(), strings{interim_});
  EXPECT_EQ(listed(), strings{interim_}) << "by the new name, and no longer by the old one";
}

TEST_F(a_former_guid, is_let_go_of_when_it_is_as_old_as_agents_are_kept_and_has_no_mail) {
  kill_two();
  advance(3 * interval);
  must_register(registering("dev"));
  advance(limits::former_guid_kept_for);
  nats_.unread_mail = 1;
  beat();
  beat();
  EXPECT_EQ(listed(), strings{interim_}) << "there is mail in it";
  nats_.unread_mail = 0;
  beat();
  beat();
  EXPECT_TRUE(listed().empty());
}

TEST_F(a_former_guid, goes_earlier_where_there_are_many_and_nobody_can_be_sending_to_it) {
  for (std::size_t i = 0; i < limits::former_guids_kept + 2; ++i) {
    (void)killed_as("session-" + std::to_string(2 + i), 1s);
  }
  advance(3 * interval);
  must_register(registering("dev"));
  ASSERT_EQ(listed().size(), limits::former_guids_kept + 1);
  advance(limits::former_guid_settled - interval);
  beats_until_a_look();
  EXPECT_LE(listed().size(), limits::former_guids_kept);
}

TEST_F(a_former_guid, is_remembered_by_the_next_registry_of_the_process) {
  kill_two();
  advance(3 * interval);
  must_register(registering("dev"));
  inbox_heard_->clear();
  restart_registry();
  ASSERT_FALSE(inbox_heard_->empty());
  EXPECT_EQ(opened(), strings{interim_});
}

TEST_F(a_former_guid, stays_to_be_found_when_the_agent_it_belongs_to_goes_by_another_name) {
  kill_two();
  advance(3 * interval);
  must_register(registering("dev"));
  ASSERT_TRUE(ask(registry_, change_handle{"renamed", soon()}));
  (void)ask(registry_, deregister{soon()});
  EXPECT_EQ(listed(), strings{interim_});
  const auto next = start_another();
  ASSERT_TRUE(ask(next, registering("dev")));
  EXPECT_EQ(listed(), strings{interim_});
}

TEST_F(a_former_guid, that_is_empty_costs_two_requests_every_third_beat) {
  kill_two();
  nats_.unread_mail = 0;
  advance(3 * interval);
  must_register(registering("dev"));
  beats_until_a_look();
  std::size_t asked = 0;
  nats_.on_command = [&asked](const agents::key_command&) {
    ++asked;
    return std::optional<error>{};
  };
  const auto counting = nats_.script()->on_api_request;
  nats_.script()->on_api_request = [&asked, counting](const auto& what) {
    ++asked;
    return counting(what);
  };
  beats_until_a_look();
  EXPECT_EQ(asked, 3U + 2U) << "three are for the list, however long it is";
}

TEST_F(a_former_guid, is_looked_for_at_every_third_beat_by_one_whose_name_leads_to_another) {
  ASSERT_TRUE(ask(start_another(), registering("dev")));
  must_register(registering("dev"));
  beats_until_a_look();
  std::size_t looks = 0;
  nats_.on_command = [&looks](const agents::key_command& what) {
    const auto* asked = std::get_if<jetstream::kv_get>(&what);
    looks += asked != nullptr && asked->key.starts_with("key.") ? 1 : 0;
    return std::optional<error>{};
  };
  beats_until_a_look();
  EXPECT_EQ(looks, 1U);
}

TEST_F(a_former_guid, stays_open_while_nats_does_not_tell_whose_it_is) {
  kill_two();
  advance(3 * interval);
  must_register(registering("dev"));
  ASSERT_EQ(opened(), strings{interim_});
  nats_.on_command = [this](const agents::key_command& what) {
    const auto* asked = std::get_if<jetstream::kv_get>(&what);
    return asked != nullptr && asked->key == interim_
             ? std::optional{error{ec::timeout, "NATS did not answer in time.", 0}}
             : std::nullopt;
  };
  beat();
  EXPECT_EQ(opened(), strings{interim_});
  nats_.on_command = {};
  nats_.unread_mail = fail(ec::timeout, "NATS did not answer in time.");
  beat();
  EXPECT_EQ(opened(), strings{interim_});
  ASSERT_TRUE(ask(registry_, change_handle{"lead", soon()}));
  EXPECT_EQ(listed(), strings{interim_}) << "and comes along";
}

TEST_F(a_former_guid, that_nobody_may_count_changes_nothing) {
  kill_two();
  advance(3 * interval);
  nats_.unread_mail = fail(ec::timeout, "NATS did not answer in time.");
  EXPECT_EQ(must_register(registering("dev")), first_);
  EXPECT_TRUE(opened().empty());
  nats_.unread_mail = 1;
  beat();
  EXPECT_EQ(opened(), strings{interim_}) << "when NATS answers again";
}

} // namespace
} // namespace nats_mcp
