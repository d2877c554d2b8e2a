// SPDX-License-Identifier: MIT
// Several real nats-servers that keep streams together, each a server of the test's own. Clients
// are not told of the other nodes: whom they find is what their list of servers says.
#pragma once

#include "tests/support/nats_server.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::testing {

class nats_cluster {
public:
  /// Starts them. `ready` tells when they keep streams.
  explicit nats_cluster(std::size_t nodes);

  [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }
  [[nodiscard]] nats_server& node(std::size_t number) { return *nodes_.at(number); }

  /// Whether JetStream answers at every node and every replica of every stream has all of it; waits
  /// for that.
  [[nodiscard]] bool ready(std::chrono::milliseconds within);
  /// Which node leads a stream; nothing while nobody does, or nobody knows it.
  [[nodiscard]] std::optional<std::size_t> leader_of(const std::string& stream);
  /// What is not kept by every node, a sentence each: streams, and consumers that last.
  [[nodiscard]] std::vector<std::string> single_copies();

private:
  std::vector<std::unique_ptr<nats_server>> nodes_;
};

} // namespace nats_mcp::testing
