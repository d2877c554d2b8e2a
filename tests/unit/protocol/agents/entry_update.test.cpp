// SPDX-License-Identifier: MIT
// What an agent writes after its registration, when nobody disputes it and when entries vanished.
#include "tests/unit/protocol/agents/registering.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::agents::entry_update_test {
namespace {

using extent = entry_update::extent;

class an_update : public ::testing::Test {
protected:
  holding must_update(extent what) { return must_update(held_, what); }
  holding must_update(const holding& held, extent what) {
    auto written = who_.update_in(store_, held, what);
    EXPECT_TRUE(written) << written.error().message;
    return written.value_or(holding{});
  }
  void expect_stands(const holding& held) {
    EXPECT_EQ(store_.entry(agents_bucket, held.agent_key)->revision, held.entry_revision);
    EXPECT_EQ(store_.entry(sessions_bucket, guid_)->revision, held.anchor_revision);
    EXPECT_EQ(records(store_, guid_), std::vector{held.record});
    EXPECT_EQ(holder(store_, guid_), who_.session());
  }

  testing::key_store store_ = empty_store();
  process who_{1};
  holding held_ = who_.register_in(store_)->held;
  std::string guid_ = held_.record.guid;
};

TEST_F(an_update, of_the_record_writes_it_and_knows_the_new_revision) {
  held_.record.status = tools::agent_status::busy;
  held_.record.current_task_count = 2;
  const auto after = must_update(extent::record);
  EXPECT_GT(after.entry_revision, held_.entry_revision);
  EXPECT_EQ(after.anchor_revision, held_.anchor_revision);
  expect_stands(after);
}

TEST_F(an_update, of_the_anchor_leaves_the_record_alone) {
  const auto after = must_update(extent::anchor);
  EXPECT_GT(after.anchor_revision, held_.anchor_revision);
  EXPECT_EQ(after.entry_revision, held_.entry_revision);
  EXPECT_TRUE(store_.history(presence_bucket).empty()) << "signs of life are the heartbeat's";
  expect_stands(after);
}

TEST_F(an_update, of_everything_writes_both) {
  const auto after = must_update(extent::everything);
  EXPECT_GT(after.anchor_revision, held_.anchor_revision);
  EXPECT_GT(after.entry_revision, held_.entry_revision);
  expect_stands(after);
}

TEST_F(an_update, writes_a_record_that_vanished_again) {
  store_.expire(agents_bucket, held_.agent_key);
  expect_stands(must_update(extent::record));
}

TEST_F(an_update, writes_over_the_marker_of_a_deletion) {
  ASSERT_TRUE(store_.remove({std::string{agents_bucket}, held_.agent_key, {}, {}}));
  ASSERT_TRUE(store_.remove({std::string{sessions_bucket}, guid_, {}, {}}));
  expect_stands(must_update(extent::everything));
}

TEST_F(an_update, takes_an_anchor_that_expired_before_it_writes_anything_else) {
  store_.expire(sessions_bucket, guid_);
  store_.expire(agents_bucket, held_.agent_key);
  std::vector<std::string> written;
  store_.on_write = [&](const std::string& bucket, const jetstream::kv_entry&) {
    written.push_back(bucket);
  };
  expect_stands(must_update(extent::record));
  EXPECT_EQ(written, (std::vector<std::string>{"agent_sessions", "agents"}));
}

TEST_F(an_update, with_old_revisions_finds_out_that_nobody_else_wrote) {
  (void)must_update(extent::everything);
  held_.record.current_task_count = 5;
  expect_stands(must_update(held_, extent::everything));
}

TEST_F(an_update, while_somebody_writes_the_record_all_the_time_gives_up) {
  const auto script = who_.update(held_, extent::record);
  conversation talk{script};
  while (!talk.over()) {
    if (std::holds_alternative<jetstream::kv_put>(talk.next())) {
      ASSERT_TRUE(store_.put({std::string{agents_bucket}, held_.agent_key, "{}", {}, {}, {}}));
    }
    talk.step(store_);
  }
  ASSERT_FALSE(*script->end());
  EXPECT_EQ(script->end()->error().code, ec::busy);
}

TEST_F(an_update, of_an_anchor_that_cannot_be_read_is_a_conflict) {
  ASSERT_TRUE(store_.put({std::string{sessions_bucket}, guid_, "no JSON", {}, {}, {}}));
  const auto refused = who_.update_in(store_, held_, extent::anchor);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::conflict);
}

TEST_F(an_update, that_says_goodbye_keeps_the_record_for_its_mail) {
  const auto after = who_.say_goodbye_in(store_, held_);
  ASSERT_TRUE(after);
  const auto left = records(store_, guid_);
  ASSERT_EQ(left.size(), 1U);
  EXPECT_TRUE(left.front().ended);
  EXPECT_EQ(left.front().status, tools::agent_status::offline);
  EXPECT_EQ(left.front().session_id, who_.session());
}

} // namespace
} // namespace nats_mcp::agents::entry_update_test
