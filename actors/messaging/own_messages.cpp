// SPDX-License-Identifier: MIT
#include "actors/messaging/own_messages.hpp"

#include "protocol/limits.hpp"

#include <functional>

namespace nats_mcp {

namespace {

std::size_t digest(std::string_view subject, std::string_view payload) {
  const std::hash<std::string_view> hash;
  return hash(payload) * 31 + hash(subject);
}

} // namespace

void own_messages::sent(std::string_view subject, std::string_view payload) {
  const auto key = digest(subject, payload);
  if (!known_.insert(key).second) {
    return;
  }
  order_.push_back(key);
  if (order_.size() > limits::own_messages_remembered_max) {
    known_.erase(order_.front());
    order_.pop_front();
  }
}

bool own_messages::contain(std::string_view subject, std::string_view payload) const {
  return known_.count(digest(subject, payload)) != 0;
}

} // namespace nats_mcp
