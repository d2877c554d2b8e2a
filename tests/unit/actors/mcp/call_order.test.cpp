// SPDX-License-Identifier: MIT
// What has to be over before the next line is dispatched, what an agent is told below its answers,
// and when an answer counts as with the client.
#include "protocol/json/value.hpp"

#include "transport/stdio/answer_ledger.hpp"
#include "transport/stdio/input_queue.hpp"

#include "actors/error_bridge.hpp"
#include "actors/mcp/session_actor.hpp"

#include "tests/support/checkpoint_keeper.hpp"
#include "tests/support/deterministic.hpp"
#include "tests/support/stub_registry.hpp"

#include <caf/send.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

/// A client in memory that takes what is pushed when the test lets it.
class slow_client final : public transport::client_lines {
public:
  void say(std::string line) {
    (void)queue_.push(
      {transport::input_kind::line, std::make_shared<const std::string>(std::move(line))});
  }

  [[nodiscard]] std::optional<transport::input> next() override { return queue_.next(); }
  void done() override { queue_.done(); }
  [[nodiscard]] std::optional<transport::input> take_in_hand() override {
    return queue_.take_in_hand();
  }
  [[nodiscard]] bool input_ended() const override { return false; }
  void write(std::string_view line) override { heard.emplace_back(line); }
  void push() override {
    // The pipe is full, or it is not: `sent` says.
  }
  [[nodiscard]] bool output_congested() const override { return false; }
  [[nodiscard]] std::uint64_t output_taken() const override { return heard.size(); }
  [[nodiscard]] std::uint64_t output_sent() const override { return std::min(sent, heard.size()); }
  void owe(mcp::owed_answer answer) override { ledger_.owe(std::move(answer)); }
  void settle(const jsonrpc::request_id& id) override { ledger_.settle(id); }
  [[nodiscard]] std::vector<mcp::owed_answer> owed() const override { return ledger_.owed(); }

  std::vector<std::string> heard;
  std::size_t sent = std::numeric_limits<std::size_t>::max();

private:
  static transport::input_queue::options quiet() {
    transport::input_queue::options out;
    out.on_input = [] {};
    return out;
  }

  transport::input_queue queue_{quiet()};
  transport::answer_ledger ledger_;
};

/// What the inbox was told; it has one message for every read.
struct inbox_hearing {
  std::vector<call_id> shown;
  std::size_t sends = 0;
};

inbox_actor spawn_hearing_inbox(caf::actor_system& system, std::shared_ptr<inbox_hearing> into) {
  using namespace tools;
  return system.spawn([into]() -> inbox_actor::behavior_type {
    return {
      [into](const send_direct&) -> caf::result<send_direct_message_result> {
        ++into->sends;
        return to_caf({ec::not_found, "You are not registered.", 0});
      },
      [](const read_inbox&) {
        read_direct_messages_result out;
        out.messages.push_back({"1", "guid", "ann", "text", "2026-01-01T00:00:00.000Z", "hello"});
        return out;
      },
      [into](const direct_messages_shown& what) { into->shown.push_back(what.call); },
      [](const direct_messages_not_shown&) {},
      [](const inbox_readers_gone&) {},
      [](const wait_for_mail&) { return mail_news{}; },
      [](const cancel_mail_wait&) {},
      [](const identity_changed&) {},
      [](const inbox_timer&) {},
      [](const jetstream::core_message&) {},
      [](const jetstream::kv_change&) {},
      [](const jetstream::kv_watch_event&) {},
      [](const jetstream::connection_event&) {},
    };
  });
}

class call_order : public deterministic {
protected:
  void start(const std::string& own_type, const checkpoint& last = {}) {
    auto loaded = std::make_shared<config::loaded_configuration>();
    loaded->value.agent_type = own_type;
    session_actor_options options;
    options.child_id = "session";
    options.protocol.server = {"s", "", "1"};
    for (const auto* tool :
         {"register_agent", "send_direct_message", "read_direct_messages", "get_my_handle"}) {
      options.protocol.tools.push_back({tool, json::value{{"name", tool}}});
    }
    if (takes_hints_) {
      options.protocol.legacy_only = true;
      options.protocol.watched_for_hints.emplace();
    }
    options.dispatch.configuration = loaded;
    registry_actor_ = adopt(spawn_stub_registry(system(), registry_));
    options.dispatch.registry = registry_actor_;
    options.dispatch.supervisor = adopt(spawn_checkpoint_keeper(system(), saved_));
    options.dispatch.inbox = adopt(spawn_hearing_inbox(system(), inbox_));
    options.link = client_;
    options.on_end_of_input = [] {};
    options.world.random = [bits = std::uint64_t{0}]() mutable { return ++bits; };
    session_ = adopt(spawn_shell<session_actor, session_state>(system(), "session", message_probe{},
                                                               std::move(options), last));
    run();
    if (last.as<session_memory>() != nullptr) {
      return; // its client has shaken hands with the one before
    }
    say(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":)"
        R"({"protocolVersion":"2025-11-25"}})");
    client_->heard.clear();
  }

