// SPDX-License-Identifier: MIT
// A checker that finds nothing proves nothing unless it would have found something.
#include "tests/fault/rounds/talk_checker.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::testing {
namespace {

using place = said_event::place;
using receipt = said_event::receipt;
using findings = std::vector<std::string>;

const speaker ann{"ann", "ann#1"};
const speaker bob{"bob", "bob#1"};

class talk_checker : public ::testing::Test {
protected:
  talk_checker() { content_.channels["planning"] = {}; }

  /// Said in the channel, and stored if it says so.
  void says(const speaker& who, const std::string& mark, receipt how = receipt::stored) {
    record_.said.push_back({place::channel, "planning", who, mark, how});
    if (how == receipt::stored) {
      content_.channels["planning"].push_back(mark);
    }
  }
  void writes(const speaker& who, const std::string& to, const std::string& mark,
              receipt how = receipt::stored) {
    record_.said.push_back({place::inbox, to, who, mark, how});
  }
  void is_shown(const speaker& who, std::vector<std::string> marks) {
    record_.shown.push_back({place::channel, "planning", who, std::move(marks)});
  }
  void reads(const speaker& who, std::vector<std::string> marks) {
    record_.shown.push_back({place::inbox, "", who, std::move(marks)});
  }
  void calls(const speaker& who, call_event::end how) {
    record_.calls.push_back({who, "read_messages", how, {}, {}, "silence"});
  }

  findings found(const last_lives& living = {}) const {
    return check_talk(record_, content_, living);
  }

