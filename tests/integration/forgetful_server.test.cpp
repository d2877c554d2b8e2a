// SPDX-License-Identifier: MIT
// A nats-server that was started anew and counts the messages of an empty queue from 1 again,
// though its consumers remember how many there were (docs/wire.md, "Consumers that outlive their
// stream"): 2.9.10 was seen to do so by itself, here it is made to. What is accepted then is
// delivered.
#include "tests/integration/raw_nats.hpp"
#include "tests/integration/work_agents.hpp"

#include <filesystem>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

class forgetful_server : public work_agents {
protected:
  /// Ends the server, takes away what it knows of the messages of a stream, and starts it.
  void forget_messages_of(const std::string& stream) {
    raw_nats by_hand{nats_.port(), ""};
    ASSERT_TRUE(
      eventually(10s,
                 [&] {
                   const auto info = by_hand.request("$JS.API.STREAM.INFO." + stream, "");
                   return observation{info.find(R"("messages":0,)") != std::string::npos, info};
                 }))
      << "it was empty when that was seen";
    nats_.stop();
    const auto kept = nats_.folder() / "store/jetstream/$G/streams" / stream / "msgs";
    ASSERT_GT(std::filesystem::remove_all(kept), 0U) << kept;
    nats_.start();
  }
};

TEST_F(forgetful_server, delivers_mail_that_was_accepted_since) {
  const auto ann = worker("ann");
  const auto bob = worker("bob");
  const auto write_to_bob = [&](const std::string& text) {
    const auto sent =
      ann->call("send_direct_message", {{"recipientHandle", "bob"}, {"message", text}});
    EXPECT_FALSE(sent.is_error) << sent.text;
  };
  for (int i = 0; i < 5; ++i) {
    write_to_bob("before " + std::to_string(i));
  }
  ASSERT_TRUE(says(bob->call("read_direct_messages", json::value::object()).text, "before 4"));
  forget_messages_of("AGENT_INBOX");
  write_to_bob("after");
  EXPECT_TRUE(says(bob->call("read_direct_messages", json::value::object()).text, "after"));
}

TEST_F(forgetful_server, delivers_work_that_was_accepted_since) {
  const auto manager = worker("manager", json::value::array());
  const auto developer = worker("developer");
  for (int i = 0; i < 5; ++i) {
    const auto item = offer(*manager, "before");
    const auto claimed = developer->call("claim_work", {{"timeout", 10000}});
    ASSERT_EQ(item_in(claimed.text), item) << claimed.text;
    with(*developer, "complete_work", item);
  }
  forget_messages_of("WORK");
  const auto item = offer(*manager, "after");
  const auto claimed = developer->call("claim_work", {{"timeout", 10000}});
  EXPECT_EQ(item_in(claimed.text), item) << claimed.text;
}

} // namespace
} // namespace nats_mcp::testing
