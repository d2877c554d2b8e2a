// SPDX-License-Identifier: MIT
// Writes JSON into a line that is being built. The MCP encoders append to one string instead of
// building a document first: a tool answer is written once, whatever its size.
#pragma once

#include "protocol/json/value.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace nats_mcp::json {

/// Appends `text` as a JSON string with its quotes: control characters escaped, broken UTF-8
/// replaced by U+FFFD, everything else as it is.
void append_string(std::string& out, std::string_view text);

/// Appends a whole document, compact, in the form `write` promises.
void append_value(std::string& out, const value& document);

/// Appends a number in its shortest form; infinities and NaN, which JSON lacks, become `null`.
void append_number(std::string& out, double number);

} // namespace nats_mcp::json
