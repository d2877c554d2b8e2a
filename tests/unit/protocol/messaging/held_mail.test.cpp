// SPDX-License-Identifier: MIT
#include "protocol/messaging/held_mail.hpp"

#include "protocol/messaging/direct_message_codec.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace nats_mcp::messaging::held_mail_test {
namespace {

using namespace std::chrono_literals;
using arrival = held_mail::arrival;
using sequences = std::vector<std::uint64_t>;

constexpr auto me = "11111111-1111-4111-8111-111111111111";
constexpr auto ann = "22222222-2222-4222-8222-222222222222";
constexpr auto bob = "33333333-3333-4333-8333-333333333333";

struct sent {
  std::uint64_t sequence = 1;
  std::string from = ann;
  tools::message_type type = tools::message_type::text;
  std::string text = "hello";
  int attempt = 1;
  wall_time stored_at{};
  std::string to = me;
};

jetstream::delivery delivery(const sent& what) {
  direct_message_payload payload;
  payload.id = "id-" + std::to_string(what.sequence);
  payload.sender_guid = what.from;
  payload.sender_handle = "somebody";
  payload.recipient_guid = what.to;
  payload.type = what.type;
  payload.content = what.text;
  jetstream::delivery out;
  out.subject = inbox_subject(what.to, what.from);
  out.payload = write_direct_message(payload);
  out.ack_subject = "ack." + std::to_string(what.sequence) + "." + std::to_string(what.attempt);
  out.stream_sequence = what.sequence;
  out.stored_at = what.stored_at;
  return out;
}

std::vector<std::string> ids(const std::vector<tools::direct_message>& messages) {
  std::vector<std::string> out;
  for (const auto& message : messages) {
    out.push_back(message.id);
  }
  return out;
}

using names = std::vector<std::string>;

class held : public ::testing::Test {
protected:
  void hold(const sequences& all) {
    for (const auto sequence : all) {
      EXPECT_EQ(mail_.add(delivery({sequence}), me), arrival::unread);
    }
  }

