// SPDX-License-Identifier: MIT
// One page of a stream, oldest first, and where the next one begins. A reader that may see several
// subjects reads each by itself; what it shows is merged by the sequence of the stream, so that one
// number says where to go on. Pure.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::work {

struct stream_page {
  /// In the order of the stream.
  std::vector<jetstream::delivery> messages;
  /// The sequence the next page begins at; nothing: these were the last.
  std::optional<std::uint64_t> next;
};

/// How much fits into a page.
struct page_bounds {
  /// At least 1.
  std::uint64_t messages = 1;
  /// Of payload. One message always fits, however large.
  std::size_t bytes = 0;
};

/// What was read for one subject or pattern, in the order of the stream.
struct page_part {
  std::vector<jetstream::delivery> messages;
  /// There is more of it behind its last message.
  bool cut = false;
};

/// Nothing is left out between the first message and `next`: beyond the end of a part that was cut
/// nothing is shown, of the others neither. A message that two parts have is shown once.
[[nodiscard]] stream_page merged_page(std::vector<page_part> parts, page_bounds bounds);

/// Where a page begins, as it is handed out in answers.
[[nodiscard]] std::string page_cursor(std::uint64_t sequence);
/// Reads what `page_cursor` wrote; nothing: the first page. @param tool whose cursor it should be.
/// @returns `ec::invalid_argument`.
[[nodiscard]] result<std::uint64_t> page_start(const std::optional<std::string>& cursor,
                                               std::string_view tool);

} // namespace nats_mcp::work
