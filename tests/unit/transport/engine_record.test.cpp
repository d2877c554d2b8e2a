// SPDX-License-Identifier: MIT
#include "transport/engine/engine_record.hpp"

#include "transport/engine/engine_report.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

using namespace nats_mcp;
using namespace nats_mcp::transport;

namespace {

engine_record example() { return {39431, "secret", {4711, 99887766}, {4710, 99887765}}; }

} // namespace

TEST(engine_record, is_read_as_it_was_written) {
  EXPECT_EQ(parse_record(write_record(example())), example());
}

TEST(engine_record, is_none_when_any_part_is_missing_or_wrong) {
  EXPECT_EQ(parse_record(""), std::nullopt);
  EXPECT_EQ(parse_record("[]"), std::nullopt);
  const auto text = write_record(example());
  for (std::size_t length = 0; length + 1 < text.size(); ++length) {
    EXPECT_EQ(parse_record(text.substr(0, length)), std::nullopt) << "cut at " << length;
  }
  EXPECT_EQ(parse_record(R"({"port":70000,"token":"t","server":{"pid":1,"startTicks":1},)"
                         R"("parent":{"pid":1,"startTicks":1}})"),
            std::nullopt);
  EXPECT_EQ(parse_record(R"({"port":1,"token":"t","server":{"pid":-1,"startTicks":1},)"
                         R"("parent":{"pid":1,"startTicks":1}})"),
            std::nullopt);
}

RC_GTEST_PROP(engine_record, takes_any_bytes_without_harm, (const std::string& bytes)) {
  RC_ASSERT(!parse_record(bytes).has_value());
  RC_ASSERT(!parse_report(bytes).has_value());
}

TEST(engine_token, is_random_and_long) {
  std::set<std::string> seen;
  for (int round = 0; round < 100; ++round) {
    const auto token = make_token();
    ASSERT_TRUE(token.has_value());
    EXPECT_EQ(token->size(), 64U);
    EXPECT_EQ(token->find_first_not_of("0123456789abcdef"), std::string::npos);
    seen.insert(*token);
  }
  EXPECT_EQ(seen.size(), 100U);
}

TEST(server_configuration, listens_on_the_loopback_only_and_demands_the_token) {
  const auto text = server_configuration(engine_files{"/data/nats-mcp"}, "secret");
  EXPECT_NE(text.find("listen: \"127.0.0.1:-1\"\n"), std::string::npos);
  EXPECT_NE(text.find("jetstream { store_dir: \"/data/nats-mcp/store\" }\n"), std::string::npos);
  EXPECT_NE(text.find("authorization { token: \"secret\" }\n"), std::string::npos);
}

TEST(server_configuration, survives_quotes_in_the_path) {
  const auto text = server_configuration(engine_files{"/da\"ta\\x"}, "secret");
  EXPECT_NE(text.find("store_dir: \"/da\\\"ta\\\\x/store\""), std::string::npos);
}

TEST(engine_report, is_read_as_it_was_written) {
  for (const auto outcome : {start_outcome::ready, start_outcome::taken, start_outcome::failed}) {
    const engine_report report{outcome, "a \"sentence\"\nof two lines"};
    const auto line = write_report(report);
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_EQ(parse_report(line), report);
  }
}

TEST(engine_report, with_an_unknown_outcome_is_none) {
  EXPECT_EQ(parse_report(R"({"outcome":"maybe","message":""})"), std::nullopt);
  EXPECT_EQ(parse_report(R"({"outcome":"ready"})"), std::nullopt);
}
