// SPDX-License-Identifier: MIT
// The answers of tools/list. The tools of a program never change while it runs, so every page is
// written once per era and only copied afterwards.
#pragma once

#include "protocol/mcp/envelope_modern.hpp"
#include "protocol/mcp/types.hpp"
#include "protocol/mcp/version.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::mcp {

class tool_pages {
public:
  /// @param tools_per_page 0 = everything on one page.
  tool_pages(const std::vector<listed_tool>& tools, std::size_t tools_per_page,
             const modern_envelope& envelope);

  /// The result for `cursor` (the first page without one), or null when the cursor is none of this
  /// list.
  [[nodiscard]] const std::string* page(const std::optional<std::string>& cursor, era of) const;

private:
  struct written_page {
    /// Empty for the first one.
    std::string cursor;
    std::string legacy;
    std::string modern;
  };

  std::vector<written_page> pages_;
};

} // namespace nats_mcp::mcp
