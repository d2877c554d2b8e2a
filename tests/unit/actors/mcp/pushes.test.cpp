// SPDX-License-Identifier: MIT
// From what the other actors tell the session to what the client reads: updates of resources and
// hints, on virtual time.
#include "protocol/tools/hints.hpp"
#include "protocol/tools/resources.hpp"

#include "transport/stdio/answer_ledger.hpp"
#include "transport/stdio/input_queue.hpp"

#include "actors/mcp/session_actor.hpp"

#include "tests/unit/actors/mcp/desk_story.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

/// A client in memory that reads at once.
class memory_lines final : public transport::client_lines {
public:
  void say(std::string line) {
    (void)queue_.push(
      {transport::input_kind::line, std::make_shared<const std::string>(std::move(line))});
  }

  [[nodiscard]] strings heard() { return std::exchange(heard_, {}); }

  [[nodiscard]] std::optional<transport::input> next() override { return queue_.next(); }
  void done() override { queue_.done(); }
  [[nodiscard]] std::optional<transport::input> take_in_hand() override {
    return queue_.take_in_hand();
  }
  [[nodiscard]] bool input_ended() const override { return false; }
  void write(std::string_view line) override { heard_.emplace_back(line); }
  void push() override {
    // Written is read.
  }
  [[nodiscard]] bool output_congested() const override { return false; }
  [[nodiscard]] std::uint64_t output_taken() const override { return 0; }
  [[nodiscard]] std::uint64_t output_sent() const override { return 0; }
  void owe(mcp::owed_answer answer) override { ledger_.owe(std::move(answer)); }
  void settle(const jsonrpc::request_id& id) override { ledger_.settle(id); }
  [[nodiscard]] std::vector<mcp::owed_answer> owed() const override { return ledger_.owed(); }

private:
  static transport::input_queue::options quiet() {
    transport::input_queue::options out;
    out.on_input = [] {};
    return out;
  }

  transport::input_queue queue_{quiet()};
  transport::answer_ledger ledger_;
  strings heard_;
};

class pushes : public deterministic {
protected:
  void SetUp() override {
    channels_ = adopt(
      spawn_shell<channels_actor, desk_channels>(system(), "channels", message_probe{}, script_));
    registry_ = adopt(
      spawn_shell<registry_actor, desk_registry>(system(), "registry", message_probe{}, script_));
    start();
  }

  void start() {
    auto loaded = std::make_shared<config::loaded_configuration>();
    loaded->value.channels.push_back({"planning", ""});
    session_actor_options options;
    options.child_id = "session";
    options.protocol.server = {"s", "", "1"};
    for (const auto& resource : tools::selected_resources(loaded->value)) {
      options.protocol.resources.push_back({resource.uri, tools::listing(resource)});
    }
    if (hints_) {
      options.protocol.legacy_only = true;
      options.protocol.watched_for_hints = {"nats-mcp://channels/planning"};
    }
    options.dispatch.configuration = loaded;
    options.dispatch.channels = channels_;
    options.dispatch.registry = registry_;
    options.link = lines_;
    options.on_end_of_input = [] {};
    options.world.random = [bits = std::uint64_t{0}]() mutable { return ++bits; };
    session_ = adopt(spawn_shell<session_actor, session_state>(system(), "session", message_probe{},
                                                               std::move(options), checkpoint{}));
    run();
  }

  strings say(const std::string& line) {
    lines_->say(line);
    tell(session_, input_waiting{});
    return lines_->heard();
  }

  void shake_hands() {
    (void)say(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":)"
              R"({"protocolVersion":"2025-11-25"}})");
    (void)say(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
  }

  void subscribe(const std::string& uri) {
    (void)say(R"({"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":")" + uri
              + R"("}})");
  }

  static std::string updated(const std::string& uri) {
    return R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":")" + uri
           + R"("}})";
  }

  strings changed(channel_author author) {
    tell(session_, channel_changed{"planning", author});
    return lines_->heard();
  }

  strings mail(std::uint64_t unread) {
    tell(session_, unread_mail{unread});
    return lines_->heard();
  }

  strings later(std::chrono::milliseconds time) {
    advance(time);
    return lines_->heard();
  }

  static bool holds(const strings& lines, std::string_view part) {
    return lines.size() == 1 && lines[0].find(part) != std::string::npos;
  }

  bool hints_ = false;
  std::shared_ptr<desk_script> script_ = std::make_shared<desk_script>();
  std::shared_ptr<memory_lines> lines_ = std::make_shared<memory_lines>();
  channels_actor channels_;
  registry_actor registry_;
  session_actor session_;
};

