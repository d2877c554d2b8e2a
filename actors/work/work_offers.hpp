// SPDX-License-Identifier: MIT
// Offers work: who offers is the registry's to say, offered is what JetStream acknowledged. Any
// number of offers are under way at once. Part of the work queue's state; all callbacks happen
// inside that actor.
#pragma once

#include "protocol/error.hpp"
#include "protocol/time.hpp"
#include "protocol/work/offering.hpp"
#include "protocol/work/work_item.hpp"

#include "actors/interfaces.hpp"
#include "actors/request.hpp"
#include "actors/runtime.hpp"
#include "actors/supervision/guarded_promise.hpp"
#include "actors/work/work_scripts.hpp"
#include "actors/work/work_streams.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace nats_mcp {

class work_offers {
public:
  struct surroundings {
    asking_actor<work_queue_actor>* owner = nullptr;
    registry_actor registry;
    gateway_actor gateway;
    std::string part;
    /// The registry has just said that this is it.
    std::function<void(const agent_identity&)> identified;
    work_streams* streams = nullptr;
    work_scripts* scripts = nullptr;
    /// Of the items offered here.
    std::uint32_t attempts_max = 3;
    runtime world;
  };

  explicit work_offers(surroundings around);

  caf::result<tools::broadcast_work_offer_result> offer(offer_work request);

private:
  struct open_offer {
    guarded_promise<tools::broadcast_work_offer_result> promise;
    tools::broadcast_work_offer_arguments arguments;
    monotonic_time deadline;
    work::work_item item;
    work::offering::novelty novelty = work::offering::novelty::certain;
    /// A stream was found missing once, and made again.
    bool repeated = false;
  };
  using offer_ptr = std::shared_ptr<open_offer>;

  /// What is offered, or what is wrong with it.
  [[nodiscard]] result<void> describe(open_offer& offer, const agent_identity& who) const;
  void publish(const offer_ptr& offer);
  /// Everything it needs is there.
  void measure(const offer_ptr& offer);
  void store(const offer_ptr& offer);
  void ended(const offer_ptr& offer, const result<work::offering::outcome>& end);
  void failed(const offer_ptr& offer, const error& why);

  surroundings around_;
};

} // namespace nats_mcp
