// SPDX-License-Identifier: MIT
// The arguments of those who offer, do and look up work: what is taken, and what a wrong one is
// answered.
#include "protocol/limits.hpp"
#include "protocol/tools/work_tools.hpp"

#include "tests/unit/protocol/tools/decoding.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::tools::work_arguments_test {
namespace {

constexpr std::string_view item = "550e8400-e29b-41d4-a716-446655440000";

/// Arguments about the item, and what else is given.
std::string about_item(std::string_view more = {}) {
  return R"({"workItemId":")" + std::string{item} + "\"" + std::string{more} + "}";
}

/// A complete offer, and what else is given.
std::string offer(std::string_view more = {}) {
  return R"({"taskId":"feature-123","capability":"typescript","description":"Implement user auth")"
         + std::string{more} + "}";
}

/// What a check answers; empty if it has nothing to say.
template <class Arguments>
std::string objection(std::string_view text) {
  const auto decoded = decode<Arguments>(text);
  EXPECT_TRUE(decoded) << decoded.error().message;
  const auto outcome = check(*decoded);
  EXPECT_TRUE(outcome || outcome.error().code == ec::invalid_argument);
  return outcome ? std::string{} : outcome.error().message;
}

TEST(work_arguments, of_the_seeds_offer_are_taken) {
  const auto seed = decode<broadcast_work_offer_arguments>(
    R"({"taskId":"feature-123","capability":"typescript","description":"Implement user auth",)"
    R"("priority":7})");
  ASSERT_TRUE(seed);
  EXPECT_TRUE(check(*seed));
  EXPECT_EQ(seed->task_id, "feature-123");
  EXPECT_EQ(capability_of(*seed), "typescript");
  EXPECT_EQ(seed->description, "Implement user auth");
  EXPECT_EQ(seed->priority, 7);
}

TEST(work_arguments, of_an_offer_that_are_left_out_have_the_documented_defaults) {
  const auto least = decode<broadcast_work_offer_arguments>(offer());
  ASSERT_TRUE(least);
  EXPECT_EQ(least->priority, 5);
  EXPECT_FALSE(least->deadline);
  EXPECT_EQ(least->context_data, json::value::object());
  EXPECT_EQ(least->scope, work_scope::public_);
  EXPECT_FALSE(least->assign_to);
  EXPECT_FALSE(least->idempotency_key);
  EXPECT_FALSE(least->notify_claim);
}

TEST(work_arguments, of_an_offer_are_all_taken) {
  const auto full = decode<broadcast_work_offer_arguments>(
    offer(R"(,"priority":10.0,"deadline":"2026-01-15T10:00:00+01:00","contextData":{"a":[1]},)"
          R"("scope":"project","assignTo":"123e4567-e89b-12d3-a456-426614174000",)"
          R"("idempotencyKey":"key 1","notifyClaim":true)"));
  ASSERT_TRUE(full) << full.error().message;
  EXPECT_EQ(full->priority, 10) << "10.0 is a whole number";
  EXPECT_EQ(full->deadline, "2026-01-15T10:00:00+01:00");
  EXPECT_EQ(json::write(full->context_data), R"({"a":[1]})");
  EXPECT_EQ(full->scope, work_scope::project);
  EXPECT_EQ(full->assign_to, "123e4567-e89b-12d3-a456-426614174000");
  EXPECT_EQ(full->idempotency_key, "key 1");
  EXPECT_TRUE(full->notify_claim);
}

TEST(work_arguments, name_the_capability_of_an_offer_once) {
  const auto by_older_name = decode<broadcast_work_offer_arguments>(
    R"({"taskId":"t","requiredCapability":"c++","description":"d"})");
  ASSERT_TRUE(by_older_name);
  EXPECT_TRUE(check(*by_older_name));
  EXPECT_EQ(capability_of(*by_older_name), "c++");
  EXPECT_EQ(objection<broadcast_work_offer_arguments>(offer(R"(,"requiredCapability":"c++")")),
            "Arguments \"capability\" and \"requiredCapability\" were both given, but only one of "
            "them is allowed. Leave \"requiredCapability\" out; nothing was published.");
  EXPECT_EQ(objection<broadcast_work_offer_arguments>(R"({"taskId":"t","description":"d"})"),
            "Neither \"capability\" nor \"requiredCapability\" was given; one of them is needed to "
            "say what a worker must be able to do. Example: \"capability\": \"typescript\". "
            "discover_agents shows who can do what.");
  EXPECT_EQ(capability_of({}), "");
}

