// SPDX-License-Identifier: MIT
// The contract about keys and values. Part of gateway_contract.hpp.
#pragma once

#include "tests/contract/gateway_contract.hpp"

namespace nats_mcp::testing {

TYPED_TEST_P(gateway_contract, a_value_is_read_back) {
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

TYPED_TEST_P(gateway_contract, an_absent_key_is_no_entry) {
  this->make_bucket("things");
  const auto found = this->lookup("a");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_FALSE(found->entry);
}

TYPED_TEST_P(gateway_contract, an_absent_bucket_is_an_error) {
  const auto found = this->lookup("a", "nothing");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ec::not_found);
  EXPECT_EQ(found.error().jetstream_code, 10059);
}

TYPED_TEST_P(gateway_contract, a_put_over_the_expected_revision_succeeds) {
  this->make_bucket("things");
  const auto first = this->put("a", R"({"writeId":"1"})", 0, "1");
  ASSERT_TRUE(first) << first.error().message;
  const auto second = this->put("a", R"({"writeId":"2"})", first->revision, "2");
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_GT(second->revision, first->revision);
}

TYPED_TEST_P(gateway_contract, a_put_over_another_revision_is_a_conflict) {
  this->make_bucket("things");
  ASSERT_TRUE(this->put("a", "1"));
  const auto outcome = this->put("a", R"({"writeId":"2"})", 77, "2");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::conflict);
  EXPECT_EQ(this->lookup("a")->entry->value, "1");
}

TYPED_TEST_P(gateway_contract, a_create_of_an_existing_key_is_a_conflict) {
  this->make_bucket("things");
  ASSERT_TRUE(this->put("a", "1"));
  const auto outcome = this->put("a", "2", 0, "write");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::conflict);
}

TYPED_TEST_P(gateway_contract, a_deleted_key_shows_its_deletion) {
  this->make_bucket("things");
  const auto written = this->put("a", "1");
  ASSERT_TRUE(written);
  const auto deleted = this->world_.ask(
    jetstream::kv_delete{"things", "a", written->revision, this->world_.in(this->patience)});
  ASSERT_TRUE(deleted) << deleted.error().message;
  const auto found = this->lookup("a");
  ASSERT_TRUE(found && found->entry);
  EXPECT_EQ(found->entry->operation, jetstream::kv_operation::deleted);
  EXPECT_EQ(found->entry->revision, deleted->revision);
}

TYPED_TEST_P(gateway_contract, a_delete_over_another_revision_is_a_conflict) {
  this->make_bucket("things");
  ASSERT_TRUE(this->put("a", "1"));
  const auto deleted =
    this->world_.ask(jetstream::kv_delete{"things", "a", 99U, this->world_.in(this->patience)});
  ASSERT_FALSE(deleted);
  EXPECT_EQ(deleted.error().code, ec::conflict);
}

TYPED_TEST_P(gateway_contract, a_bucket_without_direct_get_is_read_all_the_same) {
  this->make_bucket("things", "");
  ASSERT_TRUE(this->put("a", "some bytes \x01"));
  ASSERT_TRUE(
    this->world_.ask(jetstream::kv_delete{"things", "b", {}, this->world_.in(this->patience)}));
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

} // namespace nats_mcp::testing
