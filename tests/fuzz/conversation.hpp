// SPDX-License-Identifier: MIT
// A session with its books: who asked what, what was answered, what is owed. Played by the target
// `session`; every effect is checked as it comes.
#pragma once

#include "protocol/mcp/session.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::fuzz {

class conversation {
public:
  /// @param kind which of the sessions there are: both eras, legacy alone, with hints.
  explicit conversation(std::size_t kind);

  /// One line of the client.
  void tell(std::string_view line);
  void tell_overlong();

  // What the tools and the rest of the program do. `choice` picks one of the running calls.
  void answer(std::size_t choice, std::string_view text);
  void read(std::size_t choice, std::string_view text);
  void report(std::size_t choice, std::string_view text);
  void change(std::string_view uri);
  void hint(std::string_view text);
  void wait(std::chrono::milliseconds time);

  /// The session dies; the next one goes on from its checkpoint.
  void crash();
  /// The conversation ends; then nothing is owed and everybody has an answer.
  void finish();

private:
  struct balance {
    std::size_t asked = 0;
    std::size_t answered = 0;
    /// How often the client took it back.
    std::size_t withdrawn = 0;
  };

  void note(std::string_view line, const std::vector<mcp::effect>& effects);
  void take(const std::vector<mcp::effect>& effects);
  void take_line(std::string_view line);
  void take_message(const json::value& message);
  void pay(const jsonrpc::request_id& id);
  void forget(call_id call);

  mcp::session_options options_;
  mcp::session session_;
  monotonic_time now_{std::chrono::hours{1}};
  std::map<jsonrpc::request_id, balance> accounts_;
  std::vector<mcp::owed_answer> owed_;
  std::vector<mcp::start_call> calls_;
  std::vector<mcp::read_resource> reads_;
  std::uint64_t next_call_ = 1;
  std::size_t crashes_ = 0;
};

} // namespace nats_mcp::fuzz
