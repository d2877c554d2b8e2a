// SPDX-License-Identifier: MIT
// Where HTTP is served, and under which terms it may be.
#include "protocol/http/address.hpp"

#include "protocol/limits/http.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::http::address_test {
namespace {

TEST(an_address, is_a_host_and_a_port) {
  EXPECT_EQ(parse_address("127.0.0.1:7280").value(), (address{"127.0.0.1", 7280, false, true}));
  EXPECT_EQ(parse_address("0.0.0.0:80").value(), (address{"0.0.0.0", 80, false, false}));
  EXPECT_EQ(parse_address("192.168.1.7:0").value(), (address{"192.168.1.7", 0, false, false}));
  EXPECT_EQ(parse_address("127.3.2.1:65535").value(), (address{"127.3.2.1", 65535, false, true}));
}

TEST(an_address, of_ipv6_stands_in_brackets) {
  EXPECT_EQ(parse_address("[::1]:7280").value(), (address{"::1", 7280, true, true}));
  EXPECT_EQ(parse_address("[::]:7280").value(), (address{"::", 7280, true, false}));
  EXPECT_EQ(parse_address("[fe80::1]:1").value(), (address{"fe80::1", 1, true, false}));
  EXPECT_TRUE(parse_address("[::ffff:127.0.0.1]:1").value().is_loopback);
  EXPECT_FALSE(parse_address("[::ffff:10.0.0.1]:1").value().is_loopback);
}

TEST(an_address, may_be_called_localhost) {
  EXPECT_EQ(parse_address("localhost:7280").value(), (address{"127.0.0.1", 7280, false, true}));
}

TEST(an_address, is_written_as_in_a_url) {
  EXPECT_EQ(to_text(parse_address("[::1]:7280").value()), "[::1]:7280");
  EXPECT_EQ(to_text(parse_address("10.0.0.1:80").value()), "10.0.0.1:80");
}

TEST(an_address, that_is_none_is_refused_with_the_reason) {
  const auto why = [](std::string_view text) {
    const auto read = parse_address(text);
    EXPECT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, ec::configuration_invalid);
    return read ? std::string{} : read.error().message;
  };
  EXPECT_EQ(why("127.0.0.1"), "\"127.0.0.1\" is no address to serve HTTP at: it has no port. Write"
                              " it as 127.0.0.1:7280 or [::1]:7280.");
  EXPECT_NE(why("").find("no port"), std::string::npos);
  EXPECT_NE(why(":7280").find("no host"), std::string::npos);
  for (const auto* text : {"1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:-1", "1.2.3.4:8x", "1.2.3.4: 8"}) {
    EXPECT_NE(why(text).find("its port is no number"), std::string::npos) << text;
  }
  for (const auto* text : {"example.org:80", "1.2.3:80", "999.1.1.1:80", "[::zz]:80", "[]:1"}) {
    EXPECT_NE(why(text).find("host"), std::string::npos) << text;
  }
  EXPECT_NE(why("::1:7280").find("brackets"), std::string::npos);
  EXPECT_NE(why("[127.0.0.1]:80").find("brackets"), std::string::npos);
  EXPECT_LT(why(std::string(10'000, 'x') + ":1").size(), 500U);
}

class terms : public ::testing::Test {
protected:
  static std::string objection(std::string_view where, const access_terms& wanted) {
    const auto fine = check(parse_address(where).value(), wanted);
    return fine ? std::string{} : fine.error().message;
  }
};

TEST_F(terms, need_no_token_on_this_computer) {
  EXPECT_EQ(objection("127.0.0.1:7280", {}), "");
  EXPECT_EQ(objection("[::1]:7280", {}), "");
}

TEST_F(terms, need_a_token_where_others_are) {
  EXPECT_EQ(objection("0.0.0.0:7280", {}),
            "HTTP is not served at 0.0.0.0:7280 without a token: others than this computer reach"
            " that address, and the page can retry and discard work. Set NATS_MCP_HTTP_TOKEN, or"
            " serve at 127.0.0.1.");
  EXPECT_NE(objection("[::]:7280", {}), "");
  EXPECT_EQ(objection("0.0.0.0:7280", {std::string(16, 'x'), {}}), "");
}

TEST_F(terms, want_a_token_nobody_can_guess) {
  EXPECT_NE(objection("127.0.0.1:1", {std::string(15, 'x'), {}}).find("openssl rand"),
            std::string::npos);
  EXPECT_NE(objection("127.0.0.1:1", {std::string(1025, 'x'), {}}), "");
  EXPECT_NE(objection("127.0.0.1:1", {"has a blank in its middle", {}}), "");
  EXPECT_NE(objection("127.0.0.1:1", {"has\nanother line in it", {}}), "");
  EXPECT_NE(objection("127.0.0.1:1", {"has \xc3\xa4 letter of its own", {}}), "");
}

TEST_F(terms, never_repeat_the_token) {
  EXPECT_EQ(objection("127.0.0.1:1", {"se cret", {}}).find("se cret"), std::string::npos);
}

TEST_F(terms, name_hosts_without_ports) {
  EXPECT_EQ(objection("127.0.0.1:1", {{}, {"coordinator.example.org", "a-b"}}), "");
  for (const auto* name : {"", "a:80", "a/b", "a b", "*"}) {
    EXPECT_NE(objection("127.0.0.1:1", {{}, {name}}), "") << name;
  }
  EXPECT_NE(
    objection("127.0.0.1:1", {{}, std::vector<std::string>(limits::http_host_names_max + 1, "a")}),
    "");
}

} // namespace
} // namespace nats_mcp::http::address_test
