// SPDX-License-Identifier: MIT
#include "protocol/limits.hpp"

#include "tests/support/inbox_story.hpp"

#include <algorithm>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

using inbox_reading = inbox_story;

TEST_F(inbox_reading, an_empty_inbox_answers_at_once) {
  const auto got = ask(inbox_, read());
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_TRUE(got->messages.empty());
  EXPECT_EQ(got->unread, 0U);
}

TEST_F(inbox_reading, mail_comes_oldest_first_up_to_the_limit_and_the_rest_is_counted) {
  for (const auto* text : {"one", "two", "three"}) {
    store(text);
  }
  const auto got = ask(inbox_, read(2));
  EXPECT_EQ(texts(got), (strings{"one", "two"}));
  EXPECT_EQ(got->unread, 1U);
  EXPECT_EQ(got->messages[0].sender_guid, ann);
}

TEST_F(inbox_reading, mail_is_read_when_the_answer_is_with_the_client) {
  store("one");
  const auto request = read();
  ASSERT_EQ(texts(ask(inbox_, request)), strings{"one"});
  EXPECT_EQ(nats_.messages(), 1U);
  EXPECT_EQ(last_told(), 1U);
  was_shown(request.call);
  EXPECT_EQ(nats_.messages(), 0U);
  EXPECT_EQ(last_told(), 0U);
}

TEST_F(inbox_reading, mail_whose_answer_got_lost_comes_again) {
  store("one");
  const auto request = read();
  ASSERT_EQ(texts(ask(inbox_, request)), strings{"one"});
  EXPECT_TRUE(texts(ask(inbox_, read())).empty()) << "it is in an answer";
  tell(inbox_, direct_messages_not_shown{request.call});
  EXPECT_EQ(read_and_show(), strings{"one"});
  EXPECT_EQ(nats_.messages(), 0U);
}

TEST_F(inbox_reading, a_withdrawn_answer_counts_as_not_shown) {
  store("one");
  const auto request = read();
  ASSERT_EQ(texts(ask(inbox_, request)), strings{"one"});
  tell(inbox_, cancel_mail_wait{request.call});
  was_shown(request.call);
  EXPECT_EQ(nats_.messages(), 1U);
  EXPECT_EQ(texts(ask(inbox_, read())), strings{"one"});
}

TEST_F(inbox_reading, two_reads_at_once_never_show_the_same_message) {
  store("one");
  store("two");
  const auto first = post(inbox_, read(1));
  const auto second = post(inbox_, read(1));
  run();
  auto both = texts(first.value());
  both.push_back(texts(second.value()).at(0));
  std::sort(both.begin(), both.end());
  EXPECT_EQ(both, (strings{"one", "two"}));
}

TEST_F(inbox_reading, a_filter_leaves_the_rest_unread) {
  store("from ann");
  store("from bob", bob);
  store("offer", ann, tools::message_type::work_offer);
  auto by_sender = read();
  by_sender.arguments.sender_guid = bob;
  const auto got = ask(inbox_, by_sender);
  EXPECT_EQ(texts(got), strings{"from bob"});
  EXPECT_EQ(got->unread, 2U);
  auto by_type = read();
  by_type.arguments.type = tools::message_type::work_offer;
  EXPECT_EQ(texts(ask(inbox_, by_type)), strings{"offer"});
  EXPECT_EQ(texts(ask(inbox_, read())), strings{"from ann"});
}

TEST_F(inbox_reading, a_filter_searches_behind_what_it_does_not_want) {
  for (int i = 0; i < 300; ++i) {
    store("noise");
  }
  store("wanted", bob);
  auto request = read();
  request.arguments.sender_guid = bob;
  const auto got = ask(inbox_, request);
  EXPECT_EQ(texts(got), strings{"wanted"});
  EXPECT_EQ(got->unread, 300U);
}

