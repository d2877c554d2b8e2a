// SPDX-License-Identifier: MIT
// The whole actor tree on virtual time, with a scripted gateway and a client on real pipes:
// whatever part fails at whatever message, every request gets exactly one answer and the agent
// keeps its handle and its read positions.
#include "protocol/config/loader.hpp"
#include "protocol/json/member.hpp"

#include "transport/process/descriptor.hpp"
#include "transport/stdio/client_link.hpp"
#include "transport/stdio/unanswered.hpp"

#include "actors/system/server_system.hpp"

#include "tests/support/channel_story.hpp"
#include "tests/support/eventually.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <fcntl.h>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <unistd.h>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

/// Makes one actor fail at its n-th message.
struct planned_failure {
  std::string actor;
  int at_message = 0;
  int seen = 0;
};

class server_faults : public channel_story {
protected:
  void SetUp() override {
    channel_story::SetUp();
    auto input = transport::make_pipe();
    auto output = transport::make_pipe();
    ASSERT_TRUE(input && output);
    to_server_ = std::move(input->write);
    from_client_ = std::move(input->read);
    to_client_ = std::move(output->write);
    from_server_ = std::move(output->read);
    ::fcntl(from_server_.number(), F_SETFL, O_NONBLOCK);
    start_tree();
    say(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25",)"
        R"("capabilities":{},"clientInfo":{"name":"test","version":"1"}}})");
  }

  void TearDown() override {
    (void)ask(tree_.supervisor, stop_tree{});
    tree_ = {};
    link_.reset();
    channel_story::TearDown();
  }

  /// Gives the server a line and lets it be handled, if there is a session to handle it.
  void say(const std::string& line) {
    const auto whole = line + "\n";
    const auto before = arrived_->load();
    ASSERT_EQ(::write(to_server_.number(), whole.data(), whole.size()),
              static_cast<ssize_t>(whole.size()));
    // The reader thread announces a line that meets an empty queue; behind another one it needs
    // no announcement, and the session takes it with that one.
    const auto patience = std::chrono::steady_clock::now() + 20ms;
    while (arrived_->load() == before && std::chrono::steady_clock::now() < patience) {
      std::this_thread::yield();
    }
    tell(tree_.session, input_waiting{});
  }

  void call(int id, const std::string& tool, const std::string& arguments) {
    say(R"({"jsonrpc":"2.0","id":)" + std::to_string(id)
        + R"(,"method":"tools/call","params":{"name":")" + tool + R"(","arguments":)" + arguments
        + "}}");
  }

  void read_resource(int id, const std::string& uri) {
    say(R"({"jsonrpc":"2.0","id":)" + std::to_string(id)
        + R"(,"method":"resources/read","params":{"uri":")" + uri + R"("}})");
  }

  void listen(int id) {
    say(
      R"({"jsonrpc":"2.0","id":)" + std::to_string(id)
      + R"(,"method":"subscriptions/listen","params":{"notifications":{"resourceSubscriptions":)"
        R"(["nats-mcp://inbox"]},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
        R"("io.modelcontextprotocol/clientCapabilities":{}}}})");
  }

  /// Reads what the server wrote: the answers by id.
  void collect() {
    char chunk[65536];
    for (auto got = ::read(from_server_.number(), chunk, sizeof chunk); got > 0;
         got = ::read(from_server_.number(), chunk, sizeof chunk)) {
      unread_.append(chunk, static_cast<std::size_t>(got));
    }
    for (auto end = unread_.find('\n'); end != std::string::npos; end = unread_.find('\n')) {
      const auto message = json::parse(unread_.substr(0, end));
      unread_.erase(0, end + 1);
      ASSERT_TRUE(message);
      if (const auto id = json::signed_member(*message, "id")) {
        answers_[static_cast<int>(*id)].push_back(json::write(*message));
      }
    }
  }

