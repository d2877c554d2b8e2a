// SPDX-License-Identifier: MIT
// The few words of the NATS protocol that a test of the engine needs, spoken over a plain socket,
// so that what the tests say about the server does not depend on our own gateway.
#pragma once

#include "transport/process/descriptor.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::testing {

/// One connection to 127.0.0.1. Throws `std::runtime_error` when the server refuses or hangs up.
class raw_nats {
public:
  raw_nats(std::uint16_t port, std::string_view token);
  struct login {
    std::string user;
    std::string password;
  };
  /// For `refusal_of` alone: it listens to nothing.
  raw_nats(std::uint16_t port, const login& who);

  /// How long it waits for what the server says; 10 seconds if nobody says otherwise.
  void be_patient_for(std::chrono::milliseconds span) { patience_ = span; }

  /// Sends a request and returns the payload of its reply.
  std::string request(std::string_view subject, std::string_view payload);

  /// What the server says to a line of the protocol: its refusal, or nothing when it has none.
  std::string refusal_of(std::string_view lines);

  /// A line that publishes, for `refusal_of`; many of them may be sent at once.
  static std::string publishing(std::string_view subject, std::string_view payload);
  /// The same with a header, such as `Nats-Rollup: all`.
  static std::string publishing_with(std::string_view header, std::string_view subject,
                                     std::string_view payload);

  /// Subscribes to a pattern; `heard` tells what came.
  void listen(std::string_view pattern);

  /// The subjects of the messages that came since, up to what the server had when it was asked.
  std::vector<std::string> heard();

private:
  void connect(std::uint16_t port, std::string_view credentials);
  static bool is_message(std::string_view line);
  /// What follows such a line, without headers.
  std::string read_payload(std::string_view line);
  void send(std::string_view bytes);
  std::string read_line();
  std::string read_bytes(std::size_t count);
  void fill();

  transport::descriptor socket_;
  /// Where answers to requests come.
  std::string reply_;
  std::chrono::milliseconds patience_{10'000};
  std::string buffer_;
  /// The last request, for whoever wants to know what was not answered.
  std::string asked_;
};

} // namespace nats_mcp::testing
