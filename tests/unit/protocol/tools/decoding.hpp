// SPDX-License-Identifier: MIT
// Arguments as a client writes them, decoded or refused: shared by the tests of all tools.
#pragma once

#include "protocol/tools/tool.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace nats_mcp::tools {

/// The arguments in a JSON text that is one.
template <class Arguments>
result<Arguments> decode(std::string_view text) {
  return decode_arguments<Arguments>(json::parse(text).value());
}

/// The sentence with which they are refused.
template <class Arguments>
std::string refusal(std::string_view text) {
  const auto decoded = decode<Arguments>(text);
  EXPECT_FALSE(decoded) << text;
  if (decoded) {
    return {};
  }
  EXPECT_EQ(decoded.error().code, ec::invalid_argument);
  return decoded.error().message;
}

} // namespace nats_mcp::tools
