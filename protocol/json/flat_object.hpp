// SPDX-License-Identifier: MIT
// Reads small objects of plain members without building a document: payloads of ours and NATS's
// acknowledgements come by the thousand, and of each only a few strings are wanted.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::json {

/// One member: a string (without its quotes and escapes) or the digits of an unsigned integer.
struct flat_member {
  std::string_view key;
  std::string text;
  bool is_string = false;
};

/// The members of an object in the order they stand there, if it is written without white space but
/// behind commas and all its members are strings or unsigned integers; keys and strings without
/// `\u`. Nothing for every other text, valid or not: `parse` tells. Of two members with the same
/// key the last one counts.
/// @param text outlives the answer, whose keys are parts of it.
[[nodiscard]] std::optional<std::vector<flat_member>> read_flat_object(std::string_view text);

/// The last member `key` if it is a string, else null.
[[nodiscard]] std::string* find_text(std::vector<flat_member>& members, std::string_view key);

} // namespace nats_mcp::json
