// SPDX-License-Identifier: MIT
#include "tests/simulation/checkers/agent_journal.hpp"

#include "protocol/agents/buckets.hpp"
#include "protocol/agents/visibility.hpp"
#include "protocol/agents/way_back.hpp"
#include "protocol/jetstream/stored_message_codec.hpp"
#include "protocol/messaging/direct_message_codec.hpp"

#include <utility>

namespace nats_mcp::simulation {

namespace {

/// The key a record of this bucket stands under; nothing for one of another stream.
std::optional<std::string> key_in(const stored_record& one, std::string_view bucket) {
  return jetstream::key_of_subject(bucket, one.subject);
}

void read_session(agent_journal& journal, stored_when when, std::string key,
                  const stored_record& one) {
  if (key.starts_with("key.")) {
    auto way = one.deletion ? agents::way_back{} : agents::read_way_back(one.payload);
    journal.ways_back.push_back({when, std::move(key), std::move(way.guid), std::move(way.others)});
  } else if (const auto held = agents::read_anchor(one.payload)) {
    journal.anchors.push_back({when, std::move(key), held->session_id, held->heartbeat_interval});
  }
}

void read_entry(agent_journal& journal, stored_when when, std::string key,
                const stored_record& one) {
  const auto parsed = agents::parse_agent_key(key);
  if (!parsed) {
    return;
  }
  entry_stored entry{when, key, std::string{parsed->guid}, std::nullopt};
  if (!one.deletion) {
    if (auto record = agents::read_agent_record(key, one.payload)) {
      entry.record = std::move(*record);
    }
  }
  journal.entries.push_back(std::move(entry));
}

void read_sign(agent_journal& journal, stored_when when, const std::string& key,
               const stored_record& one) {
  if (const auto parsed = agents::parse_agent_key(key)) {
    journal.signs.push_back(
      {when, std::string{parsed->guid}, agents::read_presence(one.payload), key});
  }
}

void read_mail(agent_journal& journal, stored_when when, const stored_record& one) {
  const auto address = messaging::parse_inbox_subject(one.subject);
  if (!address) {
    return;
  }
  jetstream::delivery delivered;
  delivered.subject = one.subject;
  delivered.payload = one.payload;
  auto message = messaging::read_direct_message(delivered);
  journal.mail.push_back({when, one.sequence, address->recipient_guid, address->sender_guid,
                          std::move(message.id), std::move(message.sender_handle),
                          std::move(message.content)});
}

} // namespace

agent_journal read_journal(const std::vector<stored_record>& stored) {
  agent_journal journal;
  for (const auto& one : stored) {
    const stored_when when{one.order, one.time};
    if (auto session = key_in(one, agents::sessions_bucket)) {
      read_session(journal, when, std::move(*session), one);
    } else if (auto entry = key_in(one, agents::agents_bucket)) {
      read_entry(journal, when, std::move(*entry), one);
    } else if (const auto sign = key_in(one, agents::presence_bucket)) {
      read_sign(journal, when, *sign, one);
    } else if (one.stream == messaging::inbox_stream_name) {
      read_mail(journal, when, one);
    }
  }
  return journal;
}

std::map<std::string, way_back_stored> last_ways_back(const agent_journal& journal) {
  std::map<std::string, way_back_stored> out;
  for (const auto& way : journal.ways_back) {
    out.insert_or_assign(way.key, way);
  }
  return out;
}

std::string holder_at(const agent_journal& journal, std::string_view guid, order_number order) {
  std::string holder;
  for (const auto& anchor : journal.anchors) {
    if (anchor.guid == guid && anchor.when.order < order) {
      holder = anchor.session_id;
    }
  }
  return holder;
}

bool held_sometime(const agent_journal& journal, std::string_view guid, std::string_view session_id,
                   order_number from, order_number to) {
  bool held = holder_at(journal, guid, from) == session_id;
  for (const auto& anchor : journal.anchors) {
    held = held
           || (anchor.guid == guid && anchor.when.order >= from && anchor.when.order <= to
               && anchor.session_id == session_id);
  }
  return held;
}

bool held_throughout(const agent_journal& journal, std::string_view guid,
                     std::string_view session_id, order_number from, order_number to) {
  bool held = holder_at(journal, guid, from) == session_id;
  for (const auto& anchor : journal.anchors) {
    const bool between = anchor.when.order >= from && anchor.when.order <= to;
    held = held && !(anchor.guid == guid && between && anchor.session_id != session_id);
  }
  return held;
}

} // namespace nats_mcp::simulation
