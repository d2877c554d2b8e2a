// SPDX-License-Identifier: MIT
#include "transport/stdio/answer_ledger.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nats_mcp::transport::answer_ledger_test {
namespace {

using debts = std::vector<mcp::owed_answer>;

mcp::owed_answer number(std::string digits) {
  return {{jsonrpc::request_id::kind::integer, std::move(digits)}, mcp::era::legacy, {}};
}

mcp::owed_answer name(std::string text) {
  return {{jsonrpc::request_id::kind::string, std::move(text)}, mcp::era::legacy, {}};
}

TEST(answer_ledger, tells_debts_in_the_order_they_were_made) {
  answer_ledger ledger;
  ledger.owe(number("7"));
  ledger.owe(name("a"));
  ledger.owe(number("3"));
  EXPECT_EQ(ledger.owed(), (debts{number("7"), name("a"), number("3")}));
}

TEST(answer_ledger, tells_a_number_from_a_text) {
  answer_ledger ledger;
  ledger.owe(number("1"));
  ledger.owe(name("1"));
  ledger.settle(name("1").id);
  EXPECT_EQ(ledger.owed(), (debts{number("1")}));
}

TEST(answer_ledger, forgets_a_debt_that_was_settled) {
  answer_ledger ledger;
  ledger.owe(number("1"));
  ledger.owe(number("2"));
  ledger.settle(number("1").id);
  ledger.settle(name("unknown").id);
  EXPECT_EQ(ledger.owed(), (debts{number("2")}));
}

TEST(answer_ledger, replaces_a_debt_in_its_place) {
  answer_ledger ledger;
  ledger.owe(number("1"));
  ledger.owe(number("2"));
  auto again = number("1");
  again.of = mcp::era::modern;
  ledger.owe(again);
  EXPECT_EQ(ledger.owed(), (debts{again, number("2")}));
}

} // namespace
} // namespace nats_mcp::transport::answer_ledger_test
