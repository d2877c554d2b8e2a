// SPDX-License-Identifier: MIT
// Members of results that look the same in both eras. Each function appends `"name":value` pairs
// without the surrounding braces, which belong to the era's envelope.
#pragma once

#include "protocol/mcp/types.hpp"
#include "protocol/mcp/version.hpp"

#include <string>
#include <string_view>

namespace nats_mcp::mcp {

/// A piece of a client's own text as a sentence of ours repeats it: on one line, nothing in it that
/// a terminal would obey, at most `limits::quoted_bytes_max` bytes and the mark of what was cut.
[[nodiscard]] std::string repeated(std::string_view text);

/// `{"name":…,"title":…,"version":…}`; an empty title is left out.
void append_implementation(std::string& out, const implementation& who);

/// `"capabilities":{…}`: what this server can do, and with `instructions` behind it if there are
/// any.
void append_capabilities(std::string& out, const server_capabilities& offered,
                         std::string_view instructions);

/// `"contents":[…]`: one text in Markdown.
void append_resource_contents(std::string& out, std::string_view uri, std::string_view text);

/// `"content":[…]` and, where they apply, `"structuredContent":…` and `"isError":true`.
void append_tool_answer(std::string& out, const tool_answer& answer, era of);

} // namespace nats_mcp::mcp
