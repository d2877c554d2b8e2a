// SPDX-License-Identifier: MIT
// The contract about keys and values.
#include "tests/contract/gateway_contract.hpp"

namespace nats_mcp::testing {
namespace {

template <class World>
class keys : public gateway_contract<World> {};
TYPED_TEST_SUITE(keys, worlds, world_name);

TYPED_TEST(keys, a_value_is_read_back) {
  this->make_bucket("things");
  const auto written = this->put("a.b", "value");
  ASSERT_TRUE(written) << written.error().message;
  const auto found = this->lookup("a.b");
  ASSERT_TRUE(found && found->entry);
  EXPECT_EQ(found->entry->key, "a.b");
  EXPECT_EQ(found->entry->value, "value");
  EXPECT_EQ(found->entry->revision, written->revision);
  EXPECT_EQ(found->entry->operation, jetstream::kv_operation::put);
}

TYPED_TEST(keys, an_absent_key_is_no_entry) {
  this->make_bucket("things");
  const auto found = this->lookup("a");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_FALSE(found->entry);
}

TYPED_TEST(keys, an_absent_bucket_is_an_error) {
  const auto found = this->lookup("a", "nothing");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ec::not_found);
  EXPECT_EQ(found.error().jetstream_code, 10059);
}

TYPED_TEST(keys, a_put_over_the_expected_revision_succeeds) {
  this->make_bucket("things");
  const auto first = this->put("a", R"({"writeId":"1"})", 0, "1");
  ASSERT_TRUE(first) << first.error().message;
  const auto second = this->put("a", R"({"writeId":"2"})", first->revision, "2");
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_GT(second->revision, first->revision);
}

TYPED_TEST(keys, a_put_over_another_revision_is_a_conflict) {
  this->make_bucket("things");
  ASSERT_TRUE(this->put("a", "1"));
  const auto outcome = this->put("a", R"({"writeId":"2"})", 77, "2");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::conflict);
  EXPECT_EQ(this->lookup("a").value().entry.value().value, "1");
}

TYPED_TEST(keys, a_create_of_an_existing_key_is_a_conflict) {
  this->make_bucket("things");
  ASSERT_TRUE(this->put("a", "1"));
  const auto outcome = this->put("a", "2", 0, "write");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::conflict);
}

TYPED_TEST(keys, a_deleted_key_shows_its_deletion) {
  this->make_bucket("things");
  const auto written = this->put("a", "1");
  ASSERT_TRUE(written);
  const auto deleted = this->remove("a", written->revision);
  ASSERT_TRUE(deleted) << deleted.error().message;
  const auto found = this->lookup("a");
  ASSERT_TRUE(found && found->entry);
  EXPECT_EQ(found->entry->operation, jetstream::kv_operation::deleted);
  EXPECT_EQ(found->entry->revision, deleted->revision);
}

TYPED_TEST(keys, a_delete_over_another_revision_is_a_conflict) {
  this->make_bucket("things");
  ASSERT_TRUE(this->put("a", "1"));
  const auto deleted = this->remove("a", 99U);
  ASSERT_FALSE(deleted);
  EXPECT_EQ(deleted.error().code, ec::conflict);
}

TYPED_TEST(keys, a_bucket_without_direct_get_is_read_all_the_same) {
  this->make_bucket("things", {{"allow_direct", false}});
  ASSERT_TRUE(this->put("a", "some bytes \x01"));
  ASSERT_TRUE(this->remove("b"));
  const auto found = this->lookup("a");
  ASSERT_TRUE(found && found->entry) << found.error().message;
  EXPECT_EQ(found->entry->value, "some bytes \x01");
  const auto deleted = this->lookup("b");
  ASSERT_TRUE(deleted && deleted->entry);
  EXPECT_EQ(deleted->entry->operation, jetstream::kv_operation::deleted);
  const auto absent = this->lookup("c");
  ASSERT_TRUE(absent);
  EXPECT_FALSE(absent->entry);
}

TYPED_TEST(keys, a_revision_grows_with_every_write_to_the_bucket) {
  this->make_bucket("things");
  EXPECT_EQ(this->put("a", "1").value().revision, 1U);
  EXPECT_EQ(this->put("b", "1").value().revision, 2U);
  EXPECT_EQ(this->remove("a").value().revision, 3U);
  EXPECT_EQ(this->put("a", "2").value().revision, 4U);
  EXPECT_EQ(this->lookup("b").value().entry.value().revision, 2U)
    << "another key's writes leave it alone";
}

TYPED_TEST(keys, a_put_over_a_deletion_needs_the_deletions_revision) {
  this->make_bucket("things");
  ASSERT_TRUE(this->put("a", "1"));
  const auto deleted = this->remove("a");
  ASSERT_TRUE(deleted);
  EXPECT_FALSE(this->put("a", "2", 0, "two"));
  EXPECT_TRUE(this->put("a", R"({"writeId":"three"})", deleted->revision, "three"));
}

TYPED_TEST(keys, a_value_goes_when_its_time_is_over) {
  constexpr auto age = 200ms;
  this->make_bucket("things", {{"max_age", ns(age)}, {"duplicate_window", ns(age)}});
  const auto began = this->world_.now();
  ASSERT_TRUE(this->put("a", "1"));
  ASSERT_TRUE(this->world_.until(5s, [&] {
    const auto found = this->lookup("a");
    return found && !found->entry;
  }));
  EXPECT_GE(this->world_.now() - began, age);
  EXPECT_TRUE(this->put("a", R"({"writeId":"2"})", 0, "2")) << "as if it had never been";
}

TYPED_TEST(keys, a_newer_write_begins_a_new_time) {
  constexpr auto age = 400ms;
  this->make_bucket("things", {{"max_age", ns(age)}, {"duplicate_window", ns(age)}});
  ASSERT_TRUE(this->put("a", "0"));
  auto written = this->world_.now();
  ASSERT_FALSE(this->world_.until(age / 2, [&] {
    written = this->world_.now();
    return !this->put("a", "1");
  }));
  ASSERT_TRUE(this->world_.until(5s, [&] { return !this->lookup("a").value().entry; }));
  EXPECT_GE(this->world_.now() - written, age);
}

} // namespace
} // namespace nats_mcp::testing
