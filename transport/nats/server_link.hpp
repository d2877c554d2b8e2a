// SPDX-License-Identifier: MIT
// The way to a NATS server as the gateway uses it: write, subscribe, take reports. The real one is
// `connection`; a simulation has another, so that the same gateway runs on virtual time.
//
// Reports wait in a queue. The wake function is called when the queue stops being empty, so a burst
// of messages costs its receiver one wake-up. The object outlives the actor that uses it: the
// actor's next incarnation attaches to the same one.
//
// @threadsafe
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/wire_message.hpp"

#include "transport/nats/event.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::transport {

class server_link {
public:
  server_link() = default;
  server_link(const server_link&) = delete;
  server_link& operator=(const server_link&) = delete;
  virtual ~server_link() = default;

  // -- the receiver ----------------------------------------------------------------------------

  /// From now on `wake` is called, on the connection's thread, when reports are waiting; at once if
  /// some are. Replaces the last one. @returns a number that grows with every call.
  virtual std::uint64_t attach(std::function<void()> wake) = 0;
  /// Ends what the `attach` that returned `receiver` began, unless another one attached since.
  /// After this returns its wake function is not called any more.
  virtual void detach(std::uint64_t receiver) = 0;
  /// All reports that wait, oldest first.
  [[nodiscard]] virtual std::vector<event> take_events() = 0;

  // -- commands --------------------------------------------------------------------------------

  /// Connect if not connected; if waiting before the next attempt, attempt now. The first
  /// connection is attempted for `limits::reconnect_wanted_for` after each call, unless trying
  /// again cannot help (`is_final`); after that a lost one is made again until it succeeds.
  virtual void connect() = 0;
  /// Somebody still waits for the connection: attempts go on for as long after this as after
  /// `connect`, at their own pace.
  virtual void keep_trying() = 0;
  /// Puts a message into the output of connection number `epoch`; `flush` sends it. Fails with
  /// `ec::nats_unreachable` if that connection is gone, `ec::limit_exceeded` if it is too large.
  [[nodiscard]] virtual result<void> write(std::uint64_t epoch,
                                           const jetstream::outgoing& message) = 0;
  /// Sends what was written with one system call; what the socket does not take follows by itself.
  virtual void flush() = 0;
  /// Wants `subject` from now on, on this connection and all later ones. `flush` sends it. Wanting
  /// the same under the same key again changes nothing.
  [[nodiscard]] virtual result<void> subscribe(subscription_key key, const std::string& subject,
                                               const std::string& queue_group) = 0;
  virtual void unsubscribe(subscription_key key) = 0;
  /// Ends every subscription with a key from `first` to before `last`.
  virtual void unsubscribe_range(subscription_key first, subscription_key last) = 0;
  /// Closes for good: nothing is reported and nothing connects any more. Does not wait.
  virtual void close() = 0;

  // -- facts -----------------------------------------------------------------------------------

  /// `<inbox>.<one token>` reaches this connection as `subscription_key::inbox`. "No responders"
  /// (503) arrives without its subject: a request that may meet it needs a subscription of its own.
  [[nodiscard]] virtual const std::string& inbox() const noexcept = 0;
  /// The connection there is now; what is waiting in the queue may be older.
  [[nodiscard]] virtual std::optional<connection_made> current() const = 0;
};

} // namespace nats_mcp::transport
