// SPDX-License-Identifier: MIT
// Plays the client's side of a transcript against a session and notes what the server says.
#pragma once

#include "protocol/mcp/session.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::transcripts {

class player {
public:
  /// Plays a whole transcript. @returns it with the lines the server really wrote in place of those
  /// that were expected; the same text if they agree.
  [[nodiscard]] static std::string play(const std::string& transcript);

private:
  player();

  void on_client_line(std::string_view line);
  void on_event(const std::string& event);
  void carry_out(const std::vector<mcp::effect>& effects);
  void answer(call_id call, mcp::tool_answer answer);

  mcp::session_options options_;
  mcp::session session_;
  monotonic_time now_{};
  std::uint64_t calls_ = 0;
  /// The resources whose changes the session wants to hear of.
  std::set<std::string> watched_;
  /// What the server has said and the transcript has not taken up.
  std::vector<std::string> said_;
};

} // namespace nats_mcp::transcripts
