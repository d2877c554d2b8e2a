// SPDX-License-Identifier: MIT
#include "tests/simulation/jetstream/mutation.hpp"

#include "tests/simulation/jetstream/consumer_config.hpp"
#include "tests/simulation/jetstream/pull_queue.hpp"
#include "tests/simulation/jetstream/stream.hpp"
#include "tests/simulation/jetstream/stream_config.hpp"

#include <algorithm>
#include <array>

namespace nats_mcp::simulation {

namespace {

/// Longer than any test.
constexpr auto never = std::chrono::hours{1'000};

constexpr std::array table{
  named_mutation{mutation::message_ids_ignored, "message_ids_ignored",
                 "stores a repeated message id again"},
  named_mutation{mutation::duplicate_window_endless, "duplicate_window_endless",
                 "never forgets a message id"},
  named_mutation{mutation::expected_sequence_unchecked, "expected_sequence_unchecked",
                 "stores over any expected sequence"},
  named_mutation{mutation::checks_in_the_other_order, "checks_in_the_other_order",
                 "looks at the expected sequence before the id, or the other way round"},
  named_mutation{mutation::time_stands_still, "time_stands_still",
                 "stamps every message with the stream's own time"},
  named_mutation{mutation::discard_new_drops_the_oldest, "discard_new_drops_the_oldest",
                 "drops old messages where new ones are to be refused"},
  named_mutation{mutation::discard_old_refuses, "discard_old_refuses",
                 "refuses new messages where old ones are to be dropped"},
  named_mutation{mutation::subject_limit_ignored, "subject_limit_ignored",
                 "stores any number of messages of a subject"},
  named_mutation{mutation::full_subject_admits, "full_subject_admits",
                 "replaces a full subject's message instead of refusing"},
  named_mutation{mutation::max_bytes_ignored, "max_bytes_ignored", "stores any number of bytes"},
  named_mutation{mutation::only_what_fits_is_admitted, "only_what_fits_is_admitted",
                 "never drops an accepted message where new ones are to be refused"},
  named_mutation{mutation::max_age_ignored, "max_age_ignored", "keeps messages for ever"},
  named_mutation{mutation::acknowledged_work_stays, "acknowledged_work_stays",
                 "keeps acknowledged messages of a work queue"},
  named_mutation{mutation::purge_ignores_its_subject, "purge_ignores_its_subject",
                 "purges every subject"},
  named_mutation{mutation::purge_ignores_its_sequence, "purge_ignores_its_sequence",
                 "purges beyond the sequence"},
  named_mutation{mutation::newest_message_is_the_oldest, "newest_message_is_the_oldest",
                 "answers a get of a subject's newest message with its oldest"},
  named_mutation{mutation::description_ignores_the_subjects, "description_ignores_the_subjects",
                 "counts no subjects in a stream's description"},
  named_mutation{mutation::filters_ignored, "filters_ignored", "delivers every subject"},
  named_mutation{mutation::overlap_rule_missing, "overlap_rule_missing",
                 "admits any two consumers on a work queue"},
  named_mutation{mutation::partial_overlaps_refused, "partial_overlaps_refused",
                 "refuses filters of a work queue that overlap in part"},
  named_mutation{mutation::create_never_rewrites, "create_never_rewrites",
                 "refuses to make a consumer that exists"},
  named_mutation{mutation::unused_consumers_stay, "unused_consumers_stay",
                 "keeps consumers beyond their inactive threshold"},
  named_mutation{mutation::no_wait_waits, "no_wait_waits",
                 "lets a pull wait that does not want to"},
  named_mutation{mutation::expires_ignored, "expires_ignored", "lets a pull wait for ever"},
  named_mutation{mutation::blocked_lane_answers, "blocked_lane_answers",
                 "ends pulls when too many deliveries are unsettled"},
  named_mutation{mutation::absent_consumer_answers, "absent_consumer_answers",
                 "answers a pull from a consumer that is not there"},
  named_mutation{mutation::no_redelivery, "no_redelivery", "delivers every message once"},
  named_mutation{mutation::delivery_count_stands_still, "delivery_count_stands_still",
                 "calls every delivery the first"},
  named_mutation{mutation::late_ack_harmless, "late_ack_harmless",
                 "ignores an acknowledgement by a former holder"},
  named_mutation{mutation::late_nak_harmless, "late_nak_harmless",
                 "ignores a nak by a former holder"},
  named_mutation{mutation::late_in_progress_harmless, "late_in_progress_harmless",
                 "ignores an in-progress by a former holder"},
  named_mutation{mutation::ack_of_an_undelivered_message_harmless,
                 "ack_of_an_undelivered_message_harmless",
                 "ignores an acknowledgement of what was never delivered"},
  named_mutation{mutation::absent_consumer_takes_acks, "absent_consumer_takes_acks",
                 "answers an acknowledgement to a consumer that is not there"},
  named_mutation{mutation::nak_delay_ignored, "nak_delay_ignored",
                 "delivers again at once, whatever the delay"},
  named_mutation{mutation::nak_delay_bound_by_the_ack_wait, "nak_delay_bound_by_the_ack_wait",
                 "delivers again after the ack wait, however long the delay"},
  named_mutation{mutation::in_progress_ignored, "in_progress_ignored",
                 "does not prolong a delivery"},
  named_mutation{mutation::term_delivers_again, "term_delivers_again", "takes a term for a nak"},
  named_mutation{mutation::max_ack_pending_ignored, "max_ack_pending_ignored",
                 "delivers however much is unsettled"},
  named_mutation{mutation::max_deliver_ignored, "max_deliver_ignored",
                 "delivers again more often than allowed"},
  named_mutation{mutation::queue_group_hears_everything, "queue_group_hears_everything",
                 "gives a message to every member of a queue group"},
  named_mutation{mutation::watch_order_wrong, "watch_order_wrong",
                 "delivers the newest of every subject in reverse"},
  named_mutation{mutation::deletions_look_like_values, "deletions_look_like_values",
                 "loses the mark of a deleted key"},
  named_mutation{mutation::kill_loses_the_newest_message, "kill_loses_the_newest_message",
                 "loses an acknowledged publish in a kill"},
  named_mutation{mutation::kill_keeps_every_settlement, "kill_keeps_every_settlement",
                 "never brings back after a kill what was settled"},
  named_mutation{mutation::restart_keeps_every_id, "restart_keeps_every_id",
                 "knows ids of deleted messages after a restart"},
  named_mutation{mutation::restart_keeps_consumers_in_memory, "restart_keeps_consumers_in_memory",
                 "has consumers in memory after a restart"},
  named_mutation{mutation::restart_forgets_deliveries, "restart_forgets_deliveries",
                 "does not know after a restart what is out"},
};

void drop_header(jetstream::headers& from, std::string_view name) {
  from.erase(std::remove_if(from.begin(), from.end(),
                            [&](const auto& entry) { return entry.first == name; }),
             from.end());
}

} // namespace

std::span<const named_mutation> mutations() { return table; }

std::optional<mutation> mutation_named(std::string_view name) {
  const auto found =
    std::find_if(table.begin(), table.end(), [&](const auto& entry) { return entry.name == name; });
  return found == table.end() ? std::nullopt : std::optional{found->which};
}

void mutate(mutation by, stream_config& config) {
  switch (by) {
    case mutation::duplicate_window_endless:
      config.duplicate_window = never;
      break;
    case mutation::discard_new_drops_the_oldest:
      config.discard = discard_kind::oldest;
      break;
    case mutation::discard_old_refuses:
      config.discard = discard_kind::newest;
      break;
    case mutation::subject_limit_ignored:
      config.max_messages_per_subject.reset();
      break;
    case mutation::full_subject_admits:
      config.discard_new_per_subject = false;
      break;
    case mutation::max_bytes_ignored:
      config.max_bytes.reset();
      break;
    case mutation::max_age_ignored:
      config.max_age = {};
      break;
    default:
      break;
  }
}

void mutate(mutation by, consumer_config& config) {
  switch (by) {
    case mutation::filters_ignored:
      config.filter.clear();
      break;
    case mutation::unused_consumers_stay:
      config.inactive_threshold = {};
      break;
    case mutation::no_redelivery:
      config.ack_wait = never;
      break;
    case mutation::max_ack_pending_ignored:
      config.max_ack_pending.reset();
      break;
    case mutation::max_deliver_ignored:
      config.max_deliver.reset();
      break;
    default:
      break;
  }
}

void mutate(mutation by, pull_request& request) {
  if (by == mutation::no_wait_waits) {
    request.no_wait = false;
  } else if (by == mutation::expires_ignored) {
    request.expires = {};
  }
}

void mutate(mutation by, purge_request& request) {
  if (by == mutation::purge_ignores_its_subject) {
    request.filter.clear();
  } else if (by == mutation::purge_ignores_its_sequence) {
    request.below = 0;
  }
}

void mutate(mutation by, jetstream::outgoing& stored) {
  if (by == mutation::message_ids_ignored) {
    drop_header(stored.headers, "Nats-Msg-Id");
  } else if (by == mutation::expected_sequence_unchecked) {
    drop_header(stored.headers, "Nats-Expected-Last-Subject-Sequence");
  } else if (by == mutation::deletions_look_like_values) {
    drop_header(stored.headers, "KV-Operation");
  }
}

void mutate_settlement(mutation by, std::string& payload) {
  if (by == mutation::nak_delay_ignored && payload.starts_with("-NAK")) {
    payload = "-NAK";
  } else if (by == mutation::term_delivers_again && payload.starts_with("+TERM")) {
    payload = "-NAK";
  } else if (by == mutation::in_progress_ignored && payload.starts_with("+WPI")) {
    payload = "nothing";
  } else if (by == mutation::nak_delay_bound_by_the_ack_wait && payload.starts_with("-NAK {")) {
    // The ack wait is left to run out.
    payload = "nothing";
  }
}

} // namespace nats_mcp::simulation
