// SPDX-License-Identifier: MIT
#include "protocol/coordination/closing.hpp"

#include "protocol/work/streams.hpp"

#include <utility>

namespace nats_mcp::coordination {

closing::closing(work::item_record record, news told, bool is_worker_gone)
  : following_{record, std::nullopt, std::nullopt}
  , told_{told} {
  // Its worker acknowledges what it completed, and follow_up removes what was cancelled.
  const bool is_nobodys = record.state != work::item_state::cancelled
                          && (record.state != work::item_state::completed || is_worker_gone);
  if (is_nobodys && record.queue_sequence != 0) {
    left_.push_back(record.queue_sequence);
  }
  if (record.assigned && record.assigned->replaced_sequence != 0) {
    left_.push_back(record.assigned->replaced_sequence);
  }
}

std::vector<work::work_command> closing::next(const work::script_world& world) {
  auto speaker = world;
  if (told_ == news::told_long_ago) {
    speaker.self = {}; // nobody would notice any more that it is the same message
  }
  auto commands = following_.next(speaker);
  if (!commands.empty() || failure() || left_.empty()) {
    return commands;
  }
  is_removing_ = true;
  const auto sequence = left_.back();
  left_.pop_back();
  return {work::delete_message_request(work::work_stream_name, sequence, monotonic_time{})};
}

void closing::on_answers(const std::vector<result<work::work_answer>>& answers) {
  if (!is_removing_) {
    following_.on_answers(answers);
  }
}

} // namespace nats_mcp::coordination
