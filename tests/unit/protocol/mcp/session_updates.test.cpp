// SPDX-License-Identifier: MIT
// Who subscribed is told: in each era in its own words, not too often, and of the last change.
#include "protocol/limits.hpp"

#include "tests/unit/protocol/mcp/session_fixture.hpp"

namespace nats_mcp::mcp::session_updates_test {
namespace {

using namespace std::chrono_literals;
using strings = std::vector<std::string>;

const std::string legacy_update =
  R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"x://inbox"}})";

class session_updates : public session_test {
protected:
  session_updates()
    : session_test{with_resources()} {
    shake_hands("2025-11-25");
  }

  static std::string subscription(const std::string& verb, const std::string& uri) {
    return R"({"jsonrpc":"2.0","id":"s","method":"resources/)" + verb + R"(","params":{"uri":")"
           + uri + R"("}})";
  }

  std::vector<effect> subscribe(const std::string& uri) {
    return tell(subscription("subscribe", uri));
  }

  static std::string listen(const std::string& id, const std::string& uris) {
    return modern_request(id, "subscriptions/listen",
                          R"(,"notifications":{"toolsListChanged":true,"resourceSubscriptions":[)"
                            + uris + "]}");
  }

  static std::string modern_update(const std::string& id) {
    return R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"_meta":)"
           R"({"io.modelcontextprotocol/subscriptionId":)"
           + id + R"(},"uri":"x://inbox"}})";
  }

  strings change(const std::string& uri) { return lines_of(subject.on_resource_changed(uri, now)); }

  static std::set<std::string> watched(const std::vector<effect>& effects) {
    const auto all = only<watch_resources>(effects);
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? std::set<std::string>{} : all.front().uris;
  }
};

TEST_F(session_updates, are_saved_and_watched_before_a_subscription_is_answered) {
  const auto effects = subscribe("x://inbox");
  ASSERT_EQ(effects.size(), 3U);
  EXPECT_TRUE(std::holds_alternative<save_state>(effects[0]));
  EXPECT_EQ(std::get<watch_resources>(effects[1]).uris, std::set<std::string>{"x://inbox"});
  EXPECT_EQ(std::get<send_line>(effects[2]).line, R"({"jsonrpc":"2.0","id":"s","result":{}})");
  EXPECT_EQ(subscribe("x://inbox").size(), 1U) << "it changes nothing to say it again";
}

TEST_F(session_updates, go_untagged_to_a_legacy_client) {
  EXPECT_TRUE(change("x://inbox").empty());
  (void)subscribe("x://inbox");
  EXPECT_EQ(change("x://inbox"), strings{legacy_update});
  EXPECT_TRUE(change("x://news").empty());
}