TEST(work_arguments, of_an_offer_leave_the_choice_of_the_worker_to_one) {
  const auto guid = R"("123e4567-e89b-12d3-a456-426614174000")";
  const auto preferring = decode<broadcast_work_offer_arguments>(
    offer(std::string{R"(,"coordinated":true,"preferredWorker":)"} + guid));
  ASSERT_TRUE(preferring);
  EXPECT_TRUE(check(*preferring));
  EXPECT_EQ(
    objection<broadcast_work_offer_arguments>(
      offer(std::string{R"(,"coordinated":true,"assignTo":)"} + guid)),
    "Arguments \"coordinated\" and \"assignTo\" were both given, but only one of them is "
    "allowed: a coordinator chooses the worker itself. \"preferredWorker\" says who gets it "
    "first; nothing was published.");
  EXPECT_EQ(
    objection<broadcast_work_offer_arguments>(offer(std::string{R"(,"preferredWorker":)"} + guid)),
    "Argument \"preferredWorker\" needs \"coordinated\": true, since a coordinator goes by "
    "it. \"assignTo\" gives the item to one agent alone; nothing was published.");
}

TEST(work_arguments, of_an_offer_that_are_wrong_are_answered_with_name_value_bounds_and_example) {
  const auto says = [](std::string_view more, std::string_view sentence) {
    EXPECT_EQ(refusal<broadcast_work_offer_arguments>(offer(more)), sentence);
  };
  says(R"(,"priority":11)", "Argument \"priority\" must be a whole number from 1 to 10, but 11 was "
                            "given. Example: \"priority\": 7.");
  says(R"(,"priority":0)", "Argument \"priority\" must be a whole number from 1 to 10, but 0 was "
                           "given. Example: \"priority\": 7.");
  says(R"(,"priority":"5")", "Argument \"priority\" must be a whole number from 1 to 10, but \"5\" "
                             "(text) was given. Example: \"priority\": 7.");
  says(R"(,"deadline":"tomorrow")",
       "Argument \"deadline\" must be a time as RFC 3339 writes it, but \"tomorrow\" (text) was "
       "given. Example: \"deadline\": \"2026-01-15T10:00:00Z\".");
  says(R"(,"scope":"private")", "Argument \"scope\" must be one of \"public\", \"project\", but "
                                "\"private\" (text) was given. Example: \"scope\": \"project\".");
  says(R"(,"assignTo":"me")", "Argument \"assignTo\" must be a GUID: 32 hex digits in lower case, "
                              "in groups of 8-4-4-4-12, but \"me\" (text) was given. Example: "
                              "\"assignTo\": \"123e4567-e89b-12d3-a456-426614174000\".");
  says(R"(,"contextData":"main")",
       "Argument \"contextData\" must be an object, but \"main\" (text) "
       "was given. Example: \"contextData\": {\"branch\": \"main\"}.");
  says(R"(,"idempotencyKey":"")",
       "Argument \"idempotencyKey\" must be text of 1 to 255 characters, but \"\" (text) was "
       "given. Example: \"idempotencyKey\": \"feature-123-auth\".");
  says(R"(,"urgency":7)",
       "Argument \"urgency\" is not known. Allowed: taskId, capability, requiredCapability, "
       "description, priority, deadline, contextData, scope, assignTo, idempotencyKey, "
       "notifyClaim, coordinated, preferredWorker.");
  says(R"(,"contextdata":{})",
       "Argument \"contextdata\" is not known. Did you mean \"contextData\"?");
}

