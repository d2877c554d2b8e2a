// SPDX-License-Identifier: MIT
#include "protocol/work/dead_letter.hpp"

#include "protocol/limits.hpp"
#include "protocol/work/streams.hpp"

#include "tests/unit/protocol/work/any_work.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::work::dead_letter_test {
namespace {

using namespace testing;

const std::string subject = "dead.public.typescript." + item_id;

item_record any_dead_record() {
  auto out = any_record();
  out.state = item_state::dead;
  out.held.reset();
  return out;
}

/// The letter of the sample item with one member as given.
dead_letter read_with(std::string_view key, const json::value& member) {
  auto payload = json::parse(dead_letter_message(out_of_attempts()).payload).value();
  payload[std::string{key}] = member;
  return read_dead_letter(subject, json::write(payload), noon + 1h);
}

RC_GTEST_PROP(a_dead_letter, tells_what_the_record_holds, ()) {
  const auto record = any_dead_record();
  const auto message = dead_letter_message(record);
  const auto letter = read_dead_letter(message.subject, message.payload, noon);
  const dead_letter expected{record.item,           record.generation, record.reason,
                             record.attempts_begun, record.updated_at, record.attempts};
  RC_ASSERT(letter == expected);
}

RC_GTEST_PROP(a_dead_letter, is_read_out_of_any_bytes_without_harm,
              (const std::string& where, const std::string& payload)) {
  RC_ASSERT(read_dead_letter(where, payload, noon).failed_at == noon);
  const auto letter = read_dead_letter(subject, payload, noon);
  RC_ASSERT(letter.item.id == item_id);
  RC_ASSERT(letter.item.capability == "typescript");
  RC_ASSERT(letter.item.scope == "public");
}

TEST(a_dead_letter, lies_by_what_its_item_needed) {
  const auto message = dead_letter_message(out_of_attempts());
  EXPECT_EQ(message.subject, subject);
  EXPECT_EQ(message.message_id, item_id + "-g1");
  EXPECT_FALSE(message.expected_last_subject_sequence);
  auto item = sample_item();
  item.assigned_to = bob.guid;
  item.scope = project;
  EXPECT_EQ(letter_subject(item), "dead.0123456789abcdef.typescript." + item_id);
  auto record = out_of_attempts();
  record.item = item;
  const auto stored = dead_letter_message(record);
  EXPECT_EQ(read_dead_letter(stored.subject, stored.payload, noon).item, item);
}

TEST(a_dead_letter, is_written_for_any_reader) {
  const auto payload = json::parse(dead_letter_message(out_of_attempts()).payload).value();
  EXPECT_EQ(payload.at("v"), 1);
  EXPECT_EQ(payload.at("id"), item_id);
  EXPECT_EQ(payload.at("item").at("taskId"), "feature-123");
  EXPECT_EQ(payload.at("gen"), 1);
  EXPECT_EQ(payload.at("attempts"), 3);
  EXPECT_EQ(payload.at("failedAt"), "2026-01-15T12:00:00.000Z");
  EXPECT_EQ(payload.at("errors").size(), 3U);
  EXPECT_EQ(payload.at("errors").at(2).at("error"), "The build is red.");
  EXPECT_EQ(payload.at("reason"),
            "Out of attempts: 3 of 3 were made. The last error: The build is red.");
}

TEST(a_dead_letter, is_whose_its_subject_says_whatever_it_says_itself) {
  const auto other = read_with("item", item_to_json([] {
                                 auto item = sample_item();
                                 item.id = ann.guid;
                                 item.scope = project;
                                 item.capability = "rust";
                                 item.assigned_to = ann.guid;
                                 return item;
                               }()));
  EXPECT_EQ(other.item.id, item_id);
  EXPECT_EQ(other.item.scope, "public");
  EXPECT_EQ(other.item.capability, "typescript");
  EXPECT_EQ(other.item.task_id, "feature-123");
}

TEST(a_dead_letter, of_an_assigned_item_says_what_it_takes_and_who_had_it) {
  auto record = out_of_attempts();
  record.item.assigned_to = bob.guid;
  const auto message = dead_letter_message(record);
  EXPECT_EQ(read_dead_letter(message.subject, message.payload, noon).item, record.item);
}

TEST(a_dead_letter, that_cannot_be_read_says_so) {
  const auto letter = read_dead_letter(subject, "not JSON", noon);
  EXPECT_EQ(letter.item.description, "not JSON");
  EXPECT_TRUE(letter.reason.starts_with("This dead letter cannot be read. ")) << letter.reason;
  EXPECT_EQ(letter.failed_at, noon);
  EXPECT_EQ(letter.attempts, 0U);
  EXPECT_TRUE(letter.history.empty());
  EXPECT_EQ(read_with("item", nullptr).reason,
            "This dead letter cannot be read. This is no work item: its \"id\" is no UUID.");
}

TEST(a_dead_letter, makes_sense_of_members_that_make_none) {
  EXPECT_EQ(read_with("failedAt", "yesterday").failed_at, noon + 1h);
  EXPECT_EQ(read_with("attempts", -1).attempts, 0U);
  EXPECT_EQ(read_with("gen", 0).generation, 1U);
  EXPECT_TRUE(read_with("errors", "none").history.empty());
  EXPECT_LE(read_with("reason", std::string(10'000, 'x')).reason.size(),
            limits::work_note_bytes_max + std::string{"…"}.size());
}

TEST(an_unreadable_message, is_dead_from_the_start) {
  const auto record = unreadable({"public", "c=2B=2B", 9}, 7, "\\u0000", noon);
  EXPECT_EQ(record.item.id, "seq-7");
  EXPECT_EQ(record.item.capability, "c++");
  EXPECT_EQ(record.item.priority, 9);
  EXPECT_EQ(record.item.description, "\\u0000");
  EXPECT_EQ(record.state, item_state::dead);
  EXPECT_EQ(record.queue_sequence, 7U);
  EXPECT_EQ(record.attempts_begun, 0U);
  EXPECT_EQ(record.reason, "Its message in the work queue could not be read.");
  EXPECT_EQ(record.updated_at, noon);
  EXPECT_TRUE(is_unreadable(record));
  EXPECT_FALSE(is_unreadable(out_of_attempts()));
}

TEST(an_unreadable_message, has_a_record_and_a_letter_that_can_be_read) {
  for (const auto& where : {lane{"public", "c=2B=2B", 9}, lane{project, "AGENT-" + bob.guid, 1}}) {
    const auto record = unreadable(where, 7, "excerpt", noon);
    EXPECT_EQ(lane_of(record.item), where);
    EXPECT_EQ(read_item_record(write_item_record(record, "w")), record);
    const auto message = dead_letter_message(record);
    EXPECT_EQ(message.subject, dead_letter_subject(where.scope, where.token, "seq-7"));
    EXPECT_EQ(message.message_id, "seq-7-g1");
    const auto letter = read_dead_letter(message.subject, message.payload, noon + 1h);
    EXPECT_EQ(letter.item, record.item);
    EXPECT_EQ(letter.reason, record.reason);
    EXPECT_EQ(letter.failed_at, noon);
  }
}

} // namespace
} // namespace nats_mcp::work::dead_letter_test
