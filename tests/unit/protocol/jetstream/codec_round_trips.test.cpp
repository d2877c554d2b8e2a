// SPDX-License-Identifier: MIT
// What NATS servers write, made of any values, is read back as these values.
#include "protocol/jetstream/delivery_codec.hpp"
#include "protocol/jetstream/reply_codec.hpp"
#include "protocol/jetstream/server_url.hpp"
#include "protocol/jetstream/spoken_names.hpp"
#include "protocol/jetstream/stored_message_codec.hpp"
#include "protocol/json/value.hpp"
#include "protocol/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace nats_mcp::jetstream::codec_round_trips_test {
namespace {

std::string any_token() {
  return *rc::gen::nonEmpty(
    rc::gen::container<std::string>(rc::gen::element('a', 'Z', '7', '_', '-', '=', '@', '$')));
}

std::uint64_t any_number() { return *rc::gen::arbitrary<std::uint64_t>(); }

std::string base64(std::string_view bytes) {
  constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    unsigned group = 0;
    const auto count = std::min<std::size_t>(3, bytes.size() - at);
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8U | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out += i <= count ? alphabet[group >> (18 - 6 * i) & 63U] : '=';
    }
  }
  return out;
}

RC_GTEST_PROP(an_ack_subject, is_read_back_in_all_its_forms, ()) {
  const auto stream = any_token();
  const auto consumer = any_token();
  const auto count = any_number();
  const auto sequence = any_number();
  const auto consumer_sequence = any_number();
  const auto pending = any_number();
  const auto stored_ms = *rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000);
  const auto tail = stream + '.' + consumer + '.' + std::to_string(count) + '.'
                    + std::to_string(sequence) + '.' + std::to_string(consumer_sequence) + '.'
                    + std::to_string(stored_ms) + "000999." + std::to_string(pending);
  for (const auto& subject :
       {"$JS.ACK." + tail, "$JS.ACK._.hash." + tail, "$JS.ACK.hub.hash." + tail + ".token"}) {
    const auto read = parse_ack_subject(subject);
    RC_ASSERT(read.has_value());
    RC_ASSERT(read->stream == stream);
    RC_ASSERT(read->consumer == consumer);
    RC_ASSERT(read->delivery_count == count);
    RC_ASSERT(read->stream_sequence == sequence);
    RC_ASSERT(read->consumer_sequence == consumer_sequence);
    RC_ASSERT(read->pending == pending);
    RC_ASSERT(read->stored_at == wall_time{std::chrono::milliseconds{stored_ms}});
  }
}

RC_GTEST_PROP(a_receipt, is_read_back_by_both_ways, ()) {
  json::value written{{"stream", any_token()}, {"seq", any_number()}};
  const incoming plain{"i", {}, {}, json::write(written), 0};
  const auto fast = decode_stored(plain);
  const auto slow = decode_publish_receipt(plain, "message", {});
  RC_ASSERT(fast.has_value());
  RC_ASSERT(slow.has_value());
  RC_ASSERT(fast->stream == written["stream"] && slow->stream == written["stream"]);
  RC_ASSERT(fast->sequence == written["seq"] && slow->sequence == written["seq"]);
  written["duplicate"] = true;
  RC_ASSERT(decode_publish_receipt({"i", {}, {}, json::write(written), 0}, "m", {})->duplicate);
}

RC_GTEST_PROP(a_stored_message, is_read_back_whatever_bytes_it_holds, ()) {
  const auto payload = *rc::gen::arbitrary<std::string>();
  const auto value = any_token();
  const auto sequence = any_number();
  const json::value written{{"message",
                             {{"subject", "a.b"},
                              {"seq", sequence},
                              {"data", base64(payload)},
                              {"hdrs", base64("NATS/1.0\r\nA: " + value + "\r\nB:\r\n\r\n")},
                              {"time", "2026-01-15T10:00:00.123456789Z"}}}};
  const auto read = decode_message_get({json::write(written)}, "a message");
  RC_ASSERT(read.has_value());
  RC_ASSERT(read->payload == payload);
  RC_ASSERT(read->sequence == sequence);
  RC_ASSERT(header(read->headers, "A") == value);
  RC_ASSERT(read->headers.size() == 2U);
}

RC_GTEST_PROP(an_address, is_read_back_and_shown_without_its_password, ()) {
  const auto scheme = *rc::gen::element<std::string>("nats", "tls");
  const auto host = *rc::gen::element<std::string>("example.org", "[::1]", "127.0.0.1", "a-b");
  const auto user = "user" + any_token();
  const auto password =
    "secret" + *rc::gen::element<std::string>("", "@", ":", "://") + any_token();
  RC_PRE(user.find('@') == std::string::npos);
  const auto port = *rc::gen::inRange(1, 65'536);
  const auto shown = scheme + "://" + host + ':' + std::to_string(port);
  const auto text =
    scheme + "://" + user + ':' + password + '@' + host + ':' + std::to_string(port);
  const auto urls = parse_server_urls(text);
  RC_ASSERT(urls.has_value());
  RC_ASSERT(urls->at(0).user == user && urls->at(0).password == password);
  RC_ASSERT(urls->at(0).shown() == shown);
  RC_ASSERT(redact_urls(text) == shown);
}

RC_GTEST_PROP(spoken, names_are_one_line_whatever_stands_in_a_subject, (const std::string& text)) {
  for (const auto& spoken : {spoken_stream(text), spoken_subject(text), spoken_message(text),
                             spoken_request("STREAM.INFO." + text)}) {
    RC_ASSERT(one_line(spoken) == spoken);
  }
}

} // namespace
} // namespace nats_mcp::jetstream::codec_round_trips_test
