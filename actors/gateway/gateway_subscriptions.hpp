// SPDX-License-Identifier: MIT
// Who is subscribed to what through the gateway: core subscriptions, watches over keys, observers
// of the connection. Runs inside the gateway actor. What the next incarnation needs stands in
// `gateway_checkpoint`; the subscriptions themselves live in the connection and survive a crash
// there.
#pragma once

#include "protocol/identifiers.hpp"
#include "protocol/jetstream/key_watch.hpp"
#include "protocol/time.hpp"

#include "transport/nats/server_link.hpp"

#include "actors/gateway/pending_requests.hpp"
#include "actors/gateway/watch_waits.hpp"
#include "actors/messages.hpp"
#include "actors/supervision/guarded_promise.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp {

/// What one incarnation of the gateway leaves to the next.
struct gateway_checkpoint {
  struct core_entry {
    jetstream::subscription_id id{};
    transport::subscription_key key{};
    std::string subject;
    std::string queue_group;
    gateway_listener_actor listener;
  };
  struct watch_entry {
    jetstream::key_watch::options settings;
    gateway_listener_actor listener;
  };
  std::vector<core_entry> core;
  std::vector<watch_entry> watches;
  std::vector<gateway_listener_actor> observers;
};

class gateway_subscriptions {
public:
  gateway_subscriptions(std::shared_ptr<transport::server_link> connection, random_source random,
                        std::uint64_t incarnation, const gateway_checkpoint* last);

  // -- commands; every one of them may change the checkpoint -----------------------------------

  /// Subscribes and asks the server for a sign that it has read so far; the promise is kept until
  /// it comes.
  void subscribe(core_subscribe& command, guarded_promise<subscribed> promise,
                 pending_requests& requests, monotonic_time now);
  void watch(kv_watch& command, guarded_promise<subscribed> promise, pending_requests& requests,
             monotonic_time now);
  /// Keeps the promise when the watch has seen what is there now.
  void await(const await_watch& command, guarded_promise<watch_is_current> promise,
             pending_requests& requests, monotonic_time now);
  void unsubscribe(jetstream::subscription_id id, pending_requests& requests);
  void observe(gateway_listener_actor listener);

  // -- events ----------------------------------------------------------------------------------

  void connected(pending_requests& requests, monotonic_time now);
  void disconnected();
  /// A request made here is over.
  void finished(const finished_purpose& over, pending_requests& requests, monotonic_time now);
  /// A message for one of the subscriptions or watches.
  void on_message(transport::subscription_key source, jetstream::incoming&& message,
                  pending_requests& requests, monotonic_time now);
  void refused(const transport::refused_subject& refusal);
  void tick(pending_requests& requests, monotonic_time now);
  void notify(const jetstream::connection_event& event) const;

  [[nodiscard]] std::optional<monotonic_time> next_due() const { return next_due_; }
  /// The checkpoint, if it changed since the last call.
  [[nodiscard]] std::optional<gateway_checkpoint> take_checkpoint();
  /// Whether something was written to the connection since the last call.
  [[nodiscard]] bool take_written() { return std::exchange(written_, false); }

private:
  struct core_record {
    gateway_checkpoint::core_entry entry;
    guarded_promise<subscribed> promise;
  };
  struct watch_record {
    jetstream::key_watch watch;
    gateway_listener_actor listener;
    /// The consumer it follows now and the subscription that the consumer delivers to. A server
    /// counts only a subscription to exactly that subject as interest.
    std::string consumer;
    transport::subscription_key key{};
    guarded_promise<subscribed> promise;
    /// Of the promise; nothing once it is kept.
    std::optional<monotonic_time> deadline;
    /// The server was reached once since the command.
    bool opened = false;
  };
  using watches = std::map<jetstream::subscription_id, watch_record>;

  [[nodiscard]] bool has_room(guarded_promise<subscribed>& promise, const std::string& what) const;
  void begin(watch_record& record, pending_requests& requests, monotonic_time now);
  /// @returns whether the watch still exists.
  bool run_effects(watches::iterator found, pending_requests& requests, monotonic_time now);
  void close_core(jetstream::subscription_id id);
  void close_watch(watches::iterator found, pending_requests& requests);
  /// Ends the subscription and the consumer a watch follows.
  void leave_consumer(watch_record& record, pending_requests& requests);
  /// Asks how far the watch has to come for whoever waits for it, once it follows a consumer.
  void ask_how_far(const watches::value_type& one, pending_requests& requests, monotonic_time now);
  [[nodiscard]] static watch_waits::progress progress_of(const watches::value_type& one);
  void find_next_due();

  std::shared_ptr<transport::server_link> connection_;
  random_source random_;
  std::uint64_t next_key_;
  std::uint64_t next_watch_key_;
  bool connected_ = false;
  bool changed_ = false;
  bool written_ = false;
  std::map<jetstream::subscription_id, core_record> core_;
  std::map<transport::subscription_key, jetstream::subscription_id> core_by_key_;
  watches watches_;
  watch_waits waits_;
  std::map<transport::subscription_key, jetstream::subscription_id> watch_by_key_;
  std::vector<gateway_listener_actor> observers_;
  std::optional<monotonic_time> next_due_;
};

} // namespace nats_mcp
