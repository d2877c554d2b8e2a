// SPDX-License-Identifier: MIT
// The fuzz targets: each takes any bytes and ends the process if one of the promises it names is
// broken (promises.hpp). The same functions run under libFuzzer (libfuzzer_main.cpp, preset `fuzz`)
// and over the committed corpus in every build (replay.cpp).
#pragma once

#include <array>
#include <string_view>

namespace nats_mcp::fuzz {

/// Chunks of bytes become the same lines however they are cut.
void framing(std::string_view bytes);
/// The JSON parser, its short ways and its line numbers agree with each other.
void json_text(std::string_view bytes);
/// A whole conversation: lines of a client, answers of tools, crashes. Every request is answered
/// exactly once, every line written is JSON-RPC.
void session(std::string_view bytes);
/// The arguments of every tool: what is taken fits the schema and survives a round trip.
void tool_arguments(std::string_view bytes);
/// Environment and files: what is wrong is told, no secret is, what is right survives a round trip.
void configuration(std::string_view bytes);
/// What strangers may have written to our streams and buckets.
void payloads(std::string_view bytes);
/// What NATS servers answer.
void replies(std::string_view bytes);
/// Subjects, tokens, keys and addresses.
void names(std::string_view bytes);
/// Text that is shown and logged.
void shown(std::string_view bytes);

struct named_target {
  std::string_view name;
  void (*run)(std::string_view bytes);
};

inline constexpr std::array<named_target, 9> targets{{
  {"framing", framing},
  {"json_text", json_text},
  {"session", session},
  {"tool_arguments", tool_arguments},
  {"configuration", configuration},
  {"payloads", payloads},
  {"replies", replies},
  {"names", names},
  {"shown", shown},
}};

} // namespace nats_mcp::fuzz
