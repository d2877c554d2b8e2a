// SPDX-License-Identifier: MIT
// What is still owed when a session dies, and how it is paid.
#include "protocol/mcp/owed.hpp"

#include "protocol/json/value.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::mcp::owed_test {
namespace {

jsonrpc::request_id number(std::string digits) {
  return {jsonrpc::request_id::kind::integer, std::move(digits)};
}

TEST(owed, is_one_answer_for_a_request_in_its_era) {
  EXPECT_EQ(owed_by(R"({"jsonrpc":"2.0","id":3,"method":"ping"})"),
            (std::vector<owed_answer>{{number("3"), era::legacy, std::nullopt}}));
  EXPECT_EQ(owed_by(R"({"jsonrpc":"2.0","id":3,"method":"x","params":{"_meta":)"
                    R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})"),
            (std::vector<owed_answer>{{number("3"), era::modern, std::nullopt}}));
}

TEST(owed, is_nothing_for_what_is_never_answered) {
  EXPECT_TRUE(owed_by(R"({"jsonrpc":"2.0","method":"notifications/x"})").empty());
  EXPECT_TRUE(owed_by(R"({"jsonrpc":"2.0","id":3,"result":{}})").empty());
}

TEST(owed, is_nothing_where_no_id_can_be_read) {
  EXPECT_TRUE(owed_by("{").empty());
  EXPECT_TRUE(owed_by("").empty());
  EXPECT_TRUE(owed_by(std::string(1'000'000, '[')).empty());
}

TEST(owed, is_an_answer_for_a_refused_message_with_an_id) {
  EXPECT_EQ(owed_by(R"({"id":3,"method":"ping"})"),
            (std::vector<owed_answer>{{number("3"), era::legacy, std::nullopt}}));
}

TEST(owed, is_one_array_for_the_requests_of_a_batch) {
  EXPECT_EQ(
    owed_by(R"([{"jsonrpc":"2.0","id":1,"method":"a"},{"jsonrpc":"2.0","method":"b"},
                        {"jsonrpc":"2.0","id":2,"method":"c"}])"),
    (std::vector<owed_answer>{{number("1"), era::legacy, 0}, {number("2"), era::legacy, 0}}));
}

TEST(owed, is_paid_with_an_error_that_admits_the_outcome_is_unknown) {
  const auto lines = answers_after_crash({{number("5"), era::modern, std::nullopt}});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(
    lines[0],
    R"({"jsonrpc":"2.0","id":5,"error":{"code":-32603,"message":"The part of this server that )"
    R"(speaks with the client failed while this request was in its hands and was restarted. )"
    R"(Whether the request took effect is unknown: look before you repeat it."}})");
}

TEST(owed, keeps_the_members_of_one_batch_together_and_the_order) {
  const auto lines = answers_after_crash({{number("1"), era::legacy, 4},
                                          {number("2"), era::legacy, std::nullopt},
                                          {number("3"), era::legacy, 4},
                                          {number("4"), era::legacy, 5}});
  ASSERT_EQ(lines.size(), 3U);
  const auto batch = json::parse(lines[0]).value();
  ASSERT_TRUE(batch.is_array());
  ASSERT_EQ(batch.size(), 2U);
  EXPECT_EQ(*json::find(batch[0], "id"), 1);
  EXPECT_EQ(*json::find(batch[1], "id"), 3);
  EXPECT_EQ(*json::find(json::parse(lines[1]).value(), "id"), 2);
  EXPECT_EQ(json::parse(lines[2]).value().size(), 1U);
  EXPECT_TRUE(json::parse(lines[2]).value().is_array());
}

TEST(owed, pays_nothing_for_nothing) { EXPECT_TRUE(answers_after_crash({}).empty()); }

} // namespace
} // namespace nats_mcp::mcp::owed_test
