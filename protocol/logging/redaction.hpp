// SPDX-License-Identifier: MIT
// Takes credentials out of text that leaves the process. It works on any text, because a secret
// comes where nobody expects it: in the library's error message, in a URL, in the user's own
// sentence.
#pragma once

#include <string>
#include <string_view>

namespace nats_mcp::logging {

/// `text` with every credential replaced by `***`: user and password of a URL (the whole part
/// before
/// `@`), the values of names that end in `token`, `password`, `passwd`, `secret` or `seed` (written
/// with
/// `=` or `:`, bare or as JSON), `Bearer …`, NKEY seeds (`SU…`, `SA…` and their kin), and
/// everything from
/// `-----BEGIN` to its end line.
[[nodiscard]] std::string redact(std::string_view text);

} // namespace nats_mcp::logging