TEST(work_arguments, of_an_offer_have_bounds_on_what_is_stored) {
  const auto described = [](std::size_t bytes) {
    return R"({"taskId":"t","capability":"c","description":")" + std::string(bytes, 'x') + "\"}";
  };
  constexpr auto most = limits::work_description_bytes_max;
  EXPECT_TRUE(decode<broadcast_work_offer_arguments>(described(most)));
  EXPECT_EQ(refusal<broadcast_work_offer_arguments>(described(0)),
            "Argument \"description\" must be text of 1 to 262144 bytes, but \"\" (text) was "
            "given. Example: \"description\": \"Implement user auth\".");
  EXPECT_NE(refusal<broadcast_work_offer_arguments>(described(most + 1))
              .find("(text of 262145 characters) was given"),
            std::string::npos);
  EXPECT_EQ(
    refusal<broadcast_work_offer_arguments>(R"({"taskId":"","capability":"c","description":"d"})"),
    "Argument \"taskId\" must be text of 1 to 255 characters, but \"\" (text) was given. "
    "Example: \"taskId\": \"feature-123\".");

  broadcast_work_offer_arguments large;
  large.capability = "c";
  large.context_data["x"] = std::string(limits::work_context_bytes_max - 8, 'x');
  EXPECT_TRUE(check(large));
  large.context_data["x"] = std::string(limits::work_context_bytes_max - 7, 'x');
  EXPECT_EQ(check(large).error(),
            (error{ec::invalid_argument,
                   "Argument \"contextData\" must be at most 262144 bytes when written as JSON, "
                   "but 262145 bytes were given. Put what is long where others can get it, and say "
                   "where. Example: \"contextData\": {\"branch\": \"main\"}.",
                   0}));
}

TEST(work_arguments, of_a_claim_are_taken_within_their_bounds) {
  const auto least = decode<claim_work_arguments>("{}");
  ASSERT_TRUE(least);
  EXPECT_FALSE(least->capability);
  EXPECT_EQ(least->timeout.count(), 0);
  const auto waiting = decode<claim_work_arguments>(R"({"capability":"c++","timeout":60000})");
  ASSERT_TRUE(waiting);
  EXPECT_EQ(waiting->capability, "c++");
  EXPECT_EQ(waiting->timeout.count(), 60'000);
  EXPECT_EQ(refusal<claim_work_arguments>(R"({"timeout":60001})"),
            "Argument \"timeout\" must be a whole number of milliseconds from 0 to 60000, but "
            "60001 was given. Example: \"timeout\": 30000.");
  EXPECT_EQ(refusal<claim_work_arguments>(R"({"capability":""})"),
            "Argument \"capability\" must be text of 1 to 64 bytes, but \"\" (text) was given. "
            "Example: \"capability\": \"typescript\".");
}

TEST(work_arguments, name_the_item_by_an_id_that_can_be_one) {
  EXPECT_EQ(decode<release_work_arguments>(about_item())->work_item_id, item);
  EXPECT_TRUE(decode<cancel_work_arguments>(R"({"workItemId":"seq-17"})"));
  for (const auto* wrong :
       {"", "17", "seq-", "seq-1x", "550e8400", "*", ">", "550E8400-E29B-41D4-A716-446655440000"}) {
    const auto text =
      refusal<release_work_arguments>(R"({"workItemId":")" + std::string{wrong} + "\"}");
    EXPECT_EQ(text.find("Argument \"workItemId\" must be the id of a work item, as an answer told "
                        "it: a UUID in lower case, or seq- and a number, but "),
              0U)
      << text;
    EXPECT_TRUE(
      text.ends_with("Example: \"workItemId\": \"550e8400-e29b-41d4-a716-446655440000\"."))
      << text;
  }
  EXPECT_EQ(refusal<complete_work_arguments>("{}").find("Argument \"workItemId\" is missing; "),
            0U);
}

TEST(work_arguments, report_something) {
  EXPECT_EQ(objection<report_progress_arguments>(about_item(R"(,"progress":0)")), "");
  EXPECT_EQ(objection<report_progress_arguments>(about_item(R"(,"note":"n")")), "");
  EXPECT_EQ(decode<report_progress_arguments>(about_item(R"(,"progress":33.5)"))->progress, 33.5);
  EXPECT_EQ(objection<report_progress_arguments>(about_item()),
            "Neither \"progress\" nor \"note\" was given; at least one of them is needed. Example: "
            "\"progress\": 40.");
  EXPECT_EQ(refusal<report_progress_arguments>(about_item(R"(,"progress":101)")),
            "Argument \"progress\" must be a number from 0 to 100, but 101 was given. Example: "
            "\"progress\": 40.");
  const auto long_note = about_item(R"(,"note":")" + std::string(4097, 'x') + '"');
  EXPECT_NE(refusal<report_progress_arguments>(long_note).find(
              "Argument \"note\" must be text of 1 to 4096 bytes"),
            std::string::npos);
}

