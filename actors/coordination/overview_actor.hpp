// SPDX-License-Identifier: MIT
// The overview: what a coordinator shows to whoever looks at it. It has watches of its own, apart
// from the coordinator's, and only while somebody has asked of late: looking costs those who decide
// nothing. It keeps nothing that a restart could lose but the counts of what it has seen. Runs as
// one actor under the supervisor.
#pragma once

#include "protocol/config/configuration.hpp"
#include "protocol/coordination/overview.hpp"
#include "protocol/coordination/work_view.hpp"

#include "actors/coordination/bucket_watch.hpp"
#include "actors/coordination/channel_glance.hpp"
#include "actors/coordination/everybody.hpp"
#include "actors/coordination/record_age.hpp"
#include "actors/coordinator_messages.hpp"
#include "actors/interfaces.hpp"
#include "actors/overview_messages.hpp"
#include "actors/request.hpp"
#include "actors/runtime.hpp"
#include "actors/streams/api_caller.hpp"
#include "actors/supervision/guarded_promise.hpp"
#include "actors/work/page_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace nats_mcp {

/// INTERNAL: a question has waited for as long as it may, or nobody asks any more.
struct overview_timer {
  enum class purpose : std::uint8_t { answer, idle };
  purpose what{};
  std::uint64_t generation = 0;
};

/// `overview_actor` and what it hears of the gateway.
using listening_overview_actor =
  overview_actor::extend<caf::reacts_to<overview_timer>, caf::reacts_to<jetstream::core_message>,
                         caf::reacts_to<jetstream::kv_change>,
                         caf::reacts_to<jetstream::kv_watch_event>,
                         caf::reacts_to<jetstream::connection_event>>;

/// What the overview is given once and keeps.
struct overview_options {
  /// Its name, also in errors.
  std::string child_id;
  gateway_actor gateway;
  coordinator_actor coordinator;
  supervisor_actor supervisor;
  /// Its own stable handle.
  listening_overview_actor listener;
  std::string channel_namespace;
  std::vector<config::channel> channels;
  runtime world;
};

class overview_state {
public:
  overview_state(asking_actor<listening_overview_actor>* self, overview_options options);

  [[nodiscard]] listening_overview_actor::behavior_type make_behavior();

private:
  [[nodiscard]] bucket_watch::surroundings watch_part();
  [[nodiscard]] bucket_watch::surroundings work_part();
  [[nodiscard]] everybody::surroundings agents_part();

  /// What waits for its answer.
  struct question {
    monotonic_time asked_at{};
    std::function<void()> answer;
  };

  /// Answers with what `say` makes as soon as everything it may say is there and not old, or when
  /// that takes too long.
  template <class T>
  caf::result<T> answer_later(std::function<T()> say);
  caf::result<readiness> answer_readiness();

  void refresh();
  /// One part of a refresh has its answer.
  void part_done();
  /// The same; what was known of it stays. @param why empty: it has not failed
  void part_failed(const std::string& why);
  /// Everything that is said was asked for not long before that, or since, however long NATS took.
  [[nodiscard]] bool is_fresh_for(monotonic_time asked_at) const;
  void answer_if_fresh();
  /// It has waited for as long as it may: says why, as far as the gateway knows.
  void answer_stale(std::uint64_t number);
  /// @param how of the gateway, which never asks NATS
  [[nodiscard]] std::string why_stale(const jetstream::gateway_status& how) const;
  void idle();
  [[nodiscard]] std::vector<tools::agent_summary> agents() const;
  [[nodiscard]] coordination::overview_facts facts() const;
  [[nodiscard]] page_parts page();
  [[nodiscard]] metrics_text metrics() const;
  [[nodiscard]] wall_time server_now() const;
  [[nodiscard]] monotonic_time now() const { return self_->clock().now(); }

  asking_actor<listening_overview_actor>* self_;
  overview_options options_;
  api_caller api_;
  page_reader pages_;
  coordination::work_view work_;
  bucket_watch work_watch_;
  record_age age_;
  everybody agents_;
  channel_glance channels_;
  coordination::overview shown_;
  coordinator_status coordinator_;
  tree_status tree_;
  jetstream::gateway_status gateway_;
  /// When the present refresh began, and what of it has no answer yet.
  monotonic_time refreshed_at_{};
  /// Why the answers that are given now may be old; empty: they are not.
  std::string stale_;
  std::size_t missing_ = 0;
  /// Why a part of that refresh has failed; empty: none has.
  std::string failure_;
  /// By number, oldest first.
  std::map<std::uint64_t, question> questions_;
  std::uint64_t last_question_ = 0;
  /// The last one was.
  monotonic_time asked_at_{};
  bool watching_ = false;
  std::uint64_t idle_timer_ = 0;
};

/// Starts the overview; a child start function of the supervisor calls it.
[[nodiscard]] listening_overview_actor spawn_overview(caf::local_actor* parent,
                                                      overview_options options);

} // namespace nats_mcp

// This type never leaves the process, so CAF needs no way to serialize it.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::overview_timer)
