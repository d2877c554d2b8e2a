// SPDX-License-Identifier: MIT
#include "protocol/work/work_script.hpp"

#include "protocol/jetstream/stored_message_codec.hpp"
#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"
#include "protocol/work/lanes.hpp"
#include "protocol/work/streams.hpp"

#include <type_traits>
#include <utility>

namespace nats_mcp::work {

namespace {

std::optional<wall_time> stamp_of(const work_answer& answer) {
  if (const auto* found = std::get_if<jetstream::kv_lookup>(&answer)) {
    return found->entry ? std::optional{found->entry->stored_at} : std::nullopt;
  }
  const auto* stored = std::get_if<jetstream::stored_message>(&answer);
  return stored == nullptr ? std::nullopt : std::optional{stored->stored_at};
}

} // namespace

std::optional<jetstream::settle> settlement(const open_delivery& what, jetstream::ack_kind kind,
                                            std::chrono::milliseconds delay,
                                            const script_world& world) {
  if (what.ack_subject.empty()) {
    return std::nullopt;
  }
  jetstream::settle out;
  out.ack_subject = what.ack_subject;
  out.kind = kind;
  out.delay = delay;
  if (kind != jetstream::ack_kind::ack) {
    const auto over = what.since + what.ack_wait / 100 * limits::work_settle_share;
    const auto rest = over - world.clock();
    if (rest <= rest.zero()) {
      return std::nullopt;
    }
    out.deadline = world.deadline_clock() + rest;
  }
  return out;
}

void work_script::observe(const work_round& round) {
  for (const auto& answer : round.answers) {
    if (const auto stamp = answer ? stamp_of(*answer) : std::nullopt) {
      world_.server_time.observe(*stamp, round.answered_at);
    }
  }
}

wall_time work_script::server_now() const {
  return world_.server_time.known() ? world_.server_time.now(world_.clock()) : wall_time{};
}

void work_script::ask_record(std::string_view item_id) {
  ask(jetstream::look_up(items_bucket, std::string{item_id}));
}

void work_script::ask_write(const item_record& record, std::uint64_t expected_revision) {
  const auto write_id = make_uuid(world_.random);
  last_written_ = write_item_record(record, write_id);
  ask(jetstream::kv_put{std::string{items_bucket}, record.item.id, last_written_, expected_revision,
                        write_id, monotonic_time{}});
}

bool work_script::is_last_write(const result<work_answer>& lookup) const {
  const auto* entry = jetstream::entry_in(lookup);
  return entry != nullptr && !last_written_.empty() && entry->value == last_written_;
}

void work_script::ask_write_task(const work_item& item) {
  if (const auto key = task_key(item.task_id, item.id)) {
    const auto write_id = make_uuid(world_.random);
    ask(jetstream::kv_put{
      std::string{tasks_bucket},
      *key,
      json::write({{"v", 1}, {"writeId", write_id}, {"taskId", item.task_id}, {"id", item.id}}),
      {},
      write_id,
      monotonic_time{}});
  }
}

result<std::optional<found_record>> record_in(const result<work_answer>& answer) {
  if (const auto* failure = jetstream::lookup_failure(answer)) {
    return tl::make_unexpected(*failure);
  }
  const auto* entry = jetstream::entry_in(answer);
  if (entry == nullptr) {
    return std::nullopt;
  }
  return read_item_record(entry->value).map([&](item_record&& record) {
    return std::optional{found_record{std::move(record), entry->revision, entry->stored_at}};
  });
}

std::optional<found_record> record_of(const jetstream::delivery& message) {
  if (jetstream::operation_of(message.headers) != jetstream::kv_operation::put) {
    return std::nullopt;
  }
  auto record = read_item_record(message.payload);
  if (!record) {
    return std::nullopt;
  }
  return found_record{std::move(*record), message.stream_sequence, message.stored_at};
}

jetstream::publish queue_message(const work_item& item, std::uint64_t generation) {
  jetstream::publish out;
  out.subject = lane_subject(lane_of(item));
  out.payload = write_queued_item({item, generation});
  out.message_id = queue_message_id(item.id, generation);
  return out;
}

error too_many_conflicts(std::string_view item_id) {
  return {ec::busy,
          "Work item " + std::string{item_id}
            + " is written by others at the same time. Nothing was changed; try again.",
          0};
}

error no_such_item(std::string_view item_id) {
  return {ec::not_found,
          "There is no work item " + std::string{item_id}
            + ", or none that you may see. list_work shows what there is.",
          0};
}

} // namespace nats_mcp::work
