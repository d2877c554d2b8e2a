// SPDX-License-Identifier: MIT
// A request to the coordinators as a payload: whatever is written comes back, and strangers' bytes
// make nobody do anything.
#include "protocol/coordination/assignment_request.hpp"

#include "protocol/coordination/assignment_change.hpp"
#include "protocol/limits.hpp"

#include "tests/unit/protocol/work/any_work.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::coordination::assignment_request_test {
namespace {

using work::testing::ann;
using work::testing::bob;
using work::testing::noon;
using work::testing::sample_item;
using namespace std::chrono_literals;

RC_GTEST_PROP(a_request, comes_back_as_it_was_written, ()) {
  assignment_request request{work::testing::any_item(), *rc::gen::element(std::string{}, ann.guid)};
  request.item.assigned_to.clear();
  const auto message = request_message(request);
  RC_ASSERT(read_request(message.subject, message.payload) == request);
}

RC_GTEST_PROP(a_request, is_read_out_of_any_bytes_without_harm, (const std::string& payload)) {
  RC_ASSERT(read_request("coord.submit.public", payload).error().code != ec::none);
}

TEST(a_request, is_stored_once_under_the_items_id) {
  const auto message = request_message({sample_item(), ann.guid});
  EXPECT_EQ(message.subject, "coord.submit.public");
  EXPECT_EQ(message.message_id, sample_item().id);
  const auto payload = json::parse(message.payload).value();
  EXPECT_EQ(payload["v"], 1);
  EXPECT_EQ(payload["id"], sample_item().id);
  EXPECT_EQ(payload["preferredWorker"], ann.guid);
}

TEST(a_request, has_the_scope_of_its_subject_and_is_nobodys) {
  auto item = sample_item();
  item.assigned_to = bob.guid;
  const auto message = request_message({item, {}});
  const auto read = read_request("coord.submit.0123456789abcdef", message.payload);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->item.scope, "0123456789abcdef");
  EXPECT_EQ(read->item.assigned_to, "");
  EXPECT_EQ(read->preferred_worker, "");
}

TEST(a_request, needs_an_item_somebody_can_do) {
  const auto read = [](const char* member, json::value value) {
    auto payload = json::parse(request_message({sample_item(), {}}).payload).value();
    payload[member] = std::move(value);
    return read_request("coord.submit.public", json::write(payload));
  };
  EXPECT_TRUE(read("preferredWorker", "whoever"));
  EXPECT_EQ(read("id", "seq-7").error().message,
            "This is no request to a coordinator: its \"id\" is no UUID.");
  EXPECT_EQ(read("capability", "").error().code, ec::malformed);
  const std::string large(limits::work_context_bytes_max, 'x');
  EXPECT_EQ(read("context", {{"x", large}}).error().message,
            "This is no request to a coordinator: its \"context\" is too large.");
  EXPECT_FALSE(read_request("coord.submit.*", request_message({sample_item(), {}}).payload));
  EXPECT_FALSE(read_request("coord.submit.public", "[]"));
}

// -- what a coordinator writes -------------------------------------------------------------------

TEST(a_grant, is_a_generation_of_its_own_from_the_second_on) {
  const auto first = given(requested(sample_item(), noon), {7, ann.guid, noon + 1min, {}}, noon);
  EXPECT_EQ(first.generation, 1U);
  EXPECT_EQ(lane_of(first.item).token, "AGENT-" + ann.guid);
  const auto at_ann = placed(first, 7, 41);
  EXPECT_EQ(at_ann.queue_sequence, 41U);
  const auto second = given(at_ann, {8, bob.guid, noon + 2min, {ann.guid}}, noon + 1min);
  EXPECT_EQ(second.generation, 2U);
  EXPECT_EQ(second.queue_sequence, 0U);
  EXPECT_EQ(second.assigned, (work::assignment{8, noon + 2min, 0, {ann.guid}, 41}))
    << "until it is removed";
  EXPECT_EQ(placed(second, 8, 42).assigned->replaced_sequence, 0U);
}

TEST(a_grant, takes_an_item_from_whoever_held_it) {
  auto held = work::testing::held_by_ann();
  held.assigned.emplace();
  held.item.assigned_to = ann.guid;
  const auto record = given(held, {8, bob.guid, noon + 2min, {ann.guid}}, noon + 1min);
  EXPECT_EQ(record.state, work::item_state::pending);
  EXPECT_FALSE(record.held);
  EXPECT_EQ(record.attempts.back().end, work::attempt_end::lease_over);
  EXPECT_EQ(record.attempts.back().ended_at, noon + 1min);
  EXPECT_EQ(record.attempts_begun, 1U) << "it counts";
  EXPECT_EQ(record.assigned->attempts_before, 1U);
}

TEST(a_grant, leaves_room_in_the_history_so_that_the_next_attempt_can_be_told) {
  auto before = work::testing::held_by_ann();
  before.assigned.emplace();
  before.attempts.resize(limits::work_attempts_kept, before.attempts.back());
  const auto record = given(before, {8, bob.guid, noon + 2min, {}}, noon + 1min);
  EXPECT_EQ(record.attempts.size(), limits::work_attempts_kept - 1);
  EXPECT_EQ(record.assigned->attempts_before, limits::work_attempts_kept - 1);
}

TEST(a_grant, remembers_so_many_who_had_their_turn) {
  std::vector<std::string> many(70, ann.guid);
  many.back() = bob.guid;
  const auto record = given(requested(sample_item(), noon), {7, ann.guid, noon, many}, noon);
  EXPECT_EQ(record.assigned->passed_over.size(), 64U);
  EXPECT_EQ(record.assigned->passed_over.back(), bob.guid);
}

} // namespace
} // namespace nats_mcp::coordination::assignment_request_test
