// SPDX-License-Identifier: MIT
#include "tests/fault/stored_work.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"

#include "tests/fault/stored_message.hpp"
#include "tests/integration/raw_nats.hpp"

#include <optional>

namespace nats_mcp::testing {

namespace {

json::value document_in(const std::optional<std::string>& payload) {
  return payload ? json::parse(*payload).value_or(json::value{}) : json::value{};
}

/// A message by its number in the stream; null where it is no document or gone.
json::value message_at(raw_nats& nats, const std::string& stream, std::uint64_t sequence) {
  return document_in(
    nats.request("$JS.API.DIRECT.GET." + stream, json::value{{"seq", sequence}}.dump()));
}

std::optional<std::string> read_record(raw_nats& nats, const std::string& item) {
  return read_last(nats, "KV_work_items", "$KV.work_items." + item);
}

std::uint32_t count_of(const json::value& document, std::string_view key) {
  return static_cast<std::uint32_t>(json::unsigned_member(document, key).value_or(0));
}

item_content content_of(const json::value& record) {
  item_content out;
  out.state = json::text_member(record, "state");
  out.summary = json::text_member(record, "summary");
  out.attempts_begun = count_of(record, "attempt");
  out.attempts_max = count_of(record, "maxAttempts");
  if (const auto* attempts = json::find(record, "attempts")) {
    for (const auto& attempt : *attempts) {
      out.attempts_listed += json::text_member(attempt, "end") == "released" ? 0 : 1;
    }
  }
  return out;
}

std::string letter_subject(const json::value& item) {
  const auto capability = json::text_member(item, "capability");
  return "dead." + std::string{json::text_member(item, "scope")} + "."
         + (capability == "C++" ? "c=2B=2B" : std::string{capability}) + "."
         + std::string{json::text_member(item, "id")};
}

/// Notes which items have a message in this stream, if there is such a stream.
void find_in(const std::string& stream, raw_nats& nats, work_content& items) {
  const auto info = json::parse(nats.request("$JS.API.STREAM.INFO." + stream, "")).value();
  const auto* state = json::find(info, "state");
  if (state == nullptr) {
    return;
  }
  const auto last = json::unsigned_member(*state, "last_seq").value_or(0);
  for (auto at = json::unsigned_member(*state, "first_seq").value_or(1); at <= last; ++at) {
    const auto message = message_at(nats, stream, at);
    const auto found = items.find(std::string{json::text_member(message, "id")});
    if (found != items.end()) {
      found->second.in_queue = true;
    }
  }
}

} // namespace

std::set<std::string> items_with_records(std::uint16_t port, const std::set<std::string>& items) {
  raw_nats nats{port, ""};
  std::set<std::string> out;
  for (const auto& item : items) {
    if (read_record(nats, item)) {
      out.insert(item);
    }
  }
  return out;
}

work_content read_stored_work(std::uint16_t port, const std::set<std::string>& items) {
  raw_nats nats{port, ""};
  work_content out;
  for (const auto& item : items) {
    out[item] = {};
    const auto record = document_in(read_record(nats, item));
    if (const auto* offered = json::find(record, "item")) {
      out[item] = content_of(record);
      out[item].in_dead_letters =
        read_last(nats, "DEAD_LETTER", letter_subject(*offered)).has_value();
    }
  }
  // What a coordinator sees to is remembered by its request as well.
  find_in("WORK", nats, out);
  find_in("COORD", nats, out);
  return out;
}

} // namespace nats_mcp::testing
