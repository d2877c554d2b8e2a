// SPDX-License-Identifier: MIT
// Claude Code's channels: hints for a client that is ready, at the same pace as updates, and no
// modern era beside them.
#include "protocol/limits.hpp"

#include "tests/unit/protocol/mcp/session_fixture.hpp"

namespace nats_mcp::mcp::session_hints_test {
namespace {

using namespace std::chrono_literals;
using strings = std::vector<std::string>;

constexpr auto initialized = R"({"jsonrpc":"2.0","method":"notifications/initialized"})";

session_options with_hints() {
  auto options = with_resources();
  options.legacy_only = true;
  options.watched_for_hints = {"x://inbox"};
  return options;
}

client_hint mail(int unread) {
  return {"inbox", std::to_string(unread) + " unread", {{"kind", "inbox"}}};
}

std::string mail_line(int unread) {
  return R"({"jsonrpc":"2.0","method":"notifications/claude/channel","params":{"content":")"
         + std::to_string(unread) + R"( unread","meta":{"kind":"inbox"}}})";
}

class session_hints : public session_test {
protected:
  session_hints()
    : session_test{with_hints()} {}

  void be_ready() {
    shake_hands("2025-11-25");
    (void)tell(initialized);
  }

  strings hint(int unread) { return lines_of(subject.on_hint(mail(unread), now)); }
};

TEST_F(session_hints, are_advertised_and_the_modern_era_is_not) {
  EXPECT_NE(answer_to(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":)"
                      R"({"protocolVersion":"2025-11-25"}})")
              .find(R"("experimental":{"claude/channel":{}})"),
            std::string::npos);
  EXPECT_EQ(code_of(modern_request("2", "server/discover", "")), -32601);
}

TEST_F(session_hints, are_sent_to_a_client_that_is_ready) {
  be_ready();
  EXPECT_EQ(hint(2), strings{mail_line(2)});
}

TEST_F(session_hints, wait_until_the_client_is_ready_and_then_tell_the_newest) {
  EXPECT_TRUE(hint(1).empty());
  shake_hands("2025-11-25");
  EXPECT_TRUE(hint(2).empty());
  EXPECT_FALSE(subject.next_due());
  const auto effects = tell(initialized);
  EXPECT_EQ(lines_of(effects), strings{mail_line(2)});
  EXPECT_EQ(only<watch_resources>(effects).at(0).uris, std::set<std::string>{"x://inbox"});
  EXPECT_EQ(only<save_state>(effects).size(), 1U);
  EXPECT_TRUE(tell(initialized).empty());
}

TEST_F(session_hints, are_sent_at_most_once_in_a_second_and_end_with_the_newest) {
  be_ready();
  EXPECT_EQ(hint(1).size(), 1U);
  now += 300ms;
  EXPECT_TRUE(hint(2).empty());
  EXPECT_TRUE(hint(3).empty());
  ASSERT_TRUE(subject.next_due());
  now = *subject.next_due();
  EXPECT_EQ(lines_of(subject.on_time(now)), strings{mail_line(3)});
  EXPECT_FALSE(subject.next_due());
}

TEST_F(session_hints, are_corrected_or_dropped_while_they_wait) {
  be_ready();
  subject.correct_hint("inbox", mail(9));
  EXPECT_EQ(hint(1).size(), 1U);
  EXPECT_TRUE(hint(5).empty());
  subject.correct_hint("inbox", mail(4));
  now += 1s;
  EXPECT_EQ(lines_of(subject.on_time(now)), strings{mail_line(4)});
  EXPECT_TRUE(hint(6).empty());
  subject.correct_hint("inbox", std::nullopt);
  EXPECT_FALSE(subject.next_due());
  now += 1s;
  EXPECT_TRUE(subject.on_time(now).empty());
}

TEST_F(session_hints, go_on_after_a_crash_of_the_session) {
  be_ready();
  session next{with_hints(), subject.checkpoint()};
  const auto effects = next.resume(now);
  EXPECT_EQ(only<watch_resources>(effects).at(0).uris, std::set<std::string>{"x://inbox"});
  EXPECT_TRUE(lines_of(effects).empty()) << "nobody is woken for nothing";
  EXPECT_EQ(lines_of(next.on_hint(mail(1), now)), strings{mail_line(1)});
}

TEST_F(session_hints, wait_again_for_a_client_that_begins_anew) {
  be_ready();
  EXPECT_EQ(hint(1).size(), 1U);
  EXPECT_TRUE(hint(2).empty());
  shake_hands("2025-11-25");
  now += 2s;
  EXPECT_TRUE(subject.on_time(now).empty());
  EXPECT_EQ(lines_of(tell(initialized)), strings{mail_line(2)});
}

TEST_F(session_hints, stop_when_the_conversation_ends) {
  be_ready();
  (void)subject.finish("The server is stopping.");
  EXPECT_TRUE(hint(1).empty());
}

TEST_F(session_hints, are_nothing_to_a_session_without_channels) {
  session plain{with_resources(), {}};
  EXPECT_TRUE(plain.on_hint(mail(1), now).empty());
  EXPECT_TRUE(plain.on_line(initialized, now).empty());
}

} // namespace
} // namespace nats_mcp::mcp::session_hints_test
