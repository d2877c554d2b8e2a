// SPDX-License-Identifier: MIT
// The one connection to NATS. One thread of its own connects (which blocks), reads, and reports; it
// drives nats.c as its event loop, so the library starts no reader, no flusher and no delivery
// thread, and never blocks whoever writes. After a loss it makes a fresh connection with growing
// delays and subscribes again; nothing is buffered meanwhile.
//
// @threadsafe except where noted.
#pragma once

#include "protocol/backoff.hpp"
#include "protocol/error.hpp"
#include "protocol/identifiers.hpp"
#include "protocol/jetstream/wire_message.hpp"
#include "protocol/limits.hpp"

#include "transport/nats/endpoint.hpp"
#include "transport/nats/event.hpp"
#include "transport/nats/server_link.hpp"
#include "transport/nats/spare_memory.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::transport {

class connection final : public server_link {
public:
  struct options {
    endpoint_source source;
    random_source random;
    /// What the subjects of answers begin with; one token.
    std::string inbox_prefix = "_INBOX";
    backoff::options delays{limits::reconnect_delay_min, limits::reconnect_delay_max, 20};
    std::chrono::milliseconds connect_timeout = limits::connect_timeout;
    std::chrono::milliseconds ping_interval = limits::nats_ping_interval;
    /// Nothing heard for so long: lost.
    std::chrono::milliseconds silence_max = limits::nats_silence_max;
    /// The connection's thread has made `reports` reports since the last call and is about to wait:
    /// it may do other work now, such as what the wake function asked for. It holds no lock then.
    /// May be empty.
    std::function<void(std::size_t reports)> before_waiting;
    /// Called by the connection's thread some time after a burst of messages.
    std::function<void()> release_memory = release_spare_memory;
  };

  /// Starts the thread; connects only when asked to.
  explicit connection(options choice);
  /// Closes and joins. Waits for a connect in progress, up to its timeout.
  ~connection() override;

  // See server_link.hpp.
  std::uint64_t attach(std::function<void()> wake) override;
  void detach(std::uint64_t receiver) override;
  [[nodiscard]] std::vector<event> take_events() override;
  void connect() override;
  void keep_trying() override;
  [[nodiscard]] result<void> write(std::uint64_t epoch,
                                   const jetstream::outgoing& message) override;
  void flush() override;
  [[nodiscard]] result<void> subscribe(subscription_key key, const std::string& subject,
                                       const std::string& queue_group) override;
  void unsubscribe(subscription_key key) override;
  void unsubscribe_range(subscription_key first, subscription_key last) override;
  void close() override;
  [[nodiscard]] const std::string& inbox() const noexcept override;
  [[nodiscard]] std::optional<connection_made> current() const override;

private:
  class loop;
  std::unique_ptr<loop> loop_;
};

} // namespace nats_mcp::transport
