// SPDX-License-Identifier: MIT
#include "protocol/jetstream/spoken_names.hpp"

#include "protocol/jetstream/exchange.hpp"
#include "protocol/jetstream/sentences.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nats_mcp::jetstream::spoken_names_test {
namespace {

using namespace std::chrono_literals;

constexpr monotonic_time deadline{1h};

TEST(spoken_names, call_a_channel_by_its_name) {
  EXPECT_EQ(spoken_stream("acme_PARALLEL_WORK"), "#parallel-work");
  EXPECT_EQ(spoken_subject("acme.parallel-work"), "#parallel-work");
  EXPECT_EQ(spoken_message("acme.roadmap"), "message to #roadmap");
}

TEST(spoken_names, say_which_bucket_and_which_stream) {
  EXPECT_EQ(spoken_stream("KV_things"), "the bucket \"things\"");
  EXPECT_EQ(spoken_stream("ORDERS"), "the stream \"ORDERS\"");
  EXPECT_EQ(spoken_subject("$KV.things.public.all.g1"),
            "the key \"public.all.g1\" in the bucket \"things\"");
  EXPECT_EQ(spoken_message("nowhere.at.all"), "message for \"nowhere.at.all\"");
}

TEST(spoken_names, call_the_places_of_agents_by_what_is_in_them) {
  EXPECT_EQ(spoken_stream("KV_agents"), "the agent registry");
  EXPECT_EQ(spoken_stream("KV_presence"), "the agents' signs of life");
  EXPECT_EQ(spoken_stream("KV_agent_sessions"), "the agents' sessions");
  EXPECT_EQ(spoken_subject("$KV.agents.public.all.g1"),
            "the key \"public.all.g1\" in the agent registry");
}

TEST(spoken_names, say_what_coordinators_keep) {
  EXPECT_EQ(spoken_stream("COORD"), "the requests to the coordinator");
  EXPECT_EQ(spoken_stream("KV_coordinator"), "the record of which coordinator leads");
}

TEST(spoken_names, say_whose_inbox_it_is) {
  const std::string guid = "123e4567-e89b-12d3-a456-426614174000";
  EXPECT_EQ(spoken_subject("inbox." + guid + "." + guid), "the inbox of " + guid);
  EXPECT_EQ(spoken_subject("inbox." + guid + ".*"), "the inbox of " + guid);
  EXPECT_EQ(spoken_message("inbox." + guid + "." + guid), "message to the inbox of " + guid);
  EXPECT_EQ(spoken_subject("inbox.x.y"), "\"inbox.x.y\"");
  EXPECT_EQ(spoken_stream("AGENT_INBOX"), "the inboxes");
  EXPECT_EQ(spoken_request("STREAM.INFO.AGENT_INBOX"), "request for the state of the inboxes");
  EXPECT_EQ(spoken_request("CONSUMER.CREATE.AGENT_INBOX.inbox-" + guid + ".inbox." + guid + ".*"),
            "request to read the inbox of " + guid);
  EXPECT_EQ(spoken_request("CONSUMER.MSG.NEXT.AGENT_INBOX.inbox-" + guid),
            "request for messages of the inbox of " + guid);
}

TEST(spoken_names, say_what_work_is_where) {
  const std::string item = "550e8400-e29b-41d4-a716-446655440000";
  EXPECT_EQ(spoken_stream("WORK"), "the work queue");
  EXPECT_EQ(spoken_stream("DEAD_LETTER"), "the dead letters");
  EXPECT_EQ(spoken_stream("KV_work_items"), "the records of work items");
  EXPECT_EQ(spoken_stream("KV_work_tasks"), "the tasks' lists of work items");
  EXPECT_EQ(spoken_subject("work.public.c=2B=2B.5"), "the work queue for \"c++\"");
  EXPECT_EQ(spoken_message("work.public.AGENT-" + item + ".5"),
            "message to the work queue of " + item);
  EXPECT_EQ(spoken_subject("dead.public.c=2B=2B." + item),
            "the dead letter of the work item " + item);
  EXPECT_EQ(spoken_subject("$KV.work_items." + item), "the record of the work item " + item);
  EXPECT_EQ(spoken_subject("$KV.work_items.seq-7"), "the record of the work item seq-7");
  EXPECT_EQ(spoken_subject("$KV.work_tasks.ab12." + item),
            "the entry of the work item " + item + " in its task's list");
  EXPECT_EQ(spoken_request("CONSUMER.MSG.NEXT.WORK.public-typescript-5"),
            "request for messages of the work queue");
}

TEST(spoken_names, leave_what_is_no_work_of_ours_in_quotes) {
  EXPECT_EQ(spoken_subject("work.public.typescript.11"), "\"work.public.typescript.11\"");
  EXPECT_EQ(spoken_subject("dead.public.typescript.nothing"), "\"dead.public.typescript.nothing\"");
  EXPECT_EQ(spoken_subject("$KV.work_items.nothing"),
            "the key \"nothing\" in the records of work items");
  EXPECT_EQ(spoken_subject("work.public.=0A.5"), R"(the work queue for "\n")");
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
            "reading of the key \"a\" in the agent registry");
  EXPECT_EQ((exchange{kv_put{"agents", "a", "v", {}, "w", deadline}}.description()),
            "writing of the key \"a\" in the agent registry");
  EXPECT_EQ((exchange{kv_delete{"agents", "a", {}, deadline}, "w"}.description()),
            "deletion of the key \"a\" in the agent registry");
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

TEST(spoken_names, show_nothing_that_a_terminal_obeys) {
  EXPECT_EQ(spoken_stream("S\x1b[2J"), R"(the stream "S\u001b[2J")");
  EXPECT_EQ(spoken_stream("KV_\xe2\x80\xae"), R"(the bucket "\u202e")");
  EXPECT_EQ(spoken_subject("a b\x1b"), R"("a b\u001b")");
  EXPECT_EQ(spoken_subject("$KV.agents.\xff"), "the key \"\xef\xbf\xbd\" in the agent registry");
  EXPECT_EQ(spoken_request("CONSUMER.INFO.AGENT_INBOX.inbox-\x1b"),
            R"(request for the state of a reader of the inbox of \u001b)");
}

} // namespace
} // namespace nats_mcp::jetstream::spoken_names_test