  talk_record record_;
  talk_content content_;
};

TEST_F(talk_checker, has_nothing_against_a_conversation) {
  says(ann, "a1");
  says(bob, "b1");
  says(ann, "a2");
  is_shown(bob, {"a1"});
  is_shown(bob, {"b1", "a2"});
  is_shown(ann, {"b1"});
  writes(ann, "bob", "a3");
  reads(bob, {"a3"});
  calls(ann, call_event::end::done);
  calls(bob, call_event::end::failed);
  EXPECT_EQ(found({{"ann", "ann#1"}, {"bob", "bob#1"}}), findings{});
}

TEST_F(talk_checker, finds_a_call_without_an_answer_unless_its_process_was_killed) {
  calls(ann, call_event::end::none);
  EXPECT_EQ(found(), findings{"ann#1 gave no answer to read_messages and was not killed: silence"});
  record_.killed.insert("ann#1");
  EXPECT_EQ(found(), findings{});
}

TEST_F(talk_checker, finds_what_was_reported_as_sent_and_is_not_stored) {
  says(ann, "a1");
  content_.channels["planning"].clear();
  EXPECT_EQ(found(), findings{"a1 was reported as sent and is not stored in planning"});
}

TEST_F(talk_checker, finds_what_was_reported_as_not_sent_and_is_stored) {
  says(ann, "a1", receipt::not_sent);
  writes(ann, "bob", "a2", receipt::not_sent);
  EXPECT_EQ(found(), findings{});
  content_.channels["planning"] = {"a1"};
  content_.unread = {"a2"};
  EXPECT_EQ(found(), (findings{"a1 was reported as not sent and is stored",
                               "a2 was reported as not sent and is stored"}));
}

TEST_F(talk_checker, lets_what_is_not_known_be_either) {
  says(ann, "a1", receipt::unknown);
  says(ann, "a2", receipt::unknown);
  content_.channels["planning"] = {"a2"};
  EXPECT_EQ(found(), findings{});
}

TEST_F(talk_checker, finds_what_is_stored_twice) {
  says(ann, "a1", receipt::unknown);
  content_.channels["planning"] = {"a1", "a1"};
  EXPECT_EQ(found(), findings{"a1 is stored 2 times in planning"});
}

TEST_F(talk_checker, finds_what_nobody_said) {
  content_.channels["planning"] = {"x"};
  EXPECT_EQ(found(), findings{"x stands in the channel planning and nobody said it there"});
}

TEST_F(talk_checker, finds_what_a_reader_was_shown_twice) {
  says(ann, "a1");
  says(ann, "a2");
  is_shown(bob, {"a1", "a2"});
  is_shown(bob, {"a2"});
  ASSERT_FALSE(found().empty());
  EXPECT_EQ(found()[0], "bob#1 was shown a2 twice in the channel planning");
}

TEST_F(talk_checker, lets_another_life_be_shown_it_again) {
  says(ann, "a1");
  is_shown(bob, {"a1"});
  is_shown({"bob", "bob#2"}, {"a1"});
  EXPECT_EQ(found({{"bob", "bob#2"}}), findings{});
}

TEST_F(talk_checker, finds_what_a_reader_missed) {
  says(ann, "a1");
  says(ann, "a2");
  says(ann, "a3");
  is_shown(bob, {"a1", "a3"});
  EXPECT_EQ(found(), findings{"bob#1 was never shown a2 in the channel planning"});
}

TEST_F(talk_checker, wants_all_there_is_to_be_shown_to_who_lives_alone) {
  says(ann, "a1");
  says(ann, "a2");
  is_shown(bob, {"a1"});
  EXPECT_EQ(found(), findings{});
  EXPECT_EQ(found({{"bob", "bob#1"}}),
            findings{"bob#1 was never shown a2 in the channel planning"});
  EXPECT_EQ(found({{"bob", "bob#2"}}), findings{"bob#2 was shown nothing in the channel planning"});
}

TEST_F(talk_checker, finds_what_is_shown_in_another_order) {
  says(ann, "a1");
  says(ann, "a2");
  is_shown(bob, {"a2", "a1"});
  EXPECT_EQ(found().size(), 1U);
}

TEST_F(talk_checker, finds_what_was_shown_and_is_gone) {
  says(ann, "a1", receipt::unknown);
  is_shown(bob, {"a1"});
  EXPECT_EQ(found().size(), 1U);
}

TEST_F(talk_checker, finds_direct_messages_that_were_lost) {
  writes(ann, "bob", "a1");
  writes(ann, "bob", "a2");
  writes(ann, "bob", "a3", receipt::unknown);
  content_.unread = {"a2"};
  EXPECT_EQ(found(), (findings{"bob was never shown the direct message a1, which is gone",
                               "bob was never shown the direct message a2, which is stored"}));
  EXPECT_EQ(missing_mail(record_).at("bob"), (std::set<std::string>{"a1", "a2"}));
  reads({"bob", "bob#2"}, {"a1", "a2"});
  EXPECT_TRUE(missing_mail(record_).empty());
}

TEST_F(talk_checker, lets_a_direct_message_be_shown_again_and_counts_it) {
  writes(ann, "bob", "a1");
  reads(bob, {"a1"});
  reads({"bob", "bob#2"}, {"a1"});
  EXPECT_EQ(found(), findings{});
  EXPECT_EQ(shown_again(record_), 1U);
}

TEST_F(talk_checker, finds_mail_of_others_and_mail_that_was_not_sent) {
  writes(ann, "carl", "a1");
  writes(ann, "bob", "a2", receipt::not_sent);
  reads({"carl", "carl#1"}, {"a1"});
  reads(bob, {"a1", "a2"});
  EXPECT_EQ(found(), (findings{"bob#1 was shown the direct message a1, which is not for it",
                               "bob#1 was shown a2, which was reported as not sent"}));
}

TEST_F(talk_checker, tells_what_was_noted) {
  record_.wrong = {"ann#1 was answered twice"};
  EXPECT_EQ(found(), findings{"ann#1 was answered twice"});
}

TEST(receipts, are_what_the_answer_says) {
  EXPECT_EQ(receipt_of(false, "Message sent"), receipt::stored);
  EXPECT_EQ(receipt_of(true, "The message was not sent in time, so nothing happened."),
            receipt::not_sent);
  EXPECT_EQ(receipt_of(true, "No stream stores the message, so nothing was stored."),
            receipt::not_sent);
  EXPECT_EQ(receipt_of(true, "The message was sent, but no acknowledgement came in time."),
            receipt::unknown);
}

TEST(marks, are_found_again) {
  const auto mark = talk_history::mark("ann#1", 7);
  EXPECT_EQ(talk_history::marks_in("x " + mark + " y " + mark), (findings{mark, mark}));
  EXPECT_EQ(talk_history::marks_in("said:half"), findings{});
}

TEST(probes, are_owed_until_they_are_done) {
  talk_history history;
  EXPECT_EQ(history.probe_owed("ann"), 0U);
  history.ask_for_probes();
  const auto owed = history.probe_owed("ann");
  EXPECT_NE(owed, 0U);
  EXPECT_EQ(history.wait_for_probes({"ann"}, {}), std::set<std::string>{"ann"});
  history.probe_done("ann", owed);
  EXPECT_EQ(history.probe_owed("ann"), 0U);
  EXPECT_EQ(history.wait_for_probes({"ann"}, {}), std::set<std::string>{});
  history.ask_for_probes();
  history.probe_done("ann", owed);
  EXPECT_NE(history.probe_owed("ann"), 0U) << "an earlier one";
}

} // namespace
} // namespace nats_mcp::testing
