// SPDX-License-Identifier: MIT
// One agent: an MCP client that speaks with its process in JSON-RPC lines of either era, and writes
// down what it asked and heard. What it asks is the workload's affair.
#pragma once

#include "protocol/json/value.hpp"
#include "protocol/time.hpp"

#include "tests/simulation/world/dice.hpp"
#include "tests/simulation/world/request_history.hpp"
#include "tests/simulation/world/simulated_client.hpp"
#include "tests/simulation/world/trace.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::simulation {

class agent {
public:
  /// How a client speaks: one era, or both on one pipe.
  enum class manner : std::uint8_t { legacy, modern, both };
  /// Called with the first answer to a request, inside the session's turn.
  using heard = std::function<void(const request_record&)>;

  struct options {
    std::size_t number = 0;
    manner speaks = manner::legacy;
    dice chance{0};
    request_history* history = nullptr;
    trace* seen = nullptr;
    std::function<monotonic_time()> clock;
    /// Civil time.
    std::function<wall_time()> wall_clock;
    /// Told of every notification. May be empty.
    std::function<void(const json::value& message)> notified{};
  };

  explicit agent(options choice);

  // -- its process -----------------------------------------------------------------------------

  /// A process was started for it: shakes hands, if its era has a handshake.
  void meet(simulated_client& process);
  /// No further request goes to this process; answers may still come.
  void say_goodbye() noexcept { process_ = nullptr; }
  /// Nothing comes from the process any more.
  void lose();
  /// Its process said something.
  void hear(const std::string& line);
  [[nodiscard]] bool has_process() const noexcept { return process_ != nullptr; }
  /// The place in the history of the process it has, or had last.
  [[nodiscard]] std::size_t process() const noexcept { return process_number_; }

  // -- requests --------------------------------------------------------------------------------

  /// Calls a tool. @returns the request's place in the history. @pre has_process()
  std::size_t call(std::string tool, json::value arguments, heard then);
  /// Any other method without parameters of its own. @pre has_process()
  std::size_t ask(std::string method, heard then);
  /// With these. @pre has_process()
  std::size_t ask(std::string method, json::value parameters, heard then);
  /// Nobody waits for this answer any more.
  void withdraw(std::size_t request);

  [[nodiscard]] std::size_t number() const noexcept { return options_.number; }
  /// Requests that wait for an answer, oldest first.
  [[nodiscard]] std::vector<std::size_t> open() const;
  [[nodiscard]] bool waits() const noexcept { return !open_.empty(); }
  [[nodiscard]] dice& chance() noexcept { return options_.chance; }
  [[nodiscard]] monotonic_time now() const { return options_.clock(); }
  [[nodiscard]] wall_time wall_now() const { return options_.wall_clock(); }

private:
  void shake_hands();
  std::size_t send(std::string what, std::string_view method, json::value parameters, mcp::era how,
                   heard then);
  void say(const std::string& line);
  [[nodiscard]] mcp::era choose_era();
  void hear_answer(std::size_t request, const json::value& message);

  options options_;
  simulated_client* process_ = nullptr;
  std::size_t process_number_ = 0;
  std::map<std::size_t, heard> open_;
};

} // namespace nats_mcp::simulation
