// SPDX-License-Identifier: MIT
#include "tests/fault/stored_message.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"

#include <stdexcept>

namespace nats_mcp::testing {

namespace {

/// Of the JetStream API: no message found.
constexpr std::uint64_t not_found = 404;

} // namespace

std::optional<std::string> read_last(raw_nats& nats, const std::string& stream,
                                     const std::string& subject) {
  auto payload = nats.request("$JS.API.DIRECT.GET." + stream + "." + subject, "");
  if (!payload.empty()) {
    return payload;
  }
  // Without a payload come "there is none" and "nobody is here to ask" alike; the slower way tells.
  const auto answer =
    nats.request("$JS.API.STREAM.MSG.GET." + stream, json::value{{"last_by_subj", subject}}.dump());
  const auto document = json::parse(answer).value_or(json::value{});
  const auto* error = json::find(document, "error");
  if (error != nullptr && json::unsigned_member(*error, "code") == not_found) {
    return std::nullopt;
  }
  if (json::find(document, "message") != nullptr) {
    throw std::runtime_error{"stream " + stream + " has " + subject
                             + " and does not give it directly"};
  }
  throw std::runtime_error{"stream " + stream + " says nothing about " + subject + ": " + answer};
}

} // namespace nats_mcp::testing
