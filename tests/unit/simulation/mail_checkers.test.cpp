// SPDX-License-Identifier: MIT
// The checkers of direct messages against histories made by hand: a good one, and the same one bad
// in one way at a time.
#include "tests/simulation/checkers/mail_checkers.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::simulation::mail_checkers_test {
namespace {

constexpr auto anna = "anna's guid";
constexpr auto ben = "ben's guid";

class mail_checkers : public ::testing::Test {
protected:
  // The good history: Anna (process 0) writes "a" and "b" to Ben (process 1), who reads both.
  mail_checkers() {
    history_.handles = {{"anna"}, {"ben", "benjamin"}};
    history_.processes.push_back({0, false, false, "anna's session"});
    history_.processes.push_back({1, false, false, "ben's session"});
    hold(anna, "anna's session");
    hold(ben, "ben's session");
    history_.identities.push_back({1, ben, order_});
    send("a");
    send("b");
    read({"a"});
    read({"b"});
  }

  void hold(const std::string& guid, const std::string& session) {
    history_.journal.anchors.push_back({{++order_, {}}, guid, session});
  }

  call_facts begin(std::size_t process) { return {process, process, ++order_, {}, true}; }

  /// Anna writes to Ben.
  mail_send& send(const std::string& text) {
    auto call = begin(0);
    history_.journal.mail.push_back(
      {{++order_, {}}, order_, ben, anna, "id of " + text, "anna", text});
    call.answered = ++order_;
    history_.sends.push_back({call, text, "text", "id of " + text, ben, false});
    return history_.sends.back();
  }

  /// Ben reads.
  mail_read& read(const std::vector<std::string>& texts) {
    auto call = begin(1);
    call.answered = ++order_;
    mail_read one{call, {}, {}, {}, {}};
    for (const auto& text : texts) {
      one.shown.push_back({"id of " + text, anna, "anna", "text", text});
    }
    history_.reads.push_back(one);
    return history_.reads.back();
  }

  void wait_in_vain() {
    auto call = begin(1);
    call.answered = ++order_;
    history_.waits.push_back({call, *call.answered, 0});
  }

  template <class Checker>
  [[nodiscard]] std::size_t found() const {
    return Checker{history_}.violations().size();
  }

