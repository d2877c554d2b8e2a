// SPDX-License-Identifier: MIT
// What is still owed when a session dies, and how it is paid.
#include "protocol/mcp/owed.hpp"

#include "protocol/json/value.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

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

// -- whatever was read ---------------------------------------------------------------------------

struct member {
  std::string line;
  std::optional<owed_answer> owed;
};

/// A message as a client may send it, and what it is owed for it.
member any_member(std::optional<std::uint64_t> batch) {
  const auto digits = std::to_string(*rc::gen::inRange(0, 1000));
  const auto with_id = R"({"jsonrpc":"2.0","id":)" + digits;
  switch (*rc::gen::element(0, 1, 2, 3, 4, 5)) {
    case 0:
      return {R"({"jsonrpc":"2.0","method":"notifications/x"})", std::nullopt};
    case 1:
      return {with_id + R"(,"result":{}})", std::nullopt};
    case 2:
      return {"{}", std::nullopt};
    case 3:
      return {R"({"method":"no version","id":)" + digits + "}",
              owed_answer{number(digits), era::legacy, batch}};
    case 4:
      return {with_id + R"(,"method":"x","params":{"_meta":)"
                + R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})",
              owed_answer{number(digits), era::modern, batch}};
    default:
      return {with_id + R"(,"method":"x"})", owed_answer{number(digits), era::legacy, batch}};
  }
}

RC_GTEST_PROP(anything_owed, is_an_answer_for_each_request_that_was_read, ()) {
  const auto single = any_member(std::nullopt);
  RC_ASSERT(owed_by(single.line)
            == (single.owed ? std::vector{*single.owed} : std::vector<owed_answer>{}));
  const auto count = *rc::gen::inRange(1, 10);
  std::vector<owed_answer> owed;
  std::string batch;
  for (int made = 0; made < count; ++made) {
    const auto one = any_member(0);
    batch += (made == 0 ? "[" : ",") + one.line;
    if (one.owed) {
      owed.push_back(*one.owed);
    }
  }
  RC_ASSERT(owed_by(batch + "]") == owed);
}

RC_GTEST_PROP(anything_owed, is_paid_once_each_with_the_members_of_a_batch_in_one_line, ()) {
  const auto count = *rc::gen::inRange(0, 20);
  std::vector<owed_answer> owed;
  std::map<std::uint64_t, std::vector<int>> in_batches;
  std::vector<int> alone;
  for (int id = 0; id < count; ++id) {
    const auto batch = *rc::gen::element<std::uint64_t>(0, 1, 2, 3);
    const bool is_alone = batch == 3;
    owed.push_back(
      {number(std::to_string(id)), era::legacy, is_alone ? std::nullopt : std::optional{batch}});
    (is_alone ? alone : in_batches[batch]).push_back(id);
  }
  const auto lines =
    *rc::gen::arbitrary<bool>() ? answers_after_crash(owed) : answers_at_the_end(owed);
  const auto id_of = [](const json::value& answer) {
    RC_ASSERT(*json::find(*json::find(answer, "error"), "code") == -32603);
    return json::find(answer, "id")->get<int>();
  };
  RC_ASSERT(lines.size() == alone.size() + in_batches.size());
  std::vector<int> paid_alone;
  for (const auto& line : lines) {
    const auto answer = json::parse(line).value();
    if (!answer.is_array()) {
      paid_alone.push_back(id_of(answer));
      continue;
    }
    std::vector<int> paid;
    for (const auto& one : answer) {
      paid.push_back(id_of(one));
    }
    RC_ASSERT(!paid.empty());
    const auto batch = owed.at(static_cast<std::size_t>(paid.front())).batch;
    RC_ASSERT(batch.has_value());
    RC_ASSERT(in_batches.contains(*batch)); // not paid before
    RC_ASSERT(in_batches.extract(*batch).mapped() == paid);
  }
  RC_ASSERT(paid_alone == alone);
}

} // namespace
} // namespace nats_mcp::mcp::owed_test
