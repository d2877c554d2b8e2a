// SPDX-License-Identifier: MIT
// A stream's configuration and state as the JetStream API writes them.
#include "protocol/jetstream/stream_config.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::jetstream::stream_config_test {
namespace {

using namespace std::chrono_literals;

/// As nats-server 2.10 answers `STREAM.INFO`.
constexpr std::string_view info = R"({"type":"io.nats.jetstream.api.v1.stream_info_response",
"config":{"name":"ns_A","subjects":["ns.a"],"retention":"workqueue","max_consumers":-1,
"max_msgs":100,"max_bytes":-1,"max_age":3600000000000,"max_msgs_per_subject":-1,
"max_msg_size":-1,"discard":"new","storage":"memory","num_replicas":1,
"duplicate_window":120000000000,"compression":"none","allow_direct":false,"mirror_direct":false,
"sealed":false,"deny_delete":false,"consumer_limits":{}},
"created":"2026-01-15T10:00:00.1Z","state":{"messages":3,"bytes":300,"first_seq":5,
"first_ts":"2026-01-15T10:00:00.123456789Z","last_seq":9,"last_ts":"2026-01-15T11:00:00Z",
"consumer_count":1}})";

TEST(stream_config, is_read_from_the_servers_answer) {
  const auto parsed = parse_stream_info(info);
  ASSERT_TRUE(parsed);
  const auto& config = parsed->config;
  EXPECT_EQ(config.name, "ns_A");
  EXPECT_EQ(config.subjects, std::vector<std::string>{"ns.a"});
  EXPECT_EQ(config.retention, retention_policy::work_queue);
  EXPECT_EQ(config.max_consumers, -1);
  EXPECT_EQ(config.max_messages, 100);
  EXPECT_EQ(config.max_age, 1h);
  EXPECT_EQ(config.discard, discard_policy::new_messages);
  EXPECT_EQ(config.storage, storage_kind::memory);
  EXPECT_FALSE(config.allow_direct);
  EXPECT_EQ(parsed->extent.messages, 3U);
  EXPECT_EQ(parsed->extent.first_sequence, 5U);
  EXPECT_EQ(parsed->extent.last_sequence, 9U);
  EXPECT_EQ(parsed->bytes, 300U);
  EXPECT_EQ(to_rfc3339(parsed->first_at.value()), "2026-01-15T10:00:00.123Z");
}

TEST(stream_config, sends_members_it_does_not_know_back_unchanged) {
  const auto written = to_json(parse_stream_info(info)->config);
  const auto original = json::parse(info).value()["config"];
  for (const auto& [key, member] : original.items()) {
    EXPECT_EQ(written[key], member) << key;
  }
}

TEST(stream_config, says_that_a_full_subject_refuses_only_where_it_does) {
  stream_config config;
  config.name = "A";
  EXPECT_FALSE(to_json(config).contains("discard_new_per_subject"));
  config.discard_new_per_subject = true;
  const auto written = to_json(config);
  EXPECT_EQ(written["discard_new_per_subject"], true);
  const auto read = stream_config_from(written);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->discard_new_per_subject);
  EXPECT_TRUE(read->other.empty());
}

TEST(stream_config, of_an_empty_stream_has_no_times) {
  const auto parsed = parse_stream_info(
    R"({"config":{"name":"A"},"state":{"messages":0,"first_ts":"0001-01-01T00:00:00Z"}})");
  ASSERT_TRUE(parsed);
  EXPECT_FALSE(parsed->first_at);
  EXPECT_FALSE(parsed->last_at);
}

TEST(stream_config, refuses_what_is_no_description_of_a_stream) {
  for (const auto* body : {"", "[]", "{}", R"({"config":{"name":"A"}})",
                           R"({"config":{},"state":{}})", R"({"config":5,"state":{}})"}) {
    EXPECT_FALSE(parse_stream_info(body)) << body;
  }
}

TEST(stream_config, is_asked_for_created_and_updated_by_name) {
  stream_config config;
  config.name = "ns_A";
  const auto deadline = monotonic_time{5s};
  EXPECT_EQ(stream_info_request("ns_A", deadline).verb, "STREAM.INFO.ns_A");
  EXPECT_EQ(create_stream_request(config, deadline).verb, "STREAM.CREATE.ns_A");
  EXPECT_EQ(update_stream_request(config, deadline).verb, "STREAM.UPDATE.ns_A");
  EXPECT_EQ(update_stream_request(config, deadline).body, json::write(to_json(config)));
  EXPECT_EQ(update_stream_request(config, deadline).deadline, deadline);
}

RC_GTEST_PROP(stream_config, is_read_back_as_it_was_written, ()) {
  stream_config written;
  written.name = "S";
  written.subjects = {"a.b", "c.>"};
  written.retention = *rc::gen::element(retention_policy::limits, retention_policy::interest,
                                        retention_policy::work_queue);
  written.discard = *rc::gen::element(discard_policy::old_messages, discard_policy::new_messages);
  written.discard_new_per_subject = *rc::gen::arbitrary<bool>();
  written.max_messages = *rc::gen::arbitrary<std::int64_t>();
  written.max_bytes = *rc::gen::arbitrary<std::int64_t>();
  written.max_age = std::chrono::nanoseconds{*rc::gen::arbitrary<std::int64_t>()};
  written.allow_direct = *rc::gen::arbitrary<bool>();
  written.other["metadata"] = {{"k", "v"}};
  RC_ASSERT(stream_config_from(json::parse(json::write(to_json(written))).value()).value()
            == written);
}

} // namespace
} // namespace nats_mcp::jetstream::stream_config_test
