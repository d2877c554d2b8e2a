// SPDX-License-Identifier: MIT
// Tells NATS what became of the mail that is held: acknowledges what was read until NATS has taken
// note of it, and renews what nobody has read, so that it is delivered to nobody else meanwhile.
// Part of the inbox actor's state.
#pragma once

#include "protocol/messaging/held_mail.hpp"

#include "actors/interfaces.hpp"
#include "actors/request.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace nats_mcp {

class mail_settler {
public:
  struct surroundings {
    asking_actor<inbox_actor>* owner = nullptr;
    gateway_actor gateway;
    messaging::held_mail* mail = nullptr;
    /// Whether the consumer of an inbox is known to be the one that delivered what is held of it.
    /// If not, what was read waits: a server that counts anew would take another message for it.
    std::function<bool(const std::string& inbox)> sure;
    /// The consumers are to be looked at soon; `looked` follows.
    std::function<void()> look;
    /// Nobody took an acknowledgement: the consumer may be gone.
    std::function<void()> unheard;
    /// A message is held no longer: there may be room for another.
    std::function<void()> released;
  };

  explicit mail_settler(surroundings around);

  /// These were read.
  void acknowledge(const std::vector<std::uint64_t>& sequences);
  /// The consumer was looked at: nothing has to wait for that any more.
  void looked() { acknowledge(around_.mail->unacknowledged()); }
  /// Something is held: sees to it that it is renewed in time.
  void keep(std::chrono::nanoseconds ack_wait);
  /// A timer of ours is due.
  void renew(const inbox_timer& due);
  void acknowledge_again(const inbox_timer& due);
  /// Nothing is held any more.
  void forget();

private:
  void acknowledge_one(std::uint64_t sequence);
  void again_later();

  surroundings around_;
  /// Of acknowledgements that are not answered: their subjects, which are each delivery's own.
  std::set<std::string> under_way_;
  bool again_armed_ = false;
  bool renewal_armed_ = false;
  std::chrono::nanoseconds ack_wait_{0};
  /// Of what is held: what was asked and armed for earlier holdings means nothing.
  std::uint64_t generation_ = 0;
};

} // namespace nats_mcp
