// SPDX-License-Identifier: MIT
// The modern request envelope and the shapes of its errors.
#include "protocol/mcp/envelope_modern.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nats_mcp::mcp::envelope_modern_test {
namespace {

int code_for(const std::string& meta_members) {
  const auto wrong = check_envelope(json::parse(R"({"_meta":{)" + meta_members + "}}").value());
  return wrong ? static_cast<int>(wrong->code) : 0;
}

const std::string version = R"("io.modelcontextprotocol/protocolVersion":"2026-07-28")";
const std::string capabilities = R"(,"io.modelcontextprotocol/clientCapabilities":{})";

TEST(envelope_modern, accepts_the_two_required_keys_and_any_other) {
  EXPECT_EQ(code_for(version + capabilities), 0);
  EXPECT_EQ(code_for(version + capabilities + R"(,"claudecode/toolUseId":"x","traceparent":7)"), 0);
}

TEST(envelope_modern, needs_the_capabilities_as_an_object) {
  EXPECT_EQ(code_for(version), -32602);
  EXPECT_EQ(code_for(version + R"(,"io.modelcontextprotocol/clientCapabilities":null)"), -32602);
  EXPECT_EQ(code_for(version + R"(,"io.modelcontextprotocol/clientCapabilities":[])"), -32602);
}

TEST(envelope_modern, needs_the_version_as_a_string) {
  EXPECT_EQ(code_for(R"("io.modelcontextprotocol/protocolVersion":20260728)" + capabilities),
            -32602);
}

TEST(envelope_modern, does_not_need_client_info_but_checks_it) {
  const std::string info = R"(,"io.modelcontextprotocol/clientInfo":)";
  EXPECT_EQ(code_for(version + capabilities + info + R"({"name":"a","version":"1"})"), 0);
  EXPECT_EQ(code_for(version + capabilities + info + R"("a")"), -32602);
}

TEST(envelope_modern, refuses_unknown_log_levels) {
  const std::string level = R"(,"io.modelcontextprotocol/logLevel":)";
  EXPECT_EQ(code_for(version + capabilities + level + R"("warning")"), 0);
  EXPECT_EQ(code_for(version + capabilities + level + R"("loud")"), -32602);
  EXPECT_EQ(code_for(version + capabilities + level + "1"), -32602);
}

TEST(envelope_modern, looks_at_the_keys_before_the_version) {
  EXPECT_EQ(code_for(R"("io.modelcontextprotocol/protocolVersion":"2027-01-15")"), -32602);
}

TEST(envelope_modern, names_the_supported_and_the_requested_version) {
  for (const std::string asked : {"2027-01-15", "2025-11-25", ""}) {
    const auto wrong =
      check_envelope(json::parse(R"({"_meta":{"io.modelcontextprotocol/protocolVersion":")" + asked
                                 + '"' + capabilities + "}}")
                       .value());
    ASSERT_TRUE(wrong) << asked;
    EXPECT_EQ(wrong->code, jsonrpc::error_code::unsupported_protocol_version);
    EXPECT_EQ(json::write(wrong->data.value()),
              R"({"supported":["2026-07-28"],"requested":")" + asked + "\"}");
  }
}

TEST(envelope_modern, cuts_an_absurd_version_in_its_error) {
  const auto wrong = unsupported_version(std::string(1'000'000, 'v'));
  EXPECT_LT(wrong.message.size(), 1000U);
  EXPECT_LT(json::write(wrong.data.value()).size(), 1000U);
}

TEST(envelope_modern, names_missing_capabilities_as_an_object) {
  const auto wrong = missing_client_capability(
    "Needs form elicitation.", {{"elicitation", {{"form", json::value::object()}}}});
  EXPECT_EQ(static_cast<int>(wrong.code), -32021);
  EXPECT_EQ(json::write(wrong.data.value()),
            R"({"requiredCapabilities":{"elicitation":{"form":{}}}})");
}

TEST(envelope_modern, puts_result_type_and_server_info_on_every_result) {
  const modern_envelope envelope{{"n", "T", "1"}};
  const std::string server =
    R"("io.modelcontextprotocol/serverInfo":{"name":"n","title":"T","version":"1"})";
  std::string plain;
  envelope.append_result(plain, R"("a":1)");
  EXPECT_EQ(plain, R"({"resultType":"complete","a":1,"_meta":{)" + server + "}}");
  std::string empty;
  envelope.append_result(empty, "");
  EXPECT_EQ(empty, R"({"resultType":"complete","_meta":{)" + server + "}}");
  std::string cacheable;
  envelope.append_result(cacheable, R"("a":1)", list_hint);
  EXPECT_EQ(cacheable,
            R"({"resultType":"complete","a":1,"ttlMs":300000,"cacheScope":"public","_meta":{)"
              + server + "}}");
}

} // namespace
} // namespace nats_mcp::mcp::envelope_modern_test