  mail_history history_;
  order_number order_ = 0;
};

TEST_F(mail_checkers, find_nothing_wrong_with_a_good_history) {
  read({});
  wait_in_vain();
  EXPECT_EQ(found<accepted_mail_is_stored>(), 0U);
  EXPECT_EQ(found<refused_mail_is_not_stored>(), 0U);
  EXPECT_EQ(found<read_mail_was_shown>(), 0U);
  EXPECT_EQ(found<mail_is_shown_to_its_recipient>(), 0U);
  EXPECT_EQ(found<mail_names_its_sender>(), 0U);
  EXPECT_EQ(found<emptiness_is_true>(), 0U);
  EXPECT_EQ(found<mail_is_shown_once>(), 0U);
}

// -- sending -----------------------------------------------------------------------------------

TEST_F(mail_checkers, catch_an_accepted_message_that_was_not_stored) {
  history_.journal.mail.pop_back();
  EXPECT_EQ(found<accepted_mail_is_stored>(), 1U);
}

TEST_F(mail_checkers, catch_a_message_that_was_accepted_before_it_was_stored) {
  history_.journal.mail.back().when.order = *history_.sends.back().call.answered + 1;
  EXPECT_EQ(found<accepted_mail_is_stored>(), 1U);
}

TEST_F(mail_checkers, catch_a_message_that_was_stored_twice) {
  history_.journal.mail.push_back(history_.journal.mail.back());
  EXPECT_EQ(found<accepted_mail_is_stored>(), 1U);
}

TEST_F(mail_checkers, excuse_a_message_that_was_stored_again_after_it_was_read_and_nats_was_ended) {
  auto again = history_.journal.mail.back();
  again.when.order = order_ + 2;
  history_.journal.mail.push_back(again);
  EXPECT_EQ(found<accepted_mail_is_stored>(), 1U) << "the server knew its id";
  history_.server_ends.push_back(order_ + 1);
  EXPECT_EQ(found<accepted_mail_is_stored>(), 0U);
  history_.reads.pop_back();
  EXPECT_EQ(found<accepted_mail_is_stored>(), 1U) << "it was there, and its id with it";
}

TEST_F(mail_checkers, catch_a_message_that_was_stored_for_somebody_else) {
  history_.journal.mail.back().recipient_guid = anna;
  EXPECT_EQ(found<accepted_mail_is_stored>(), 1U);
}

TEST_F(mail_checkers, catch_a_message_that_was_stored_and_denied) {
  auto& lied = history_.sends.back();
  lied.call.succeeded = false;
  lied.denied = true;
  EXPECT_EQ(found<refused_mail_is_not_stored>(), 1U);
}

// -- reading -----------------------------------------------------------------------------------

TEST_F(mail_checkers, catch_a_message_that_was_never_shown_and_is_gone) {
  send("c");
  EXPECT_EQ(found<read_mail_was_shown>(), 1U);
  history_.unread.insert(history_.journal.mail.back().sequence);
  EXPECT_EQ(found<read_mail_was_shown>(), 0U) << "it is still there";
}

TEST_F(mail_checkers, catch_a_message_that_is_shown_to_another) {
  history_.reads.back().call.process = 0;
  EXPECT_EQ(found<mail_is_shown_to_its_recipient>(), 1U);
}

TEST_F(mail_checkers, catch_a_message_that_is_shown_to_one_who_was_replaced) {
  hold(ben, "ben's next session");
  send("c");
  read({"c"});
  EXPECT_EQ(found<mail_is_shown_to_its_recipient>(), 1U);
}

TEST_F(mail_checkers, let_somebody_read_who_is_replaced_meanwhile) {
  send("c");
  auto& last = read({"c"});
  hold(ben, "ben's next session");
  last.call.answered = ++order_;
  EXPECT_EQ(found<mail_is_shown_to_its_recipient>(), 0U);
}

TEST_F(mail_checkers, catch_a_message_that_nobody_sent) {
  read({"z"});
  EXPECT_EQ(found<mail_is_shown_to_its_recipient>(), 1U);
}

TEST_F(mail_checkers, catch_a_message_stored_as_somebody_elses) {
  history_.journal.mail.back().sender_guid = ben;
  EXPECT_EQ(found<mail_names_its_sender>(), 2U) << "the inbox and the answer that shows another";
  history_.journal.mail.back().sender_guid = anna;
  history_.journal.mail.back().sender_handle = "ben";
  EXPECT_EQ(found<mail_names_its_sender>(), 2U);
}

TEST_F(mail_checkers, catch_a_message_shown_as_somebody_elses) {
  history_.reads.back().shown.front().sender_guid = ben;
  EXPECT_EQ(found<mail_names_its_sender>(), 1U);
}

// -- emptiness ---------------------------------------------------------------------------------

TEST_F(mail_checkers, catch_an_inbox_called_empty_that_is_not) {
  send("c");
  read({});
  EXPECT_EQ(found<emptiness_is_true>(), 1U);
  read({"c"});
  EXPECT_EQ(found<emptiness_is_true>(), 1U) << "that it is shown later does not help";
}

TEST_F(mail_checkers, accept_emptiness_while_a_message_is_not_accepted_yet) {
  auto& last = send("c");
  read({});
  last.call.answered = ++order_;
  EXPECT_EQ(found<emptiness_is_true>(), 0U);
}

TEST_F(mail_checkers, accept_emptiness_behind_a_filter) {
  send("c");
  read({}).type = "work-claim";
  read({}).sender_guid = ben;
  EXPECT_EQ(found<emptiness_is_true>(), 0U);
  read({}).sender_guid = anna;
  EXPECT_EQ(found<emptiness_is_true>(), 1U);
}

TEST_F(mail_checkers, accept_emptiness_while_another_read_has_the_message_in_its_hands) {
  send("c");
  const auto other = begin(1);
  read({});
  history_.reads.push_back({other, {}, {}, {}, {{"id of c", anna, "anna", "text", "c"}}});
  history_.reads.back().call.answered = ++order_;
  EXPECT_EQ(found<emptiness_is_true>(), 0U);
}

TEST_F(mail_checkers, accept_emptiness_while_a_read_that_is_withdrawn_may_have_the_message) {
  send("c");
  auto withdrawn = begin(1);
  withdrawn.succeeded = false;
  read({});
  history_.reads.push_back({withdrawn, ++order_, {}, {}, {}});
  EXPECT_EQ(found<emptiness_is_true>(), 0U);
  history_.reads.back().withdrawn = withdrawn.asked;
  EXPECT_EQ(found<emptiness_is_true>(), 1U) << "it was withdrawn before this one began";
}

TEST_F(mail_checkers, accept_emptiness_for_one_who_is_not_the_recipient_any_more) {
  send("c");
  hold(ben, "ben's next session");
  read({});
  EXPECT_EQ(found<emptiness_is_true>(), 0U);
}

TEST_F(mail_checkers, accept_emptiness_for_one_who_is_about_to_become_another) {
  send("c");
  history_.identities.back().until = order_;
  read({});
  EXPECT_EQ(found<emptiness_is_true>(), 0U);
}

TEST_F(mail_checkers, catch_a_wait_that_ends_in_vain) {
  send("c");
  wait_in_vain();
  EXPECT_EQ(found<emptiness_is_true>(), 1U);
  history_.waits.back().unread = 1;
  EXPECT_EQ(found<emptiness_is_true>(), 0U);
}

// -- twice -------------------------------------------------------------------------------------

TEST_F(mail_checkers, catch_a_message_that_is_shown_twice) {
  read({"a"});
  EXPECT_EQ(found<mail_is_shown_once>(), 1U);
}

TEST_F(mail_checkers, accept_a_message_twice_that_was_stored_again) {
  auto again = history_.journal.mail.front();
  history_.server_ends.push_back(++order_);
  again.when.order = ++order_;
  history_.journal.mail.push_back(again);
  read({again.text});
  EXPECT_EQ(found<mail_is_shown_once>(), 0U);
  history_.server_ends.clear();
  EXPECT_EQ(found<mail_is_shown_once>(), 1U) << "it should not have been";
}

TEST_F(mail_checkers, accept_two_messages_in_the_same_words) {
  read({"a"}).shown.back().id = "id of another";
  EXPECT_EQ(found<mail_is_shown_once>(), 0U);
}

TEST_F(mail_checkers, accept_a_message_twice_when_the_inbox_or_the_session_failed_between) {
  for (const auto* part : {"inbox", "session"}) {
    history_.processes[1].failures = {{++order_, part}};
    read({"a"});
    EXPECT_EQ(found<mail_is_shown_once>(), 0U) << part;
    history_.reads.pop_back();
  }
  history_.processes[1].failures = {{++order_, "channels"}};
  read({"a"});
  EXPECT_EQ(found<mail_is_shown_once>(), 1U) << "that is no excuse";
}

TEST_F(mail_checkers, accept_a_message_that_another_process_is_shown_again) {
  history_.processes.push_back({1, false, false, "ben's next session"});
  hold(ben, "ben's next session");
  read({"a"}).call.process = 2;
  EXPECT_EQ(found<mail_is_shown_once>(), 0U);
}

// -- in the end --------------------------------------------------------------------------------

/// Ben's message lies unread in the end.
class unread_mail_in_the_end : public mail_checkers {
protected:
  unread_mail_in_the_end() {
    history_.reads.clear();
    for (const auto& message : history_.journal.mail) {
      history_.unread.insert(message.sequence);
    }
    history_.sends.pop_back();
    history_.living = {"anna's session"};
  }

