// SPDX-License-Identifier: MIT
#include "protocol/jetstream/delivery_codec.hpp"
#include "protocol/jetstream/reply_codec.hpp"
#include "protocol/jetstream/sentences.hpp"
#include "protocol/jetstream/server_url.hpp"
#include "protocol/jetstream/stored_message_codec.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nats_mcp::jetstream::codecs_test {
namespace {

using namespace std::chrono_literals;

TEST(ack_subject, of_the_first_form_is_read) {
  const auto position = parse_ack_subject("$JS.ACK.WORK.reader.2.30.4.1700000000123456789.5");
  ASSERT_TRUE(position);
  EXPECT_EQ(position->stream, "WORK");
  EXPECT_EQ(position->consumer, "reader");
  EXPECT_EQ(position->delivery_count, 2U);
  EXPECT_EQ(position->stream_sequence, 30U);
  EXPECT_EQ(position->consumer_sequence, 4U);
  EXPECT_EQ(position->stored_at.time_since_epoch(), 1700000000123ms);
  EXPECT_EQ(position->pending, 5U);
}

TEST(ack_subject, with_a_domain_is_read) {
  for (const auto* subject : {"$JS.ACK.hub.ACCOUNT.WORK.reader.2.30.4.1700000000123456789.5",
                              "$JS.ACK._.ACCOUNT.WORK.reader.2.30.4.1700000000123456789.5.token"}) {
    const auto position = parse_ack_subject(subject);
    ASSERT_TRUE(position) << subject;
    EXPECT_EQ(position->stream, "WORK");
    EXPECT_EQ(position->stream_sequence, 30U);
  }
}

TEST(ack_subject, of_any_other_form_is_refused) {
  for (const auto* subject :
       {"", "$JS.ACK", "a.b.c.d.e.f.g.h.i", "$JS.ACK.S.c.1.2.3.4", "$JS.ACK.S.c.x.2.3.4.5",
        "$JS.ACK.S.c.1.2.3.4.5.6", "$JS.ACK.a.b.c.d.1.2.3.4.5.6.7.8"}) {
    EXPECT_FALSE(parse_ack_subject(subject)) << subject;
  }
}

TEST(publish_ack, in_the_usual_form_is_read_without_a_document) {
  incoming reply;
  reply.payload = R"({"stream":"KV_t", "seq":18446744073709551615})";
  const auto receipt = decode_stored(reply);
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->stream, "KV_t");
  EXPECT_EQ(receipt->sequence, 18446744073709551615U);
}

TEST(publish_ack, in_any_other_form_is_left_to_the_parser) {
  for (const auto* payload :
       {"", "{}", R"({"stream":"S","seq":1,"duplicate":true})", R"({"stream":"S","seq":})",
        R"({"stream":"S","seq":1)", R"({"stream":"","seq":1})", R"({"stream":"S""seq":1})",
        R"({"stream":"S","seq":99999999999999999999})"}) {
    incoming reply;
    reply.payload = payload;
    EXPECT_FALSE(decode_stored(reply)) << payload;
  }
}

TEST(publish_ack, of_something_else_than_jetstream_is_not_believed) {
  incoming reply;
  reply.payload = R"({"ok":true})";
  EXPECT_EQ(decode_publish_receipt(reply, "message", {}).error().code, ec::malformed);
  reply.payload = "hello";
  EXPECT_EQ(decode_publish_receipt(reply, "message", {}).error().code, ec::malformed);
}

TEST(jetstream_error, numbers_become_codes) {
  const auto code = [](int number) { return code_of_jetstream_error(number, 400, ""); };
  EXPECT_EQ(code(10071), ec::conflict);
  EXPECT_EQ(code(10077), ec::limit_exceeded);
  EXPECT_EQ(code(10039), ec::jetstream_disabled);
  EXPECT_EQ(code(10076), ec::jetstream_disabled);
  EXPECT_EQ(code(10059), ec::not_found);
  EXPECT_EQ(code(10014), ec::not_found);
  EXPECT_EQ(code(10037), ec::not_found);
  EXPECT_EQ(code(10058), ec::jetstream_error);
  EXPECT_EQ(code_of_jetstream_error(19999, 503, "maximum messages per subject exceeded"),
            ec::limit_exceeded);
  EXPECT_EQ(code_of_jetstream_error(19999, 404, "no such thing"), ec::not_found);
}

TEST(jetstream_error, names_the_sequence_it_met) {
  EXPECT_EQ(sequence_of_conflict("JetStream refused: wrong last sequence: 57 (error 10071)."), 57U);
  EXPECT_FALSE(sequence_of_conflict("wrong last sequence"));
}

TEST(key_subject, leads_back_to_the_key) {
  EXPECT_EQ(subject_of_key("agents", "public.a"), "$KV.agents.public.a");
  EXPECT_EQ(key_of_subject("agents", "$KV.agents.public.a"), "public.a");
  EXPECT_FALSE(key_of_subject("agents", "$KV.agents"));
  EXPECT_FALSE(key_of_subject("agents", "$KV.other.a"));
}

TEST(key_operation, is_in_a_header) {
  EXPECT_EQ(operation_of({}), kv_operation::put);
  EXPECT_EQ(operation_of({{"KV-Operation", "DEL"}}), kv_operation::deleted);
  EXPECT_EQ(operation_of({{"KV-Operation", "PURGE"}}), kv_operation::purged);
}

