// SPDX-License-Identifier: MIT
// Who becomes which agent: a process after another.
#include "protocol/limits.hpp"

#include "tests/unit/protocol/agents/registering.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::agents::registration_test {
namespace {

class registering : public ::testing::Test {
protected:
  registration::outcome must_register(const process& who) {
    return must_register(who, who.request());
  }
  registration::outcome must_register(const process& who, registration::request what) {
    auto outcome = who.register_in(store_, std::move(what));
    EXPECT_TRUE(outcome) << outcome.error().message;
    return outcome.value_or(registration::outcome{});
  }

  /// Anchor, record and what the process remembers agree.
  void expect_holds(const process& who, const holding& held) {
    const auto& guid = held.record.guid;
    EXPECT_EQ(holder(store_, guid), who.session());
    const auto anchored = store_.entry(sessions_bucket, guid);
    ASSERT_TRUE(anchored);
    EXPECT_EQ(anchored->revision, held.anchor_revision);
    EXPECT_EQ(read_anchor(anchored->value)->agent_key, held.agent_key);
    const auto entry = store_.entry(agents_bucket, held.agent_key);
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->revision, held.entry_revision);
    EXPECT_EQ(records(store_, guid), std::vector{held.record});
  }

  testing::key_store store_ = empty_store();
  process first_{1};
  process second_{2};
  process third_{3};
};

TEST_F(registering, for_the_first_time_makes_a_new_agent) {
  const auto outcome = must_register(first_);
  EXPECT_FALSE(outcome.returned);
  EXPECT_TRUE(is_guid(outcome.held.record.guid));
  EXPECT_EQ(outcome.held.session_id, first_.session());
  EXPECT_EQ(outcome.held.agent_key, "project.0123456789abcdef." + outcome.held.record.guid);
  expect_holds(first_, outcome.held);
}

TEST_F(registering, returns_to_the_guid_of_a_predecessor_that_said_goodbye) {
  const auto before = must_register(first_);
  ASSERT_TRUE(first_.say_goodbye_in(store_, before.held));
  const auto after = must_register(second_);
  EXPECT_TRUE(after.returned);
  EXPECT_EQ(after.held.record.guid, before.held.record.guid);
  expect_holds(second_, after.held);
}

TEST_F(registering, returns_to_the_guid_of_a_predecessor_that_fell_silent) {
  const auto before = must_register(first_);
  store_.pass(3 * interval);
  const auto after = must_register(second_);
  EXPECT_TRUE(after.returned);
  EXPECT_EQ(after.held.record.guid, before.held.record.guid);
  expect_holds(second_, after.held);
}

TEST_F(registering, returns_to_the_guid_of_a_predecessor_whose_anchor_expired) {
  const auto before = must_register(first_);
  store_.expire(sessions_bucket, before.held.record.guid);
  const auto after = must_register(second_);
  EXPECT_EQ(after.held.record.guid, before.held.record.guid);
  expect_holds(second_, after.held);
}

TEST_F(registering, beside_a_live_process_makes_an_agent_of_its_own) {
  const auto live = must_register(first_);
  store_.pass(3 * interval - 1ms);
  const auto other = must_register(second_);
  EXPECT_FALSE(other.returned);
  EXPECT_NE(other.held.record.guid, live.held.record.guid);
  expect_holds(first_, live.held);
  expect_holds(second_, other.held);
}

TEST_F(registering, leaves_alone_who_gave_a_sign_of_life_in_time) {
  const auto live = must_register(first_);
  for (int beats = 0; beats < 10; ++beats) {
    store_.pass(interval);
    first_.beat_in(store_, live.held);
  }
  store_.pass(2 * interval);
  EXPECT_NE(must_register(second_).held.record.guid, live.held.record.guid);
  expect_holds(first_, live.held);
}

TEST_F(registering, goes_by_the_interval_of_the_one_who_is_silent) {
  auto slow = first_.request();
  slow.record.heartbeat_interval = 10 * interval;
  const auto live = must_register(first_, slow);
  store_.pass(29 * interval);
  EXPECT_NE(must_register(second_).held.record.guid, live.held.record.guid);
  store_.pass(interval);
  EXPECT_EQ(must_register(third_).held.record.guid, live.held.record.guid);
}

TEST_F(registering, goes_by_the_interval_in_the_anchor_of_one_that_has_written_no_record_yet) {
  const auto script = first_.start();
  conversation talk{script};
  for (int round = 0; round < 4; ++round) {
    talk.step_round(store_); // the anchor is taken, and there it was killed
  }
  ASSERT_EQ(holder(store_, first_.new_guid()), first_.session());
  store_.pass(3 * interval - 1ms);
  EXPECT_NE(must_register(third_).held.record.guid, first_.new_guid());
  store_.pass(1ms);
  const auto after = must_register(second_);
  EXPECT_TRUE(after.returned);
  EXPECT_EQ(after.held.record.guid, first_.new_guid());
  expect_holds(second_, after.held);
}

