// SPDX-License-Identifier: MIT
#include "tests/fuzz/work_payloads.hpp"

#include "protocol/agents/visibility.hpp"
#include "protocol/coordination/assignment_request.hpp"
#include "protocol/limits.hpp"
#include "protocol/limits/coordination.hpp"
#include "protocol/messaging/stranger_payload.hpp"
#include "protocol/tools/dead_letter_fields.hpp"
#include "protocol/tools/tool.hpp"
#include "protocol/tools/work_holding_fields.hpp"
#include "protocol/tools/work_lookup_fields.hpp"
#include "protocol/work/capability_token.hpp"
#include "protocol/work/dead_letter.hpp"
#include "protocol/work/facts.hpp"
#include "protocol/work/lanes.hpp"
#include "protocol/work/streams.hpp"

#include "tests/fuzz/promises.hpp"

#include <string>

namespace nats_mcp::fuzz {

namespace {

constexpr std::size_t ellipsis_size = 3;
constexpr wall_time server_now{std::chrono::hours{500'000}};

template <class Result>
void check_work_answer(const Result& outcome) {
  require_showable(tools::render(outcome), "an answer can be shown whatever others wrote");
  require(is_json_line(json::write(tools::structured(outcome))), "facts are JSON whatever they are",
          json::write(tools::structured(outcome)));
}

void check_item(const work::work_item& item) {
  require(work::is_item_id(item.id), "an item has an id", item.id);
  require(is_subject_token(item.id) && work::is_scope(item.scope), "an item's names are tokens",
          item.id);
  require(item.priority >= work::priority_min && item.priority <= work::priority_max
            && item.attempts_max >= 1,
          "an item's numbers keep their bounds", item.id);
  require(item.capability.size() <= limits::capability_bytes_max
            && item.description.size() <= limits::work_description_bytes_max + ellipsis_size
            && item.task_id.size() <= 4 * limits::task_id_characters_max + ellipsis_size
            && item.offered_by.handle.size() <= 4 * limits::name_characters_max + ellipsis_size,
          "an item's texts keep their bounds", item.id);
  const auto lane = work::lane_of(item);
  require(is_plain_subject(work::lane_subject(lane))
            && work::parse_lane_subject(work::lane_subject(lane)) == lane,
          "an item waits in a lane", work::lane_subject(lane));
  require(is_plain_subject(work::letter_subject(item)), "an item's letter has a place",
          work::letter_subject(item));
  require(work::task_key(item.task_id, item.id).has_value()
            && is_plain_subject(*work::task_key(item.task_id, item.id)),
          "an item of a task has a key", item.task_id);
}

void check_history(const std::vector<work::attempt>& attempts) {
  require(attempts.size() <= limits::work_attempts_kept, "a history is not too long", {});
  for (const auto& one : attempts) {
    require(one.error.size() <= limits::work_note_bytes_max + ellipsis_size
              && one.note.size() <= limits::work_note_bytes_max + ellipsis_size
              && one.worker.handle.size() <= 4 * limits::name_characters_max + ellipsis_size,
            "a history's texts keep their bounds", one.error);
    require(!one.progress || (*one.progress >= 0 && *one.progress <= 100), "progress is a part",
            {});
  }
}

void check_record(const work::item_record& record) {
  check_item(record.item);
  check_history(record.attempts);
  require(record.generation >= 1 && record.attempts_max >= 1,
          "a record's numbers keep their bounds", {});
  require(record.held.has_value() == (record.state == work::item_state::claimed),
          "exactly what is claimed is held", {});
  require(record.reason.size() <= limits::work_note_bytes_max + ellipsis_size
            && record.summary.size() <= limits::work_note_bytes_max + ellipsis_size,
          "a record's texts keep their bounds", record.reason);
  if (record.assigned) {
    require(record.assigned->passed_over.size() <= limits::passed_over_max,
            "not too many workers are remembered", {});
    for (const auto& guid : record.assigned->passed_over) {
      require(agents::is_guid(guid), "a worker is named by its GUID", guid);
    }
  }
}

void check_shown(const work::item_record& record) {
  const work::found_record found{record, 3, server_now};
  check_work_answer(tools::get_work_status_result{{work::status_of(found)}, false});
  check_work_answer(tools::list_work_result{{work::summary_of(found)}, {}});
  if (record.held) {
    tools::claim_work_result claimed;
    claimed.work = work::claimed_fact(found, std::chrono::hours{1});
    check_work_answer(claimed);
  }
  (void)work::why_dead(record, server_now);
}

} // namespace

void queued_item(std::string_view subject, std::string_view payload) {
  const auto where = work::parse_lane_subject(subject);
  if (!where) {
    return;
  }
  require(work::lane_subject(*where) == subject, "a lane's subject survives a round trip", subject);
  const auto read = work::read_queued_item(*where, payload);
  if (!read) {
    require_sentence(read.error().message, sentence_bytes_max);
    const auto capability = work::capability_of(where->token);
    if (!capability
        || (is_showable(*capability) && capability->size() <= limits::capability_bytes_max)) {
      const auto record =
        work::unreadable(*where, 7, messaging::shown_payload(payload), server_now);
      const auto again = work::read_item_record(work::write_item_record(record, "w"));
      require(again.has_value(), "what cannot be read has a record that can", payload);
      check_record(*again);
      check_shown(*again);
    }
    return;
  }
  check_item(read->item);
  require(work::lane_of(read->item) == *where, "an item is of the lane it lies in", subject);
  const auto again = work::read_queued_item(*where, work::write_queued_item(*read));
  require(again.has_value() && *again == *read, "a queued item survives a round trip", payload);
  work::item_record record;
  record.item = read->item;
  const auto letter = work::dead_letter_message(record);
  require(is_plain_subject(letter.subject), "a letter has a subject", letter.subject);
}

void item_record(std::string_view, std::string_view value) {
  const auto read = work::read_item_record(value);
  if (!read) {
    return require_sentence(read.error().message, sentence_bytes_max);
  }
  check_record(*read);
  check_shown(*read);
  const auto again = work::read_item_record(work::write_item_record(*read, "w"));
  require(again.has_value() && *again == *read, "a record survives a round trip", value);
}

void dead_letter(std::string_view subject, std::string_view payload) {
  const auto read = work::read_dead_letter(subject, payload, server_now);
  check_history(read.history);
  check_work_answer(tools::list_dead_letter_items_result{{work::letter_fact(read)}, {}});
  work::item_record record;
  record.item = read.item;
  record.state = work::item_state::dead;
  record.generation = read.generation;
  record.attempts_begun = read.attempts;
  record.reason = read.reason;
  record.attempts = read.history;
  record.updated_at = read.failed_at;
  const auto written = work::dead_letter_message(record);
  const auto again = work::read_dead_letter(written.subject, written.payload, server_now);
  // Where it lies under its own name, and an item could have it.
  if (written.subject == subject && work::item_from_json(work::item_to_json(read.item))) {
    require(again == read, "a letter survives a round trip", payload);
  }
}

void assignment_request(std::string_view subject, std::string_view payload) {
  const auto read = coordination::read_request(subject, payload);
  if (!read) {
    return require_sentence(read.error().message, sentence_bytes_max);
  }
  check_item(read->item);
  require(read->item.assigned_to.empty(), "a request is nobody's yet", payload);
  const auto message = coordination::request_message(*read);
  require(message.subject == subject && is_plain_subject(subject), "a request keeps its subject",
          subject);
  const auto again = coordination::read_request(message.subject, message.payload);
  require(again.has_value() && *again == *read, "a request survives a round trip", payload);
}

} // namespace nats_mcp::fuzz