  void start_tree() {
    arrived_ = std::make_shared<std::atomic<int>>(0);
    transport::client_link::options pipes;
    pipes.input = from_client_.number();
    pipes.output = to_client_.number();
    pipes.on_input = [arrived = arrived_] { ++*arrived; };
    pipes.on_drained = [] {};
    link_ = std::make_shared<transport::client_link>(pipes);
    auto loaded = std::make_shared<config::loaded_configuration>();
    loaded->value.channel_namespace = "demo";
    loaded->value.channels.push_back({"planning", "Sprint planning"});
    server_system_options options;
    options.configuration = loaded;
    options.link = link_;
    options.server_version = "0";
    options.process = {"session", "host", "user", {}};
    options.world.wall_clock = [] { return wall_time{}; };
    options.world.random = [bits = std::uint64_t{100}]() mutable { return ++bits; };
    options.world.probe = [plan = plan_](std::string_view actor) {
      if (actor == plan->actor && ++plan->seen == plan->at_message) {
        throw std::runtime_error("the test wants it so");
      }
    };
    options.start_gateway = [this](caf::local_actor*, const checkpoint&, const supervisor_actor&) {
      return caf::actor_cast<caf::strong_actor_ptr>(adopt(spawn_stub_gateway(system(), script_)));
    };
    options.on_end_of_input = [] {};
    tree_ = start_server_system(system(), std::move(options));
    adopt(tree_.supervisor);
    run();
    link_->start();
  }

  std::shared_ptr<planned_failure> plan_ = std::make_shared<planned_failure>();
  transport::descriptor to_server_;
  transport::descriptor from_client_;
  transport::descriptor to_client_;
  transport::descriptor from_server_;
  std::shared_ptr<transport::client_link> link_;
  std::shared_ptr<std::atomic<int>> arrived_;
  server_system tree_;
  std::string unread_;
  std::map<int, std::vector<std::string>> answers_;
};

TEST_F(server_faults, keep_the_handle_and_the_read_position_over_crashes_of_every_part) {
  stream_holds("demo_PLANNING", 3);
  call(1, "set_handle", R"({"handle":"planner"})");
  call(2, "read_messages", R"({"channel":"planning","unread":true})");
  for (const auto* part : {"session", "channels"}) {
    *plan_ = {part, 1, 0};
    call(3, "get_my_handle", "{}");
    call(4, "list_channels", "{}");
    call(5, "read_messages", R"({"channel":"planning"})");
    advance(1s);
  }
  *plan_ = {};
  answers_.clear();
  collect();
  answers_.clear();
  call(6, "get_my_handle", "{}");
  call(7, "read_messages", R"({"channel":"planning","unread":true})");
  collect();
  ASSERT_EQ(answers_[6].size(), 1U);
  EXPECT_NE(answers_[6][0].find("Your current handle: planner"), std::string::npos);
  ASSERT_EQ(answers_[7].size(), 1U);
  EXPECT_NE(answers_[7][0].find("No messages in #planning"), std::string::npos) << answers_[7][0];
}

TEST_F(server_faults, show_as_unread_again_what_was_withdrawn_or_lost_with_the_session) {
  stream_holds("demo_PLANNING", 3);
  const auto unread = R"({"channel":"planning","unread":true})";
  call(1, "read_messages", unread);
  stream_holds("demo_PLANNING", 4);
  // Both lines wait when the session takes them, so the call is withdrawn before it is answered.
  *plan_ = {"session", 1, 0};
  call(2, "get_my_handle", "{}");
  call(3, "read_messages", unread);
  say(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}})");
  advance(1s);
  call(4, "read_messages", unread);
  collect();
  EXPECT_TRUE(answers_[3].empty());
  ASSERT_EQ(answers_[4].size(), 1U);
  EXPECT_NE(answers_[4][0].find("message 4"), std::string::npos) << answers_[4][0];

  // The session fails at the answer of the channels.
  stream_holds("demo_PLANNING", 5);
  *plan_ = {"session", 2, 0};
  call(5, "read_messages", unread);
  advance(1s);
  call(6, "read_messages", unread);
  collect();
  ASSERT_EQ(answers_[5].size(), 1U);
  EXPECT_NE(answers_[5][0].find("-32603"), std::string::npos) << answers_[5][0];
  ASSERT_EQ(answers_[6].size(), 1U);
  EXPECT_NE(answers_[6][0].find("message 5"), std::string::npos) << answers_[6][0];
}

TEST_F(server_faults, leave_out_nothing_when_a_first_answer_is_taken_after_the_session_failed) {
  ::fcntl(to_client_.number(), F_SETPIPE_SZ, 4096);
  say(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})"); // more than the pipe holds
  stream_holds("demo_PLANNING", 3);
  call(2, "read_messages", R"({"channel":"planning","unread":true})");
  *plan_ = {"session", 1, 0};
  call(3, "get_my_handle", "{}");
  advance(1s);
  EXPECT_TRUE(eventually(5s, [this] {
    collect();
    return answers_[2].size() == 1;
  }));
  stream_holds("demo_PLANNING", 6);
  call(4, "read_messages", R"({"channel":"planning","unread":true,"limit":2})");
  EXPECT_TRUE(eventually(5s, [this] {
    collect();
    return answers_[4].size() == 1;
  }));
  EXPECT_NE(answers_[4][0].find("message 1"), std::string::npos) << answers_[4][0];
}

