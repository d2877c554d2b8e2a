// SPDX-License-Identifier: MIT
#include "actors/gateway/request_lanes.hpp"

#include "protocol/limits/nats.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace nats_mcp {

namespace {

/// Lanes have the upper half of the subscription keys to themselves.
constexpr std::uint64_t lane_mark = std::uint64_t{1} << 63U;
constexpr unsigned lane_incarnation_shift = 32;

transport::subscription_key key_of(lane_number lane) {
  return transport::subscription_key{lane_mark | static_cast<std::uint64_t>(lane)};
}

} // namespace

std::string hexadecimal(std::uint64_t number) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
  return {digits.data(), end};
}

request_lanes::request_lanes(std::shared_ptr<transport::server_link> connection,
                             std::uint64_t incarnation)
  : connection_{std::move(connection)}
  , next_{incarnation << lane_incarnation_shift} {
  connection_->unsubscribe_range(transport::subscription_key{lane_mark},
                                 key_of(lane_number{next_}));
}

result<lane_number> request_lanes::take(std::uint64_t request) {
  if (!free_.empty()) {
    // The one used last: as few as possible stay in use.
    const auto lane = free_.back();
    free_.pop_back();
    requests_[lane] = request;
    return lane;
  }
  const lane_number lane{next_++};
  const auto subject = connection_->inbox() + ".p" + hexadecimal(static_cast<std::uint64_t>(lane));
  if (auto done = connection_->subscribe(key_of(lane), subject + ".*", {}); !done) {
    return tl::make_unexpected(done.error());
  }
  requests_[lane] = request;
  return lane;
}

void request_lanes::release(lane_number lane) {
  requests_[lane] = 0;
  free_.push_back(lane);
}

void request_lanes::retire(lane_number lane) {
  requests_.erase(lane);
  connection_->unsubscribe(key_of(lane));
}

void request_lanes::linger(lane_number lane, monotonic_time until) {
  requests_.erase(lane);
  lingering_.emplace_back(lane, until);
  if (lingering_.size() > limits::lingering_lanes_max) {
    connection_->unsubscribe(key_of(lingering_.front().first));
    lingering_.pop_front();
  }
}

void request_lanes::tick(monotonic_time now) {
  std::erase_if(lingering_, [&](const auto& each) {
    const bool over = each.second <= now;
    if (over) {
      connection_->unsubscribe(key_of(each.first));
    }
    return over;
  });
}

std::optional<monotonic_time> request_lanes::next_due() const {
  const auto first =
    std::min_element(lingering_.begin(), lingering_.end(), [](const auto& left, const auto& right) {
      return left.second < right.second;
    });
  return first == lingering_.end() ? std::nullopt : std::optional{first->second};
}

bool request_lanes::lingers(transport::subscription_key source) const {
  return std::any_of(lingering_.begin(), lingering_.end(),
                     [&](const auto& each) { return key_of(each.first) == source; });
}

std::uint64_t request_lanes::request_on(transport::subscription_key source) const {
  const lane_number lane{static_cast<std::uint64_t>(source) & ~lane_mark};
  const auto found = requests_.find(lane);
  return found == requests_.end() ? 0 : found->second;
}

std::string request_lanes::reply_subject(lane_number lane, std::uint64_t request) const {
  auto subject = connection_->inbox();
  subject.append(".p").append(hexadecimal(static_cast<std::uint64_t>(lane)));
  return subject.append(1, '.').append(hexadecimal(request));
}

bool request_lanes::is_lane(transport::subscription_key source) noexcept {
  return (static_cast<std::uint64_t>(source) & lane_mark) != 0;
}

} // namespace nats_mcp
