// SPDX-License-Identifier: MIT
// Knows messages this process sent when they come back through a subscription. A core message
// carries no id, but its bytes are ours: they name the sender, the time and the text. Bounded: the
// oldest are forgotten, and a forgotten one counts as somebody else's.
#pragma once

#include <cstddef>
#include <deque>
#include <string_view>
#include <unordered_set>

namespace nats_mcp {

class own_messages {
public:
  /// This payload is about to be sent to `subject`; the gateway may write it several times.
  void sent(std::string_view subject, std::string_view payload);

  /// Whether it was sent from here, and is not forgotten.
  [[nodiscard]] bool contain(std::string_view subject, std::string_view payload) const;

private:
  std::unordered_set<std::size_t> known_;
  /// The oldest first.
  std::deque<std::size_t> order_;
};

} // namespace nats_mcp
