// SPDX-License-Identifier: MIT
// A network that can be broken: stands between a client and a server on the loopback, passes on
// what they say, and does so late, slowly, one way only or not at all when it is told to.
#pragma once

#include "transport/process/descriptor.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace nats_mcp::testing {

/// Listens on a port of its own from construction to the end, with one thread. Every function may
/// be called by any thread, and is in force when it returns.
class tcp_proxy {
public:
  enum class manner : std::uint8_t {
    /// At once.
    pass,
    /// Each piece so much later than it came.
    delay,
    /// No more than so many bytes a second each way.
    throttle,
    /// Nothing comes through, and nothing is lost: it comes when the manner is another one.
    hold,
    /// The connection stands, but what the client says is lost.
    lose_requests,
    /// The connection stands, but what the server says is lost.
    lose_answers,
    /// The connection stands, but whatever is said is lost.
    lose_all,
    /// Every connection is reset, and nobody listens.
    refuse,
  };
  struct behaviour {
    manner how = manner::pass;
    std::chrono::milliseconds delay{200};
    std::size_t bytes_per_second = 2000;
  };

  /// Throws `std::runtime_error` when it cannot listen. @param target whom clients are connected to
  explicit tcp_proxy(std::uint16_t target);
  tcp_proxy(const tcp_proxy&) = delete;
  tcp_proxy& operator=(const tcp_proxy&) = delete;
  ~tcp_proxy();

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// `nats://127.0.0.1:<port>`.
  [[nodiscard]] std::string url() const;

  /// From now on. A connection that has lost something is reset when nothing is lost any more: it
  /// could not go on.
  void behave(const behaviour& now);
  /// Resets every connection; new ones are taken.
  void cut();
  /// Open ones.
  [[nodiscard]] std::size_t connections() const;

private:
  using time_point = std::chrono::steady_clock::time_point;
  struct piece {
    std::string bytes;
    time_point came;
  };
  /// What one side says to the other.
  struct stream {
    std::vector<piece> pieces;
    std::size_t size = 0;
    bool ended = false;
    /// What may still be sent under `throttle`.
    double allowance = 0;
  };
  struct connection {
    transport::descriptor client;
    transport::descriptor server;
    stream requests;
    stream answers;
    bool has_lost = false;
    bool over = false;
  };
  struct entry;

  void run();
  void listen();
  void serve_once();
  [[nodiscard]] std::vector<entry> entries();
  [[nodiscard]] std::chrono::milliseconds patience() const;
  void accept();
  void take_in(connection& with, bool from_client);
  void pass_on(connection& with, bool from_client);
  [[nodiscard]] std::size_t ready(const stream& what, time_point now) const;
  [[nodiscard]] bool is_lost(bool from_client) const noexcept;
  void reset_all();
  void wake() const;

  std::uint16_t target_;
  std::uint16_t port_ = 0;
  /// Keeps the port while nobody listens.
  transport::descriptor place_;
  transport::descriptor waker_;
  mutable std::mutex mutex_;
  // Under the mutex:
  transport::descriptor listener_;
  behaviour behaviour_;
  std::vector<std::unique_ptr<connection>> connections_;
  time_point refilled_ = std::chrono::steady_clock::now();
  bool stopping_ = false;
  std::thread thread_;
};

/// For a person: `answers lost`, …
[[nodiscard]] std::string_view to_text(tcp_proxy::manner how) noexcept;

} // namespace nats_mcp::testing
