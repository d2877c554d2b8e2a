// SPDX-License-Identifier: MIT
#include "transport/stdio/unanswered.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::transport {

namespace {

void write_all(client_lines& client, const std::vector<std::string>& lines) {
  for (const auto& line : lines) {
    client.write(line);
  }
  client.push(); // also what the session wrote last
}

void settle_all(client_lines& client, const std::vector<mcp::owed_answer>& answered) {
  for (const auto& one : answered) {
    client.settle(one.id);
  }
}

} // namespace

void answer_for_dead_session(client_lines& client) {
  auto owed = client.owed();
  if (const auto in_hand = client.take_in_hand(); in_hand && in_hand->line) {
    for (auto& answer : mcp::owed_by(*in_hand->line)) {
      const bool known = std::any_of(owed.begin(), owed.end(),
                                     [&](const auto& other) { return other.id == answer.id; });
      if (!known) {
        owed.push_back(std::move(answer));
      }
    }
  }
  std::erase_if(owed, [](const auto& answer) { return answer.outlives_its_session(); });
  write_all(client, mcp::answers_after_crash(owed));
  settle_all(client, owed);
}

void end_open_streams(client_lines& client) {
  auto owed = client.owed();
  std::erase_if(owed, [](const auto& answer) { return !answer.outlives_its_session(); });
  std::vector<std::string> lines;
  lines.reserve(owed.size());
  for (const auto& stream : owed) {
    lines.push_back(stream.at_the_end);
  }
  write_all(client, lines);
  settle_all(client, owed);
}

void answer_untaken(client_lines& client) {
  while (const auto next = client.next()) {
    if (next->line) {
      write_all(client, mcp::answers_at_the_end(mcp::owed_by(*next->line)));
    }
    client.done();
  }
}

} // namespace nats_mcp::transport
