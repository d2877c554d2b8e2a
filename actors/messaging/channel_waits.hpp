// SPDX-License-Identifier: MIT
// Who waits for news of which channels. Plain bookkeeping without messages or clocks: the channels
// actor feeds it events and acts on what it returns.
#pragma once

#include "protocol/identifiers.hpp"
#include "protocol/time.hpp"
#include "protocol/tools/channel_tools.hpp"

#include "actors/messages.hpp"
#include "actors/supervision/guarded_promise.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nats_mcp {

class channel_waits {
public:
  struct wait {
    std::set<std::string> channels;
    monotonic_time since;
    std::chrono::milliseconds timeout{0};
    bool timer_armed = false;
    /// A look is due because a hint was held back.
    bool hint_timer_armed = false;
    /// How long one look at the streams may take.
    std::chrono::steady_clock::duration request_timeout{};
    /// A look is under way; another one is due after it.
    bool looking = false;
    bool look_again = false;
    guarded_promise<tools::wait_for_messages_result> promise;
  };

  /// Adds a wait. @returns the channels nobody waited for until now: subscribe to them.
  [[nodiscard]] std::vector<std::string> add(call_id call, wait entry);

  /// Takes a wait out, if it is still there.
  [[nodiscard]] std::optional<wait> take(call_id call);

  /// Channels nobody waits for any more since the last call: unsubscribe from them.
  [[nodiscard]] std::vector<std::string> abandoned();

  /// Who waits for `channel`.
  [[nodiscard]] std::vector<call_id> waiting_for(const std::string& channel) const;

  [[nodiscard]] wait* find(call_id call);
  [[nodiscard]] std::vector<call_id> everybody() const;
  [[nodiscard]] std::size_t size() const noexcept { return waits_.size(); }

private:
  std::map<call_id, wait> waits_;
  std::map<std::string, std::set<call_id>> by_channel_;
};

} // namespace nats_mcp