TEST(work_arguments, complete_with_a_result_within_its_bound) {
  const auto least = decode<complete_work_arguments>(about_item());
  ASSERT_TRUE(least);
  EXPECT_FALSE(least->summary);
  EXPECT_EQ(least->result, json::value::object());
  EXPECT_EQ(objection<complete_work_arguments>(
              about_item(R"(,"summary":"Auth works.","result":{"pullRequest":42})")),
            "");
  EXPECT_EQ(refusal<complete_work_arguments>(about_item(R"(,"result":"done")")),
            "Argument \"result\" must be an object, but \"done\" (text) was given. Example: "
            "\"result\": {\"pullRequest\": 42}.");
  complete_work_arguments large;
  large.result["x"] = std::string(limits::work_context_bytes_max, 'x');
  const auto outcome = check(large);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message.find(
              "Argument \"result\" must be at most 262144 bytes when written as JSON, but "),
            0U);
}

TEST(work_arguments, fail_with_an_error_and_a_delay_that_makes_sense) {
  const auto least = decode<fail_work_arguments>(about_item(R"(,"error":"e")"));
  ASSERT_TRUE(least);
  EXPECT_TRUE(least->retryable);
  EXPECT_FALSE(least->retry_after);
  EXPECT_EQ(objection<fail_work_arguments>(about_item(R"(,"error":"e","retryAfter":60000)")), "");
  EXPECT_EQ(objection<fail_work_arguments>(about_item(R"(,"error":"e","retryable":false)")), "");
  EXPECT_EQ(
    objection<fail_work_arguments>(about_item(R"(,"error":"e","retryable":false,"retryAfter":1)")),
    "Argument \"retryAfter\" was given although \"retryable\" is false, which says that nobody "
    "tries again. Leave one of them out; nothing was changed.");
  EXPECT_EQ(refusal<fail_work_arguments>(about_item()),
            "Argument \"error\" is missing; it must be text of 1 to 4096 bytes. Example: "
            "\"error\": \"The tests do not compile.\".");
  EXPECT_EQ(refusal<fail_work_arguments>(about_item(R"(,"error":"e","retryAfter":86400001)")),
            "Argument \"retryAfter\" must be a whole number of milliseconds from 0 to 86400000, "
            "but 86400001 was given. Example: \"retryAfter\": 60000.");
}

TEST(work_arguments, look_up_an_item_or_a_task) {
  EXPECT_EQ(objection<get_work_status_arguments>(about_item()), "");
  EXPECT_EQ(objection<get_work_status_arguments>(R"({"taskId":"feature-123"})"), "");
  EXPECT_EQ(objection<get_work_status_arguments>(about_item(R"(,"taskId":"feature-123")")),
            "Arguments \"workItemId\" and \"taskId\" were both given, but only one of them is "
            "allowed. Leave \"taskId\" out.");
  EXPECT_EQ(objection<get_work_status_arguments>("{}"),
            "Neither \"workItemId\" nor \"taskId\" was given; one of them is needed to say which "
            "work is meant. Example: \"taskId\": \"feature-123\". list_work shows what there is.");
}

TEST(work_arguments, list_pages_of_what_matches) {
  const auto least = decode<list_work_arguments>("{}");
  ASSERT_TRUE(least);
  EXPECT_EQ(least->limit, 20);
  EXPECT_FALSE(least->state);
  const auto full = decode<list_work_arguments>(
    R"({"capability":"c++","state":"completed","limit":100,"cursor":"17"})");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->state, work_state::completed);
  EXPECT_EQ(full->cursor, "17");
  EXPECT_EQ(refusal<list_work_arguments>(R"({"state":"claim"})"),
            "Argument \"state\" must be one of \"pending\", \"claimed\", \"completed\", \"dead\", "
            "\"cancelled\", \"discarded\", but \"claim\" (text) was given. Example: "
            "\"state\": \"pending\".");
  EXPECT_EQ(refusal<list_work_arguments>(R"({"limit":101})"),
            "Argument \"limit\" must be a whole number from 1 to 100, but 101 was given. Example: "
            "\"limit\": 10.");
}

} // namespace
} // namespace nats_mcp::tools::work_arguments_test
