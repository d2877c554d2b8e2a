// SPDX-License-Identifier: MIT
#include "protocol/logging/connection_journal.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace nats_mcp::logging::connection_journal_test {
namespace {

using namespace std::chrono_literals;
using jetstream::connection_event;
using jetstream::connection_state;

constexpr monotonic_time start{1h};

connection_event up(std::uint64_t epoch, error reason = {}) {
  return {connection_state::connected, epoch, std::move(reason), "nats://h:4222"};
}

connection_event down(ec code, std::string sentence = "The reason.") {
  return {connection_state::disconnected, 1, {code, std::move(sentence), 0}, "nats://h:4222"};
}

std::string told(const std::optional<event>& one) {
  return one ? to_text_line(*one, wall_time{}).substr(25) : "nothing";
}

TEST(connection_journal, tells_an_outage_once_with_its_reason_and_how_long_it_lasted) {
  connection_journal journal;
  EXPECT_EQ(told(journal.on(up(1), start)),
            "INFO gateway gateway.connected: Connected to NATS. server=nats://h:4222");
  EXPECT_EQ(told(journal.on(down(ec::nats_unreachable, "Lost."), start + 1s)),
            "WARN gateway gateway.lost: Lost. server=nats://h:4222 reason=nats_unreachable");
  EXPECT_EQ(told(journal.on(down(ec::nats_unreachable, "Nobody answers."), start + 2s)),
            "WARN gateway gateway.unreachable: Nobody answers. server=nats://h:4222"
            " reason=nats_unreachable");
  EXPECT_EQ(told(journal.on(down(ec::nats_unreachable), start + 3s)), "nothing");
  EXPECT_EQ(told(journal.on(up(2), start + 4200ms)),
            "INFO gateway gateway.reconnected: Connected to NATS again. server=nats://h:4222"
            " away_ms=3200");
}

TEST(connection_journal, tells_the_next_outage_anew) {
  connection_journal journal;
  (void)journal.on(up(1), start);
  (void)journal.on(down(ec::nats_unreachable), start);
  (void)journal.on(down(ec::nats_unreachable), start);
  (void)journal.on(up(2), start);
  EXPECT_EQ(told(journal.on(down(ec::nats_unreachable), start)).find("WARN gateway gateway.lost"),
            0U);
  EXPECT_EQ(
    told(journal.on(down(ec::nats_unreachable), start)).find("WARN gateway gateway.unreachable"),
    0U);
}

TEST(connection_journal, tells_when_the_reason_becomes_another_one) {
  connection_journal journal;
  EXPECT_EQ(told(journal.on(down(ec::nats_unreachable), start)).find("WARN"), 0U);
  EXPECT_EQ(told(journal.on(down(ec::authentication_failed), start)).find("ERROR"), 0U);
  EXPECT_EQ(told(journal.on(down(ec::nats_unreachable), start)), "nothing");
  EXPECT_EQ(told(journal.on(down(ec::authentication_failed), start)), "nothing");
}

TEST(connection_journal, says_how_long_the_first_connection_took_to_come) {
  connection_journal journal;
  (void)journal.on(down(ec::nats_unreachable), start);
  EXPECT_EQ(told(journal.on(up(1), start + 5s)),
            "INFO gateway gateway.connected: Connected to NATS. server=nats://h:4222 away_ms=5000");
}

TEST(connection_journal, warns_of_a_server_without_jetstream) {
  connection_journal journal;
  EXPECT_EQ(told(journal.on(up(1, {ec::jetstream_disabled, "JetStream not enabled.", 0}), start)),
            "WARN gateway gateway.connected: Connected to NATS. JetStream not enabled."
            " server=nats://h:4222 reason=jetstream_disabled");
}

TEST(connection_journal, is_silent_about_what_is_no_change) {
  connection_journal journal;
  EXPECT_EQ(told(journal.on({connection_state::idle, 0, {}, {}}, start)), "nothing");
  EXPECT_EQ(told(journal.on({connection_state::connecting, 0, {}, {}}, start)), "nothing");
  (void)journal.on(up(1), start);
  EXPECT_EQ(told(journal.on(up(1), start)), "nothing") << "the gateway was restarted";
  EXPECT_EQ(told(journal.on(down(ec::unavailable), start)), "nothing") << "the process stops";
}

RC_GTEST_PROP(connection_journal, of_any_changes_tells_each_outage_once, ()) {
  connection_journal journal;
  auto now = start;
  std::uint64_t epoch = 0;
  bool away = false;
  std::vector<std::string> told_of_this;
  for (const auto code : *rc::gen::container<std::vector<ec>>(
         rc::gen::element(ec::none, ec::nats_unreachable, ec::authentication_failed))) {
    now += 1s;
    if (code == ec::none) {
      const bool is_new = epoch == 0 || away;
      epoch += is_new ? 1 : 0;
      RC_ASSERT(journal.on(up(epoch), now).has_value() == is_new);
      away = false;
      told_of_this.clear();
    } else if (epoch > 0) {
      if (const auto one = journal.on(down(code), now)) {
        // Each reason once, besides that the connection is gone.
        const auto what = one->id + ' ' + std::string{to_string(code)};
        RC_ASSERT(std::count(told_of_this.begin(), told_of_this.end(), what) == 0);
        told_of_this.push_back(what);
      }
      RC_ASSERT(!told_of_this.empty());
      RC_ASSERT(told_of_this.front().starts_with("gateway.lost"));
      away = true;
    }
  }
}

} // namespace
} // namespace nats_mcp::logging::connection_journal_test