TEST_F(session_updates, go_tagged_to_every_stream_that_asked_for_them_after_it_was_acknowledged) {
  EXPECT_EQ(ask(listen("1", R"("x://inbox","x://nowhere","x://inbox")")),
            strings{R"({"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged",)"
                    R"("params":{"_meta":{"io.modelcontextprotocol/subscriptionId":1},)"
                    R"("notifications":{"resourceSubscriptions":["x://inbox"]}}})"});
  (void)tell(listen(R"("two")", R"("x://news","x://inbox")"));
  (void)tell(listen("3", R"("x://news")"));
  (void)subscribe("x://inbox");
  EXPECT_EQ(change("x://inbox"),
            (strings{legacy_update, modern_update("1"), modern_update(R"("two")")}));
}

TEST_F(session_updates, are_told_at_most_once_in_a_second_and_always_of_the_last_change) {
  (void)subscribe("x://inbox");
  EXPECT_EQ(change("x://inbox").size(), 1U);
  EXPECT_FALSE(subject.next_due());
  const auto told = now;
  for (int i = 0; i < 9; ++i) {
    now += 100ms;
    EXPECT_TRUE(change("x://inbox").empty());
  }
  ASSERT_EQ(subject.next_due(), told + limits::update_interval_min);
  EXPECT_TRUE(subject.on_time(now).empty());
  now = *subject.next_due();
  EXPECT_EQ(lines_of(subject.on_time(now)), strings{legacy_update});
  EXPECT_FALSE(subject.next_due());
  now += limits::update_interval_min;
  EXPECT_TRUE(subject.on_time(now).empty()) << "nothing changed since";
  EXPECT_EQ(change("x://inbox").size(), 1U);
}

TEST_F(session_updates, end_with_the_last_subscription) {
  (void)subscribe("x://inbox");
  EXPECT_EQ(watched(tell(listen("1", R"("x://inbox","x://news")"))),
            (std::set<std::string>{"x://inbox", "x://news"}));
  EXPECT_EQ(only<watch_resources>(tell(subscription("unsubscribe", "x://inbox"))).size(), 0U)
    << "a stream still wants it";
  EXPECT_EQ(change("x://inbox"), strings{modern_update("1")});
  EXPECT_EQ(change("x://inbox").size(), 0U);
  EXPECT_TRUE(watched(tell(R"({"jsonrpc":"2.0","method":"notifications/cancelled",)"
                           R"("params":{"requestId":1}})"))
                .empty());
  now += 2s;
  EXPECT_TRUE(lines_of(subject.on_time(now)).empty()) << "even what was held back";
  EXPECT_TRUE(change("x://inbox").empty());
  EXPECT_EQ(tell(subscription("unsubscribe", "x://inbox")).size(), 1U);
}

TEST_F(session_updates, survive_a_crash_of_the_session_and_count_everything_as_changed) {
  (void)subscribe("x://inbox");
  (void)tell(listen("1", R"("x://inbox")"));
  session next{with_resources(), subject.checkpoint()};
  const auto effects = next.resume(now);
  EXPECT_EQ(watched(effects), std::set<std::string>{"x://inbox"});
  EXPECT_EQ(lines_of(effects), (strings{legacy_update, modern_update("1")}));
  EXPECT_TRUE(session(with_resources(), {}).resume(now).empty()) << "the first session of all";
}

TEST_F(session_updates, are_forgotten_by_a_client_that_begins_anew) {
  (void)subscribe("x://inbox");
  const auto effects = tell(
    R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}})");
  EXPECT_EQ(only<save_state>(effects).size(), 1U);
  EXPECT_TRUE(watched(effects).empty());
  EXPECT_TRUE(change("x://inbox").empty());
}

TEST_F(session_updates, stop_when_the_conversation_ends) {
  (void)subscribe("x://inbox");
  EXPECT_EQ(change("x://inbox").size(), 1U);
  EXPECT_EQ(change("x://inbox").size(), 0U);
  (void)subject.finish("The server is stopping.");
  EXPECT_FALSE(subject.next_due());
  now += 2s;
  EXPECT_TRUE(subject.on_time(now).empty());
  EXPECT_TRUE(change("x://inbox").empty());
}

TEST_F(session_updates, belong_to_one_era_each) {
  EXPECT_EQ(code_of(modern_request("1", "resources/subscribe", R"(,"uri":"x://inbox")")), -32601);
  EXPECT_EQ(code_of(modern_request("1", "resources/unsubscribe", R"(,"uri":"x://inbox")")), -32601);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":)"
                    R"({"notifications":{}}})"),
            -32601);
}

/// Enough resources that a few streams reach the bound.
class many_subscriptions : public session_test {
protected:
  many_subscriptions()
    : session_test{plenty()} {
    shake_hands("2025-11-25");
  }

  static session_options plenty() {
    auto options = two_tools();
    for (std::size_t i = 0; i < resources; ++i) {
      const auto uri = "x://" + std::to_string(i);
      options.resources.push_back({uri, json::value{{"uri", uri}, {"name", uri}}});
    }
    return options;
  }

  static std::string listen_to_all(const std::string& id) {
    std::string uris;
    for (std::size_t i = 0; i < resources; ++i) {
      uris += (i == 0 ? "" : ",") + std::string{R"("x://)"} + std::to_string(i) + '"';
    }
    return modern_request(id, "subscriptions/listen",
                          R"(,"notifications":{"resourceSubscriptions":[)" + uris + "]}");
  }

  static constexpr std::size_t resources = 256;
};

TEST_F(many_subscriptions, are_refused_beyond_the_bound_in_both_eras) {
  static_assert(limits::resource_subscriptions_max % resources == 0);
  for (std::size_t i = 0; i < limits::resource_subscriptions_max / resources; ++i) {
    ASSERT_EQ(code_of(listen_to_all(std::to_string(i))), 0);
  }
  EXPECT_EQ(code_of(listen_to_all(R"("more")")), -32603);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":"s","method":"resources/subscribe","params":)"
                    R"({"uri":"x://0"}})"),
            -32603);
  EXPECT_EQ(subject.checkpoint().streams.size(), limits::resource_subscriptions_max / resources);
}

} // namespace
} // namespace nats_mcp::mcp::session_updates_test