TEST_F(inbox_reading, a_filter_that_can_look_no_further_says_so) {
  for (std::size_t i = 0; i < limits::mail_held_max; ++i) {
    store("noise");
  }
  store("out of reach", bob);
  store("out of reach", bob);
  auto request = read();
  request.arguments.sender_guid = bob;
  const auto got = ask(inbox_, request);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_TRUE(got->messages.empty());
  EXPECT_EQ(got->unread, limits::mail_held_max + 2);
  EXPECT_EQ(got->not_looked_at, 2U);
}

TEST_F(inbox_reading, a_filter_that_finds_less_than_it_wants_says_what_it_did_not_look_at) {
  store("within reach", bob);
  for (std::size_t i = 0; i < limits::mail_held_max; ++i) {
    store("noise");
  }
  auto request = read();
  request.arguments.sender_guid = bob;
  const auto got = ask(inbox_, request);
  EXPECT_EQ(texts(got), strings{"within reach"});
  EXPECT_EQ(got->unread, limits::mail_held_max);
  EXPECT_EQ(got->not_looked_at, 1U);
  const auto all = ask(inbox_, read());
  EXPECT_EQ(all->not_looked_at, 0U) << "without a filter it had what it wanted";
}

TEST_F(inbox_reading, a_look_takes_nothing) {
  store("one");
  auto look = read();
  look.peek = true;
  const auto seen = ask(inbox_, look);
  EXPECT_EQ(texts(seen), strings{"one"});
  EXPECT_EQ(seen->unread, 0U) << "none beyond it";
  was_shown(look.call);
  EXPECT_EQ(nats_.messages(), 1U);
  EXPECT_EQ(texts(ask(inbox_, read())), strings{"one"});
}

TEST_F(inbox_reading, what_is_held_is_renewed_until_it_is_read) {
  store("one");
  store("two");
  auto request = read();
  request.arguments.type = tools::message_type::work_offer;
  ASSERT_TRUE(texts(ask(inbox_, request)).empty());
  const auto renewals = [this] {
    return std::count_if(script_->settled.begin(), script_->settled.end(), [](const auto& one) {
      return one.kind == jetstream::ack_kind::in_progress;
    });
  };
  advance(limits::inbox_ack_wait / 3);
  EXPECT_EQ(renewals(), 2);
  (void)read_and_show();
  advance(limits::inbox_ack_wait);
  EXPECT_EQ(renewals(), 2);
}

TEST_F(inbox_reading, mail_is_shown_only_to_the_agent_it_is_for) {
  store("secret");
  registry_->refusal = error{ec::conflict, "Another process is this agent now.", 0};
  const auto got = ask(inbox_, read());
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error(), *registry_->refusal);
}

TEST_F(inbox_reading, somebody_not_registered_is_told_so) {
  identity_is("");
  const auto before = script_->api_requests.size();
  const auto got = ask(inbox_, read());
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ec::not_found);
  EXPECT_EQ(script_->api_requests.size(), before) << "NATS is not asked";
}

TEST_F(inbox_reading, a_registration_not_heard_of_yet_is_asked_for) {
  identity_is("");
  store("one");
  registry_->identity.guid = me;
  registry_->identity.session_id = "session";
  EXPECT_EQ(texts(ask(inbox_, read())), strings{"one"});
}

TEST_F(inbox_reading, the_registry_is_asked_who_this_is_at_the_start) {
  EXPECT_EQ(registry_->identities_wanted, 1U);
}

TEST_F(inbox_reading, the_consumer_is_made_only_where_there_is_none) {
  (void)ask(inbox_, read());
  (void)ask(inbox_, read());
  EXPECT_EQ(requests("CONSUMER.CREATE."), 1U);
  restart();
  EXPECT_EQ(requests("CONSUMER.CREATE."), 1U);
  EXPECT_EQ(requests("CONSUMER.DELETE."), 0U);
}

} // namespace
} // namespace nats_mcp::testing
