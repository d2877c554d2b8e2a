// SPDX-License-Identifier: MIT
#include "tests/fault/rounds/stored_talk.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"

#include "tests/integration/raw_nats.hpp"

#include <algorithm>
#include <cctype>

namespace nats_mcp::testing {

namespace {

/// The marks in all messages of a stream, in its order.
std::vector<std::string> marks_of(raw_nats& nats, const std::string& stream) {
  std::vector<std::string> out;
  const auto info = json::parse(nats.request("$JS.API.STREAM.INFO." + stream, "")).value();
  const auto* state = json::find(info, "state");
  if (state == nullptr) {
    return out; // Nobody has said anything there.
  }
  const auto last = json::unsigned_member(*state, "last_seq").value_or(0);
  for (auto at = json::unsigned_member(*state, "first_seq").value_or(1); at <= last; ++at) {
    const auto payload =
      nats.request("$JS.API.DIRECT.GET." + stream, R"({"seq":)" + std::to_string(at) + "}");
    for (auto& mark : talk_history::marks_in(payload)) {
      out.push_back(std::move(mark));
    }
  }
  return out;
}

std::string stream_of(const std::string& channel) {
  std::string out = "crew_" + channel;
  std::transform(out.begin() + 5, out.end(), out.begin() + 5,
                 [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  return out;
}

} // namespace

talk_content read_stored_talk(std::uint16_t port, const std::vector<std::string>& channels) {
  raw_nats nats{port, ""};
  talk_content out;
  for (const auto& channel : channels) {
    out.channels[channel] = marks_of(nats, stream_of(channel));
  }
  const auto unread = marks_of(nats, "AGENT_INBOX");
  out.unread = {unread.begin(), unread.end()};
  return out;
}

} // namespace nats_mcp::testing
