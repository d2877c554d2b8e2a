// SPDX-License-Identifier: MIT
// Which requests of the client have been read and not been answered. It lives outside the session,
// so that a session that starts again after a crash knows what the dead one still owed.
#pragma once

#include <list>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace nats_mcp::transport {

/// Debts in the order in which they were made. As large as the session lets it become: one entry
/// for each call in flight (`limits::calls_in_flight_max`). Constant time for each change.
/// @threadsafe
class answer_ledger {
public:
  /// An answer is owed under `key`; `payload` is what the next session needs to give it. A second
  /// debt under the same key replaces the first one's payload and keeps its place.
  void owe(std::string key, std::string payload);

  /// The answer went out. Unknown keys are ignored.
  void settle(const std::string& key);

  /// The payloads of all debts, oldest first.
  [[nodiscard]] std::vector<std::string> owed() const;

  void clear();

private:
  struct entry {
    std::string key;
    std::string payload;
  };

  mutable std::mutex mutex_;
  std::list<entry> entries_;
  std::unordered_map<std::string, std::list<entry>::iterator> by_key_;
};

} // namespace nats_mcp::transport
