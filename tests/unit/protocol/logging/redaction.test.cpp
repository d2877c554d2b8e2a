// SPDX-License-Identifier: MIT
#include "protocol/logging/redaction.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace nats_mcp::logging::redaction_test {

namespace {

const std::string seed = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY";

} // namespace

TEST(redaction, leaves_ordinary_text_alone) {
  const std::string text = "Connected to nats://127.0.0.1:4222 in 3 ms; 7 tokens left, mail a@b.c";
  EXPECT_EQ(redact(text), text);
}

TEST(redaction, hides_user_and_password_of_a_url) {
  EXPECT_EQ(redact("no answer from nats://alice:s3cret@host:4222, retrying"),
            "no answer from nats://***@host:4222, retrying");
  EXPECT_EQ(redact("tls://t0ken@host"), "tls://***@host");
}

TEST(redaction, hides_every_url_of_a_list) {
  EXPECT_EQ(redact("nats://a:b@one:1,nats://two:2,nats://c:d@three:3"),
            "nats://***@one:1,nats://two:2,nats://***@three:3");
}

TEST(redaction, hides_a_password_that_should_have_been_escaped) {
  EXPECT_EQ(redact("nats://a:p@s/s#w?o,rd@host"), "nats://***@host");
}

TEST(redaction, hides_named_secrets_however_they_are_written) {
  EXPECT_EQ(redact("token=abc user=bob"), "token=*** user=bob");
  EXPECT_EQ(redact("NATS_PASSWORD: hunter2"), "NATS_PASSWORD: ***");
  EXPECT_EQ(redact(R"({"authToken": "abc def", "n": 1})"), R"({"authToken": "***", "n": 1})");
  EXPECT_EQ(redact(R"({"password":"a\"b","n":1})"), R"({"password":"***","n":1})");
  EXPECT_EQ(redact("client_secret='x y'"), "client_secret='***'");
}

TEST(redaction, hides_secrets_in_json_inside_a_json_string) {
  EXPECT_EQ(redact(R"("{\"token\":\"abc\",\"n\":1}")"), R"("{\"token\":\"***\",\"n\":1}")");
}

TEST(redaction, hides_bearer_tokens) {
  EXPECT_EQ(redact("Authorization: Bearer abc.def"), "Authorization: Bearer ***");
}

TEST(redaction, hides_nkey_seeds) {
  EXPECT_EQ(redact("the seed " + seed + " is wrong"), "the seed *** is wrong");
}

TEST(redaction, hides_armoured_blocks_up_to_their_end_or_the_end_of_the_text) {
  EXPECT_EQ(redact("a -----BEGIN USER NKEY SEED-----\nxyz\n------END USER NKEY SEED------ b"),
            "a ***- b");
  EXPECT_EQ(redact("a -----BEGIN PRIVATE KEY-----\nxyz"), "a ***");
}

RC_GTEST_PROP(redaction, never_shows_a_secret_whatever_stands_around_it,
              (const std::string& before, const std::string& after)) {
  const auto spaced = before + " " + seed + " " + after;
  RC_ASSERT(redact(spaced).find(seed) == std::string::npos);
  const auto url = before + " nats://user:hunter2@host " + after;
  RC_ASSERT(redact(url).find("hunter2") == std::string::npos);
}

RC_GTEST_PROP(redaction, changes_nothing_the_second_time, (const std::string& text)) {
  const auto once = redact("token=" + text);
  RC_ASSERT(redact(once) == once);
}

} // namespace nats_mcp::logging::redaction_test