  void lead(const std::string& key, const std::string& guid, std::vector<std::string> others = {}) {
    history_.journal.ways_back.push_back({{++order_, {}}, key, guid, std::move(others)});
  }

  /// Ben's process, which lives, is told that it is this agent.
  void become(const std::string& guid) {
    const auto& session = history_.processes[1].session_id;
    history_.living = {session};
    hold(guid, session);
    history_.identities.push_back({1, guid, ++order_});
  }
};

TEST_F(unread_mail_in_the_end, may_be_of_one_that_its_name_leads_back_to) {
  lead("ben's", ben);
  EXPECT_EQ(found<no_mail_is_out_of_reach>(), 0U) << "he comes back";
  history_.living.insert("ben's session");
  EXPECT_EQ(found<no_mail_is_out_of_reach>(), 0U) << "it came late";
}

TEST_F(unread_mail_in_the_end, may_be_of_one_that_its_name_lists) {
  lead("ben's", "newer guid", {ben});
  EXPECT_EQ(found<no_mail_is_out_of_reach>(), 0U) << "whoever comes next opens it";
  lead("ben's", {}, {ben});
  EXPECT_EQ(found<no_mail_is_out_of_reach>(), 0U);
}

TEST_F(unread_mail_in_the_end, may_be_of_one_that_lives_beside_the_one_its_name_leads_back_to) {
  hold("newer guid", "newer session");
  lead("ben's", "newer guid", {ben});
  history_.living = {"newer session", "ben's session"};
  EXPECT_EQ(found<no_mail_is_out_of_reach>(), 0U);
}

TEST_F(unread_mail_in_the_end, may_be_of_one_whose_name_leads_back_to_what_a_process_was_before) {
  become("newer guid");
  lead("ben's", "newer guid", {ben});
  EXPECT_EQ(found<no_mail_is_out_of_reach>(), 1U) << "it is that agent";
  become("another guid");
  EXPECT_EQ(found<no_mail_is_out_of_reach>(), 0U) << "whoever comes next opens it";
  become("newer guid");
  EXPECT_EQ(found<no_mail_is_out_of_reach>(), 1U) << "it is that agent again";
}

TEST_F(unread_mail_in_the_end, is_caught_where_its_reader_became_another_beside_the_living) {
  hold("newer guid", "newer session");
  lead("ben's", "newer guid", {ben});
  history_.living = {"newer session", "ben's session"};
  history_.identities.push_back({1, "another guid", ++order_});
  EXPECT_EQ(found<no_mail_is_out_of_reach>(), 1U) << "nobody else speaks as him any more";
}

TEST_F(unread_mail_in_the_end, is_caught_where_no_name_leads_to_it) {
  EXPECT_EQ(found<no_mail_is_out_of_reach>(), 1U);
  lead("ben's", ben);
  lead("ben's", "newer guid");
  EXPECT_EQ(found<no_mail_is_out_of_reach>(), 1U);
}

TEST_F(unread_mail_in_the_end, is_caught_where_the_agent_of_its_name_lives_and_did_not_open_it) {
  hold("newer guid", "newer session");
  lead("ben's", "newer guid", {ben});
  history_.living = {"newer session"};
  EXPECT_EQ(found<no_mail_is_out_of_reach>(), 1U);
  hold(ben, "newer session");
  EXPECT_EQ(found<no_mail_is_out_of_reach>(), 1U) << "taken over, and not read";
}

TEST_F(unread_mail_in_the_end, does_not_count_when_it_was_never_accepted) {
  history_.sends.back().call.succeeded = false;
  EXPECT_EQ(found<no_mail_is_out_of_reach>(), 0U);
}

} // namespace
} // namespace nats_mcp::simulation::mail_checkers_test
