// SPDX-License-Identifier: MIT
// How long the bucket keeps records is asked now and then, and again when it could not be told.
#include "actors/coordination/record_age.hpp"

#include "protocol/jetstream/stream_config.hpp"
#include "protocol/json/value.hpp"
#include "protocol/limits/coordination.hpp"
#include "protocol/work/streams.hpp"

#include "tests/unit/protocol/work/sample_work.hpp"

#include <gtest/gtest.h>

#include <cstddef>

namespace nats_mcp::testing::record_age_test {
namespace {

using work::testing::noon;
using namespace std::chrono_literals;

class the_age_of_records : public ::testing::Test {
protected:
  /// What the bucket says from now on.
  void keeps_for(std::chrono::minutes age) {
    auto config = work::items_stream({});
    config.max_age = age;
    reply_ = jetstream::api_reply{
      json::write({{"config", jetstream::to_json(config)}, {"state", json::value::object()}})};
  }
  void look(std::chrono::milliseconds after) { age_.look(begin_ + after, seen_, noon + after); }

  result<jetstream::api_reply> reply_{jetstream::api_reply{}};
  std::size_t asked_ = 0;
  coordination::work_view seen_;

private:
  monotonic_time begin_{1h};
  record_age age_{[this](const jetstream::api_request&, const api_answered& then) {
    ++asked_;
    then(reply_);
  }};
};

TEST_F(the_age_of_records, is_asked_for_now_and_then) {
  keeps_for(10min);
  const auto record = work::testing::waiting();
  seen_.apply(
    {record.item.id, work::write_item_record(record, "w"), 1, jetstream::kv_operation::put, noon},
    coordination::work_view::origin::change);
  look(0s);
  look(limits::record_age_look_interval - 1ms);
  EXPECT_EQ(asked_, 1U);
  EXPECT_EQ(seen_.items().size(), 1U);
  look(limits::record_age_look_interval);
  EXPECT_EQ(asked_, 2U);
  look(11min);
  EXPECT_TRUE(seen_.items().empty());
}

TEST_F(the_age_of_records, is_asked_for_again_at_the_next_look_after_a_failure) {
  reply_ = fail(ec::timeout, "NATS did not answer in time.");
  look(0s);
  reply_ = jetstream::api_reply{"{}"}; // says nothing
  look(1s);
  EXPECT_EQ(asked_, 2U);
  keeps_for(10min);
  look(2s);
  EXPECT_EQ(asked_, 3U);
  look(3s);
  EXPECT_EQ(asked_, 3U) << "it is known now";
}

TEST_F(the_age_of_records, is_not_asked_for_all_the_time_by_who_may_not) {
  reply_ = fail(ec::permission_denied, "Not for you.");
  look(0s);
  look(1s);
  EXPECT_EQ(asked_, 1U);
  look(limits::record_age_look_interval);
  EXPECT_EQ(asked_, 2U);
}

} // namespace
} // namespace nats_mcp::testing::record_age_test
