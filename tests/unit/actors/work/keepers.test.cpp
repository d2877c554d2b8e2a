// SPDX-License-Identifier: MIT
// What an actor keeps in mind about NATS before it takes work: which lanes have a consumer, and
// what time it is at the server.
#include "protocol/jetstream/durable_consumer.hpp"
#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"
#include "protocol/work/streams.hpp"

#include "actors/work/lane_keeper.hpp"
#include "actors/work/server_time_keeper.hpp"

#include "tests/support/deterministic.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

const work::lane lane{"public", "typescript", 5};

/// The JetStream API, answered in an order written beforehand.
class scripted_api {
public:
  void answers(result<jetstream::api_reply> reply) { replies_.push_back(std::move(reply)); }

  [[nodiscard]] api_caller caller() {
    return [this](const jetstream::api_request& request, const api_answered& then) {
      asked.push_back(request.verb.substr(0, request.verb.find('.', request.verb.find('.') + 1)));
      bodies.push_back(request.body);
      if (replies_.empty()) {
        then(fail(ec::timeout, "Nobody answers."));
        return;
      }
      const auto reply = std::move(replies_.front());
      replies_.pop_front();
      then(reply);
    };
  }

  strings asked;
  strings bodies;

private:
  std::deque<result<jetstream::api_reply>> replies_;
};

// -- lanes -------------------------------------------------------------------------------------

class keeping_lanes : public ::testing::Test {
protected:
  static result<jetstream::api_reply> consumer(std::chrono::nanoseconds ack_wait,
                                               std::uint64_t delivered = 0) {
    return jetstream::api_reply{json::write({{"num_pending", 1},
                                             {"num_ack_pending", 0},
                                             {"delivered", {{"consumer_seq", delivered}}},
                                             {"config", {{"ack_wait", ack_wait.count()}}}})};
  }

  /// One that has delivered this message of the stream.
  static result<jetstream::api_reply> consumer_at(std::uint64_t stream_sequence) {
    return jetstream::api_reply{
      json::write({{"num_pending", 0},
                   {"num_ack_pending", 0},
                   {"delivered", {{"consumer_seq", 7}, {"stream_seq", stream_sequence}}},
                   {"config", {{"ack_wait", 7}}}})};
  }

  static result<jetstream::api_reply> stream_up_to(std::uint64_t last_sequence) {
    const auto wanted = work::work_stream({});
    return jetstream::api_reply{json::write(
      {{"config", jetstream::to_json(wanted)},
       {"state", {{"messages", 0}, {"first_seq", 1}, {"last_seq", last_sequence}, {"bytes", 0}}}})};
  }

  static result<jetstream::api_reply> not_allowed() {
    return tl::make_unexpected(error{ec::permission_denied, "Not allowed.", 0});
  }

  static result<jetstream::api_reply> no_consumer() {
    return tl::make_unexpected(
      error{ec::jetstream_error, "No such consumer.", jetstream::no_such_consumer});
  }

  result<open_lane> open(const work::lane& where = lane) {
    std::optional<result<open_lane>> out;
    keeper_.open(where, monotonic_time{}, [&](const result<open_lane>& got) { out = got; });
    return out.value_or(fail(ec::timeout, "It never answered."));
  }

  scripted_api api_;
  lane_keeper keeper_{api_.caller(), {5min, 1h}};
};

TEST_F(keeping_lanes, uses_a_consumer_as_it_is) {
  api_.answers(consumer(7s, 12));
  const auto got = open();
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->where, lane);
  EXPECT_EQ(got->stream, "WORK");
  EXPECT_EQ(got->consumer, "public-typescript-5");
  EXPECT_EQ(got->ack_wait, 7s);
  EXPECT_EQ(got->delivered, 12U);
  EXPECT_EQ(api_.asked, strings{"CONSUMER.INFO"});
}

TEST_F(keeping_lanes, makes_one_only_where_there_is_none) {
  api_.answers(no_consumer());
  api_.answers(consumer(5min));
  ASSERT_TRUE(open());
  EXPECT_EQ(api_.asked, (strings{"CONSUMER.INFO", "CONSUMER.CREATE"}));
  EXPECT_NE(api_.bodies.back().find("\"ack_wait\":300000000000"), std::string::npos);
}

TEST_F(keeping_lanes, asks_once_for_each) {
  api_.answers(consumer(7s));
  ASSERT_TRUE(open());
  ASSERT_TRUE(open());
  EXPECT_EQ(api_.asked.size(), 1U);
  api_.answers(consumer(9s));
  EXPECT_EQ(open({"public", "typescript", 6})->ack_wait, 9s);
  EXPECT_EQ(api_.asked.size(), 2U);
}

TEST_F(keeping_lanes, looks_again_when_told_that_a_consumer_is_gone) {
  api_.answers(consumer(7s));
  ASSERT_TRUE(open());
  keeper_.forget(lane);
  api_.answers(consumer(8s));
  EXPECT_EQ(open()->ack_wait, 8s);
  keeper_.forget_all();
  api_.answers(consumer(9s));
  EXPECT_EQ(open()->ack_wait, 9s);
}

