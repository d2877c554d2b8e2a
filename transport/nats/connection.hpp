// SPDX-License-Identifier: MIT
// The one connection to NATS. One thread of its own connects (which blocks), reads, and reports; it
// drives nats.c as its event loop, so the library starts no reader, no flusher and no delivery
// thread, and never blocks whoever writes. After a loss it makes a fresh connection with growing
// delays and subscribes again; nothing is buffered meanwhile.
//
// Reports wait in a queue. The wake function is called when the queue stops being empty, so a burst
// of messages costs its receiver one wake-up. The object outlives the actor that uses it: the
// actor's next incarnation attaches to the same one.
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

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::transport {

class connection {
public:
  struct options {
    endpoint_source source;
    random_source random;
    backoff::options delays{limits::reconnect_delay_min, limits::reconnect_delay_max, 20};
    std::chrono::milliseconds connect_timeout = limits::connect_timeout;
    std::chrono::milliseconds ping_interval = limits::nats_ping_interval;
    /// Nothing heard for so long: lost.
    std::chrono::milliseconds silence_max = limits::nats_silence_max;
  };

  /// Starts the thread; connects only when asked to.
  explicit connection(options choice);
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  /// Closes and joins. Waits for a connect in progress, up to its timeout.
  ~connection();

  // -- the receiver ----------------------------------------------------------------------------

  /// From now on `wake` is called, on the connection's thread, when reports are waiting; at once if
  /// some are. Replaces the last one. @returns a number that grows with every call.
  std::uint64_t attach(std::function<void()> wake);
  /// Ends what the `attach` that returned `receiver` began, unless another one attached since.
  /// After this returns its wake function is not called any more.
  void detach(std::uint64_t receiver);
  /// All reports that wait, oldest first.
  [[nodiscard]] std::vector<event> take_events();

  // -- commands --------------------------------------------------------------------------------

  /// Connect if not connected; if waiting before the next attempt, attempt now. The first
  /// connection is attempted for `limits::reconnect_wanted_for` after each call, unless trying
  /// again cannot help (`is_final`); after that a lost one is made again until it succeeds.
  void connect();
  /// Somebody still waits for the connection: attempts go on for as long after this as after
  /// `connect`, at their own pace.
  void keep_trying();
  /// Puts a message into the output of connection number `epoch`; `flush` sends it. Fails with
  /// `ec::nats_unreachable` if that connection is gone, `ec::limit_exceeded` if it is too large.
  [[nodiscard]] result<void> write(std::uint64_t epoch, const jetstream::outgoing& message);
  /// Sends what was written with one system call; what the socket does not take follows by itself.
  void flush();
  /// Wants `subject` from now on, on this connection and all later ones. `flush` sends it. Wanting
  /// the same under the same key again changes nothing.
  [[nodiscard]] result<void> subscribe(subscription_key key, const std::string& subject,
                                       const std::string& queue_group);
  void unsubscribe(subscription_key key);
  /// Ends every subscription with a key from `first` to before `last`.
  void unsubscribe_range(subscription_key first, subscription_key last);
  /// Closes for good: nothing is reported and nothing connects any more. Does not wait.
  void close();

  // -- facts -----------------------------------------------------------------------------------

  /// `<inbox>.<one token>` reaches this connection as `subscription_key::inbox`. "No responders"
  /// (503) arrives without its subject: a request that may meet it needs a subscription of its own.
  [[nodiscard]] const std::string& inbox() const noexcept;
  /// The connection there is now; what is waiting in the queue may be older.
  [[nodiscard]] std::optional<connection_made> current() const;

private:
  class loop;
  std::unique_ptr<loop> loop_;
};

} // namespace nats_mcp::transport