TEST_F(server_faults, name_the_part_that_failed_while_other_tools_answer) {
  stream_holds("demo_PLANNING", 3);
  *plan_ = {"channels", 1, 0};
  call(1, "read_messages", R"({"channel":"planning"})");
  call(2, "get_my_handle", "{}");
  collect();
  ASSERT_EQ(answers_[1].size(), 1U);
  EXPECT_NE(answers_[1][0].find("channels"), std::string::npos) << answers_[1][0];
  EXPECT_NE(answers_[1][0].find("\"isError\":true"), std::string::npos) << answers_[1][0];
  ASSERT_EQ(answers_[2].size(), 1U);
  advance(1s);
  call(3, "read_messages", R"({"channel":"planning"})");
  collect();
  ASSERT_EQ(answers_[3].size(), 1U);
  EXPECT_NE(answers_[3][0].find("message 3"), std::string::npos) << answers_[3][0];
}

TEST_F(server_faults, leave_a_listen_stream_open_which_ends_once_with_the_server) {
  listen(1);
  *plan_ = {"session", 1, 0};
  call(2, "get_my_handle", "{}");
  advance(1s);
  collect();
  EXPECT_TRUE(answers_[1].empty());
  EXPECT_EQ(answers_[2].size(), 1U);
  EXPECT_TRUE(ask(tree_.session, finish_session{now() + 1s}));
  transport::end_open_streams(*link_);
  collect();
  ASSERT_EQ(answers_[1].size(), 1U);
  EXPECT_NE(answers_[1][0].find(R"("result")"), std::string::npos) << answers_[1][0];
}

TEST_F(server_faults, end_a_listen_stream_whose_session_fails_just_when_the_server_ends) {
  listen(1);
  *plan_ = {"session", 1, 0};
  EXPECT_FALSE(ask(tree_.session, finish_session{now() + 1s}));
  EXPECT_TRUE(ask(tree_.supervisor, stop_tree{}));
  transport::answer_for_dead_session(*link_);
  collect();
  EXPECT_TRUE(answers_[1].empty()) << "what a session that comes again would go on with";
  transport::end_open_streams(*link_);
  collect();
  ASSERT_EQ(answers_[1].size(), 1U);
  EXPECT_NE(answers_[1][0].find(R"("result")"), std::string::npos) << answers_[1][0];
}

/// Every actor fails once, at each of its messages: (actor, message).
class server_fault_at : public server_faults,
                        public ::testing::WithParamInterface<std::tuple<const char*, int>> {};

TEST_P(server_fault_at, answers_every_request_exactly_once) {
  stream_holds("demo_PLANNING", 3);
  *plan_ = {std::get<0>(GetParam()), std::get<1>(GetParam()), 0};
  call(1, "set_handle", R"({"handle":"planner"})");
  call(2, "send_message", R"({"channel":"planning","message":"hello"})");
  call(3, "read_messages", R"({"channel":"planning"})");
  call(4, "wait_for_messages", R"({"channels":["planning"],"timeout":1000})");
  call(5, "server_status", "{}");
  say(R"({"jsonrpc":"2.0","id":6,"method":"tools/list"})");
  read_resource(7, "nats-mcp://channels/planning");
  read_resource(8, "nats-mcp://inbox");
  read_resource(9, "nats-mcp://agents");
  say(R"({"jsonrpc":"2.0","id":10,"method":"resources/subscribe","params":)"
      R"({"uri":"nats-mcp://channels/planning"}})");
  for (int second = 0; second < 30; ++second) {
    advance(1s);
    tell(tree_.session, input_waiting{});
  }
  collect();
  for (int id = 1; id <= 10; ++id) {
    EXPECT_EQ(answers_[id].size(), 1U) << "request " << id;
  }
}

INSTANTIATE_TEST_SUITE_P(each, server_fault_at,
                         ::testing::Combine(::testing::Values("session", "channels"),
                                            ::testing::Range(1, 25)),
                         [](const auto& which) {
                           return std::string{std::get<0>(which.param)} + "_at_message_"
                                  + std::to_string(std::get<1>(which.param));
                         });

} // namespace
} // namespace nats_mcp::testing
