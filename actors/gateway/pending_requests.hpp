// SPDX-License-Identifier: MIT
// The gateway's requests from the command to its answer: who asked, what is being said to the
// server, and what is to be written next. Runs inside the gateway actor; the decisions are made by
// `jetstream::request_table` and `jetstream::exchange`.
#pragma once

#include "protocol/jetstream/exchange.hpp"
#include "protocol/jetstream/request_table.hpp"
#include "protocol/time.hpp"

#include "transport/nats/server_link.hpp"

#include "actors/gateway/request_lanes.hpp"
#include "actors/messages.hpp"
#include "actors/supervision/guarded_promise.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace nats_mcp {

/// What a request of the gateway's own is for.
struct internal_purpose {
  enum class kind {
    confirm_subscription,
    open_watch,
    watch_step,
    watch_extent,
    measure,
    identify,
    close
  };
  kind what = kind::measure;
  jetstream::subscription_id subscription{};
  std::uint64_t step = 0;
};

/// Who waits for the answer.
using requester =
  std::variant<guarded_promise<jetstream::publish_receipt>, guarded_promise<jetstream::api_reply>,
               guarded_promise<jetstream::stored_message>, guarded_promise<jetstream::pull_result>,
               guarded_promise<jetstream::settled>, guarded_promise<jetstream::kv_lookup>,
               guarded_promise<jetstream::kv_revision>, internal_purpose>;

/// A request of the gateway's own is over.
struct finished_purpose {
  internal_purpose purpose;
  result<jetstream::answer> outcome;
  /// From writing to the answer.
  std::chrono::microseconds took{0};
};

class pending_requests {
public:
  /// @param incarnation keeps the reply subjects of different incarnations apart.
  pending_requests(std::shared_ptr<transport::server_link> connection, std::uint64_t incarnation);

  // -- requests --------------------------------------------------------------------------------

  void submit(jetstream::exchange conversation, requester who, monotonic_time now);
  /// Writes a message nobody answers; without a connection it is dropped.
  void send(const jetstream::outgoing& message);
  /// A message on one of the lanes.
  void on_message(transport::subscription_key source, jetstream::incoming&& message,
                  monotonic_time now);

  // -- the connection --------------------------------------------------------------------------

  void connected(std::uint64_t epoch, monotonic_time now);
  void disconnected(monotonic_time now);
  void attempt_failed(monotonic_time began, const error& reason, bool give_up, monotonic_time now);
  /// The server refused to let us publish there, or to listen to our own inbox.
  void refused(const transport::refused_subject& refusal, monotonic_time now);
  void tick(monotonic_time now);
  /// Ends everything: the gateway closes.
  void end_all();

  void set_facts(jetstream::server_facts facts) { facts_ = facts; }
  /// Why there is no connection, for the sentences; empty while there is one.
  void set_outage(std::string reason) { outage_ = std::move(reason); }

  [[nodiscard]] std::optional<monotonic_time> next_due() const;
  [[nodiscard]] std::vector<finished_purpose> take_finished() {
    return std::exchange(finished_, {});
  }
  /// Whether something was written since the last call.
  [[nodiscard]] bool take_written() { return std::exchange(written_, false); }
  [[nodiscard]] std::size_t in_flight() const noexcept { return table_.in_flight(); }
  [[nodiscard]] std::size_t queued() const noexcept { return table_.queued(); }

private:
  struct entry {
    jetstream::exchange conversation;
    requester who;
    monotonic_time written_at{};
    /// Where its answers arrive, since it was first written.
    std::optional<lane_number> lane;
  };
  using entries = std::unordered_map<std::uint64_t, entry>;

  void run_effects(monotonic_time now);
  void write(jetstream::request_id id, monotonic_time now);
  void advance(entries::iterator found, jetstream::incoming&& message, monotonic_time now);
  /// Whether anything may still arrive for a request that is over.
  enum class silence { certain, possible };
  void finish(entries::iterator found, result<jetstream::answer>&& outcome, silence after,
              monotonic_time now);
  void answer(requester&& who, result<jetstream::answer>&& outcome);

  std::shared_ptr<transport::server_link> connection_;
  jetstream::request_table table_;
  entries entries_;
  request_lanes lanes_;
  std::uint64_t epoch_ = 0;
  jetstream::server_facts facts_;
  std::string outage_;
  bool connected_ = false;
  bool written_ = false;
  std::vector<finished_purpose> finished_;
};

} // namespace nats_mcp
