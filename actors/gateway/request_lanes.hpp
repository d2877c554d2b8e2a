// SPDX-License-Identifier: MIT
// Reply subscriptions for the requests in flight, one request at a time on each. nats.c hands a "no
// responders" out without saying which request it answers, and what a consumer delivers bears its
// own subject: only the subscription tells. Lanes are reused, so there are as many as requests were
// ever in flight at once. Runs inside the gateway actor.
#pragma once

#include "protocol/error.hpp"
#include "protocol/time.hpp"

#include "transport/nats/server_link.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp {

/// One lane; ascending, never used twice in the life of a connection.
enum class lane_number : std::uint64_t {};

class request_lanes {
public:
  /// Ends the lanes of earlier incarnations.
  request_lanes(std::shared_ptr<transport::server_link> connection, std::uint64_t incarnation);

  /// A lane for `request`. The subscription is made if none is free; `flush` sends it.
  [[nodiscard]] result<lane_number> take(std::uint64_t request);
  /// The request has had its last message: another one may use the lane.
  void release(lane_number lane);
  /// The request is over, but messages for it may come: nobody will use the lane again.
  void retire(lane_number lane);
  /// The same, but what still comes until then is wanted (`lingers`). Beyond
  /// `limits::lingering_lanes_max` the first of them is retired at once.
  void linger(lane_number lane, monotonic_time until);
  /// Retires the lanes whose time is over.
  void tick(monotonic_time now);
  [[nodiscard]] std::optional<monotonic_time> next_due() const;
  /// Whether the subscription is a lane that lingers.
  [[nodiscard]] bool lingers(transport::subscription_key source) const;

  /// The request on the lane this subscription is; 0 = none.
  [[nodiscard]] std::uint64_t request_on(transport::subscription_key source) const;
  /// Where the answers to `request` go.
  [[nodiscard]] std::string reply_subject(lane_number lane, std::uint64_t request) const;

  /// Whether a subscription can be a lane at all.
  [[nodiscard]] static bool is_lane(transport::subscription_key source) noexcept;

private:
  std::shared_ptr<transport::server_link> connection_;
  std::uint64_t next_;
  std::map<lane_number, std::uint64_t> requests_;
  std::vector<lane_number> free_;
  /// In the order in which their requests ended.
  std::deque<std::pair<lane_number, monotonic_time>> lingering_;
};

/// The digits in which numbers stand in subjects.
[[nodiscard]] std::string hexadecimal(std::uint64_t number);

} // namespace nats_mcp
