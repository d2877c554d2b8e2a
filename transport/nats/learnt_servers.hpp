// SPDX-License-Identifier: MIT
// The other servers of a cluster, as it tells its clients: of the last two connections, so that a
// node which was away for one of them is not forgotten, and one that is gone for good is.
#pragma once

#include "protocol/limits.hpp"

#include <string>
#include <vector>

namespace nats_mcp::transport {

class learnt_servers {
public:
  /// A connection was made, and its server told of these.
  void connected(std::vector<std::string> told);

  /// Newest first, `limits::nats_servers_learnt_max` at most.
  [[nodiscard]] const std::vector<std::string>& addresses() const noexcept { return addresses_; }

private:
  std::vector<std::string> latest_;
  std::vector<std::string> addresses_;
};

} // namespace nats_mcp::transport
