// SPDX-License-Identifier: MIT
#include "protocol/work/item_record.hpp"

#include "protocol/limits.hpp"
#include "protocol/work/members.hpp"

#include "tests/unit/protocol/work/any_work.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::work::item_record_test {
namespace {

using namespace testing;

/// Ann's claim as JSON.
json::value written() { return json::parse(write_item_record(held_by_ann(), "w-1")).value(); }

result<item_record> read(const json::value& value) { return read_item_record(json::write(value)); }

/// Ann's claim with one member as given.
result<item_record> read_with(std::string_view key, const json::value& member) {
  auto value = written();
  value[std::string{key}] = member;
  return read(value);
}

RC_GTEST_PROP(a_record, comes_back_as_it_was_written, ()) {
  const auto record = any_record();
  const auto back = read_item_record(write_item_record(record, "w"));
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == record);
}

RC_GTEST_PROP(a_record, is_read_out_of_any_bytes_without_harm, (const std::string& value)) {
  RC_ASSERT(!read_item_record(value));
}

RC_GTEST_PROP(a_record, is_read_out_of_any_members_without_harm, ()) {
  auto value = json::parse(write_item_record(any_record(), "w")).value();
  std::vector<std::string> keys;
  for (const auto& [key, member] : value.items()) {
    keys.push_back(key);
  }
  value[*rc::gen::elementOf(keys)] = *rc::gen::elementOf(std::vector<json::value>{
    nullptr, -1, 1e300, UINT64_MAX, "", "claimed", std::string(5000, 'x'), json::value::array(),
    json::value::array({nullptr, json::value{{"worker", 7}}, json::value::object()}),
    json::value::object(), json::value{{"guid", 7}, {"sessionId", nullptr}}});
  const auto record = read(value);
  if (record) {
    RC_ASSERT((record->state == item_state::claimed) == record->held.has_value());
    RC_ASSERT(record->generation >= 1);
    RC_ASSERT(record->attempts_max >= 1);
    RC_ASSERT(record->outcome.is_object());
    RC_ASSERT(read_item_record(write_item_record(*record, "w")) == *record);
  } else {
    RC_ASSERT(record.error().code == ec::malformed);
  }
}

TEST(a_record, is_written_for_any_reader) {
  auto record = held_by_ann();
  record.item.context = json::value::object();
  EXPECT_EQ(write_item_record(record, "w-1"),
            R"({"v":1,"writeId":"w-1","item":{"id":"550e8400-e29b-41d4-a716-446655440000",)"
            R"("taskId":"feature-123","capability":"TypeScript",)"
            R"("description":"Implement the login form.","priority":7,)"
            R"("deadline":"2026-01-16T12:00:00.000Z","scope":"public",)"
            R"("offeredBy":{"guid":"10000000-0000-4000-8000-000000000001","handle":"planner"},)"
            R"("offeredAt":"2026-01-15T12:00:00.000Z","maxAttempts":3},)"
            R"("state":"claimed","gen":1,"queueSeq":7,"attempt":1,"maxAttempts":3,"claimId":"c-1",)"
            R"("worker":{"guid":"20000000-0000-4000-8000-000000000002","handle":"ann",)"
            R"("sessionId":"ann's session"},"leaseMs":300000,)"
            R"("attempts":[{"number":1,)"
            R"("worker":{"guid":"20000000-0000-4000-8000-000000000002","handle":"ann"},)"
            R"("startedAt":"2026-01-15T12:00:00.000Z","end":"open"}],)"
            R"("updatedAt":"2026-01-15T12:00:00.000Z"})");
}

TEST(a_record, says_what_a_coordinator_keeps_with_it) {
  auto record = waiting();
  record.assigned = assignment{7, noon + 1min, 2, {bob.guid}, 41};
  const auto value = json::parse(write_item_record(record, "w-1")).value();
  EXPECT_EQ(value["term"], 7);
  EXPECT_EQ(value["assignUntil"], "2026-01-15T12:01:00.000Z");
  EXPECT_EQ(value["assignAttempts"], 2);
  EXPECT_EQ(value["passedOver"], json::value::array({bob.guid}));
  EXPECT_EQ(value["replacedSeq"], 41);
}

TEST(a_record, without_a_term_is_no_coordinators) {
  auto value = written();
  value["assignUntil"] = "2026-01-15T12:01:00.000Z";
  EXPECT_FALSE(read(value)->assigned);
  value["term"] = 0;
  EXPECT_EQ(read(value)->assigned->until, noon + 1min);
  value["passedOver"] = {7, bob.guid};
  value["assignUntil"] = "soon";
  EXPECT_EQ(read(value)->assigned, (assignment{0, {}, 0, {bob.guid}, 0}));
}

TEST(a_record, says_in_one_word_what_state_its_item_is_in) {
  for (const auto state : {item_state::pending, item_state::claimed, item_state::completed,
                           item_state::dead, item_state::cancelled, item_state::discarded}) {
    EXPECT_EQ(parse_item_state(to_text(state)), state);
  }
  EXPECT_EQ(to_text(item_state::cancelled), "cancelled");
  EXPECT_FALSE(parse_item_state("open"));
  EXPECT_FALSE(parse_item_state(""));
}

