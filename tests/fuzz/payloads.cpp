// SPDX-License-Identifier: MIT
// The first byte chooses what is read, the first line is the subject or key it stands under, the
// rest is the payload.
#include "protocol/agents/agent_directory.hpp"
#include "protocol/agents/agent_record.hpp"
#include "protocol/agents/way_back.hpp"
#include "protocol/coordination/leader_entry.hpp"
#include "protocol/limits.hpp"
#include "protocol/messaging/channel_message.hpp"
#include "protocol/messaging/direct_message_codec.hpp"
#include "protocol/tools/agent_fields.hpp"
#include "protocol/tools/channel_fields.hpp"
#include "protocol/tools/direct_message_fields.hpp"
#include "protocol/tools/tool.hpp"

#include "tests/fuzz/promises.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/fuzz/work_payloads.hpp"

#include <array>
#include <string>

namespace nats_mcp::fuzz {

namespace {

/// What marks a text that was cut.
constexpr std::size_t ellipsis_bytes = 3;
constexpr wall_time stored_at{std::chrono::hours{500'000}};

jetstream::delivery delivered(std::string_view subject, std::string_view payload) {
  jetstream::delivery out;
  out.subject = subject;
  out.payload = payload;
  out.stream_sequence = 7;
  out.stored_at = stored_at;
  return out;
}

/// What is shown of a result, in both forms.
template <class Result>
void check_answer(const Result& outcome) {
  require_showable(tools::render(outcome), "an answer can be shown whatever others wrote");
  require(is_json_line(json::write(tools::structured(outcome))), "facts are JSON whatever they are",
          json::write(tools::structured(outcome)));
}

void channel_message(std::string_view subject, std::string_view payload) {
  const auto shown = messaging::read_channel_message(delivered(subject, payload));
  require(!shown.handle.empty() && parse_rfc3339(shown.timestamp).has_value(),
          "a message has a sender and a time", payload);
  check_answer(tools::read_messages_result{"planning", {shown, shown}, 7});
  const auto read = messaging::parse_channel_message(payload);
  if (!read) {
    return require_sentence(read.error().message, sentence_bytes_max);
  }
  const auto again = messaging::parse_channel_message(messaging::write_channel_message(*read));
  require(again.has_value() && *again == *read, "a channel message survives a round trip", payload);
  require(shown.message == read->message, "what is shown is what was written", payload);
}

void direct_message(std::string_view subject, std::string_view payload) {
  const auto shown = messaging::read_direct_message(delivered(subject, payload));
  require(!shown.id.empty() && !shown.sender_guid.empty() && !shown.sender_handle.empty()
            && !shown.type.empty() && parse_rfc3339(shown.timestamp).has_value(),
          "a message has an id, a sender, a type and a time", payload);
  if (const auto address = messaging::parse_inbox_subject(subject)) {
    require(shown.sender_guid == address->sender_guid, "the subject vouches for the sender",
            payload);
  }
  check_answer(tools::read_direct_messages_result{{shown, shown}, 1, 0});
  messaging::direct_message_payload out;
  out.id = shown.id;
  out.sender_handle = shown.sender_handle;
  out.content = shown.content;
  out.metadata = shown.metadata;
  out.timestamp = parse_rfc3339(shown.timestamp).value();
  const auto again =
    messaging::read_direct_message(delivered(subject, messaging::write_direct_message(out)));
  require(again.id == shown.id && again.sender_handle == shown.sender_handle
            && again.content == shown.content && again.metadata == shown.metadata
            && parse_rfc3339(again.timestamp).value() == out.timestamp,
          "a direct message survives a round trip", payload);
}

void check_bounds(const agents::agent_record& record) {
  const auto within = [](const std::string& text, std::size_t characters) {
    return text.size() <= 4 * characters + ellipsis_bytes;
  };
  require(within(record.handle, limits::name_characters_max)
            && within(record.agent_type, limits::agent_type_characters_max)
            && within(record.hostname, limits::hostname_characters_max)
            && within(record.project_id, limits::name_characters_max)
            && within(record.username, limits::name_characters_max)
            && within(record.session_id, limits::name_characters_max),
          "an agent's texts keep their bounds", record.guid);
  require(record.capabilities.size() <= limits::capabilities_max, "an agent can do only so much",
          record.guid);
  for (const auto& capability : record.capabilities) {
    require(capability.size() <= limits::capability_bytes_max + ellipsis_bytes,
            "a capability keeps its bound", capability);
  }
  require(record.heartbeat_interval >= limits::heartbeat_interval_min
            && record.heartbeat_interval <= limits::heartbeat_interval_max
            && record.current_task_count >= 0,
          "an agent's numbers keep their bounds", record.guid);
}

void agent_record(std::string_view key, std::string_view value) {
  const auto read = agents::read_agent_record(key, value);
  agents::agent_directory directory;
  directory.apply(
    {std::string{key}, std::string{value}, 1, jetstream::kv_operation::put, stored_at});
  auto found = directory.select({}, stored_at + std::chrono::seconds{1});
  check_answer(tools::discover_agents_result{found.first, found.first.size(), {}, false});
  if (!read) {
    require(found.first.empty() && found.behind.empty(), "what is no agent is not shown", value);
    return require_sentence(read.error().message, sentence_bytes_max);
  }
  check_bounds(*read);
  const auto again = agents::read_agent_record(key, agents::write_agent_record(*read, "w"));
  require(again.has_value() && *again == *read, "an agent's entry survives a round trip", value);
  require(directory.find(read->guid, stored_at).has_value(), "an agent is found", value);
}

void anchor(std::string_view, std::string_view value) {
  const auto read = agents::read_anchor(value);
  if (!read) {
    return require_sentence(read.error().message, sentence_bytes_max);
  }
  const auto again = agents::read_anchor(agents::write_anchor(*read, "w"));
  require(again.has_value() && *again == *read, "an anchor survives a round trip", value);
}

void small_entries(std::string_view, std::string_view value) {
  const auto way = agents::read_way_back(value);
  for (const auto& guid : way.others) {
    require(is_subject_token(guid), "a GUID is a token", guid);
    require(agents::leads_to(way, guid), "every GUID is found", guid);
  }
  require(agents::read_way_back(agents::write_way_back(way, "w")) == way,
          "the way back survives a round trip", value);
  const auto session = agents::read_presence(value);
  require(agents::read_presence(agents::write_presence(session, "")) == session,
          "a sign of life survives a round trip", value);
  const auto leader = coordination::read_leader_entry(value);
  const auto again = coordination::read_leader_entry(
    coordination::write_leader_entry(leader.entry, leader.write_id));
  require(again.write_id == leader.write_id && again.entry == leader.entry,
          "a leader's entry survives a round trip", value);
  require(leader.entry.host.size() <= 4 * limits::hostname_characters_max + ellipsis_bytes,
          "a host's name keeps its bound", leader.entry.host);
}

constexpr std::array payload_kinds{channel_message, direct_message, agent_record,
                                   anchor,          small_entries,  queued_item,
                                   item_record,     dead_letter,    assignment_request};

} // namespace

void payloads(std::string_view bytes) {
  input given{bytes};
  const auto kind = given.choice(payload_kinds.size());
  const auto where = given.line();
  payload_kinds[kind](where, given.rest());
}

} // namespace nats_mcp::fuzz
