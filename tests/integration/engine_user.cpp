// SPDX-License-Identifier: MIT
// A process that uses the local engine and does nothing else. For each line on standard input it
// asks for the endpoint and answers with one line of JSON; it keeps its use until its input ends.
// Arguments: directory, nats-mcp-server, nats-server, idle end in ms, default port.
#include "protocol/json/value.hpp"

#include "transport/engine/engine_client.hpp"

#include <iostream>
#include <string>

using namespace nats_mcp;
using namespace nats_mcp::transport;

int main(int count, char** arguments) {
  if (count != 6) {
    return 2;
  }
  engine_options options;
  options.directory = arguments[1];
  options.own_binary = arguments[2];
  options.server_binary = arguments[3];
  options.idle_end = std::chrono::milliseconds{std::stol(arguments[4])};
  options.default_port = static_cast<std::uint16_t>(std::stoul(arguments[5]));
  engine_client client{options};
  std::string line;
  while (std::getline(std::cin, line)) {
    const endpoint_request request{
      start_policy::start_if_needed,
      {std::chrono::steady_clock::now() + std::chrono::seconds{20}, {}}};
    const auto endpoint = client.endpoint(request);
    json::value answer;
    if (endpoint) {
      answer = {{"port", endpoint->port},
                {"token", endpoint->token},
                {"local", endpoint->local_engine},
                {"server", endpoint->server.pid}};
    } else {
      answer = {{"error", endpoint.error().message}};
    }
    std::cout << answer.dump() << '\n' << std::flush;
  }
  return 0;
}
