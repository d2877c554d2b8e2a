// SPDX-License-Identifier: MIT
// How much of an agent's mail was not read, as the server describes its inbox.
#include "protocol/messaging/inbox_count.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <string>

namespace nats_mcp::messaging::inbox_count_test {
namespace {

result<std::uint64_t> counted(std::string body) {
  return read_inbox_count(jetstream::api_reply{std::move(body)});
}

TEST(unread_mail, is_asked_for_by_the_agents_own_subjects) {
  const auto request = inbox_count_request("11111111-1111-4111-8111-111111111111", {});
  EXPECT_EQ(request.verb, "STREAM.INFO.AGENT_INBOX");
  EXPECT_EQ(request.body, R"({"subjects_filter":"inbox.11111111-1111-4111-8111-111111111111.*"})");
}

TEST(unread_mail, is_what_is_stored_from_all_senders) {
  EXPECT_EQ(counted(R"({"state":{"messages":9,"subjects":{"inbox.a.b":2,"inbox.a.c":3}}})"), 5U);
}

TEST(unread_mail, is_none_where_nothing_is_stored) {
  EXPECT_EQ(counted(R"({"state":{"messages":9}})"), 0U);
  EXPECT_EQ(read_inbox_count(fail(ec::not_found, "stream not found")), 0U);
}

TEST(unread_mail, is_not_known_when_nobody_says_so) {
  EXPECT_EQ(read_inbox_count(fail(ec::timeout, "Not today.")).error().code, ec::timeout);
  EXPECT_EQ(counted("{").error().code, ec::malformed);
  EXPECT_EQ(counted("{}").error().code, ec::malformed);
}

RC_GTEST_PROP(any_unread_mail, is_the_sum_over_all_senders_whatever_else_is_said, ()) {
  auto subjects = json::value::object();
  std::uint64_t all = 0;
  const auto senders = *rc::gen::inRange(0, 20);
  for (int sender = 0; sender < senders; ++sender) {
    const auto subject = "inbox.a." + std::to_string(sender);
    const auto count = *rc::gen::inRange<std::uint64_t>(0, 1'000'000'000'000);
    subjects[subject] =
      *rc::gen::element(json::value(count), json::value("many"), json::value(-1), json::value());
    if (subjects[subject] == json::value(count)) {
      all += count;
    }
  }
  const json::value state{{"messages", 7}, {"subjects", subjects}};
  RC_ASSERT(counted(json::write({{"config", nullptr}, {"state", state}})) == all);
}

} // namespace
} // namespace nats_mcp::messaging::inbox_count_test
