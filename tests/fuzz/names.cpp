// SPDX-License-Identifier: MIT
// Any text as everything that becomes part of a subject, a key or an address.
#include "protocol/agents/buckets.hpp"
#include "protocol/agents/visibility.hpp"
#include "protocol/coordination/streams.hpp"
#include "protocol/hash.hpp"
#include "protocol/jetstream/server_url.hpp"
#include "protocol/jetstream/spoken_names.hpp"
#include "protocol/jetstream/stored_message_codec.hpp"
#include "protocol/jetstream/stream_comparison.hpp"
#include "protocol/messaging/channel_names.hpp"
#include "protocol/messaging/direct_message_codec.hpp"
#include "protocol/name_rules.hpp"
#include "protocol/text.hpp"
#include "protocol/tools/agent_tools.hpp"
#include "protocol/tools/resources.hpp"
#include "protocol/work/capability_token.hpp"
#include "protocol/work/lanes.hpp"
#include "protocol/work/streams.hpp"

#include "tests/fuzz/promises.hpp"
#include "tests/fuzz/targets.hpp"

#include <string>

namespace nats_mcp::fuzz {

namespace {

void check_capability(std::string_view text) {
  const auto token = work::capability_token(text);
  require(text.empty() || is_subject_token(token), "a capability's token is one", token);
  const auto back = work::capability_of(token);
  require(back.has_value() == !text.empty(), "a token can be read back", token);
  require(!back || (equal_but_for_case(*back, text) && work::capability_token(*back) == token),
          "a capability comes back from its token", token);
  require(work::capability_token(std::string{text} + "x") != token, "two capabilities, two tokens",
          token);
  if (const auto read = work::capability_of(text)) {
    require(work::capability_token(*read) == text, "a token is read only as it is written", text);
    require(!work::guid_of_personal_token(text), "no capability is a person", text);
  }
}

void check_parsed_names(std::string_view text) {
  if (const auto lane = work::parse_lane_subject(text)) {
    require(work::lane_subject(*lane) == text && is_plain_subject(text), "a lane is its subject",
            text);
    const auto consumer = work::lane_consumer(*lane, {}, {});
    require(is_subject_token(consumer.name), "a lane's consumer has a name", consumer.name);
  }
  if (const auto channel = messaging::parse_channel_subject(text)) {
    require(messaging::channel_subject(channel->channel_namespace, channel->channel) == text
              && is_plain_subject(text),
            "a channel is its subject", text);
  }
  if (const auto channel = messaging::parse_channel_stream_name(text)) {
    require(messaging::channel_stream_name(channel->channel_namespace, channel->channel) == text
              && is_subject_token(text),
            "a channel is its stream", text);
  }
  if (const auto inbox = messaging::parse_inbox_subject(text)) {
    require(messaging::inbox_subject(inbox->recipient_guid, inbox->sender_guid) == text
              && is_plain_subject(text),
            "an inbox is its subject", text);
  }
  if (const auto scope = coordination::parse_request_subject(text)) {
    require(coordination::request_subject(*scope) == text && is_plain_subject(text),
            "a request is its subject", text);
  }
  if (const auto channel = tools::channel_of(text)) {
    require(tools::channel_uri(*channel) == text, "a channel is its resource", text);
  }
  if (const auto key = jetstream::key_of_subject("agents", text)) {
    require(jetstream::subject_of_key("agents", *key) == text, "a key is its subject", text);
  }
}

void check_key(std::string_view text) {
  const auto key = agents::parse_agent_key(text);
  if (!key) {
    return;
  }
  const agents::principal owner{std::string{key->guid}, std::string{key->owner},
                                std::string{key->owner}};
  if (key->seen_by != agents::visibility::public_ || key->owner == "all") {
    require(agents::agent_key(owner, key->seen_by) == text, "an agent is its key", text);
  }
}

/// Names users choose: what a rule takes is fit for its place, what it refuses is said in words.
void check_rules(std::string_view text) {
  const auto channel = messaging::check_channel_name(text);
  const auto whole = messaging::check_namespace(text);
  require(channel.has_value() == channel_name_rule().holds(text), "a rule is one rule", text);
  if (channel) {
    require(is_subject_token(text) && text.size() <= 64, "a channel's name is a token", text);
  } else {
    require_sentence(channel.error().message, sentence_bytes_max);
  }
  if (!whole) {
    require_sentence(whole.error().message, sentence_bytes_max);
  }
  require_sentence(messaging::unknown_channel(text, {}).message, sentence_bytes_max);
  require(!handle_rule().holds(text) || is_subject_token(text), "a handle is a token", text);
  require(guid_rule().holds(text) == agents::is_guid(text), "a GUID is a GUID", text);
  require(!work::is_item_id(text) || is_subject_token(text), "an item's id is a token", text);
  require(!work::is_scope(text) || is_subject_token(text), "a scope is a token", text);
  require(handle_rule().holds(tools::handle_of_type(text)), "a type makes a handle", text);
}

/// Keys that are made of hashes take any text.
void check_hashed(std::string_view text) {
  const std::string any{text};
  const auto task = work::task_key(text, "550e8400-e29b-41d4-a716-446655440000");
  const auto returning = agents::returning_key({any, any, any, any});
  const auto uuid = make_name_uuid(text, text);
  require(task && is_plain_subject(*task) && returning && is_plain_subject(*returning),
          "a hash makes a key", text);
  require(uuid && agents::is_guid(*uuid), "a name makes a GUID", text);
}

void check_spoken(std::string_view text) {
  for (const auto& spoken : {jetstream::spoken_stream(text), jetstream::spoken_subject(text),
                             jetstream::spoken_message(text), jetstream::spoken_request(text)}) {
    require(!spoken.empty() && is_showable_line(spoken), "a name is spoken on one line", spoken);
  }
}

void check_address(std::string_view text) {
  const auto urls = jetstream::parse_server_urls(text);
  if (!urls) {
    require_sentence(urls.error().message, sentence_bytes_max);
  }
  const auto shown = jetstream::redact_urls(text);
  require(is_showable_line(shown), "an address can be shown", shown);
  constexpr std::string_view shown_address = "nats://example.org:4222";
  const auto secret = "nats://ann:" + std::string{text} + "@example.org:4222";
  if (shown_address.find(text) == std::string_view::npos
      && text.find(',') == std::string_view::npos) {
    require(jetstream::redact_urls(secret).find(text) == std::string::npos, "no password is shown",
            text);
  }
}

} // namespace

void names(std::string_view bytes) {
  check_capability(bytes);
  check_parsed_names(bytes);
  check_key(bytes);
  check_rules(bytes);
  check_hashed(bytes);
  check_spoken(bytes);
  check_address(bytes);
  if (is_plain_subject(bytes)) {
    require(jetstream::covers(bytes, bytes) && jetstream::covers(">", bytes),
            "a subject is covered by itself and by everything", bytes);
  }
}

} // namespace nats_mcp::fuzz
