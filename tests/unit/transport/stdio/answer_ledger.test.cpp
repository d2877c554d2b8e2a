// SPDX-License-Identifier: MIT
#include "transport/stdio/answer_ledger.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::transport {

using payloads = std::vector<std::string>;

TEST(answer_ledger, lists_debts_in_the_order_in_which_they_were_made) {
  answer_ledger ledger;
  ledger.owe("7", "seven");
  ledger.owe("\"a\"", "a");
  ledger.owe("3", "three");
  EXPECT_EQ(ledger.owed(), (payloads{"seven", "a", "three"}));
}

TEST(answer_ledger, forgets_a_debt_that_was_settled) {
  answer_ledger ledger;
  ledger.owe("1", "one");
  ledger.owe("2", "two");
  ledger.settle("1");
  ledger.settle("unknown");
  EXPECT_EQ(ledger.owed(), (payloads{"two"}));
}

TEST(answer_ledger, replaces_the_payload_of_a_debt_and_keeps_its_place) {
  answer_ledger ledger;
  ledger.owe("1", "one");
  ledger.owe("2", "two");
  ledger.owe("1", "one again");
  EXPECT_EQ(ledger.owed(), (payloads{"one again", "two"}));
}

TEST(answer_ledger, is_empty_after_clear_and_usable_again) {
  answer_ledger ledger;
  ledger.owe("1", "one");
  ledger.clear();
  EXPECT_TRUE(ledger.owed().empty());
  ledger.owe("1", "new");
  EXPECT_EQ(ledger.owed(), (payloads{"new"}));
}

} // namespace nats_mcp::transport