TEST_F(keeping_lanes, makes_a_consumer_anew_that_remembers_more_than_the_stream_has) {
  api_.answers(consumer_at(150));
  api_.answers(stream_up_to(29));
  api_.answers(jetstream::api_reply{R"({"success":true})"});
  api_.answers(consumer(5min));
  EXPECT_EQ(open()->ack_wait, 5min);
  EXPECT_EQ(api_.asked,
            (strings{"CONSUMER.INFO", "STREAM.INFO", "CONSUMER.DELETE", "CONSUMER.CREATE"}));
}

TEST_F(keeping_lanes, makes_it_anew_as_well_where_another_process_was_faster) {
  api_.answers(consumer_at(150));
  api_.answers(stream_up_to(29));
  api_.answers(no_consumer());
  api_.answers(consumer(5min));
  EXPECT_EQ(open()->ack_wait, 5min);
}

TEST_F(keeping_lanes, uses_a_consumer_that_is_not_ahead_of_its_stream) {
  api_.answers(consumer_at(150));
  api_.answers(stream_up_to(150));
  EXPECT_TRUE(open());
  EXPECT_EQ(api_.asked, (strings{"CONSUMER.INFO", "STREAM.INFO"}));
}

TEST_F(keeping_lanes, uses_what_it_may_not_look_at_or_make_anew) {
  api_.answers(consumer_at(150));
  api_.answers(not_allowed());
  EXPECT_TRUE(open());
  keeper_.forget_all();
  api_.answers(consumer_at(150));
  api_.answers(stream_up_to(29));
  api_.answers(not_allowed());
  EXPECT_TRUE(open());
}

TEST_F(keeping_lanes, remembers_no_failure) {
  EXPECT_EQ(open().error().code, ec::timeout);
  api_.answers(no_consumer());
  EXPECT_EQ(open().error().code, ec::timeout) << "it could not be made";
  api_.answers(jetstream::api_reply{"{}"});
  EXPECT_EQ(open().error().code, ec::malformed);
  api_.answers(consumer(7s));
  EXPECT_TRUE(open());
}

// -- the server's time -------------------------------------------------------------------------

class keeping_time : public ::testing::Test {
protected:
  /// 2026-01-15T12:00:00Z
  static constexpr wall_time noon{std::chrono::milliseconds{1'768'478'400'000}};

  void answers(wall_time created) {
    api_.answers(
      jetstream::api_reply{json::write({{"created", to_rfc3339(created)}, {"num_pending", 0}})});
    api_.answers(jetstream::api_reply{"{}"}); // away with the consumer
  }

  result<agents::server_clock> know() {
    std::optional<result<agents::server_clock>> out;
    keeper_.know(monotonic_time{}, [&](const result<agents::server_clock>& got) { out = got; });
    return out.value_or(fail(ec::timeout, "It never answered."));
  }

  scripted_api api_;
  monotonic_time now_{1h};
  server_time_keeper keeper_{
    {api_.caller(), [] { return std::uint64_t{7}; }, [this] { return now_; }}};
};

TEST_F(keeping_time, asks_the_server_and_leaves_nothing_behind) {
  answers(noon);
  const auto got = know();
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(api_.asked, (strings{"CONSUMER.CREATE", "CONSUMER.DELETE"}));
  EXPECT_EQ(got->now(now_), noon);
  now_ += 90s;
  EXPECT_EQ(keeper_.time().now(now_), noon + 90s);
}

TEST_F(keeping_time, asks_again_when_what_it_knows_is_old) {
  answers(noon);
  ASSERT_TRUE(know());
  now_ += limits::server_time_age_max - 1s;
  ASSERT_TRUE(know());
  EXPECT_EQ(api_.asked.size(), 2U);
  now_ += 1s;
  answers(noon + 11min);
  ASSERT_TRUE(know());
  EXPECT_EQ(api_.asked.size(), 4U);
  EXPECT_EQ(keeper_.time().now(now_), noon + 11min);
}

TEST_F(keeping_time, believes_nothing_any_more_when_told_so) {
  answers(noon);
  ASSERT_TRUE(know());
  keeper_.distrust();
  EXPECT_FALSE(keeper_.time().known());
  answers(noon - 1h);
  ASSERT_TRUE(know());
  EXPECT_EQ(keeper_.time().now(now_), noon - 1h) << "another server, with another clock";
}

TEST_F(keeping_time, learns_from_what_others_saw) {
  agents::server_clock seen;
  seen.observe(noon, now_);
  keeper_.observe(seen);
  EXPECT_EQ(keeper_.time().now(now_), noon);
}

TEST_F(keeping_time, fails_when_the_server_does_not_say) {
  EXPECT_EQ(know().error().code, ec::timeout);
  api_.answers(jetstream::api_reply{R"({"num_pending":0})"});
  api_.answers(jetstream::api_reply{"{}"});
  EXPECT_EQ(know().error().code, ec::malformed);
  answers(noon);
  EXPECT_TRUE(know());
}

} // namespace
} // namespace nats_mcp::testing
