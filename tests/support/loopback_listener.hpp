// SPDX-License-Identifier: MIT
// Somebody who listens on the loopback: greets as told and remembers every byte that was said to
// him.
#pragma once

#include "transport/process/descriptor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace nats_mcp::testing {

/// Listens until it goes out of scope; serves one connection at a time from a thread of its own.
class loopback_listener {
public:
  /// `greeting` is sent to everybody who connects; an empty one means silence.
  explicit loopback_listener(std::string greeting)
    : loopback_listener(std::vector{std::move(greeting)}) {}
  /// The first one who connects gets the first greeting, and so on; the last one is for all others.
  explicit loopback_listener(std::vector<std::string> greetings)
    : greetings_(std::move(greetings)) {
    socket_ = transport::descriptor{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    EXPECT_EQ(::bind(socket_.number(), reinterpret_cast<sockaddr*>(&address), length), 0);
    EXPECT_EQ(::listen(socket_.number(), 8), 0);
    EXPECT_EQ(::getsockname(socket_.number(), reinterpret_cast<sockaddr*>(&address), &length), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread{[this](const std::stop_token& stop) { serve(stop); }};
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  /// How many have connected.
  [[nodiscard]] int connections() const {
    const std::lock_guard guard{mutex_};
    return connections_;
  }
  /// Everything that was said, by everybody.
  [[nodiscard]] std::string heard() const {
    const std::lock_guard guard{mutex_};
    return heard_;
  }

private:
  static bool readable(int number) {
    pollfd entry{number, POLLIN, 0};
    return ::poll(&entry, 1, 5) > 0;
  }

  void serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (!readable(socket_.number())) {
        continue;
      }
      const transport::descriptor client{
        ::accept4(socket_.number(), nullptr, nullptr, SOCK_CLOEXEC)};
      std::size_t index = 0;
      {
        const std::lock_guard guard{mutex_};
        index = std::min(static_cast<std::size_t>(connections_++), greetings_.size() - 1);
      }
      const auto& greeting = greetings_[index];
      ::send(client.number(), greeting.data(), greeting.size(), MSG_NOSIGNAL);
      listen_to(client, stop);
    }
  }

  void listen_to(const transport::descriptor& client, const std::stop_token& stop) {
    std::array<char, 4096> block{};
    while (!stop.stop_requested()) {
      if (!readable(client.number())) {
        continue;
      }
      const auto count = ::read(client.number(), block.data(), block.size());
      if (count <= 0) {
        return;
      }
      const std::lock_guard guard{mutex_};
      heard_.append(block.data(), static_cast<std::size_t>(count));
    }
  }

  std::vector<std::string> greetings_;
  transport::descriptor socket_;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  int connections_ = 0;
  std::string heard_;
  std::jthread thread_;
};

} // namespace nats_mcp::testing