TEST(a_record, of_what_is_over_is_told_from_work) {
  EXPECT_FALSE(is_over(item_state::pending));
  EXPECT_FALSE(is_over(item_state::claimed));
  EXPECT_TRUE(is_over(item_state::completed));
  EXPECT_TRUE(is_over(item_state::dead));
  EXPECT_TRUE(is_over(item_state::cancelled));
  EXPECT_TRUE(is_over(item_state::discarded));
}

TEST(a_record, needs_an_item_and_a_state) {
  const auto why = [](const result<item_record>& read) {
    return read ? "read" : read.error().message;
  };
  EXPECT_EQ(why(read_with("item", nullptr)), "This is no work item: its \"id\" is no UUID.");
  EXPECT_EQ(why(read(json::value::object())),
            "The record of a work item cannot be read: it holds no item.");
  EXPECT_EQ(why(read_with("state", "asleep")),
            "The record of a work item cannot be read: its state is none that is known.");
}

TEST(a_record, of_a_claim_says_whose_it_is) {
  EXPECT_FALSE(read_with("claimId", ""));
  EXPECT_FALSE(read_with("claimId", 7));
  const auto nobodys = read_with("worker", "ann");
  ASSERT_TRUE(nobodys);
  EXPECT_EQ(nobodys->held->worker, party{});
  EXPECT_EQ(nobodys->held->session_id, "");
}

TEST(a_record, that_is_nobodys_keeps_no_claim) {
  const auto waiting_again = read_with("state", "pending");
  ASSERT_TRUE(waiting_again);
  EXPECT_FALSE(waiting_again->held);
}

TEST(a_record, of_an_unreadable_message_can_be_read) {
  auto record = waiting();
  record.item.id = "seq-7";
  EXPECT_EQ(read_item_record(write_item_record(record, "w")), record);
}

TEST(a_record, makes_sense_of_numbers_that_make_none) {
  EXPECT_EQ(read_with("leaseMs", UINT64_MAX)->held->lease, limits::duration_max);
  EXPECT_EQ(read_with("leaseMs", -5)->held->lease, 0ms);
  EXPECT_EQ(read_with("attempt", -1)->attempts_begun, 0U);
  EXPECT_EQ(read_with("maxAttempts", 0)->attempts_max, 1U);
  EXPECT_EQ(read_with("queueSeq", "seven")->queue_sequence, 0U);
  EXPECT_EQ(read_with("gen", 0)->generation, 1U);
}

TEST(a_record, believes_only_in_progress_that_is_one) {
  const auto progress = [](const json::value& given) {
    auto value = written();
    value["attempts"][0]["progress"] = given;
    return read(value)->attempts.front().progress;
  };
  EXPECT_EQ(progress(0), 0);
  EXPECT_EQ(progress(99.5), 99.5);
  EXPECT_EQ(progress(100), 100);
  EXPECT_EQ(progress(100.1), std::nullopt);
  EXPECT_EQ(progress(-1), std::nullopt);
  EXPECT_EQ(progress("half"), std::nullopt);
}

TEST(a_record, keeps_the_newest_attempts_and_so_much_of_each) {
  auto value = written();
  const std::string long_text(10'000, 'x');
  auto one = value["attempts"][0];
  value["attempts"] = json::value::array();
  for (std::size_t number = 1; number <= limits::work_attempts_kept + 5; ++number) {
    one.update({{"number", number}, {"note", long_text}, {"error", long_text}});
    value["attempts"].push_back(one);
  }
  const auto record = read(value);
  ASSERT_TRUE(record);
  ASSERT_EQ(record->attempts.size(), limits::work_attempts_kept);
  EXPECT_EQ(record->attempts.front().number, 6U);
  EXPECT_EQ(record->attempts.back().number, limits::work_attempts_kept + 5);
  EXPECT_EQ(record->attempts.back().note.size(),
            limits::work_note_bytes_max + std::string{"…"}.size());
  EXPECT_EQ(record->attempts.back().error, record->attempts.back().note);
}

TEST(a_record, has_attempts_or_none) {
  EXPECT_TRUE(attempts_from_json(nullptr).empty());
  const json::value strange{{"number", 1}};
  EXPECT_TRUE(attempts_from_json(&strange).empty());
  const auto mixed = json::value::array({7, json::value{{"end", "vanished"}}});
  EXPECT_EQ(attempts_from_json(&mixed), std::vector<attempt>{attempt{}});
}

TEST(a_record, holds_a_summary_no_longer_than_a_note_whoever_wrote_it) {
  const auto record = read_with("summary", std::string(100'000, 's'));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->summary, kept_note(std::string(100'000, 's')));
}

TEST(a_record, names_workers_it_was_taken_from_by_their_guids_alone) {
  auto value = written();
  value["term"] = 3;
  value["passedOver"] = json::value::array({bob.guid, ">", "\x1b[2J", 7, std::string(70'000, 'x')});
  const auto record = read(value);
  ASSERT_TRUE(record);
  ASSERT_TRUE(record->assigned);
  EXPECT_EQ(record->assigned->passed_over, std::vector<std::string>{bob.guid});
}

} // namespace
} // namespace nats_mcp::work::item_record_test