  /// The session dies, and its supervisor starts it again.
  void restart(const std::string& own_type) {
    caf::anon_send_exit(session_, caf::exit_reason::kill);
    run();
    start(own_type, *saved_);
  }

  void client_is_ready() { say(R"({"jsonrpc":"2.0","method":"notifications/initialized"})"); }

  void take_over() {
    identity_changed held;
    held.now.guid = "guid-1";
    held.now.handle = "dev";
    tell(session_, held);
    tell(session_, identity_changed{{}, "Another process has taken over.", {}});
  }

  void say(const std::string& line) {
    client_->say(line);
    tell(session_, input_waiting{});
  }

  void call(int id, const std::string& tool, const std::string& arguments) {
    say(R"({"jsonrpc":"2.0","id":)" + std::to_string(id)
        + R"(,"method":"tools/call","params":{"name":")" + tool + R"(","arguments":)" + arguments
        + "}}");
  }

  void send(int id) {
    call(id, "send_direct_message", R"({"recipientHandle":"bob","message":"hello"})");
  }

  /// The answer to the oldest registration that is open.
  void registered() {
    registry_->registration = tools::register_agent_result{"guid-1", "dev", 60s, false};
    tell(registry_actor_, registry_timer{});
  }

  void refused() {
    registry_->registration = fail(ec::timeout, "NATS does not answer.");
    tell(registry_actor_, registry_timer{});
  }

  [[nodiscard]] std::string heard() const {
    std::string all;
    for (const auto& line : client_->heard) {
      all += line + "\n";
    }
    return all;
  }

  std::shared_ptr<registry_script> registry_ = std::make_shared<registry_script>();
  std::shared_ptr<inbox_hearing> inbox_ = std::make_shared<inbox_hearing>();
  std::shared_ptr<checkpoint> saved_ = std::make_shared<checkpoint>();
  bool takes_hints_ = false;
  std::shared_ptr<slow_client> client_ = std::make_shared<slow_client>();
  registry_actor registry_actor_;
  session_actor session_;
};

TEST_F(call_order, a_registration_is_over_before_the_next_line_is_dispatched) {
  start("");
  call(1, "register_agent", R"({"agentType":"dev"})");
  send(2);
  EXPECT_EQ(inbox_->sends, 0U);
  registered();
  EXPECT_EQ(inbox_->sends, 1U);
}

TEST_F(call_order, a_registration_nobody_waits_for_any_more_is_over_first_as_well) {
  start("");
  call(1, "register_agent", R"({"agentType":"dev"})");
  send(2);
  say(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})");
  EXPECT_EQ(inbox_->sends, 0U);
  registered();
  EXPECT_EQ(inbox_->sends, 1U);
}

TEST_F(call_order, a_call_withdrawn_while_it_is_held_back_is_never_dispatched) {
  start("");
  call(1, "register_agent", R"({"agentType":"dev"})");
  send(2);
  say(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}})");
  registered();
  EXPECT_EQ(inbox_->sends, 0U);
}

TEST_F(call_order, an_agent_with_a_type_registers_itself_before_the_first_call_that_needs_nats) {
  start("developer");
  call(1, "get_my_handle", "{}");
  EXPECT_TRUE(registry_->registrations.empty());
  send(2);
  ASSERT_EQ(registry_->registrations.size(), 1U);
  EXPECT_EQ(registry_->registrations[0].arguments.agent_type, "developer");
  EXPECT_EQ(inbox_->sends, 0U);
  registered();
  EXPECT_EQ(inbox_->sends, 1U);
}

TEST_F(call_order, a_registration_by_itself_leaves_the_call_half_of_its_time) {
  start("developer");
  send(1);
  ASSERT_EQ(registry_->registrations.size(), 1U);
  EXPECT_EQ(registry_->registrations[0].deadline - now(), 2500ms);
}

TEST_F(call_order, a_registration_that_failed_is_named_and_not_tried_again_at_once) {
  start("developer");
  send(1);
  refused();
  EXPECT_NE(heard().find("[This agent could not register itself: NATS does not answer.]"),
            std::string::npos)
    << heard();
  send(2);
  EXPECT_EQ(registry_->registrations.size(), 1U);
  advance(31s);
  send(3);
  EXPECT_EQ(registry_->registrations.size(), 2U);
}

