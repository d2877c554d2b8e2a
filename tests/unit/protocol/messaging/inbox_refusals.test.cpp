// SPDX-License-Identifier: MIT
#include "protocol/messaging/inbox_refusals.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace nats_mcp::messaging::inbox_refusals_test {
namespace {

constexpr addressee bob{"bob", "33333333-3333-4333-8333-333333333333"};

TEST(inbox_refusals, say_that_the_senders_own_lane_is_full) {
  const auto told = why_not_stored({ec::limit_exceeded,
                                    "JetStream refused the message to the inbox of x: maximum"
                                    " messages per subject exceeded (error 10077).",
                                    10077},
                                   bob, "id-1");
  EXPECT_EQ(told.code, ec::limit_exceeded);
  EXPECT_EQ(told.message,
            "The inbox of bob (33333333-3333-4333-8333-333333333333) is full for you: it holds as"
            " many unread messages of yours as it takes from one sender (1000). Nothing was"
            " stored. Wait until they are read, or reach this agent in a channel (send_message).");
}

TEST(inbox_refusals, say_that_the_storage_of_all_inboxes_is_full) {
  for (const int number : {10047, 10077, 10023}) {
    const auto told =
      why_not_stored({ec::limit_exceeded, "maximum bytes exceeded", number}, bob, "id-1");
    EXPECT_EQ(told.code, ec::limit_exceeded);
    EXPECT_NE(told.message.find("no room left where all agents' inboxes are kept"),
              std::string::npos)
      << told.message;
  }
}

TEST(inbox_refusals, name_the_message_whose_outcome_is_not_known) {
  const auto told = why_not_stored({ec::unknown_outcome, "no answer", 0}, bob, "id-1");
  EXPECT_EQ(told.code, ec::unknown_outcome);
  EXPECT_NE(told.message.find("Its message ID is id-1."), std::string::npos) << told.message;
}

TEST(inbox_refusals, pass_on_what_says_enough_already) {
  const error too_large{ec::limit_exceeded, "The message is too large.", 0};
  EXPECT_EQ(why_not_stored(too_large, bob, "id-1"), too_large);
  const error away{ec::nats_unreachable, "NATS connection failed.", 0};
  EXPECT_EQ(why_not_stored(away, bob, "id-1"), away);
}

RC_GTEST_PROP(any_inbox_refusal, keeps_its_code_and_says_nothing_was_stored_only_when_that_is_known,
              ()) {
  const auto code = *rc::gen::element(ec::limit_exceeded, ec::unknown_outcome, ec::timeout,
                                      ec::nats_unreachable, ec::conflict);
  const error why{code,
                  *rc::gen::element<std::string>("maximum messages per subject exceeded",
                                                 "maximum bytes exceeded", "no answer", ""),
                  code == ec::limit_exceeded ? *rc::gen::element(0, 10023, 10047, 10077) : 0};
  const auto told = why_not_stored(why, bob, "id-1");
  const auto says = [&](const char* words) {
    return told.message.find(words) != std::string::npos;
  };
  RC_ASSERT(told.code == why.code);
  RC_ASSERT(told.jetstream_code == why.jetstream_code);
  if (code == ec::unknown_outcome) {
    RC_ASSERT(says("not known"));
    RC_ASSERT(says("id-1"));
  }
  RC_ASSERT((!says("Nothing was stored") || code == ec::limit_exceeded));
  RC_ASSERT(
    says("full for you")
    == (why.jetstream_code == 10077 && why.message.find("per subject") != std::string::npos));
}

} // namespace
} // namespace nats_mcp::messaging::inbox_refusals_test
