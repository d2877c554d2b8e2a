// SPDX-License-Identifier: MIT
// Core NATS of the model, and what happens without JetStream or without permission.
#include "tests/simulation/jetstream/subject.hpp"
#include "tests/unit/simulation/client.hpp"

namespace nats_mcp::simulation::server_test {
namespace {

using strings = std::vector<std::string>;

TEST(sim_subject, matches_as_nats_does) {
  EXPECT_TRUE(matches("a.*.c", "a.b.c"));
  EXPECT_FALSE(matches("a.*", "a.b.c"));
  EXPECT_TRUE(matches("a.>", "a.b.c"));
  EXPECT_FALSE(matches("a.>", "a"));
  EXPECT_TRUE(matches(">", "a"));
  EXPECT_FALSE(matches("a.b", "a"));
}

TEST(sim_subject, knows_subsets_and_overlaps_of_patterns) {
  EXPECT_TRUE(is_subset("a.b", "a.*"));
  EXPECT_TRUE(is_subset("a.*", "a.>"));
  EXPECT_FALSE(is_subset("a.>", "a.*"));
  EXPECT_TRUE(overlap("a.*", "*.b"));
  EXPECT_TRUE(overlap("a.>", "a.b.c"));
  EXPECT_FALSE(overlap("a.*", "a.b.c"));
  EXPECT_FALSE(is_valid_pattern("a..b"));
}

class sim_server : public modelled_server {};

TEST_F(sim_server, gives_a_message_to_every_subscriber_and_one_of_each_group) {
  nats.subscribe(me, 2, "work.>", {}, now);
  nats.subscribe(me, 3, "work.*", "wake", now);
  const auto other = nats.connect();
  nats.subscribe(other, 4, "work.*", "wake", now);
  for (int count = 0; count < 20; ++count) {
    publish("work.x", "offer", {});
  }
  EXPECT_EQ(take(2).size(), 20U);
  const auto mine = take(3).size();
  const auto theirs = take(4).size();
  EXPECT_EQ(mine + theirs, 20U);
  EXPECT_GT(mine, 0U);
  EXPECT_GT(theirs, 0U);
}

TEST_F(sim_server, delivers_a_stored_message_to_subscribers_as_well) {
  (void)create_stream({{"name", "A"}, {"subjects", {"a"}}});
  nats.subscribe(me, 2, "a", {}, now);
  EXPECT_EQ(store("a", "both")["seq"], 1);
  EXPECT_EQ(texts(take(2)), strings{"both"});
}

TEST_F(sim_server, says_that_nobody_listens) {
  const auto answer = request("nobody", "x");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
}

TEST_F(sim_server, stays_silent_on_verbs_and_streams_it_does_not_know) {
  EXPECT_FALSE(request("$JS.API.STREAM.FOO.X"));
  EXPECT_FALSE(request("$JS.API.DIRECT.GET.X.a"));
}

TEST_F(sim_server, refuses_what_is_no_json) {
  const auto answer = request("$JS.API.STREAM.CREATE.X", "{");
  ASSERT_TRUE(answer);
  EXPECT_EQ(error_of(*json::parse(answer->payload)), 10025);
}

class sim_server_without_jetstream : public modelled_server {
protected:
  sim_server_without_jetstream()
    : modelled_server{{.jetstream = jetstream_mode::off}} {
    // nop
  }
};

TEST_F(sim_server_without_jetstream, has_no_responders_for_the_api) {
  EXPECT_EQ(request("$JS.API.INFO")->status, 503);
}

class sim_server_without_account : public modelled_server {
protected:
  sim_server_without_account()
    : modelled_server{{.jetstream = jetstream_mode::off_for_account}} {
    // nop
  }
};

TEST_F(sim_server_without_account, answers_every_request_with_the_same_error) {
  EXPECT_EQ(error_of(api("STREAM.INFO.A")), 10039);
}

class sim_server_with_permissions : public modelled_server {
protected:
  sim_server_with_permissions()
    : modelled_server{{.denied = {"$JS.API.STREAM.CREATE.>"}}} {
    // nop
  }
};

TEST_F(sim_server_with_permissions, reports_a_refused_subject_and_answers_nothing) {
  EXPECT_FALSE(request("$JS.API.STREAM.CREATE.X", "{}"));
  EXPECT_EQ(refused, strings{"$JS.API.STREAM.CREATE.X"});
}

} // namespace
} // namespace nats_mcp::simulation::server_test
