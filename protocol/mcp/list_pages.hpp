// SPDX-License-Identifier: MIT
// The answers of tools/list, resources/list and their kin. What a program lists never changes while
// it runs, so every page is written once per era and only copied afterwards.
#pragma once

#include "protocol/json/value.hpp"
#include "protocol/mcp/envelope_modern.hpp"
#include "protocol/mcp/version.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::mcp {

class list_pages {
public:
  struct content {
    /// The member of the result that holds the entries, such as `tools`.
    std::string_view member;
    /// In the order in which they are listed.
    std::vector<json::value> entries;
    /// 0 = everything on one page.
    std::size_t entries_per_page = 0;
    /// The same for every page (MCP 2026-07-28, caching).
    cache_hint hint;
  };

  list_pages(const content& listed, const modern_envelope& envelope);

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
