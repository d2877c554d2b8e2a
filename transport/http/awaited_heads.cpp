// SPDX-License-Identifier: MIT
#include "transport/http/awaited_heads.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <string_view>
#include <sys/socket.h>
#include <utility>

namespace nats_mcp::transport {

namespace {

constexpr std::string_view end_of_head = "\r\n\r\n";

/// What is read at once.
constexpr std::size_t block_bytes = 4096;

} // namespace

awaited_heads::awaited_heads(const options& choice)
  : options_{choice} {
  // nop
}

void awaited_heads::add(descriptor socket, monotonic_time now) {
  if (all_.size() >= options_.connections_max) {
    (void)drop_oldest();
  }
  all_.push_back({{std::move(socket), {}}, now + options_.patience});
}

bool awaited_heads::drop_oldest() {
  if (all_.empty()) {
    return false;
  }
  all_.pop_front();
  return true;
}

void awaited_heads::append_to(std::vector<pollfd>& entries) const {
  for (const auto& one : all_) {
    entries.push_back({one.what.socket.number(), POLLIN, 0});
  }
}

std::optional<monotonic_time> awaited_heads::next_due() const {
  return all_.empty() ? std::nullopt : std::optional{all_.front().until};
}

std::vector<begun_connection> awaited_heads::take(const pollfd* polled, monotonic_time now) {
  std::vector<begun_connection> out;
  for (auto one = all_.begin(); one != all_.end(); ++polled) {
    auto is = state::gone;
    try {
      is = polled->revents != 0 ? read(one->what) : state::waiting;
      if (is == state::ready) {
        out.push_back(std::move(one->what));
      }
    } catch (const std::bad_alloc&) {
      is = state::gone; // no memory for this one
    }
    if (is == state::waiting && now >= one->until) {
      is = state::gone;
    }
    one = is == state::waiting ? std::next(one) : all_.erase(one);
  }
  return out;
}

awaited_heads::state awaited_heads::read(begun_connection& from) const {
  std::array<char, block_bytes> block{};
  const auto room =
    std::min(block.size(),
             options_.head_bytes_max - std::min(from.received.size(), options_.head_bytes_max));
  const auto count = ::recv(from.socket.number(), block.data(), room, MSG_DONTWAIT);
  if (count < 0) {
    return errno == EAGAIN || errno == EINTR ? state::waiting : state::gone;
  }
  if (count == 0) {
    return from.received.empty() ? state::gone : state::ready;
  }
  // The end may have begun in what was there before.
  const auto before = from.received.size() - std::min(from.received.size(), end_of_head.size() - 1);
  from.received.append(block.data(), static_cast<std::size_t>(count));
  const bool is_whole = from.received.find(end_of_head, before) != std::string::npos;
  return is_whole || from.received.size() >= options_.head_bytes_max ? state::ready
                                                                     : state::waiting;
}

} // namespace nats_mcp::transport
