// SPDX-License-Identifier: MIT
#include "protocol/coordination/work_offer.hpp"

#include "protocol/limits.hpp"
#include "protocol/messaging/direct_message_codec.hpp"
#include "protocol/text.hpp"

#include <string>
#include <utility>

namespace nats_mcp::coordination {

namespace {

std::string in_words(const work::item_record& record) {
  const auto& item = record.item;
  auto out = "Work item " + item.id + " (task " + one_line(item.task_id) + ", \""
             + one_line(first_characters(item.description, limits::work_preview_characters_max))
             + "\") is yours to do: claim_work gives it to you.";
  if (record.assigned && record.assigned->until) {
    out +=
      " Claim it before " + to_rfc3339(*record.assigned->until) + ", or somebody else gets it.";
  }
  return out;
}

} // namespace

std::optional<jetstream::publish> work_offer_message(const work::item_record& record,
                                                     const work::party& sender, wall_time now) {
  const auto& item = record.item;
  if (sender.guid.empty() || item.assigned_to.empty()) {
    return std::nullopt;
  }
  messaging::direct_message_payload message;
  message.id = work::queue_message_id(item.id, record.generation) + '-'
               + std::string{tools::to_text(tools::message_type::work_offer)};
  message.sender_guid = sender.guid;
  message.sender_handle = sender.handle;
  message.recipient_guid = item.assigned_to;
  message.type = tools::message_type::work_offer;
  message.content = in_words(record);
  message.metadata = {{"workItemId", item.id},
                      {"taskId", item.task_id},
                      {"capability", item.capability},
                      {"priority", item.priority},
                      {"deadline", to_rfc3339(item.deadline)}};
  message.timestamp = now;
  return jetstream::publish{messaging::inbox_subject(message.recipient_guid, sender.guid),
                            messaging::write_direct_message(message), message.id, std::nullopt,
                            monotonic_time{}};
}

} // namespace nats_mcp::coordination
