// SPDX-License-Identifier: MIT
// The signatures nats.c 3.4.1 takes for empty and does not send: one in 256, which the server would
// refuse. The next greeting has another nonce.
#include "transport/nats/connection.hpp"
#include "transport/nats/nkey.hpp"

#include "tests/support/eventually.hpp"
#include "tests/support/loopback_listener.hpp"
#include "tests/support/nats_identities.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace nats_mcp::transport::signatures_test {
namespace {

using namespace std::chrono_literals;
using testing::loopback_listener;

class signatures : public ::testing::Test {
protected:
  signatures() { folder_.write("user.nk", user_.seed()); }

  /// A nonce whose signature begins with a zero byte, or one whose does not.
  [[nodiscard]] std::string nonce(bool begins_with_zero) const {
    for (int i = 0;; ++i) {
      auto text = "nonce" + std::to_string(i);
      if ((user_.sign(text).front() == 0) == begins_with_zero) {
        return text;
      }
    }
  }

  static std::string greeting(const std::string& nonce) {
    return R"(INFO {"server_id":"X","version":"2.9.10","proto":1,"headers":true,)"
           R"("max_payload":1048576,"auth_required":true,"nonce":")"
           + nonce + "\"}\r\n";
  }

  /// Tries to connect to whoever listens there.
  [[nodiscard]] std::unique_ptr<connection> connect_to(const loopback_listener& server) const {
    endpoint where;
    where.urls = "nats://127.0.0.1:" + std::to_string(server.port());
    where.identity.nkey_seed_file = (folder_.path() / "user.nk").string();
    connection::options choice;
    choice.source = [where](const std::stop_token&) -> result<endpoint> { return where; };
    choice.random = [] { return 0U; };
    auto made = std::make_unique<connection>(std::move(choice));
    made->connect();
    return made;
  }

  testing::nkey user_{testing::nkey::kind::user};
  testing::temporary_directory folder_;
};

TEST_F(signatures, that_cannot_be_sent_are_made_again_for_the_next_nonce) {
  std::unique_ptr<connection> client; // ends after who listens, so that it waits for nobody
  const loopback_listener server{{greeting(nonce(true)), greeting(nonce(false))}};
  client = connect_to(server);
  EXPECT_TRUE(testing::eventually(10s, [&] {
    const auto heard = server.heard();
    return testing::observation{heard.find("PING\r\n") != std::string::npos, heard};
  }));
  EXPECT_EQ(server.connections(), 2);
  const auto heard = server.heard();
  EXPECT_EQ(heard.find("CONNECT"), 0U) << "nothing was said to the first greeting";
  EXPECT_NE(heard.find("\"nkey\":\"" + user_.public_key() + "\""), std::string::npos) << heard;
  EXPECT_NE(heard.find("\"sig\":\""), std::string::npos) << heard;
}

TEST_F(signatures, that_can_never_be_sent_end_the_attempt) {
  const loopback_listener server{greeting(nonce(true))};
  const auto client = connect_to(server);
  std::vector<event> events;
  EXPECT_TRUE(testing::eventually(10s, [&] {
    for (auto& one : client->take_events()) {
      events.push_back(std::move(one));
    }
    return !events.empty();
  }));
  ASSERT_TRUE(std::holds_alternative<connection_failed>(events.front()));
  EXPECT_EQ(server.heard(), "");
}

} // namespace
} // namespace nats_mcp::transport::signatures_test
