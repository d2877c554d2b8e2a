// SPDX-License-Identifier: MIT
// The contract about watching a bucket.
#include "tests/contract/gateway_contract.hpp"

namespace nats_mcp::testing {
namespace {

template <class World>
class watches : public gateway_contract<World> {
protected:
  /// Keys and revisions, in the order in which they were told.
  static strings told(const hearing& heard) {
    strings out;
    for (const auto& change : heard.changes()) {
      out.push_back(change.entry.key + " " + std::to_string(change.entry.revision));
    }
    return out;
  }
};
TYPED_TEST_SUITE(watches, worlds, world_name);

TYPED_TEST(watches, tell_the_newest_values_in_the_order_of_writing_then_changes) {
  this->make_bucket("things");
  for (const auto* key : {"a", "b", "c", "a"}) {
    ASSERT_TRUE(this->put(key, "1"));
  }
  auto heard = std::make_shared<hearing>();
  ASSERT_TRUE(this->watch(this->world_.listen(heard)));
  ASSERT_TRUE(this->world_.until(
    5s, [&] { return heard->heard(jetstream::kv_watch_state::initial_values_done); }));
  EXPECT_EQ(this->told(*heard), (strings{"b 2", "c 3", "a 4"}));
  ASSERT_TRUE(this->put("b", "2"));
  ASSERT_TRUE(this->put("c", "2"));
  ASSERT_TRUE(this->world_.until(5s, [&] { return heard->newest("c") == "2"; }));
  EXPECT_EQ(this->told(*heard), (strings{"b 2", "c 3", "a 4", "b 5", "c 6"}));
}

TYPED_TEST(watches, over_an_empty_bucket_are_done_at_once) {
  this->make_bucket("things");
  auto heard = std::make_shared<hearing>();
  ASSERT_TRUE(this->watch(this->world_.listen(heard)));
  ASSERT_TRUE(this->world_.until(
    5s, [&] { return heard->heard(jetstream::kv_watch_state::initial_values_done); }));
  ASSERT_TRUE(this->put("a", "1"));
  ASSERT_TRUE(this->world_.until(5s, [&] { return heard->newest("a") == "1"; }));
}

TYPED_TEST(watches, see_only_their_filter) {
  this->make_bucket("things");
  auto heard = std::make_shared<hearing>();
  ASSERT_TRUE(this->watch(this->world_.listen(heard), 1, "public.>"));
  ASSERT_TRUE(this->put("private.a", "no"));
  ASSERT_TRUE(this->put("public.a", "yes"));
  ASSERT_TRUE(this->world_.until(5s, [&] { return heard->newest("public.a") == "yes"; }));
  EXPECT_EQ(heard->changes().size(), 1U);
}

TYPED_TEST(watches, of_an_absent_bucket_fail) {
  auto heard = std::make_shared<hearing>();
  const auto outcome = this->watch(this->world_.listen(heard));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::not_found);
}

TYPED_TEST(watches, see_deletions) {
  this->make_bucket("things");
  ASSERT_TRUE(this->put("a", "1"));
  auto heard = std::make_shared<hearing>();
  ASSERT_TRUE(this->watch(this->world_.listen(heard)));
  // A bucket keeps one value of a key: one that is deleted before it is delivered is never heard.
  ASSERT_TRUE(this->world_.until(5s, [&] { return heard->changes().size() == 1; }));
  ASSERT_TRUE(this->remove("a"));
  ASSERT_TRUE(this->world_.until(5s, [&] { return heard->changes().size() == 2; }));
  EXPECT_EQ(heard->changes()[1].entry.operation, jetstream::kv_operation::deleted);
}

TYPED_TEST(watches, are_not_told_when_the_time_of_a_value_is_over) {
  this->make_bucket("things", {{"max_age", ns(100ms)}, {"duplicate_window", ns(100ms)}});
  auto heard = std::make_shared<hearing>();
  ASSERT_TRUE(this->watch(this->world_.listen(heard)));
  ASSERT_TRUE(this->put("a", "1"));
  ASSERT_TRUE(this->world_.until(5s, [&] {
    const auto found = this->lookup("a");
    return found && !found->entry;
  }));
  ASSERT_TRUE(this->put("b", "1"));
  ASSERT_TRUE(this->world_.until(5s, [&] { return heard->newest("b") == "1"; }));
  EXPECT_EQ(this->told(*heard), (strings{"a 1", "b 2"}));
}

TYPED_TEST(watches, survive_the_server) {
  this->make_bucket("things");
  ASSERT_TRUE(this->put("a", "1"));
  auto heard = std::make_shared<hearing>();
  ASSERT_TRUE(this->watch(this->world_.listen(heard)));
  ASSERT_TRUE(this->world_.until(
    5s, [&] { return heard->heard(jetstream::kv_watch_state::initial_values_done); }));
  this->world_.kill_server();
  this->world_.start_server();
  ASSERT_TRUE(this->put("a", "2"));
  ASSERT_TRUE(this->put("b", "3"));
  ASSERT_TRUE(this->world_.until(
    10s, [&] { return heard->newest("a") == "2" && heard->newest("b") == "3"; }));
  EXPECT_FALSE(heard->heard(jetstream::kv_watch_state::restarted));
  EXPECT_EQ(heard->changes().size(), 3U) << "goes on from the last entry seen";
}

} // namespace
} // namespace nats_mcp::testing
