// SPDX-License-Identifier: MIT
#include "actors/messaging/channel_waits.hpp"

#include <utility>

namespace nats_mcp {

std::vector<std::string> channel_waits::add(call_id call, wait entry) {
  std::vector<std::string> fresh;
  for (const auto& channel : entry.channels) {
    auto [position, inserted] = by_channel_.try_emplace(channel);
    if (inserted) {
      fresh.push_back(channel);
    }
    position->second.insert(call);
  }
  waits_.insert_or_assign(call, std::move(entry));
  return fresh;
}

std::optional<channel_waits::wait> channel_waits::take(call_id call) {
  auto node = waits_.extract(call);
  if (node.empty()) {
    return std::nullopt;
  }
  for (const auto& channel : node.mapped().channels) {
    by_channel_[channel].erase(call);
  }
  return std::move(node.mapped());
}

std::vector<std::string> channel_waits::abandoned() {
  std::vector<std::string> out;
  for (auto position = by_channel_.begin(); position != by_channel_.end();) {
    if (position->second.empty()) {
      out.push_back(position->first);
      position = by_channel_.erase(position);
    } else {
      ++position;
    }
  }
  return out;
}

std::vector<call_id> channel_waits::waiting_for(const std::string& channel) const {
  const auto position = by_channel_.find(channel);
  if (position == by_channel_.end()) {
    return {};
  }
  return {position->second.begin(), position->second.end()};
}

channel_waits::wait* channel_waits::find(call_id call) {
  const auto position = waits_.find(call);
  return position == waits_.end() ? nullptr : &position->second;
}

std::vector<call_id> channel_waits::everybody() const {
  std::vector<call_id> out;
  for (const auto& [call, entry] : waits_) {
    out.push_back(call);
  }
  return out;
}

} // namespace nats_mcp
