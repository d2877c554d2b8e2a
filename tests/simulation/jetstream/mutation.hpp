// SPDX-License-Identifier: MIT
// Falsehoods the model can be told to live by, one at a time. They exist to test the contract
// suite: a suite that passes over a false model would not have noticed a model that became false by
// itself.
//
// Most are requests misread on their way in (`mutate`), so that the model's own code stays plain;
// for the others it asks `behaviour::is`.
#pragma once

#include "protocol/jetstream/wire_message.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nats_mcp::simulation {

struct consumer_config;
struct pull_request;
struct purge_request;
struct stream_config;

enum class mutation : std::uint8_t {
  none,
  // storing
  message_ids_ignored,
  duplicate_window_endless,
  expected_sequence_unchecked,
  checks_in_the_other_order,
  time_stands_still,
  // limits
  discard_new_drops_the_oldest,
  discard_old_refuses,
  subject_limit_ignored,
  full_subject_admits,
  max_bytes_ignored,
  only_what_fits_is_admitted,
  max_age_ignored,
  acknowledged_work_stays,
  // looking and removing
  purge_ignores_its_subject,
  purge_ignores_its_sequence,
  newest_message_is_the_oldest,
  description_ignores_the_subjects,
  // consumers
  filters_ignored,
  overlap_rule_missing,
  partial_overlaps_refused,
  create_never_rewrites,
  unused_consumers_stay,
  // pulling
  no_wait_waits,
  expires_ignored,
  blocked_lane_answers,
  absent_consumer_answers,
  // settling
  no_redelivery,
  delivery_count_stands_still,
  late_ack_harmless,
  late_nak_harmless,
  late_in_progress_harmless,
  ack_of_an_undelivered_message_harmless,
  absent_consumer_takes_acks,
  nak_delay_ignored,
  nak_delay_bound_by_the_ack_wait,
  in_progress_ignored,
  term_delivers_again,
  max_ack_pending_ignored,
  max_deliver_ignored,
  // subscriptions and watches
  queue_group_hears_everything,
  watch_order_wrong,
  deletions_look_like_values,
  // restarts
  kill_loses_the_newest_message,
  kill_keeps_every_settlement,
  restart_keeps_every_id,
  restart_keeps_consumers_in_memory,
  restart_forgets_deliveries,
};

struct named_mutation {
  mutation which = mutation::none;
  std::string_view name;
  /// What the falsified server does, in a few words.
  std::string_view meaning;
};

/// Every one but `none`.
[[nodiscard]] std::span<const named_mutation> mutations();
[[nodiscard]] std::optional<mutation> mutation_named(std::string_view name);

void mutate(mutation by, stream_config& config);
void mutate(mutation by, consumer_config& config);
void mutate(mutation by, pull_request& request);
void mutate(mutation by, purge_request& request);
void mutate(mutation by, jetstream::outgoing& stored);
/// What was sent to an acknowledgement subject.
void mutate_settlement(mutation by, std::string& payload);

} // namespace nats_mcp::simulation
