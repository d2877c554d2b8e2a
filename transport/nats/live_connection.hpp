// SPDX-License-Identifier: MIT
// One established natsConnection with nats.c's event loop callbacks wired to our poll loop. Made
// and destroyed on the connection's thread; written to from any thread.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/wire_message.hpp"

#include "transport/nats/connect_options.hpp"
#include "transport/nats/endpoint.hpp"
#include "transport/nats/event.hpp"
#include "transport/nats/handles.hpp"
#include "transport/nats/refusals.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::transport {

/// How nats.c's own threads reach the poll loop. Outlives every connection made with it: the
/// library may report an error of a connection that is gone already.
struct loop_signals {
  /// Makes the loop look again.
  std::function<void()> wake;
  /// What the server refused.
  refusals refused;
};

/// An owned file descriptor.
class file_descriptor {
public:
  explicit file_descriptor(int number) noexcept
    : number_{number} {
    // nop
  }
  file_descriptor(const file_descriptor&) = delete;
  file_descriptor& operator=(const file_descriptor&) = delete;
  ~file_descriptor() { reset(-1); }
  [[nodiscard]] int number() const noexcept { return number_; }
  void reset(int number) noexcept;

private:
  int number_;
};

class live_connection {
public:
  /// Connects; blocks. @param where, signals must outlive the object.
  [[nodiscard]] static result<std::unique_ptr<live_connection>>
  open(const endpoint& where, const connect_options& choice, loop_signals& signals);

  live_connection(const live_connection&) = delete;
  live_connection& operator=(const live_connection&) = delete;
  /// Sends what is written and closes. Only on the connection's thread.
  ~live_connection();

  // -- any thread ------------------------------------------------------------------------------

  [[nodiscard]] result<void> write(const jetstream::outgoing& message);
  [[nodiscard]] result<void> subscribe(subscription_key key, const std::string& subject,
                                       const std::string& queue_group);
  /// The subscription is destroyed by the next `collect`.
  void unsubscribe(subscription_key key);
  void flush();

  // -- the connection's thread -----------------------------------------------------------------

  /// Reads once what the socket holds; `collect` hands it out.
  void read();
  /// Appends messages and refusals to `out`, destroys what was unsubscribed.
  void collect(std::vector<event>& out);
  [[nodiscard]] bool closed() const;
  [[nodiscard]] bool wants_to_write() const;
  /// A duplicate of the socket: it stays ours whenever the library closes its own.
  [[nodiscard]] int socket() const noexcept { return socket_.number(); }
  [[nodiscard]] std::string server() const;
  [[nodiscard]] std::size_t max_payload() const;
  /// Addresses of the cluster's other servers.
  [[nodiscard]] std::vector<std::string> discovered() const;
  /// Why it closed. @param where it was made with.
  [[nodiscard]] error reason(const endpoint& where) const;

private:
  explicit live_connection(loop_signals& signals)
    : signals_{signals} {
    // nop
  }

  static natsStatus on_attach(void** user, void* loop, natsConnection* made, natsSock socket);
  static natsStatus on_read_wanted(void* user, bool add);
  static natsStatus on_write_wanted(void* user, bool add);
  static natsStatus on_detach(void* user);
  static void on_error(natsConnection* from, natsSubscription* of, natsStatus status,
                       void* closure);

  void drain(subscription_key key, natsSubscription* from, std::vector<event>& out);
  /// What became of a message handed to the library.
  [[nodiscard]] result<void> written(natsStatus status, const jetstream::outgoing& message) const;
  void look_at_errors(std::vector<event>& out);

  loop_signals& signals_;
  file_descriptor socket_{-1};
  /// The server's last error line that was looked at.
  std::string last_error_;
  bool authentication_over_ = false;
  connection_handle handle_;
  /// Guards reading against writing: either may close the socket the other uses.
  mutable std::mutex socket_mutex_;
  std::mutex written_mutex_;
  spent_messages written_;
  /// Of the connection's thread.
  spent_messages received_;
  mutable std::mutex subscriptions_mutex_;
  /// After `handle_`: destroyed before it.
  std::vector<std::pair<subscription_key, subscription_handle>> subscriptions_;
  std::vector<subscription_handle> condemned_;
};

} // namespace nats_mcp::transport
