// SPDX-License-Identifier: MIT
#include "actors/mcp/tool_dispatch.hpp"

#include "protocol/tools/catalog.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace nats_mcp {
namespace {

TEST(tool_dispatch, knows_every_tool_of_the_catalog_and_no_other) {
  std::set<std::string_view> declared;
  for (const auto& tool : tools::catalog()) {
    declared.insert(tool.name);
  }
  const auto known = tool_dispatch::tool_names();
  EXPECT_EQ(std::set<std::string_view>(known.begin(), known.end()), declared);
}

} // namespace
} // namespace nats_mcp
