// SPDX-License-Identifier: MIT
#include "protocol/jetstream/spoken_names.hpp"

#include "protocol/jetstream/exchange.hpp"
#include "protocol/jetstream/sentences.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nats_mcp::jetstream {
namespace {

using namespace std::chrono_literals;

constexpr monotonic_time deadline{1h};

TEST(spoken_names, call_a_channel_by_its_name) {
  EXPECT_EQ(spoken_stream("acme_PARALLEL_WORK"), "#parallel-work");
  EXPECT_EQ(spoken_subject("acme.parallel-work"), "#parallel-work");
  EXPECT_EQ(spoken_message("acme.roadmap"), "message to #roadmap");
}

TEST(spoken_names, say_which_bucket_and_which_stream) {
  EXPECT_EQ(spoken_stream("KV_agents"), "the bucket \"agents\"");
  EXPECT_EQ(spoken_stream("WORK"), "the stream \"WORK\"");
  EXPECT_EQ(spoken_subject("$KV.agents.public.all.g1"),
            "the key \"public.all.g1\" in the bucket \"agents\"");
  EXPECT_EQ(spoken_message("nowhere.at.all"), "message for \"nowhere.at.all\"");
}

TEST(spoken_names, put_api_verbs_into_words) {
  EXPECT_EQ(spoken_request("STREAM.INFO.acme_ROADMAP"), "request for the state of #roadmap");
  EXPECT_EQ(spoken_request("STREAM.CREATE.acme_ROADMAP"), "request to create #roadmap");
  EXPECT_EQ(spoken_request("CONSUMER.CREATE.acme_ROADMAP.read-1.acme.roadmap"),
            "request to read #roadmap");
  EXPECT_EQ(spoken_request("INFO"), "request for the state of JetStream");
  EXPECT_EQ(spoken_request("ACCOUNT.PURGE.x"), "request \"ACCOUNT.PURGE.x\"");
  EXPECT_EQ(spoken_message("$JS.API.STREAM.INFO.acme_ROADMAP"),
            "request for the state of #roadmap");
}

TEST(spoken_names, stand_in_what_every_kind_of_request_is_called) {
  EXPECT_EQ((exchange{publish{"acme.roadmap", "", "id", {}, deadline}}.description()),
            "message to #roadmap");
  EXPECT_EQ((exchange{pull{"acme_ROADMAP", "read-1", 1, 0ms, 0, deadline}}.description()),
            "request for messages of #roadmap");
  EXPECT_EQ((exchange{get_last{"acme_ROADMAP", "acme.roadmap", deadline}}.description()),
            "search for the newest message of #roadmap");
  EXPECT_EQ((exchange{kv_get{"agents", "a", deadline}}.description()),
            "reading of the key \"a\" in the bucket \"agents\"");
  EXPECT_EQ((exchange{kv_put{"agents", "a", "v", {}, "w", deadline}}.description()),
            "writing of the key \"a\" in the bucket \"agents\"");
  EXPECT_EQ((exchange{kv_delete{"agents", "a", {}, deadline}, "w"}.description()),
            "deletion of the key \"a\" in the bucket \"agents\"");
}

TEST(sentences, name_the_limit_and_the_size_of_what_is_too_large) {
  EXPECT_EQ(too_large_sentence("message to #roadmap", 2000, 1000),
            "The message to #roadmap is too large: with its envelope it has 2000 bytes, and the"
            " NATS server takes at most 1000 (its max_payload). Nothing was sent. Shorten it, or"
            " send it in parts.");
}

TEST(sentences, tell_the_user_what_is_forbidden_and_the_administrator_what_to_allow) {
  EXPECT_EQ(permission_sentence("message to #roadmap", "publish to", "acme.roadmap"),
            "The NATS server does not allow this user the message to #roadmap. Ask whoever runs"
            " the server for the permission to publish to \"acme.roadmap\", or use other"
            " credentials.");
}

} // namespace
} // namespace nats_mcp::jetstream
