// SPDX-License-Identifier: MIT
// Which requests of the client have been read and not been answered. It lives outside the session,
// so that a session that starts again after a crash knows what the dead one still owed.
#pragma once

#include "protocol/mcp/owed.hpp"

#include <list>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace nats_mcp::transport {

/// Debts in the order in which they were made. As large as the session lets it become: one entry
/// for each call in flight (`limits::calls_in_flight_max`) and each listen stream. Constant time
/// for each change.
/// @threadsafe
class answer_ledger {
public:
  /// A request waits for its answer. A second debt under the same id replaces the first one and
  /// keeps its place.
  void owe(mcp::owed_answer answer);

  /// The answer went out. Unknown ids are ignored.
  void settle(const jsonrpc::request_id& id);

  /// All debts, oldest first.
  [[nodiscard]] std::vector<mcp::owed_answer> owed() const;

private:
  using entries = std::list<mcp::owed_answer>;

  mutable std::mutex mutex_;
  entries entries_;
  std::unordered_map<jsonrpc::request_id, entries::iterator> by_id_;
};

} // namespace nats_mcp::transport
