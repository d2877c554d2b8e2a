// SPDX-License-Identifier: MIT
#include "protocol/jetstream/key_watch.hpp"

#include "protocol/limits.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::jetstream::key_watch_test {
namespace {

using namespace std::chrono_literals;

const monotonic_time start{1h};

class key_watch_following : public ::testing::Test {
protected:
  /// Plays the server's part of making a consumer; returns the request that made it.
  watch_request make_consumer(const std::string& created, std::uint64_t last, int pending) {
    watch_.begin("inbox.w", "w", start);
    const auto info = std::get<watch_request>(watch_.take_effects().back());
    watch_.on_answer(info.step,
                     api_reply{R"({"created":")" + created + R"(","state":{"last_seq":)"
                               + std::to_string(last) + "}}"},
                     start);
    auto effects = watch_.take_effects();
    const auto create = std::get<watch_request>(effects.back());
    effects.pop_back();
    for (auto& effect : effects) {
      told_.push_back(std::get<kv_watch_event>(effect).state);
    }
    watch_.on_answer(create.step, api_reply{R"({"num_pending":)" + std::to_string(pending) + "}"},
                     start);
    return create;
  }

  void deliver(std::uint64_t consumer_sequence, std::uint64_t sequence, int pending) {
    incoming message;
    message.subject = "$KV.things.a";
    message.payload = "v";
    message.reply = "$JS.ACK.KV_things.w.1." + std::to_string(sequence) + "."
                    + std::to_string(consumer_sequence) + ".1700000000000000000."
                    + std::to_string(pending);
    watch_.on_message(std::move(message), start);
  }

  void heartbeat(const std::string& last_consumer) {
    incoming message;
    message.subject = "inbox.w";
    message.status = 100;
    message.headers = {{"Nats-Last-Consumer", last_consumer}};
    watch_.on_message(std::move(message), start);
  }

  std::vector<kv_watch_state> told() {
    for (auto& effect : watch_.take_effects()) {
      if (const auto* event = std::get_if<kv_watch_event>(&effect)) {
        told_.push_back(event->state);
      }
    }
    return std::exchange(told_, {});
  }