TEST_F(call_order, a_registration_by_itself_that_came_too_early_to_return_says_what_to_do) {
  start("developer");
  send(1);
  registry_->registration = tools::register_agent_result{
    "guid-1", "dev", 60s, false, tools::likely_predecessor{12'345ms, 167'655ms}};
  tell(registry_actor_, registry_timer{});
  EXPECT_NE(heard().find("[Registered as dev (guid-1); the GUID of this name is another session's"),
            std::string::npos)
    << heard();
  EXPECT_NE(heard().find("register_agent in 168s returns to it"), std::string::npos) << heard();
}

TEST_F(call_order, that_the_agent_was_taken_over_stands_below_the_next_answer_once) {
  start("");
  take_over();
  call(1, "get_my_handle", "{}");
  EXPECT_NE(heard().find("[Another process has taken over.]"), std::string::npos) << heard();
  client_->heard.clear();
  call(2, "get_my_handle", "{}");
  EXPECT_EQ(heard().find("taken over"), std::string::npos) << heard();
}

TEST_F(call_order, an_agent_with_a_type_is_told_that_it_was_taken_over_before_it_is_another) {
  start("developer");
  send(1);
  registered();
  take_over();
  client_->heard.clear();
  send(2);
  EXPECT_EQ(registry_->registrations.size(), 1U) << "not before its user knows";
  EXPECT_NE(heard().find("[Another process has taken over.]"), std::string::npos) << heard();
  client_->heard.clear();
  send(3);
  ASSERT_EQ(registry_->registrations.size(), 2U);
  registry_->registration = tools::register_agent_result{"guid-2", "dev", 60s, false};
  tell(registry_actor_, registry_timer{});
  EXPECT_NE(heard().find("[Registered again, as another agent: dev (guid-2).]"), std::string::npos)
    << heard();
}

TEST_F(call_order, that_the_agent_was_taken_over_is_told_by_the_session_after_a_crash_as_well) {
  start("developer");
  send(1);
  registered();
  take_over();
  restart("developer");
  client_->heard.clear();
  send(2);
  EXPECT_EQ(registry_->registrations.size(), 1U) << "not before its user knows";
  EXPECT_NE(heard().find("[Another process has taken over.]"), std::string::npos) << heard();
  restart("developer");
  client_->heard.clear();
  send(3);
  ASSERT_EQ(registry_->registrations.size(), 2U);
  registry_->registration = tools::register_agent_result{"guid-2", "dev", 60s, false};
  tell(registry_actor_, registry_timer{});
  EXPECT_EQ(heard().find("taken over"), std::string::npos) << "once: " << heard();
  EXPECT_NE(heard().find("[Registered again, as another agent: dev (guid-2).]"), std::string::npos)
    << heard();
}

TEST_F(call_order, an_agent_that_is_to_be_woken_registers_itself_when_its_client_is_ready) {
  takes_hints_ = true;
  start("developer");
  EXPECT_TRUE(registry_->registrations.empty()) << "its client may go away again";
  client_is_ready();
  ASSERT_EQ(registry_->registrations.size(), 1U);
  send(1);
  EXPECT_EQ(inbox_->sends, 0U) << "a call waits for it";
  registered();
  EXPECT_EQ(inbox_->sends, 1U);
  advance(61s);
  EXPECT_EQ(registry_->registrations.size(), 1U);
}

TEST_F(call_order, an_agent_that_is_to_be_woken_tries_to_register_until_it_has) {
  takes_hints_ = true;
  start("developer");
  client_is_ready();
  refused();
  advance(30s);
  ASSERT_EQ(registry_->registrations.size(), 2U);
  refused();
  restart("developer");
  ASSERT_EQ(registry_->registrations.size(), 3U) << "a session that failed is no reason to stop";
  registered();
  advance(61s);
  EXPECT_EQ(registry_->registrations.size(), 3U);
}

TEST_F(call_order, an_agent_that_is_not_woken_registers_with_its_first_call) {
  start("developer");
  client_is_ready();
  advance(61s);
  EXPECT_TRUE(registry_->registrations.empty());
}

TEST_F(call_order, an_agent_that_gets_its_guid_back_is_not_called_another) {
  start("developer");
  send(1);
  registered();
  take_over();
  send(2); // its user is told
  client_->heard.clear();
  send(3);
  registry_->registration = tools::register_agent_result{"guid-1", "dev", 60s, true, {}};
  tell(registry_actor_, registry_timer{});
  EXPECT_EQ(heard().find("as another agent"), std::string::npos) << heard();
}

TEST_F(call_order, mail_counts_as_shown_when_the_client_has_the_answer) {
  start("");
  client_->sent = 0;
  call(1, "read_direct_messages", "{}");
  ASSERT_NE(heard().find("hello"), std::string::npos) << heard();
  EXPECT_TRUE(inbox_->shown.empty()) << "it is still in the pipe";
  client_->sent = client_->heard.size();
  tell(session_, output_drained{});
  EXPECT_EQ(inbox_->shown.size(), 1U);
}

} // namespace
} // namespace nats_mcp::testing