TEST_F(registering, gives_whoever_has_only_an_anchor_without_an_interval_the_longest) {
  const auto& guid = first_.new_guid();
  const auto put = [this](std::string key, std::string value) {
    return store_.put({std::string{sessions_bucket}, std::move(key), std::move(value), {}, {}, {}});
  };
  ASSERT_TRUE(put(process::returning(), write_way_back({guid, {}}, "w")));
  ASSERT_TRUE(put(guid, R"({"v":1,"writeId":"w","sessionId":"s-1","agentKey":"public.all.)" + guid
                          + R"("})"));
  store_.pass(3 * limits::heartbeat_interval_max - 1ms);
  EXPECT_NE(must_register(second_).held.record.guid, guid);
  store_.pass(1ms);
  EXPECT_EQ(must_register(third_).held.record.guid, guid);
}

TEST_F(registering, does_not_take_what_is_another_projects_whoever_wrote_the_way_back) {
  const auto& guid = first_.new_guid();
  const auto put = [this](std::string key, std::string value) {
    return store_.put({std::string{sessions_bucket}, std::move(key), std::move(value), {}, {}, {}});
  };
  ASSERT_TRUE(put(process::returning(), write_way_back({guid, {}}, "w")));
  const anchor others{"of another", "project.ffffffffffffffff." + guid, {}, interval};
  ASSERT_TRUE(put(guid, write_anchor(others, "w")));
  store_.pass(1h);
  EXPECT_NE(must_register(second_).held.record.guid, guid);
  EXPECT_EQ(holder(store_, guid), "of another");
}

TEST_F(registering, after_a_heartbeat_of_somebody_else_does_not_take_it_for_one_of_the_holders) {
  const auto before = must_register(first_);
  store_.pass(3 * interval);
  third_.beat_in(store_, before.held);
  EXPECT_EQ(must_register(second_).held.record.guid, before.held.record.guid);
}

TEST_F(registering, again_after_a_goodbye_takes_back_what_was_its_own) {
  const auto before = must_register(first_);
  ASSERT_TRUE(first_.say_goodbye_in(store_, before.held));
  const auto after = must_register(first_);
  EXPECT_FALSE(after.returned) << "nobody else was this agent meanwhile";
  EXPECT_EQ(after.held.record.guid, before.held.record.guid);
  expect_holds(first_, after.held);
}

TEST_F(registering, does_not_take_an_old_goodbye_for_one_of_the_new_holder) {
  const auto before = must_register(first_);
  ASSERT_TRUE(first_.say_goodbye_in(store_, before.held));
  const auto script = second_.start();
  conversation talk{script};
  for (int round = 0; round < 4; ++round) {
    talk.step_round(store_); // no time has passed: the goodbye and the anchor bear one stamp
  }
  ASSERT_EQ(holder(store_, before.held.record.guid), second_.session());
  EXPECT_NE(must_register(third_).held.record.guid, before.held.record.guid);
  talk.finish(store_);
  ASSERT_TRUE(*script->end());
  expect_holds(second_, script->end()->value().held);
}

TEST_F(registering, over_an_anchor_that_cannot_be_read_takes_it) {
  const auto before = must_register(first_);
  const auto& guid = before.held.record.guid;
  ASSERT_TRUE(store_.put({std::string{sessions_bucket}, guid, "no JSON", {}, {}, {}}));
  EXPECT_EQ(must_register(second_).held.record.guid, guid);
}

TEST_F(registering, over_a_way_back_that_cannot_be_read_makes_a_new_agent) {
  ASSERT_TRUE(store_.put({std::string{sessions_bucket}, process::returning(), "x", {}, {}, {}}));
  EXPECT_EQ(must_register(first_).held.record.guid, first_.new_guid());
  EXPECT_EQ(way_in(store_), (way_back{first_.new_guid(), {}}));
}

TEST_F(registering, over_deleted_entries_expects_their_revisions) {
  const auto before = must_register(first_);
  for (const auto& [bucket, key] : {std::pair{sessions_bucket, process::returning()},
                                    std::pair{sessions_bucket, before.held.record.guid},
                                    std::pair{agents_bucket, before.held.agent_key}}) {
    ASSERT_TRUE(store_.remove({std::string{bucket}, key, {}, {}}));
  }
  expect_holds(first_, must_register(first_).held);
}

TEST_F(registering, again_while_registered_keeps_the_guid) {
  const auto before = must_register(first_);
  auto again = first_.request();
  again.held = before.held;
  again.record.agent_type = "tester";
  const auto after = must_register(first_, again);
  EXPECT_FALSE(after.returned);
  EXPECT_EQ(after.held.record.guid, before.held.record.guid);
  EXPECT_EQ(after.held.record.agent_type, "tester");
  expect_holds(first_, after.held);
}

TEST_F(registering, under_another_handle_while_registered_is_found_under_both) {
  const auto before = must_register(first_);
  auto renamed = first_.request();
  renamed.held = before.held;
  renamed.record.handle = "renamed";
  renamed.returning_key = "key.renamed";
  const auto after = must_register(first_, renamed);
  EXPECT_EQ(after.held.record.guid, before.held.record.guid);
  expect_holds(first_, after.held);
  ASSERT_TRUE(first_.say_goodbye_in(store_, after.held));
  EXPECT_EQ(must_register(second_).held.record.guid, before.held.record.guid);
}