  key_watch watch_{{subscription_id{1}, "things", "public.>", {}}};
  std::vector<kv_watch_state> told_;
};

TEST_F(key_watch_following, asks_for_the_newest_value_of_every_key) {
  const auto create = make_consumer("t1", 5, 2);
  EXPECT_EQ(create.verb, "CONSUMER.CREATE.KV_things.w.$KV.things.public.>");
  EXPECT_NE(create.body.find(R"("deliver_policy":"last_per_subject")"), std::string::npos);
  EXPECT_TRUE(told().empty());
}

TEST_F(key_watch_following, is_done_when_nothing_is_pending) {
  make_consumer("t1", 5, 2);
  deliver(1, 4, 1);
  EXPECT_TRUE(told().empty());
  deliver(2, 5, 0);
  EXPECT_EQ(told(), std::vector{kv_watch_state::initial_values_done});
}

TEST_F(key_watch_following, is_done_at_once_in_an_empty_bucket) {
  make_consumer("t1", 0, 0);
  EXPECT_EQ(told(), std::vector{kv_watch_state::initial_values_done});
}

TEST_F(key_watch_following, begins_again_after_a_gap) {
  make_consumer("t1", 5, 0);
  deliver(1, 6, 0);
  deliver(3, 8, 0);
  EXPECT_TRUE(watch_.wants_begin(start));
  const auto create = make_consumer("t1", 8, 2);
  EXPECT_NE(create.body.find(R"("opt_start_seq":7)"), std::string::npos);
}

TEST_F(key_watch_following, begins_again_when_a_heartbeat_knows_more) {
  make_consumer("t1", 5, 0);
  heartbeat("0");
  EXPECT_FALSE(watch_.wants_begin(start));
  heartbeat("1");
  EXPECT_TRUE(watch_.wants_begin(start));
}

TEST_F(key_watch_following, begins_again_after_silence) {
  make_consumer("t1", 5, 0);
  EXPECT_FALSE(watch_.wants_begin(start + limits::watch_heartbeat));
  EXPECT_TRUE(watch_.wants_begin(start + limits::watch_silence_max));
}

TEST_F(key_watch_following, says_restarted_for_another_stream_of_the_same_name) {
  make_consumer("t1", 5, 0);
  (void)told();
  watch_.on_disconnected();
  make_consumer("t2", 9, 1);
  EXPECT_EQ(told(), std::vector{kv_watch_state::restarted});
}

TEST_F(key_watch_following, says_restarted_when_the_first_values_were_not_complete) {
  make_consumer("t1", 5, 3);
  deliver(1, 3, 2);
  watch_.on_disconnected();
  const auto create = make_consumer("t1", 5, 3);
  EXPECT_EQ(told(), std::vector{kv_watch_state::restarted});
  EXPECT_NE(create.body.find("last_per_subject"), std::string::npos);
}

TEST_F(key_watch_following, answers_flow_control) {
  make_consumer("t1", 5, 1);
  incoming message;
  message.subject = "inbox.w";
  message.reply = "$JS.FC.KV_things.w.x";
  message.status = 100;
  watch_.on_message(std::move(message), start);
  EXPECT_EQ(std::get<watch_flow_reply>(watch_.take_effects().at(0)).subject,
            "$JS.FC.KV_things.w.x");
}

TEST_F(key_watch_following, tries_a_failed_step_again_with_growing_delay) {
  watch_.begin("inbox.w", "w", start);
  const auto info = std::get<watch_request>(watch_.take_effects().at(0));
  watch_.on_answer(info.step, fail(ec::not_found, "no bucket"), start);
  EXPECT_EQ(watch_.failure().code, ec::not_found);
  EXPECT_FALSE(watch_.established());
  EXPECT_EQ(watch_.next_due(), start + 250ms);
}

/// A server with one stream of messages 1, 2, … of which a watch shall tell each once.
TEST_F(key_watch_following, is_not_put_off_by_a_consumer_whose_making_was_never_confirmed) {
  watch_.begin("inbox.w", "w", start);
  const auto info = std::get<watch_request>(watch_.take_effects().back());
  watch_.on_answer(info.step, api_reply{R"({"created":"t1","state":{"last_seq":5}})"}, start);
  const auto create = std::get<watch_request>(watch_.take_effects().back());
  watch_.on_answer(create.step, fail(ec::unknown_outcome, "no answer"), start);
  deliver(1, 5, 0); // it was made all the same
  heartbeat("1");
  EXPECT_TRUE(watch_.take_effects().empty());
  EXPECT_TRUE(watch_.wants_begin(start + 250ms));
}

TEST_F(key_watch_following, is_not_put_off_by_a_consumer_that_it_gave_up) {
  make_consumer("t1", 5, 0);
  deliver(2, 7, 0); // the first was lost
  heartbeat("0");
  EXPECT_TRUE(watch_.wants_begin(start));
}

RC_GTEST_PROP(key_watch_of_any_server, tells_every_change_once_and_in_order, ()) {
  key_watch watch{{subscription_id{1}, "things", ">", {}}};
  std::uint64_t stored = 3;
  std::uint64_t told = 0;
  std::uint64_t next = 1; // of the consumer
  std::uint64_t at = 1;   // in the stream
  const auto look = [&](bool& begins) {
    for (auto& effect : watch.take_effects()) {
      if (const auto* change = std::get_if<kv_change>(&effect)) {
        RC_ASSERT(change->entry.revision == told + 1);
        told = change->entry.revision;
      } else if (const auto* asked = std::get_if<watch_request>(&effect)) {
        const bool creates = asked->verb.starts_with("CONSUMER.CREATE");
        begins = begins || creates;
        const api_reply reply{creates ? R"({"num_pending":)" + std::to_string(stored - told) + "}"
                                      : R"({"created":"t","state":{"last_seq":)"
                                          + std::to_string(stored) + "}}"};
        watch.on_answer(asked->step, reply, start);
      }
    }
  };
  const auto connect = [&] {
    watch.begin("inbox.w", "w", start);
    for (bool begins = false; !begins;) {
      look(begins);
    }
    next = 1;
    at = told + 1;
  };
  const auto deliver = [&](std::uint64_t consumer_sequence) {
    incoming message;
    message.subject = "$KV.things.k" + std::to_string(at);
    message.reply = "$JS.ACK.KV_things.w.1." + std::to_string(at) + "."
                    + std::to_string(consumer_sequence) + ".1700000000000000000."
                    + std::to_string(stored - at);
    watch.on_message(std::move(message), start);
    bool begins = false;
    look(begins);
  };
  connect();
  for (const auto what : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 5))) {
    if (what == 0) {
      ++stored;
    } else if (what == 1) {
      watch.on_disconnected();
      connect();
    } else if (at <= stored) {
      if (what != 2) { // 2: lost on the way
        deliver(next);
      }
      ++next;
      ++at;
    }
    if (watch.wants_begin(start)) {
      connect();
    }
  }
  watch.on_disconnected();
  connect();
  for (; at <= stored; ++at) {
    deliver(next++);
  }
  RC_ASSERT(told == stored);
}

} // namespace
} // namespace nats_mcp::jetstream::key_watch_test
