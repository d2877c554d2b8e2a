// SPDX-License-Identifier: MIT
// The page and its parts, which are in the program itself: made at build time of the files under
// transport/http/page/.
#pragma once

#include <span>
#include <string_view>

namespace nats_mcp::transport {

struct page_file {
  /// As asked for, such as `/page.js`; `/` is `/index.html`.
  std::string_view path;
  std::string_view content_type;
  std::string_view content;
};

[[nodiscard]] std::span<const page_file> page_files() noexcept;

/// Null: there is none at that path.
[[nodiscard]] const page_file* find_page_file(std::string_view path) noexcept;

} // namespace nats_mcp::transport
