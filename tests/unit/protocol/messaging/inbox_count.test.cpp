// SPDX-License-Identifier: MIT
// How much of an agent's mail was not read, as the server describes its inbox.
#include "protocol/messaging/inbox_count.hpp"

#include <gtest/gtest.h>

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

} // namespace
} // namespace nats_mcp::messaging::inbox_count_test
