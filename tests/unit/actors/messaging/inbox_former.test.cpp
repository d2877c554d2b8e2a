// SPDX-License-Identifier: MIT
// Mail to a GUID that this agent had before, or that a process of its name had that is gone: read
// where it lies, among the agent's own.
#include "protocol/limits.hpp"
#include "protocol/messaging/direct_message_codec.hpp"

#include "tests/support/inbox_story.hpp"

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

constexpr auto former = "44444444-4444-4444-8444-444444444444";
/// What comes later than the first so many is in one's own inbox.
constexpr std::uint64_t former_first = 100;

class former_inboxes : public inbox_story {
protected:
  void SetUp() override {
    nats_ = stub_inbox{me, former_first};
    (void)former_.api(jetstream::api_request{"STREAM.CREATE.AGENT_INBOX", {}, {}, {}});
    inbox_story::SetUp();
    const auto own_api = script_->on_api_request;
    script_->on_api_request = [this, own_api](const auto& what) {
      const bool of_former = what.verb.find(former) != std::string::npos;
      return of_former ? refusal_ ? tl::make_unexpected(*refusal_) : former_.api(what)
                       : own_api(what);
    };
    const auto own_pull = script_->on_pull;
    script_->on_pull = [this, own_pull](const auto& what) {
      const bool of_former = what.consumer.find(former) != std::string::npos;
      return of_former ? refusal_ ? tl::make_unexpected(*refusal_) : former_.pull(what)
                       : own_pull(what);
    };
    script_->on_settle = [this](const auto& what) {
      return std::stoull(what.ack_subject) <= former_first ? former_.settle(what)
                                                           : nats_.settle(what);
    };
  }

  void store_for_former(const std::string& text) {
    messaging::direct_message_payload payload;
    payload.id = "id of " + text;
    payload.sender_guid = ann;
    payload.sender_handle = "ann";
    payload.recipient_guid = former;
    payload.content = text;
    (void)former_.store(messaging::inbox_subject(former, ann),
                        messaging::write_direct_message(payload));
  }

  /// The registry says that these are this agent's as well.
  void open(std::vector<std::string> guids) {
    registry_->identity.former_guids = std::move(guids);
    identity_is(me);
  }

  stub_inbox former_{former};
  std::optional<error> refusal_;
};

TEST_F(former_inboxes, are_counted_when_they_are_opened) {
  store_for_former("one");
  store_for_former("two");
  store("three");
  open({former});
  EXPECT_EQ(last_told(), 3U);
}

TEST_F(former_inboxes, are_read_with_the_own_one_oldest_first) {
  store_for_former("one");
  store("three");
  store_for_former("two");
  open({former});
  EXPECT_EQ(read_and_show(1), strings{"one"});
  EXPECT_EQ(read_and_show(), (strings{"two", "three"}));
  EXPECT_EQ(former_.messages(), 0U);
  EXPECT_EQ(nats_.messages(), 0U);
  EXPECT_EQ(last_told(), 0U);
}

TEST_F(former_inboxes, lose_nothing_of_an_answer_that_got_lost) {
  store_for_former("one");
  open({former});
  const auto request = read();
  ASSERT_EQ(texts(ask(inbox_, request)), strings{"one"});
  tell(inbox_, direct_messages_not_shown{request.call});
  EXPECT_EQ(former_.messages(), 1U);
  EXPECT_EQ(read_and_show(), strings{"one"});
}

TEST_F(former_inboxes, lose_nothing_with_the_part_that_reads_them) {
  store_for_former("one");
  store("two");
  open({former});
  ASSERT_EQ(texts(ask(inbox_, read())), (strings{"one", "two"}));
  restart();
  EXPECT_EQ(read_and_show(), (strings{"one", "two"}));
}

TEST_F(former_inboxes, give_out_at_once_what_was_delivered_to_the_process_that_is_gone) {
  store_for_former("one");
  open({former});
  (void)ask(inbox_, read()); // makes the consumer
  open({});
  restart();
  former_.deliver_to_nobody();
  open({former});
  EXPECT_EQ(read_and_show(), strings{"one"});
  EXPECT_EQ(elapsed(), 0ms) << "not after the ack wait";
}

TEST_F(former_inboxes, wake_whoever_waits_for_mail) {
  store_for_former("one");
  const auto waiting = post(inbox_, wait(60'000ms));
  run();
  open({former});
  advance(limits::mail_count_interval);
  ASSERT_TRUE(waiting.answered());
  EXPECT_EQ(waiting.value()->unread, 1U);
}

TEST_F(former_inboxes, that_are_opened_while_somebody_reads_are_read_next) {
  const auto reading = post(inbox_, read(10, 60'000ms));
  run();
  store_for_former("one");
  open({former});
  advance(limits::mail_count_interval);
  ASSERT_TRUE(reading.answered());
  EXPECT_EQ(texts(reading.value()), strings{"one"});
}

TEST_F(former_inboxes, that_cannot_be_read_do_not_keep_the_own_mail_back) {
  store_for_former("one");
  store("two");
  refusal_ = error{ec::jetstream_error, "JetStream has no leader for the stream.", 0};
  open({former});
  EXPECT_EQ(read_and_show(), strings{"two"});
  const auto none = ask(inbox_, read());
  ASSERT_FALSE(none) << "there may be mail";
  EXPECT_EQ(none.error().code, ec::jetstream_error);
  refusal_.reset();
  EXPECT_EQ(read_and_show(), strings{"one"});
}

TEST_F(former_inboxes, that_cannot_be_read_keep_no_acknowledgement_back) {
  store("two");
  refusal_ = error{ec::jetstream_error, "JetStream has no leader for the stream.", 0};
  open({former});
  ASSERT_EQ(read_and_show(), strings{"two"});
  EXPECT_EQ(nats_.messages(), 0U);
}

TEST_F(former_inboxes, that_this_user_may_not_open_are_left_out) {
  store_for_former("one");
  refusal_ = error{ec::permission_denied, "NATS does not allow that.", 0};
  open({former});
  EXPECT_TRUE(read_and_show().empty());
  store("two");
  hint();
  advance(limits::mail_count_interval);
  EXPECT_EQ(last_told(), 1U) << "what is unread is told all the same";
  EXPECT_EQ(read_and_show(), strings{"two"});
  refusal_.reset();
  EXPECT_EQ(read_and_show(), strings{"one"});
}

TEST_F(former_inboxes, keep_what_was_shown_in_mind_when_the_agent_becomes_another) {
  // As when a process returns: what it had read under the GUID until now it is not shown again.
  store("one");
  const auto request = read();
  ASSERT_EQ(texts(ask(inbox_, request)), strings{"one"});
  identity_is(bob);
  was_shown(request.call);
  registry_->identity.former_guids = {me};
  identity_is(former);
  EXPECT_TRUE(read_and_show().empty());
  EXPECT_EQ(nats_.messages(), 0U) << "and it is acknowledged";
}

} // namespace
} // namespace nats_mcp::testing
