// SPDX-License-Identifier: MIT
#include "protocol/work/work_item.hpp"

#include "protocol/limits.hpp"
#include "protocol/text.hpp"
#include "protocol/work/capability_token.hpp"

#include "tests/unit/protocol/work/any_work.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::work::work_item_test {
namespace {

using namespace testing;

const lane typescript{"public", "typescript", 7};

/// What a stranger has to write at least.
json::value least() {
  return {{"id", item_id}, {"description", "Do it."}, {"deadline", "2026-01-16T12:00:00Z"}};
}

result<queued_item> read(const json::value& payload, const lane& where = typescript) {
  return read_queued_item(where, json::write(payload));
}

/// The least with one member as given.
result<queued_item> read_with(std::string_view key, const json::value& member) {
  auto payload = least();
  payload[std::string{key}] = member;
  return read(payload);
}

RC_GTEST_PROP(a_queued_item, comes_back_as_it_was_written, ()) {
  const queued_item queued{any_item(), *rc::gen::inRange<std::uint64_t>(1, 1000)};
  const auto back = read_queued_item(lane_of(queued.item), write_queued_item(queued));
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == queued);
}

RC_GTEST_PROP(a_queued_item, can_be_written_whatever_bytes_it_holds, ()) {
  auto item = sample_item();
  item.task_id = *rc::gen::arbitrary<std::string>();
  item.description = *rc::gen::arbitrary<std::string>();
  item.offered_by.handle = *rc::gen::arbitrary<std::string>();
  RC_ASSERT(read_queued_item(lane_of(item), write_queued_item({item, 1})).has_value());
}

RC_GTEST_PROP(a_queued_item, is_read_out_of_any_bytes_without_harm, (const std::string& payload)) {
  RC_ASSERT(!read_queued_item(typescript, payload));
}

RC_GTEST_PROP(a_queued_item, is_read_out_of_any_members_without_harm, ()) {
  auto payload = json::parse(write_queued_item({any_item(), 1})).value();
  const auto keys = [&payload] {
    std::vector<std::string> out;
    for (const auto& [key, member] : payload.items()) {
      out.push_back(key);
    }
    return out;
  }();
  const auto& hit = *rc::gen::elementOf(keys);
  payload[hit] = *rc::gen::elementOf(std::vector<json::value>{
    nullptr, -1, 1e300, UINT64_MAX, "", "public.*", std::string(5000, 'x'), json::value::array(),
    json::value::object(), json::value{{"guid", 7}, {"handle", nullptr}}});
  const auto read = read_queued_item(typescript, json::write(payload));
  if (read) {
    RC_ASSERT(lane_of(read->item) == typescript);
    RC_ASSERT(read->generation >= 1);
    RC_ASSERT(read->item.attempts_max >= 1);
    RC_ASSERT(read->item.context.is_object());
    // What was read once can be written and read again.
    RC_ASSERT(read_queued_item(typescript, write_queued_item(*read)) == *read);
  } else {
    RC_ASSERT(read.error().code == ec::malformed);
  }
}

TEST(a_queued_item, waits_where_it_can_be_done) {
  auto item = sample_item();
  EXPECT_EQ(lane_of(item), typescript);
  item.assigned_to = bob.guid;
  EXPECT_EQ(lane_of(item), (lane{"public", "AGENT-" + bob.guid, 7}));
}

TEST(a_queued_item, is_written_for_any_reader) {
  EXPECT_EQ(
    write_queued_item({sample_item(), 2}),
    R"({"v":1,"id":"550e8400-e29b-41d4-a716-446655440000","taskId":"feature-123",)"
    R"("capability":"TypeScript","description":"Implement the login form.","priority":7,)"
    R"("deadline":"2026-01-16T12:00:00.000Z","context":{"branch":"login"},"scope":"public",)"
    R"("offeredBy":{"guid":"10000000-0000-4000-8000-000000000001","handle":"planner"},)"
    R"("offeredAt":"2026-01-15T12:00:00.000Z","maxAttempts":3,"gen":2})");
  EXPECT_EQ(queue_message_id(item_id, 2), item_id + "-g2");
}