TEST_F(pushes, tell_the_parts_what_the_client_subscribed_to) {
  shake_hands();
  EXPECT_TRUE(script_->channels_observed.empty());
  subscribe("nats-mcp://channels/planning");
  ASSERT_EQ(script_->channels_observed.size(), 1U);
  EXPECT_EQ(script_->channels_observed[0].channels, std::set<std::string>{"planning"});
  EXPECT_FALSE(script_->agents_observed.at(0).wanted);
  subscribe("nats-mcp://agents");
  EXPECT_TRUE(script_->agents_observed.at(1).wanted);
  tell(session_, observation_wanted{});
  EXPECT_EQ(script_->channels_observed.size(), 3U);
}

TEST_F(pushes, bring_changes_of_every_kind_to_the_client) {
  shake_hands();
  subscribe("nats-mcp://channels/planning");
  subscribe("nats-mcp://agents");
  subscribe("nats-mcp://inbox");
  EXPECT_EQ(changed(channel_author::this_agent), strings{updated("nats-mcp://channels/planning")});
  EXPECT_EQ(mail(1), strings{updated("nats-mcp://inbox")});
  tell(session_, agents_changed{});
  EXPECT_EQ(lines_->heard(), strings{updated("nats-mcp://agents")});
}

TEST_F(pushes, hold_back_what_comes_too_soon_and_never_lose_the_last_change) {
  shake_hands();
  subscribe("nats-mcp://channels/planning");
  subscribe("nats-mcp://inbox");
  EXPECT_EQ(changed(channel_author::somebody_else).size(), 1U);
  (void)later(500ms);
  EXPECT_EQ(mail(1).size(), 1U);
  EXPECT_TRUE(mail(2).empty());
  EXPECT_TRUE(later(100ms).empty());
  // Due before what is held back already.
  EXPECT_TRUE(changed(channel_author::somebody_else).empty());
  EXPECT_EQ(later(400ms), strings{updated("nats-mcp://channels/planning")});
  EXPECT_EQ(later(500ms), strings{updated("nats-mcp://inbox")});
  EXPECT_TRUE(later(10s).empty());
}

TEST_F(pushes, do_not_cut_the_time_short_that_answers_have_at_the_end) {
  shake_hands();
  subscribe("nats-mcp://inbox");
  (void)mail(1);
  (void)mail(2);
  script_->channel = tools::read_messages_result{};
  const auto finished = post(session_, finish_session{now() + 5s});
  run();
  EXPECT_TRUE(finished.answered()) << "nothing is in flight";
  EXPECT_TRUE(later(2s).empty()) << "nothing follows the end";
}

TEST_F(pushes, read_what_the_resource_says_when_it_is_asked_for) {
  shake_hands();
  tools::read_messages_result planning;
  planning.channel = "planning";
  script_->channel = planning;
  EXPECT_TRUE(holds(say(R"({"jsonrpc":"2.0","id":7,"method":"resources/read","params":)"
                        R"({"uri":"nats-mcp://channels/planning"}})"),
                    "No messages in #planning"));
  EXPECT_TRUE(lines_->owed().empty());
}

class hints_to_the_client : public pushes {
protected:
  hints_to_the_client() { hints_ = true; }
};

TEST_F(hints_to_the_client, are_given_for_what_others_wrote_and_for_nothing_else) {
  shake_hands();
  EXPECT_EQ(script_->channels_observed.at(0).channels, std::set<std::string>{"planning"});
  EXPECT_TRUE(changed(channel_author::this_agent).empty());
  EXPECT_TRUE(changed(channel_author::unknown).empty());
  EXPECT_EQ(changed(channel_author::somebody_else),
            strings{R"({"jsonrpc":"2.0","method":"notifications/claude/channel","params":)"
                    R"({"content":"New messages in #planning. Read them with read_messages and )"
                    R"(unread=true.","meta":{"kind":"channel","channel":"planning"}}})"});
}

TEST_F(hints_to_the_client, are_given_when_mail_comes_and_not_when_it_is_read) {
  shake_hands();
  EXPECT_EQ(mail(2), strings{R"({"jsonrpc":"2.0","method":"notifications/claude/channel","params":)"
                             R"({"content":"2 unread direct messages. Read them with )"
                             R"(read_direct_messages.","meta":{"kind":"inbox","unread":"2"}}})"});
  EXPECT_TRUE(mail(1).empty());
  EXPECT_TRUE(later(5s).empty());
  EXPECT_TRUE(mail(0).empty());
  EXPECT_TRUE(holds(mail(1), "1 unread direct message."));
}

TEST_F(hints_to_the_client, stay_true_while_they_are_held_back) {
  shake_hands();
  EXPECT_EQ(mail(1).size(), 1U);
  EXPECT_TRUE(mail(5).empty());
  EXPECT_TRUE(mail(3).empty());
  EXPECT_TRUE(holds(later(1s), "3 unread direct messages."));
  EXPECT_TRUE(mail(4).empty());
  EXPECT_TRUE(mail(0).empty());
  EXPECT_TRUE(later(5s).empty()) << "all of it was read";
}

} // namespace
} // namespace nats_mcp::testing
