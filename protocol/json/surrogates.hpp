// SPDX-License-Identifier: MIT
// JavaScript clients cut strings in the middle of an emoji and then write half of it as an escape
// ("\ud83d"). The library refuses such text, and the client would wait for an answer for ever; so
// the parser replaces the halves and reads again. Only texts that failed once pay for this.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nats_mcp::json {

/// `text` with every `\uD800`…`\uDFFF` escape that has no partner replaced by `\ufffd`, or nothing
/// when there is none.
[[nodiscard]] std::optional<std::string> replace_lone_surrogates(std::string_view text);

} // namespace nats_mcp::json
