// SPDX-License-Identifier: MIT
// Versions and the era of one request.
#include "protocol/mcp/version.hpp"

#include "protocol/mcp/era.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::mcp::version_test {
namespace {

TEST(version, repeats_every_legacy_version_it_knows) {
  for (const auto* known : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
    EXPECT_EQ(negotiate_legacy(known), known);
  }
}

TEST(version, offers_the_newest_legacy_one_for_everything_else) {
  for (const auto* unknown : {"2024-10-07", "2026-07-28", "2099-01-01", "", "2025-11-25 "}) {
    EXPECT_EQ(negotiate_legacy(unknown), "2025-11-25");
  }
}

TEST(version, serves_one_modern_version_and_no_legacy_one_as_modern) {
  EXPECT_TRUE(is_served_modern("2026-07-28"));
  EXPECT_FALSE(is_served_modern("2025-11-25"));
  EXPECT_FALSE(is_served_modern("2027-01-15"));
}

TEST(version, knows_batches_only_in_march_2025) {
  EXPECT_TRUE(allows_batches("2025-03-26"));
  for (const auto* without : {"", "2024-11-05", "2025-06-18", "2025-11-25"}) {
    EXPECT_FALSE(allows_batches(without)) << without;
  }
}

TEST(era, is_modern_exactly_when_the_version_key_is_there) {
  const auto of = [](std::string_view params) { return era_of(json::parse(params).value()); };
  EXPECT_EQ(of(R"({"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}})"),
            era::modern);
  EXPECT_EQ(of(R"({"_meta":{"io.modelcontextprotocol/protocolVersion":7}})"), era::modern);
  EXPECT_EQ(of(R"({"_meta":{"progressToken":1}})"), era::legacy);
  EXPECT_EQ(of(R"({"_meta":[1]})"), era::legacy);
  EXPECT_EQ(of(R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28"})"), era::legacy);
  EXPECT_EQ(of("{}"), era::legacy);
}

} // namespace
} // namespace nats_mcp::mcp::version_test
