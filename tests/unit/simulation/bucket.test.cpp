// SPDX-License-Identifier: MIT
// Key-value buckets are streams by convention (ADR-8 of NATS): the model has what they are made of.
#include "tests/unit/simulation/client.hpp"

namespace nats_mcp::simulation::bucket_test {
namespace {

using strings = std::vector<std::string>;

class sim_bucket : public modelled_server {
protected:
  void SetUp() override {
    (void)create_stream({{"name", "KV_b"},
                         {"subjects", {"$KV.b.>"}},
                         {"max_msgs_per_subject", 1},
                         {"max_age", 60'000'000'000},
                         {"discard", "new"},
                         {"allow_rollup_hdrs", true},
                         {"deny_delete", true},
                         {"allow_direct", true}});
  }

  json::value put_if(const std::string& key, const std::string& value, std::uint64_t revision) {
    return store("$KV.b." + key, value,
                 {{"Nats-Expected-Last-Subject-Sequence", std::to_string(revision)}});
  }
  jetstream::incoming get(const std::string& key) {
    return request("$JS.API.DIRECT.GET.KV_b.$KV.b." + key).value_or(jetstream::incoming{});
  }
};

TEST_F(sim_bucket, keeps_the_newest_value_of_a_key_and_its_revision) {
  EXPECT_EQ(store("$KV.b.k", "1")["seq"], 1);
  EXPECT_EQ(store("$KV.b.k", "2")["seq"], 2);
  const auto entry = get("k");
  EXPECT_EQ(entry.payload, "2");
  EXPECT_EQ(jetstream::header(entry.headers, "Nats-Sequence"), "2");
  EXPECT_EQ(jetstream::header(entry.headers, "Nats-Time-Stamp"), "2027-01-15T08:00:00Z");
  EXPECT_EQ(state("KV_b")["messages"], 1);
}

TEST_F(sim_bucket, writes_over_the_expected_revision_only) {
  EXPECT_EQ(put_if("k", "1", 0)["seq"], 1);
  EXPECT_EQ(error_of(put_if("k", "x", 0)), 10071);
  EXPECT_EQ(put_if("k", "2", 1)["seq"], 2);
  EXPECT_EQ(get("k").payload, "2");
}

TEST_F(sim_bucket, shows_a_deletion_as_its_newest_entry) {
  (void)store("$KV.b.k", "1");
  (void)store("$KV.b.k", {}, {{"KV-Operation", "DEL"}});
  EXPECT_EQ(jetstream::header(get("k").headers, "KV-Operation"), "DEL");
  EXPECT_EQ(put_if("k", "new", 2)["seq"], 3);
}

TEST_F(sim_bucket, forgets_a_value_after_its_time) {
  (void)store("$KV.b.k", "1");
  pass(60s);
  EXPECT_EQ(get("k").status, 404);
  EXPECT_EQ(put_if("k", "again", 0)["seq"], 2);
}

TEST_F(sim_bucket, rolls_a_key_up_and_deletes_nothing_by_sequence) {
  (void)store("$KV.b.k", "1");
  EXPECT_EQ(error_of(api("STREAM.MSG.DELETE.KV_b", {{"seq", 1}})), 10057);
  EXPECT_EQ(store("$KV.b.k", {}, {{"KV-Operation", "PURGE"}, {"Nats-Rollup", "sub"}})["seq"], 2);
  EXPECT_EQ(jetstream::header(get("k").headers, "KV-Operation"), "PURGE");
}

TEST_F(sim_bucket, shows_a_watch_the_newest_values_of_its_keys_and_then_changes) {
  (void)store("$KV.b.x.1", "old");
  (void)store("$KV.b.y.1", "other");
  (void)store("$KV.b.x.1", "new");
  const std::uint64_t watch = 9;
  nats.subscribe(me, watch, "_WATCH", {}, now);
  const auto made = create_reader("KV_b", "w", "$KV.b.x.>",
                                  {{"deliver_subject", "_WATCH"},
                                   {"deliver_policy", "last_per_subject"},
                                   {"ack_policy", "none"},
                                   {"mem_storage", true}});
  ASSERT_EQ(error_of(made), 0);
  const auto first = take(watch);
  ASSERT_EQ(texts(first), strings{"new"});
  EXPECT_EQ(first.at(0).subject, "$KV.b.x.1");
  EXPECT_TRUE(first.at(0).reply.ends_with(".0")) << "nothing pending: the initial values are done";
  (void)store("$KV.b.x.2", "change");
  EXPECT_EQ(texts(take(watch)), strings{"change"});
}

} // namespace
} // namespace nats_mcp::simulation::bucket_test