TEST(a_queued_item, can_be_written_by_a_stranger_in_few_words) {
  const auto queued = read(least());
  ASSERT_TRUE(queued) << queued.error().message;
  EXPECT_EQ(queued->generation, 1U);
  EXPECT_EQ(queued->item.capability, "typescript");
  EXPECT_EQ(queued->item.priority, 7);
  EXPECT_EQ(queued->item.scope, "public");
  EXPECT_EQ(queued->item.deadline, noon + 24h);
  EXPECT_EQ(queued->item.offered_by, party{});
  EXPECT_EQ(queued->item.attempts_max, 3U);
  EXPECT_FALSE(queued->item.notify_claim);
}

TEST(a_queued_item, is_what_its_subject_says_whatever_it_says_itself) {
  auto payload = least();
  payload.update(
    {{"scope", project}, {"priority", 1}, {"capability", "rust"}, {"assignedTo", ann.guid}});
  const auto open = read(payload);
  ASSERT_TRUE(open);
  EXPECT_EQ(lane_of(open->item), typescript);
  EXPECT_EQ(open->item.capability, "typescript");
  const lane bobs{"public", personal_token(bob.guid), 3};
  const auto assigned = read(payload, bobs);
  ASSERT_TRUE(assigned);
  EXPECT_EQ(lane_of(assigned->item), bobs);
  EXPECT_EQ(assigned->item.capability, "rust");
}

TEST(a_queued_item, keeps_the_capability_as_it_was_offered) {
  const auto queued = read_with("capability", "TypeScript");
  ASSERT_TRUE(queued);
  EXPECT_EQ(queued->item.capability, "TypeScript");
}

TEST(a_queued_item, has_an_id_that_is_its_own) {
  for (const json::value& id : {json::value{"seq-7"}, json::value{"feature-123"}, json::value{7},
                                json::value{"a.*.>"}, json::value{}}) {
    const auto refused = read_with("id", id);
    ASSERT_FALSE(refused) << json::write(id);
    EXPECT_EQ(refused.error().code, ec::malformed);
    EXPECT_EQ(refused.error().message, "This is no work item: its \"id\" is no UUID.");
  }
}

TEST(a_queued_item, says_what_is_to_be_done_and_until_when) {
  EXPECT_EQ(read_with("description", 7).error().message,
            "This is no work item: its \"description\" is no text.");
  EXPECT_EQ(read_with("deadline", "soon").error().message,
            "This is no work item: its \"deadline\" is no RFC 3339 time.");
  EXPECT_EQ(read(json::value::array()).error().message,
            "This is no work item: it is no JSON object.");
}

TEST(a_queued_item, is_offered_by_an_agent_or_by_nobody) {
  const auto offerer = [](const json::value& given) {
    return read_with("offeredBy", given)->item.offered_by;
  };
  EXPECT_EQ(offerer({{"guid", ann.guid}, {"handle", "ann"}}), ann);
  EXPECT_EQ(offerer({{"guid", "inbox.*"}, {"handle", "mallory"}}), (party{"", "mallory"}));
  EXPECT_EQ(offerer("ann"), party{});
}

TEST(a_queued_item, bounds_what_strangers_wrote) {
  const std::string long_text(1000, 'x');
  EXPECT_EQ(count_characters(read_with("taskId", long_text)->item.task_id),
            limits::task_id_characters_max + 1);
  EXPECT_EQ(read_with("maxAttempts", 0)->item.attempts_max, 1U);
  EXPECT_EQ(read_with("maxAttempts", "many")->item.attempts_max, 3U);
  EXPECT_EQ(read_with("gen", 0)->generation, 1U);
  EXPECT_LT(read_with("gen", UINT64_MAX)->generation, UINT64_MAX);
  const std::string too_long(limits::work_context_bytes_max, 'x');
  EXPECT_EQ(read_with("context", {{"text", too_long}}).error().message,
            "This is no work item: its \"context\" is too large.");
  EXPECT_TRUE(read_with("context", {{"text", too_long.substr(100)}}));
  EXPECT_EQ(read_with("context", "nothing")->item.context, json::value::object());
}

} // namespace
} // namespace nats_mcp::work::work_item_test
