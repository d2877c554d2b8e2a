// SPDX-License-Identifier: MIT
// Gives back what was claimed for nobody: its caller withdrew, the answer never got to the client,
// or whether it was claimed at all was not known. Tried until NATS has heard of it or the lease is
// over anyhow. Part of the work queue's state; all callbacks happen inside that actor.
#pragma once

#include "protocol/time.hpp"

#include "actors/interfaces.hpp"
#include "actors/request.hpp"
#include "actors/work/held_lease.hpp"
#include "actors/work/work_scripts.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

namespace nats_mcp {

class unwanted_claims {
public:
  using table = std::map<std::uint64_t, std::shared_ptr<const unwanted_claim>>;

  struct surroundings {
    asking_actor<work_queue_actor>* owner = nullptr;
    work_scripts* scripts = nullptr;
    /// What is still to be given back changed: the next incarnation has to know.
    std::function<void()> changed;
  };

  /// @param last what an earlier incarnation did not get rid of.
  unwanted_claims(surroundings around, const table& last);

  void give_back(unwanted_claim what);

  [[nodiscard]] const table& remembered() const noexcept { return open_; }

  /// A timer of ours is due.
  void timer(const work_timer& due);

private:
  void release(std::uint64_t number);

  surroundings around_;
  table open_;
  std::uint64_t numbers_ = 0;
};

} // namespace nats_mcp