  held_mail mail_{held_mail::bounds{}};
};

TEST_F(held, mail_is_shown_oldest_first_up_to_the_limit) {
  hold({3, 1, 2});
  EXPECT_EQ(ids(mail_.take(call_id{1}, {}, {2})), (names{"id-1", "id-2"}));
  EXPECT_EQ(mail_.unread(), 1U);
  EXPECT_EQ(mail_.in_answers(), 2U);
}

TEST_F(held, mail_in_an_answer_is_in_no_other) {
  hold({1, 2});
  EXPECT_EQ(ids(mail_.take(call_id{1}, {}, {1})), names{"id-1"});
  EXPECT_EQ(ids(mail_.take(call_id{2}, {}, {9})), names{"id-2"});
  EXPECT_TRUE(mail_.take(call_id{3}, {}, {9}).empty());
}

TEST_F(held, mail_that_a_filter_leaves_stays_unread) {
  (void)mail_.add(delivery({1, ann}), me);
  (void)mail_.add(delivery({2, bob}), me);
  (void)mail_.add(delivery({3, bob, tools::message_type::work_offer}), me);
  EXPECT_EQ(mail_.matching({{}, bob}, 9), 2U);
  const mail_filter offers_of_bob{tools::message_type::work_offer, bob};
  EXPECT_EQ(ids(mail_.take(call_id{1}, offers_of_bob, {9})), names{"id-3"});
  EXPECT_EQ(mail_.unread(), 2U);
}

TEST_F(held, mail_is_peeked_at_without_being_taken) {
  hold({1, 2});
  EXPECT_EQ(ids(mail_.peek({}, {9})), (names{"id-1", "id-2"}));
  EXPECT_EQ(mail_.unread(), 2U);
  EXPECT_TRUE(mail_.shown(call_id{}).empty());
}

TEST_F(held, mail_that_was_shown_is_held_until_it_is_acknowledged) {
  hold({1, 2});
  (void)mail_.take(call_id{7}, {}, {1});
  EXPECT_EQ(mail_.shown(call_id{7}), sequences{1});
  EXPECT_TRUE(mail_.shown(call_id{7}).empty()) << "once";
  EXPECT_EQ(mail_.unacknowledged(), sequences{1});
  EXPECT_EQ(mail_.to_renew(), names{"ack.2.1"});
  EXPECT_EQ(mail_.size(), 2U);
  mail_.acknowledged(1);
  EXPECT_TRUE(mail_.unacknowledged().empty());
  EXPECT_EQ(mail_.size(), 1U);
}

TEST_F(held, mail_that_was_not_shown_is_unread_in_its_old_place) {
  hold({1, 2, 3});
  (void)mail_.take(call_id{7}, {}, {2});
  EXPECT_TRUE(mail_.not_shown(call_id{7}));
  EXPECT_FALSE(mail_.not_shown(call_id{7}));
  EXPECT_EQ(ids(mail_.take(call_id{8}, {}, {9})), (names{"id-1", "id-2", "id-3"}));
}

TEST_F(held, mail_of_all_answers_is_unread_when_the_reader_is_gone) {
  hold({1, 2});
  (void)mail_.take(call_id{7}, {}, {1});
  (void)mail_.take(call_id{8}, {}, {1});
  EXPECT_TRUE(mail_.none_shown());
  EXPECT_EQ(mail_.unread(), 2U);
  EXPECT_EQ(mail_.in_answers(), 0U);
  EXPECT_FALSE(mail_.none_shown());
}

TEST_F(held, mail_delivered_again_is_held_once_and_settled_by_the_newer_delivery) {
  hold({1});
  EXPECT_EQ(mail_.add(delivery({1, ann, tools::message_type::text, "hello", 2}), me),
            arrival::known);
  EXPECT_EQ(mail_.unread(), 1U);
  EXPECT_EQ(mail_.receipt_of(1)->ack_subject, "ack.1.2");
}

TEST_F(held, mail_read_before_is_acknowledged_again_and_not_shown) {
  hold({1});
  (void)mail_.take(call_id{7}, {}, {1});
  (void)mail_.shown(call_id{7});
  mail_.acknowledged(1);
  EXPECT_EQ(mail_.add(delivery({1, ann, tools::message_type::text, "hello", 2}), me),
            arrival::read);
  EXPECT_EQ(mail_.unread(), 0U);
  EXPECT_EQ(mail_.unacknowledged(), sequences{1});
  EXPECT_EQ(mail_.receipt_of(1)->ack_subject, "ack.1.2");
}

TEST_F(held, mail_read_as_an_agent_is_not_shown_when_the_process_is_that_agent_again) {
  hold({1, 2, 3});
  (void)mail_.take(call_id{1}, {}, {1});
  (void)mail_.take(call_id{2}, {}, {1});
  (void)mail_.shown(call_id{1});
  mail_.begin_anew();
  EXPECT_EQ(mail_.size() + mail_.unread() + mail_.in_answers(), 0U);
  EXPECT_TRUE(mail_.shown(call_id{2}).empty()) << "it is nobody's to acknowledge";
  EXPECT_EQ(mail_.add(delivery({1}), me), arrival::read);
  EXPECT_EQ(mail_.add(delivery({2}), me), arrival::read) << "shown after the process was another";
  EXPECT_EQ(mail_.add(delivery({3}), me), arrival::unread);
}

TEST_F(held, mail_in_an_answer_of_a_former_agent_is_read_when_that_is_shown) {
  hold({1, 2});
  (void)mail_.take(call_id{1}, {}, {1});
  (void)mail_.take(call_id{2}, {}, {1});
  mail_.begin_anew();
  hold({1, 2}); // that agent again
  EXPECT_EQ(mail_.shown(call_id{1}), sequences{1});
  EXPECT_FALSE(mail_.not_shown(call_id{2}));
  EXPECT_EQ(ids(mail_.take(call_id{3}, {}, {9})), names{"id-2"});
}

TEST_F(held, mail_of_a_stream_begun_again_is_not_mistaken_for_what_was_read) {
  hold({1});
  (void)mail_.take(call_id{7}, {}, {1});
  (void)mail_.shown(call_id{7});
  mail_.acknowledged(1);
  EXPECT_EQ(mail_.add(delivery({1, bob, tools::message_type::text, "new", 1, wall_time{5ms}}), me),
            arrival::unread);
  EXPECT_EQ(
    mail_.add(delivery({1, bob, tools::message_type::text, "newer", 1, wall_time{6ms}}), me),
    arrival::unread);
  EXPECT_EQ(mail_.peek({}, {9}).at(0).content, "newer");
}

TEST_F(held, mail_in_answers_survives_when_the_rest_is_forgotten) {
  hold({1, 2, 3});
  (void)mail_.take(call_id{7}, {}, {1});
  mail_.forget_unread(me);
  EXPECT_EQ(mail_.size(), 1U);
  EXPECT_EQ(mail_.unread(), 0U);
  EXPECT_EQ(mail_.shown(call_id{7}), sequences{1});
}

TEST_F(held, mail_of_two_inboxes_is_shown_in_the_order_of_the_stream) {
  auto former = sent{2};
  former.to = bob;
  hold({1, 3});
  EXPECT_EQ(mail_.add(delivery(former), former.to), arrival::unread);
  EXPECT_EQ(ids(mail_.take(call_id{7}, {}, {9})), (names{"id-1", "id-2", "id-3"}));
}

TEST_F(held, mail_of_one_inbox_is_counted_and_forgotten_for_itself) {
  auto former = sent{2};
  former.to = bob;
  hold({1, 3});
  (void)mail_.add(delivery(former), former.to);
  (void)mail_.take(call_id{7}, {}, {2});
  EXPECT_EQ(mail_.shown(call_id{7}), (sequences{1, 2}));
  EXPECT_EQ(mail_.size(me), 2U);
  EXPECT_EQ(mail_.not_read(me), 1U);
  EXPECT_EQ(mail_.unacknowledged(me), sequences{1});
  EXPECT_EQ(mail_.size(bob), 1U);
  EXPECT_EQ(mail_.not_read(bob), 0U);
  EXPECT_EQ(mail_.unacknowledged(bob), sequences{2});
  mail_.forget_unread(bob);
  EXPECT_EQ(mail_.size(), 3U);
  mail_.forget_unread(me);
  EXPECT_EQ(mail_.size(), 2U) << "what was read stays until it is acknowledged";
}

TEST_F(held, an_answer_is_bounded_in_bytes_but_shows_at_least_one_message) {
  hold({1, 2, 3});
  const auto size = delivery({1}).payload.size();
  EXPECT_EQ(mail_.peek({}, {9, 1}).size(), 1U);
  EXPECT_EQ(mail_.peek({}, {9, 2 * size}).size(), 2U);
}

TEST_F(held, mail_that_grows_when_it_is_shown_takes_the_room_it_needs) {
  for (const std::uint64_t sequence : {1U, 2U, 3U, 4U}) {
    auto swelling = delivery({sequence});
    swelling.payload = R"({"id":"id-)" + std::to_string(sequence) + R"(","content":")"
                       + std::string(300'000, '\x7f') + "\"}";
    (void)mail_.add(swelling, me);
  }
  EXPECT_EQ(ids(mail_.take(call_id{1}, {}, {9})), (names{"id-1", "id-2"}));
  EXPECT_EQ(ids(mail_.take(call_id{2}, {}, {9})), (names{"id-3", "id-4"}));
}

TEST(held_bounds, leave_room_only_below_both_of_them) {
  held_mail mail{{2, 100'000, 10}};
  EXPECT_EQ(mail.room(), 2U);
  (void)mail.add(delivery({1}), me);
  EXPECT_EQ(mail.room(), 1U);
  (void)mail.add(delivery({2, ann, tools::message_type::text, std::string(100'000, 'x')}), me);
  EXPECT_EQ(mail.room(), 0U);
  EXPECT_EQ(mail.bytes_room(), 0U);
  (void)mail.take(call_id{1}, {}, {9});
  (void)mail.shown(call_id{1});
  EXPECT_EQ(mail.bytes_room(), 100'000U) << "what was read is not kept";
  EXPECT_EQ(mail.room(), 0U) << "but it still counts as delivered";
  mail.acknowledged(1);
  EXPECT_EQ(mail.room(), 1U);
}

TEST(held_mail_of_a_lost_consumer, is_shown_and_not_acknowledged) {
  held_mail mail{held_mail::bounds{}};
  (void)mail.add(delivery({1}), me);
  (void)mail.add(delivery({2}), me);
  (void)mail.take(call_id{1}, {}, {1});
  mail.consumer_gone(me);
  EXPECT_EQ(mail.size(), 2U);
  EXPECT_EQ(mail.size(me), 0U) << "NATS knows of none";
  EXPECT_TRUE(mail.to_renew().empty());
  EXPECT_EQ(mail.receipt_of(1), nullptr);
  EXPECT_EQ(mail.shown(call_id{1}), sequences{});
  EXPECT_EQ(ids(mail.take(call_id{2}, {}, {9})), names{"id-2"});
}

TEST(held_mail_of_a_lost_consumer, is_acknowledged_when_it_is_delivered_again) {
  held_mail mail{held_mail::bounds{}};
  (void)mail.add(delivery({1}), me);
  (void)mail.add(delivery({2}), me);
  (void)mail.take(call_id{1}, {}, {1});
  (void)mail.shown(call_id{1});
  mail.consumer_gone(me);
  EXPECT_EQ(mail.unacknowledged(), sequences{});
  EXPECT_EQ(mail.add(delivery({.sequence = 1, .attempt = 2}), me), arrival::read);
  EXPECT_EQ(mail.unacknowledged(), sequences{1});
  EXPECT_EQ(mail.add(delivery({.sequence = 2, .attempt = 2}), me), arrival::known);
  EXPECT_EQ(mail.receipt_of(2)->ack_subject, "ack.2.2");
}

TEST(held_mail_of_a_lost_consumer, of_another_inbox_stays_as_it_is) {
  held_mail mail{held_mail::bounds{}};
  (void)mail.add(delivery({1}), me);
  mail.consumer_gone(bob);
  EXPECT_EQ(mail.receipt_of(1)->ack_subject, "ack.1.1");
}

TEST(held_mail_of_a_lost_consumer, is_a_strangers_too_whatever_its_subject_says) {
  held_mail mail{held_mail::bounds{}};
  auto stranger = delivery({1});
  stranger.subject = std::string{"inbox."} + me + ".no-guid";
  (void)mail.add(stranger, me);
  EXPECT_EQ(mail.size(me), 1U);
  mail.consumer_gone(me);
  EXPECT_EQ(mail.receipt_of(1), nullptr);
}

TEST(held_bounds, remember_as_many_read_messages_as_they_say) {
  held_mail mail{{10, 100'000, 1}};
  for (const std::uint64_t sequence : {1U, 2U}) {
    (void)mail.add(delivery({sequence}), me);
    (void)mail.take(call_id{sequence}, {}, {9});
    (void)mail.shown(call_id{sequence});
    mail.acknowledged(sequence);
  }
  EXPECT_EQ(mail.add(delivery({2}), me), arrival::read);
  EXPECT_EQ(mail.add(delivery({1}), me), arrival::unread);
}

/// What was taken for an answer, by its call.
using answers = std::map<call_id, std::vector<std::uint64_t>>;

std::vector<std::uint64_t> sequences_of(const std::vector<tools::direct_message>& messages) {
  std::vector<std::uint64_t> out;
  for (const auto& id : ids(messages)) {
    out.push_back(std::stoull(id.substr(id.find('-') + 1)));
  }
  return out;
}

/// Whatever happens in whatever order, every message is in exactly one place, and nobody is shown
/// one twice.
RC_GTEST_PROP(held_property, loses_nothing_and_shows_nothing_twice, ()) {
  held_mail mail{held_mail::bounds{}};
  std::set<std::uint64_t> shown;
  std::set<std::uint64_t> delivered;
  answers open;
  std::uint64_t calls = 0;
  for (const int event : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 7))) {
    const auto pick = [&] { return call_id{*rc::gen::inRange<std::uint64_t>(0, calls + 1)}; };
    if (event == 0) {
      const auto sequence = *rc::gen::inRange<std::uint64_t>(1, 12);
      const auto what = mail.add(delivery({sequence}), me);
      RC_ASSERT((what == arrival::unread) == delivered.insert(sequence).second);
      RC_ASSERT((what == arrival::read) == shown.contains(sequence));
    } else if (event == 1) {
      const mail_portion most{*rc::gen::inRange<std::size_t>(1, 4)};
      const call_id call{++calls};
      open[call] = sequences_of(mail.take(call, {}, most));
      RC_ASSERT(open[call].size() <= most.messages);
    } else if (event == 2) {
      const auto call = pick();
      const auto acknowledged = mail.shown(call);
      const auto answer = open.extract(call);
      for (const auto sequence : answer ? answer.mapped() : sequences{}) {
        RC_ASSERT(shown.insert(sequence).second);
      }
      for (const auto sequence : acknowledged) {
        RC_ASSERT(shown.contains(sequence));
      }
    } else if (event == 3) {
      const auto call = pick();
      (void)mail.not_shown(call);
      open.erase(call);
    } else if (event == 4) {
      for (const auto sequence : mail.unacknowledged()) {
        RC_ASSERT(mail.receipt_of(sequence) != nullptr);
        mail.acknowledged(sequence);
      }
    } else if (event == 5) {
      mail.consumer_gone(me);
      RC_ASSERT(mail.size(me) == 0U);
    } else {
      (void)mail.none_shown();
      open.clear();
    }
    RC_ASSERT(mail.size() == mail.unread() + mail.in_answers() + mail.unacknowledged().size());
    RC_ASSERT(delivered.size() == mail.unread() + mail.in_answers() + shown.size());
  }
}

} // namespace
} // namespace nats_mcp::messaging::held_mail_test
