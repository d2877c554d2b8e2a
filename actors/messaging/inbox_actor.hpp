// SPDX-License-Identifier: MIT
// The inbox part: sends direct messages, shows this agent its own, knows how many are unread. A
// message counts as read when the answer that shows it is with the client, not earlier: until then
// it is held here and belongs to nobody else (docs/delivery-semantics.md, "Direct messages").
// Nothing of this survives in a checkpoint: whatever an incarnation that failed held, NATS hands
// out again. Runs as one actor under the supervisor.
#pragma once

#include "protocol/messaging/held_mail.hpp"

#include "actors/interfaces.hpp"
#include "actors/messaging/direct_sender.hpp"
#include "actors/messaging/inbox_readers.hpp"
#include "actors/messaging/mail_feeds.hpp"
#include "actors/messaging/mail_settler.hpp"
#include "actors/request.hpp"
#include "actors/runtime.hpp"
#include "actors/streams/stream_keeper.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace nats_mcp {

/// What the inbox actor is given once and keeps.
struct inbox_options {
  /// Its name, also in errors.
  std::string child_id;
  gateway_actor gateway;
  registry_actor registry;
  /// Is told how much is unread; null in tests without one.
  session_actor session;
  /// The stable handle of this actor, to which subscriptions deliver; null: this incarnation
  /// itself.
  gateway_listener_actor listener;
  /// Copies of the stream (`NATS_MCP_REPLICAS`).
  std::uint32_t replicas = 1;
  runtime world;
};

class inbox_state {
public:
  inbox_state(asking_actor<inbox_actor>* self, inbox_options options);

  [[nodiscard]] inbox_actor::behavior_type make_behavior();

private:
  // -- who this is
  void identity_is(const agent_identity& now, const std::string& lost_because);
  void subscribe();
  void unsubscribe_all();

  // -- readers
  caf::result<tools::read_direct_messages_result> read(read_inbox request);
  caf::result<mail_news> wait(const wait_for_mail& request);
  void arrive(inbox_reader_entry reader);
  void cancel(call_id call);
  /// Whether this process still is the agent is confirmed before anything is shown.
  void confirm(reader_id id);
  void confirmed(reader_id id, const agent_identity& now);
  void answer(reader_id id, std::vector<tools::direct_message> messages);
  void fail(reader_id id, const error& why);
  void time_over(reader_id id);
  /// It wants another round; who has waited has as much time for it as for the first.
  void look_again(inbox_reader_entry& reader) const;
  void keep_waiting(reader_id id, inbox_reader_entry& reader);
  /// Those that look or wait and can be answered with what is held.
  void serve(reader_stage stage);

  // -- rounds
  /// Begins the next round of requests, if one is wanted and none is under way.
  void go_on();
  void begin(messaging::mail_source::round what, monotonic_time deadline);
  void round_over(const result<void>& outcome);
  void look_failed(const error& why);
  /// Too long without a sign of life: whose inbox this is has to be confirmed before it is touched.
  void confirm_first();

  // -- what is unread
  void hint(const jetstream::core_message& message);
  void connection_changed(const jetstream::connection_event& event);
  void count_soon();
  void timer(const inbox_timer& due);
  /// Somebody's answer never got to the client.
  void back_to_unread();
  [[nodiscard]] std::uint64_t unread() const;
  void tell_unread();

  [[nodiscard]] bool registered() const noexcept { return !identity_.guid.empty(); }
  [[nodiscard]] monotonic_time now() const { return self_->clock().now(); }

  asking_actor<inbox_actor>* self_;
  inbox_options options_;
  gateway_listener_actor listener_;
  agent_identity identity_;
  messaging::held_mail mail_;
  stream_keeper streams_;
  direct_sender sender_;
  mail_settler settler_;
  mail_feeds feed_;
  inbox_readers readers_;
  /// None while hints cannot come.
  std::optional<jetstream::subscription_id> subscription_;
  /// As long as nothing else was heard.
  bool connected_ = true;
  /// Of the last connection heard of.
  std::optional<std::uint64_t> epoch_;
  /// A message was announced and not looked for.
  bool announced_ = false;
  bool count_wanted_ = false;
  bool count_armed_ = false;
  /// Until then the inbox can be nobody else's.
  monotonic_time sure_until_{};
  bool confirming_ = false;
  /// Announced mail may be stored after it was looked for: how often it is looked for again.
  unsigned recounts_left_ = 0;
  messaging::mail_source::purpose round_ = messaging::mail_source::purpose::count;
  monotonic_time round_deadline_;
  std::optional<monotonic_time> counted_at_;
  std::optional<std::uint64_t> told_;
};

/// Starts the inbox actor; a child start function of the supervisor calls it. There is nothing it
/// would need of a checkpoint.
[[nodiscard]] inbox_actor spawn_inbox(caf::local_actor* parent, inbox_options options,
                                      checkpoint last);

} // namespace nats_mcp
