// SPDX-License-Identifier: MIT
// Where UTF-8 sequences begin and end, for text that strangers send and text that has to be cut.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace nats_mcp::json {

/// Length in bytes of the well-formed UTF-8 sequence at the start of `text` (Unicode 15, table 3-7:
/// no overlong forms, no surrogates, nothing above U+10FFFF); 0 when there is none.
[[nodiscard]] std::size_t sequence_length(std::string_view text) noexcept;

/// At most `bytes_max` bytes of `text`, cut between characters; `…` marks what was left out.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t bytes_max);

} // namespace nats_mcp::json