TEST(stored_message, without_its_headers_is_malformed) {
  incoming reply;
  reply.payload = "x";
  reply.headers = {{"Nats-Subject", "a"}};
  EXPECT_EQ(decode_direct(std::move(reply), "reading").error().code, ec::malformed);
}

TEST(stored_message, keeps_headers_through_base64) {
  // "NATS/1.0\r\nKV-Operation: DEL\r\n\r\n"
  const auto message = decode_message_get(
    {R"({"message":{"subject":"$KV.t.a","seq":3,"time":"2025-01-15T10:00:00.5Z",)"
     R"("hdrs":"TkFUUy8xLjANCktWLU9wZXJhdGlvbjogREVMDQoNCg=="}})"},
    "reading");
  ASSERT_TRUE(message) << message.error().message;
  EXPECT_EQ(message->headers, (headers{{"KV-Operation", "DEL"}}));
  EXPECT_EQ(message->payload, "");
}

TEST(stored_message, is_read_whatever_its_length_leaves_for_padding) {
  const auto payload_of = [](const std::string& data) {
    const auto message =
      decode_message_get({R"({"message":{"subject":"a","seq":3,"time":"2025-01-15T10:00:00Z",)"
                          R"("data":")"
                          + data + R"("}})"},
                         "reading");
    return message ? message->payload : std::string{to_string(message.error().code)};
  };
  EXPECT_EQ(payload_of(""), "");
  EXPECT_EQ(payload_of("YQ=="), "a");
  EXPECT_EQ(payload_of("YWI="), "ab");
  EXPECT_EQ(payload_of("YWJj"), "abc");
  EXPECT_EQ(payload_of("YW-j"), to_string(ec::malformed));
  EXPECT_EQ(payload_of("YWJ"), to_string(ec::malformed));
}

TEST(server_urls, are_taken_apart) {
  const auto urls = parse_server_urls("localhost, tls://alice:p@ss@[::1]:4333 ,nats://t0ken@h/");
  ASSERT_TRUE(urls);
  ASSERT_EQ(urls->size(), 3U);
  EXPECT_EQ(urls->at(0).shown(), "nats://localhost:4222");
  EXPECT_EQ(urls->at(1).shown(), "tls://[::1]:4333");
  EXPECT_EQ(urls->at(1).password, "p@ss");
  EXPECT_EQ(urls->at(2).user, "t0ken");
  EXPECT_EQ(urls->at(2).host, "h");
}

TEST(server_urls, that_cannot_be_used_are_refused_without_showing_them) {
  for (const auto* list : {"", " , ", "http://a:b@host", "nats://", "nats://u:secret@host:99999",
                           "nats://u:secret@[::1", "nats://u:secret@host:"}) {
    const auto urls = parse_server_urls(list);
    ASSERT_FALSE(urls) << list;
    EXPECT_EQ(urls.error().code, ec::configuration_invalid);
    EXPECT_EQ(urls.error().message.find("secret"), std::string::npos);
    EXPECT_EQ(redact_urls(list).find("secret"), std::string::npos);
  }
}

TEST(server_urls, are_shown_without_what_a_terminal_obeys) {
  EXPECT_EQ(redact_urls("nats://a\x1b[2J\xe2\x80\xae:1"), R"(nats://a\u001b[2J\u202e:1)");
}

TEST(server_urls, lose_their_credentials_inside_texts) {
  EXPECT_EQ(redact_text("dial nats://a:b@host:1 failed, then tls://t@x"),
            "dial nats://***@host:1 failed, then tls://***@x");
  EXPECT_EQ(redact_text("nothing here"), "nothing here");
}

TEST(sentences, keep_the_words_of_the_manual) {
  EXPECT_EQ(unreachable_sentence("nats://h:1", "refused")
              .find("NATS connection failed. Make sure NATS server with JetStream is running"),
            0U);
  EXPECT_EQ(jetstream_disabled_sentence().find("JetStream not enabled"), 0U);
}

TEST(a_receipt, is_the_same_by_the_short_way_and_the_long_one) {
  const incoming reply{"_INBOX.a", {}, {}, R"({"stream":"S","seq":18446744073709551615})", 0};
  ASSERT_TRUE(decode_stored(reply));
  EXPECT_EQ(decode_stored(reply)->sequence, 18446744073709551615U);
  EXPECT_EQ(decode_publish_receipt(reply, "message", {}).value().sequence, 18446744073709551615U);
}

TEST(an_error_of_jetstream, is_repeated_without_what_a_terminal_obeys) {
  const incoming reply{
    "_INBOX.a", {}, {}, R"({"error":{"code":400,"description":"\u001b[2J\u202eno\nno"}})", 0};
  const auto receipt = decode_publish_receipt(reply, "message", {});
  ASSERT_FALSE(receipt);
  EXPECT_NE(receipt.error().message.find(R"(\u001b[2J\u202eno\nno)"), std::string::npos)
    << receipt.error().message;
}

TEST(an_error_of_jetstream, with_a_number_that_is_none_is_not_taken_for_another) {
  // 2^32 and the number of a stream that does not exist
  const incoming reply{
    "_INBOX.a", {}, {}, R"({"error":{"code":400,"err_code":4294977355,"description":"x"}})", 0};
  EXPECT_EQ(decode_publish_receipt(reply, "message", {}).error().code, ec::jetstream_error);
}

} // namespace
} // namespace nats_mcp::jetstream::codecs_test
