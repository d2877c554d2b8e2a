// SPDX-License-Identifier: MIT
// Which method exists when.
#include "protocol/mcp/method_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace nats_mcp::mcp::method_table_test {
namespace {

TEST(method_table, names_every_method_once_in_order) {
  std::set<method> seen;
  for (const auto& entry : methods) {
    seen.insert(entry.which);
  }
  EXPECT_EQ(seen.size(), methods.size());
  EXPECT_TRUE(std::is_sorted(methods.begin(), methods.end(),
                             [](const auto& a, const auto& b) { return a.name < b.name; }));
}

TEST(method_table, has_no_method_that_waits_for_a_handshake_in_the_modern_era) {
  for (const auto& entry : methods) {
    EXPECT_NE(entry.in_modern, availability::after_handshake) << entry.name;
  }
}

constexpr server_capabilities everything{true, true, true};

TEST(method_table, finds_a_method_only_in_its_era) {
  EXPECT_EQ(find_method("initialize", era::modern, everything), nullptr);
  EXPECT_EQ(find_method("ping", era::modern, everything), nullptr);
  EXPECT_EQ(find_method("resources/subscribe", era::modern, everything), nullptr);
  EXPECT_EQ(find_method("server/discover", era::legacy, everything), nullptr);
  EXPECT_EQ(find_method("subscriptions/listen", era::legacy, everything), nullptr);
  EXPECT_NE(find_method("resources/subscribe", era::legacy, everything), nullptr);
  EXPECT_NE(find_method("tools/call", era::legacy, everything), nullptr);
  EXPECT_NE(find_method("tools/call", era::modern, everything), nullptr);
  EXPECT_EQ(find_method("tools/Call", era::modern, everything), nullptr);
  EXPECT_EQ(find_method("", era::legacy, everything), nullptr);
}

TEST(method_table, has_no_method_of_what_is_not_offered) {
  for (const auto& entry : methods) {
    const auto in = entry.in_modern == availability::never ? era::legacy : era::modern;
    const auto* found = find_method(entry.name, in, {});
    EXPECT_EQ(found == nullptr,
              entry.name.rfind("resources/", 0) == 0 || entry.name.rfind("prompts/", 0) == 0)
      << entry.name;
  }
}

} // namespace
} // namespace nats_mcp::mcp::method_table_test
