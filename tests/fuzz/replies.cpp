// SPDX-License-Identifier: MIT
// The first byte chooses what was asked, the first line is the subject the answer came with, the
// rest is the answer.
#include "protocol/jetstream/delivery_codec.hpp"
#include "protocol/jetstream/durable_consumer.hpp"
#include "protocol/jetstream/key_watch.hpp"
#include "protocol/jetstream/last_message_query.hpp"
#include "protocol/jetstream/reading_consumer.hpp"
#include "protocol/jetstream/reply_codec.hpp"
#include "protocol/jetstream/server_identity.hpp"
#include "protocol/jetstream/stored_message_codec.hpp"
#include "protocol/jetstream/stream_comparison.hpp"
#include "protocol/jetstream/stream_config.hpp"
#include "protocol/work/existing_lanes.hpp"
#include "protocol/work/lane_facts.hpp"
#include "protocol/work/lanes.hpp"
#include "protocol/work/streams.hpp"

#include "tests/fuzz/promises.hpp"
#include "tests/fuzz/targets.hpp"

#include <array>
#include <string>

namespace nats_mcp::fuzz {

namespace {

constexpr monotonic_time reply_time{std::chrono::hours{1}};
constexpr wall_time asked_at{std::chrono::hours{500'000}};

/// A list of headers as a fuzzer can write them: `name: value|name: value`.
jetstream::headers headers_of(std::string_view text) {
  jetstream::headers out;
  while (!text.empty()) {
    const auto end = std::min(text.find('|'), text.size());
    const auto one = text.substr(0, end);
    const auto colon = one.find(": ");
    if (colon != std::string_view::npos) {
      out.emplace_back(one.substr(0, colon), one.substr(colon + 2));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

template <class Value>
bool said_why(const result<Value>& answer) {
  if (!answer) {
    require_sentence(answer.error().message, sentence_bytes_max);
  }
  return answer.has_value();
}

void receipt(std::string_view, std::string_view body) {
  const jetstream::incoming reply{"_INBOX.a", {}, {}, std::string{body}, 0};
  const auto fast = jetstream::decode_stored(reply);
  const auto slow = jetstream::decode_publish_receipt(reply, "message to #planning", {});
  if (!said_why(slow)) {
    require(!fast, "what is refused is not taken the short way", body);
    return;
  }
  require(!slow->stream.empty(), "a receipt names its stream", body);
  if (fast) {
    require(fast->stream == slow->stream && fast->sequence == slow->sequence && !slow->duplicate,
            "both ways read the same receipt", body);
  }
}

void api_answer(std::string_view, std::string_view body) {
  jetstream::incoming reply{"_INBOX.a", {}, {}, std::string{body}, 0};
  const auto read =
    jetstream::decode_api_reply(std::move(reply), "request for the state of #a", {});
  if (!said_why(read)) {
    return;
  }
  require(read->body == body, "an answer arrives as it is", body);
  if (const auto stored = jetstream::decode_message_get(*read, "a message"); said_why(stored)) {
    (void)jetstream::operation_of(stored->headers);
  }
}

void stream_info(std::string_view, std::string_view body) {
  const auto read = jetstream::parse_stream_info(body);
  if (!said_why(read)) {
    return;
  }
  const auto written = jetstream::to_json(read->config);
  const auto again = jetstream::stream_config_from(json::parse(json::write(written)).value());
  require(again.has_value() && *again == read->config,
          "a stream's configuration survives a round trip", body);
  auto wanted = work::work_stream({std::chrono::hours{1}, 1});
  wanted.name = read->config.name;
  const auto compared = jetstream::compare(read->config, wanted);
  const auto none = jetstream::compare(compared.after_start, wanted);
  require(none.raised.empty(), "after a start there is nothing more to raise", body);
  const auto bounds = jetstream::deletions(*read, compared.after_apply, asked_at);
  require(bounds.at_least <= bounds.at_most && bounds.at_most <= read->extent.messages,
          "no more is deleted than there is", body);
  for (const auto& one : compared.raised) {
    require(is_showable_line(one.setting + one.existing + one.wanted), "a difference can be shown",
            one.existing);
  }
}

void consumer_info(std::string_view, std::string_view body) {
  if (const auto read = jetstream::parse_consumer_state(body); said_why(read)) {
    require(read->ack_wait.count() >= 0, "nobody waits for less than nothing", body);
  }
  said_why(jetstream::available_messages(body));
  (void)jetstream::creation_time(body);
  const work::lane where{"public", "c", 5};
  auto facts = work::read_stream_facts(where, body);
  if (said_why(facts)) {
    said_why(work::add_consumer_facts(*facts, jetstream::api_reply{std::string{body}}));
    (void)work::is_gone(3, *facts);
  }
}

void lanes(std::string_view, std::string_view body) {
  if (const auto waiting = work::parse_waiting_lanes(body); said_why(waiting)) {
    int last = work::priority_max;
    for (const auto& one : waiting->asked_for) {
      require(is_plain_subject(work::lane_subject(one.where)) && one.messages > 0,
              "a lane that waits has a subject", body);
      require(one.where.priority <= last, "the most urgent come first", body);
      last = one.where.priority;
    }
  }
  const auto page = work::parse_existing_lanes(body);
  if (!said_why(page)) {
    return;
  }
  for (const auto& lane : page->lanes) {
    require(lane.ack_wait.count() >= 0 && lane.inactive_threshold.count() >= 0,
            "nobody waits for less than nothing", body);
    if (!lane.where) {
      continue;
    }
    require(is_showable_line(work::in_words(*lane.where)), "a lane can be named", lane.consumer);
    const auto wanted =
      work::lane_consumer(*lane.where, std::chrono::minutes{5}, std::chrono::hours{1});
    const auto change = work::change_lane_request(lane, wanted, reply_time);
    require(json::parse(change.body).has_value(), "a change is JSON", change.body);
  }
}

void stored_message(std::string_view head, std::string_view body) {
  jetstream::last_message_query query{"KV_agents", "$KV.agents.a"};
  input lines{head};
  const auto status = lines.choice(3) == 2 ? 503 : 0;
  jetstream::incoming reply{"_INBOX.a", {}, headers_of(lines.rest()), std::string{body}, status};
  const auto end = query.on_reply(std::move(reply), "the key", {});
  if (!end || !said_why(*end)) {
    return;
  }
  const auto entry = jetstream::entry_of("a", jetstream::stored_message{**end});
  require(entry.revision == (*end)->sequence, "an entry has its message's place", body);
}

void delivery(std::string_view subject, std::string_view body) {
  jetstream::incoming message{"work.public.c.5", std::string{subject}, {}, std::string{body}, 0};
  const auto read = jetstream::decode_delivery(std::move(message));
  if (!read) {
    return;
  }
  require(read->ack_subject == subject && read->payload == body, "a delivery is what came",
          subject);
  const auto settled = jetstream::encode_settlement(
    {read->ack_subject,
     jetstream::ack_kind::nak,
     std::chrono::milliseconds{static_cast<std::int64_t>(read->delivery_count % 1000)},
     {},
     {}});
  require(is_showable_line(settled), "what settles is one line", settled);
  (void)to_rfc3339(read->stored_at);
}

void identity(std::string_view, std::string_view body) {
  const auto read = jetstream::parse_server_identity(body);
  require(!read.time || parse_rfc3339(to_rfc3339(*read.time)) == *read.time,
          "a server's time survives a round trip", body);
}

/// Everything a watch may be sent, one message a line: subject, reply, headers, payload, separated
/// by tabs.
void watch(std::string_view created, std::string_view body) {
  jetstream::key_watch subject{{jetstream::subscription_id{1}, "agents", ">", {}}};
  subject.begin("_INBOX.w", "reader", reply_time);
  subject.on_answer(1, jetstream::api_reply{std::string{created}}, reply_time);
  subject.on_answer(2, jetstream::api_reply{std::string{created}}, reply_time);
  input lines{body};
  while (!lines.at_end()) {
    input parts{lines.line()};
    const auto status = static_cast<int>(parts.choice(2)) * 100;
    const auto text = parts.rest();
    const auto tab = std::min(text.find('\t'), text.size());
    jetstream::incoming message{"$KV.agents." + std::string{text.substr(0, tab)},
                                std::string{text.substr(std::min(tab + 1, text.size()))},
                                {},
                                "value",
                                status};
    subject.on_message(std::move(message), reply_time);
  }
  for (const auto& effect : subject.take_effects()) {
    if (const auto* told = std::get_if<jetstream::kv_watch_event>(&effect);
        told != nullptr && told->state == jetstream::kv_watch_state::failed) {
      require_sentence(told->reason.message, sentence_bytes_max);
    }
  }
}

constexpr std::array reply_kinds{receipt,        api_answer, stream_info, consumer_info, lanes,
                                 stored_message, delivery,   identity,    watch};

} // namespace

void replies(std::string_view bytes) {
  input given{bytes};
  const auto kind = given.choice(reply_kinds.size());
  const auto subject = given.line();
  reply_kinds[kind](subject, given.rest());
}

} // namespace nats_mcp::fuzz
