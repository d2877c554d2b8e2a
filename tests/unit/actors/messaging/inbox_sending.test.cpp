// SPDX-License-Identifier: MIT
#include "protocol/json/value.hpp"

#include "tests/support/inbox_story.hpp"

namespace nats_mcp::testing {
namespace {

class inbox_sending : public inbox_story {
protected:
  void SetUp() override {
    inbox_story::SetUp();
    tools::agent_summary who;
    who.guid = bob;
    who.handle = "bob";
    who.status = tools::effective_status::offline;
    registry_->recipient = who;
  }

  void publishing_fails(error why) {
    script_->on_publish = [why](const auto&) { return tl::make_unexpected(why); };
  }
};

TEST_F(inbox_sending, a_message_is_stored_in_the_lane_of_its_sender) {
  const auto sent = ask(inbox_, send("hello"));
  ASSERT_TRUE(sent) << sent.error().message;
  EXPECT_EQ(sent->recipient_guid, bob);
  EXPECT_EQ(sent->recipient_handle, "bob");
  EXPECT_EQ(sent->recipient_status, tools::effective_status::offline);
  ASSERT_EQ(script_->published.size(), 1U);
  const auto& stored = script_->published.front();
  EXPECT_EQ(stored.subject, std::string{"inbox."} + bob + "." + me);
  EXPECT_EQ(stored.message_id, sent->message_id);
  const auto payload = json::parse(stored.payload);
  ASSERT_TRUE(payload);
  EXPECT_EQ(payload->value("id", ""), sent->message_id);
  EXPECT_EQ(payload->value("senderGuid", ""), me);
  EXPECT_EQ(payload->value("senderHandle", ""), "me");
  EXPECT_EQ(payload->value("content", ""), "hello");
}

TEST_F(inbox_sending, who_is_meant_is_the_registrys_to_say) {
  registry_->recipient = fail(ec::invalid_argument, "There are two agents called bob.");
  const auto sent = ask(inbox_, send("hello"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error(), registry_->recipient.error());
  EXPECT_EQ(registry_->searches.at(0).handle, "bob");
  EXPECT_TRUE(script_->published.empty());
}

TEST_F(inbox_sending, the_registry_hears_when_nothing_is_sent_any_more) {
  ASSERT_TRUE(ask(inbox_, send("hello")));
  EXPECT_EQ(registry_->sends_over, std::vector<std::uint64_t>{1});
  publishing_fails({ec::unknown_outcome, "no answer", 0});
  ASSERT_FALSE(ask(inbox_, send("hello")));
  EXPECT_EQ(registry_->sends_over, (std::vector<std::uint64_t>{1, 2}));
}

TEST_F(inbox_sending, a_message_is_not_sent_before_it_is_stored) {
  script_->holds_publishes = true;
  const auto pending = post(inbox_, send("hello"));
  run();
  EXPECT_FALSE(pending.answered());
  EXPECT_TRUE(registry_->sends_over.empty()) << "it may be repeated";
  script_->holds_publishes = false;
  tell(gateway_, transport_events{});
  EXPECT_TRUE(pending.value());
}

TEST_F(inbox_sending, a_full_lane_is_said_to_be_full) {
  publishing_fails({ec::limit_exceeded, "maximum messages per subject exceeded", 10077});
  const auto sent = ask(inbox_, send("hello"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ec::limit_exceeded);
  EXPECT_TRUE(sent.error().message.starts_with("The inbox of bob (")) << sent.error().message;
}

TEST_F(inbox_sending, an_unknown_outcome_names_the_message) {
  publishing_fails({ec::unknown_outcome, "no answer", 0});
  const auto sent = ask(inbox_, send("hello"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ec::unknown_outcome);
  EXPECT_NE(sent.error().message.find(script_->published.at(0).message_id), std::string::npos);
}

TEST_F(inbox_sending, a_deleted_stream_is_made_again_once) {
  publishing_fails({ec::not_found, "no stream", 0});
  const auto before = requests("STREAM.CREATE.AGENT_INBOX");
  nats_.delete_stream();
  const auto sent = ask(inbox_, send("hello"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(script_->published.size(), 2U);
  EXPECT_EQ(script_->published[0].message_id, script_->published[1].message_id);
  EXPECT_EQ(requests("STREAM.CREATE.AGENT_INBOX"), before + 1);
}

TEST_F(inbox_sending, a_crash_answers_the_sender) {
  script_->holds_publishes = true;
  const auto pending = post(inbox_, send("hello"));
  run();
  restart();
  ASSERT_TRUE(pending.answered());
  EXPECT_EQ(pending.value().error().code, ec::crashed);
}

} // namespace
} // namespace nats_mcp::testing