TEST_F(registering, under_the_handle_of_another_while_registered_leaves_that_one_its_way_back) {
  const auto other = must_register(second_);
  auto request = first_.request();
  request.returning_key = "key.renamed";
  const auto own = must_register(first_, request);
  request.held = own.held;
  request.returning_key = process::returning();
  const auto after = must_register(first_, request);
  EXPECT_EQ(after.held.record.guid, own.held.record.guid);
  expect_holds(first_, after.held);
  expect_holds(second_, other.held);
  EXPECT_EQ(way_in(store_), (way_back{other.held.record.guid, {own.held.record.guid}}));
}

TEST_F(registering, again_when_the_guid_was_taken_over_is_a_conflict) {
  const auto before = must_register(first_);
  store_.pass(3 * interval);
  const auto successor = must_register(second_);
  auto again = first_.request();
  again.held = before.held;
  const auto refused = first_.register_in(store_, again);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::conflict);
  expect_holds(second_, successor.held);
}

TEST_F(registering, while_somebody_touches_the_way_back_all_the_time_gives_up) {
  const auto script = first_.start();
  conversation talk{script};
  while (!talk.over()) {
    ASSERT_TRUE(store_.put({std::string{sessions_bucket}, process::returning(), "x", {}, {}, {}}));
    talk.step(store_);
  }
  ASSERT_FALSE(*script->end());
  EXPECT_EQ(script->end()->error().code, ec::busy);
  EXPECT_EQ(script->end()->error().message,
            "Several processes register as \"dev\" at the same time. Try again.");
}

TEST_F(registering, again_beside_others_of_the_name_is_not_taken_for_a_take_over) {
  const auto before = must_register(first_);
  auto again = first_.request();
  again.held = before.held;
  const auto script = first_.start(again);
  conversation talk{script};
  talk.step(store_);
  const auto other = must_register(second_); // touches the way back meanwhile
  talk.finish(store_);
  ASSERT_TRUE(*script->end()) << script->end()->error().message;
  expect_holds(first_, script->end()->value().held);
  expect_holds(second_, other.held);
}

TEST_F(registering, that_has_to_begin_again_with_the_anchor_taken_says_that_it_returned) {
  const process predecessor{9, visibility::public_};
  const auto before = must_register(predecessor).held;
  store_.pass(3 * interval);
  const auto script = second_.start();
  conversation talk{script};
  while (holder(store_, before.record.guid) != second_.session()) {
    talk.step(store_);
  }
  // A last word in the entry that is about to go.
  ASSERT_TRUE(store_.put({std::string{agents_bucket},
                          before.agent_key,
                          write_agent_record(before.record, "w"),
                          {},
                          {},
                          {}}));
  talk.finish(store_);
  ASSERT_TRUE(*script->end()) << script->end()->error().message;
  EXPECT_EQ(script->end()->value().held.record.guid, before.record.guid);
  EXPECT_TRUE(script->end()->value().returned);
}

TEST_F(registering, beside_more_of_its_name_than_can_be_listed_is_refused) {
  way_back full{must_register(first_).held.record.guid, {}};
  auto numbers = counting_from(77);
  while (full.others.size() < limits::guids_of_a_name_max) {
    ASSERT_TRUE(add_other(full, make_uuid(numbers)));
  }
  ASSERT_TRUE(store_.put(
    {std::string{sessions_bucket}, process::returning(), write_way_back(full, "w"), {}, {}, {}}));
  const auto refused = second_.register_in(store_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::busy);
  EXPECT_NE(refused.error().message.find("Choose another handle"), std::string::npos);
  EXPECT_EQ(way_in(store_), full);
  store_.pass(3 * interval);
  EXPECT_TRUE(second_.register_in(store_)) << "it may return";
}

TEST_F(registering, tells_what_time_it_is_at_the_server) {
  const auto script = first_.start();
  conversation{script}.finish(store_);
  ASSERT_TRUE(script->clock().known());
  EXPECT_EQ(script->clock().now({}), store_.now());
}

TEST_F(registering, tells_no_time_from_a_time_stamp_of_somebody_else) {
  const auto other = must_register(second_);
  auto request = first_.request();
  request.returning_key = "key.renamed";
  request.held = must_register(first_, request).held;
  request.returning_key = process::returning();
  store_.pass(1h);
  const auto script = first_.start(request);
  conversation{script}.finish(store_);
  EXPECT_FALSE(script->clock().known());
}

TEST_F(registering, for_a_user_that_is_not_known_cannot_be_for_that_user_only) {
  auto request = process{1, visibility::user_only}.request();
  request.self.user_hash.clear();
  const auto refused = first_.register_in(store_, request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::invalid_argument);
  EXPECT_NE(refused.error().message.find("Set USER"), std::string::npos);
  EXPECT_TRUE(store_.entries(sessions_bucket).empty());
}

} // namespace
} // namespace nats_mcp::agents::registration_test
