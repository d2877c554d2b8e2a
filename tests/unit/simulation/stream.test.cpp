// SPDX-License-Identifier: MIT
// What a modelled stream admits, drops and answers. Every expectation was seen on
// nats-server 2.9.10.
#include "tests/unit/simulation/client.hpp"

namespace nats_mcp::simulation::stream_test {
namespace {

using jetstream::headers;

constexpr auto id = "Nats-Msg-Id";
constexpr auto expected = "Nats-Expected-Last-Subject-Sequence";

class sim_stream : public modelled_server {
protected:
  std::uint64_t messages(const std::string& stream) {
    return state(stream)["messages"].get<std::uint64_t>();
  }
};

TEST_F(sim_stream, answers_its_configuration_with_the_servers_defaults) {
  const auto made = create_stream({{"name", "A"}, {"subjects", {"a.*"}}});
  EXPECT_EQ(made["type"], "io.nats.jetstream.api.v1.stream_create_response");
  EXPECT_EQ(made["did_create"], true);
  EXPECT_EQ(made["config"]["retention"], "limits");
  EXPECT_EQ(made["config"]["max_msgs"], -1);
  EXPECT_EQ(made["config"]["duplicate_window"], 120'000'000'000);
  EXPECT_EQ(made["config"]["allow_direct"], false);
}

TEST_F(sim_stream, is_made_again_only_with_the_same_configuration) {
  (void)create_stream({{"name", "A"}, {"subjects", {"a.*"}}});
  EXPECT_EQ(error_of(create_stream({{"name", "A"}, {"subjects", {"a.*"}}})), 0);
  EXPECT_EQ(error_of(create_stream({{"name", "A"}, {"subjects", {"a.>"}}})), 10058);
  EXPECT_EQ(error_of(create_stream({{"name", "B"}, {"subjects", {"a.b"}}})), 10065);
  EXPECT_EQ(error_of(create_stream({{"name", "R"}, {"subjects", {"r"}}, {"num_replicas", 3}})),
            10074);
  EXPECT_EQ(error_of(api("STREAM.UPDATE.Z", {{"name", "Z"}})), 10059);
  EXPECT_EQ(error_of(api("STREAM.INFO.Z")), 10059);
}

TEST_F(sim_stream, stores_an_id_once_within_its_window) {
  (void)create_stream({{"name", "D"}, {"subjects", {"d"}}, {"duplicate_window", 300'000'000}});
  EXPECT_EQ(store("d", "x", {{id, "one"}})["seq"], 1);
  pass(200ms);
  const auto repeated = store("d", "x", {{id, "one"}});
  EXPECT_EQ(repeated["seq"], 1);
  EXPECT_EQ(repeated["duplicate"], true);
  // The repetition did not prolong the window.
  pass(100ms);
  EXPECT_EQ(store("d", "x", {{id, "one"}})["seq"], 2);
}

TEST_F(sim_stream, forgets_no_id_when_its_message_is_purged) {
  (void)create_stream({{"name", "D"}, {"subjects", {"d"}}});
  (void)store("d", "x", {{id, "one"}});
  EXPECT_EQ(api("STREAM.PURGE.D")["purged"], 1);
  EXPECT_EQ(store("d", "x", {{id, "one"}})["duplicate"], true);
}

TEST_F(sim_stream, holds_a_compare_and_set_against_the_subjects_newest_message) {
  (void)create_stream({{"name", "E"}, {"subjects", {"e.*"}}});
  EXPECT_EQ(store("e.1", "a", {{expected, "0"}})["seq"], 1);
  const auto conflict = store("e.1", "b", {{expected, "0"}});
  EXPECT_EQ(error_of(conflict), 10071);
  EXPECT_EQ(conflict["error"]["description"], "wrong last sequence: 1");
  EXPECT_EQ(store("e.2", "c", {{expected, "0"}})["seq"], 2);
  EXPECT_EQ(store("e.1", "d", {{expected, "1"}})["seq"], 3);
}

TEST_F(sim_stream, looks_at_the_id_before_the_expected_sequence) {
  (void)create_stream({{"name", "E"}, {"subjects", {"e"}}});
  (void)store("e", "a", {{id, "one"}, {expected, "0"}});
  EXPECT_EQ(store("e", "a", {{id, "one"}, {expected, "0"}})["duplicate"], true);
}

TEST_F(sim_stream, does_not_remember_the_id_of_a_refused_message) {
  (void)create_stream({{"name", "E"}, {"subjects", {"e"}}});
  (void)store("e");
  EXPECT_EQ(error_of(store("e", "x", {{id, "two"}, {expected, "0"}})), 10071);
  EXPECT_EQ(store("e", "x", {{id, "two"}})["seq"], 2);
}

TEST_F(sim_stream, drops_the_oldest_messages_beyond_its_limits) {
  (void)create_stream({{"name", "L"}, {"subjects", {"l.*"}}, {"max_msgs", 3}});
  for (const auto* subject : {"l.1", "l.2", "l.1", "l.2"}) {
    (void)store(subject);
  }
  EXPECT_EQ(state("L")["first_seq"], 2);
  EXPECT_EQ(messages("L"), 3U);
}

TEST_F(sim_stream, keeps_the_newest_messages_of_each_subject) {
  (void)create_stream({{"name", "L"}, {"subjects", {"l.*"}}, {"max_msgs_per_subject", 1}});
  for (const auto* subject : {"l.1", "l.2", "l.1"}) {
    (void)store(subject);
  }
  const auto subjects = api("STREAM.INFO.L", {{"subjects_filter", "l.>"}})["state"]["subjects"];
  EXPECT_EQ(subjects, (json::value{{"l.1", 1}, {"l.2", 1}}));
  EXPECT_EQ(state("L")["first_seq"], 2);
}

TEST_F(sim_stream, refuses_new_messages_when_told_to_discard_those) {
  (void)create_stream({{"name", "N"}, {"subjects", {"n"}}, {"discard", "new"}, {"max_msgs", 1}});
  (void)store("n");
  const auto full = store("n");
  EXPECT_EQ(error_of(full), 10077);
  EXPECT_EQ(full["error"]["description"], "maximum messages exceeded");
}

TEST_F(sim_stream, refuses_only_the_subject_that_is_full) {
  (void)create_stream({{"name", "P"},
                       {"subjects", {"p.*"}},
                       {"discard", "new"},
                       {"discard_new_per_subject", true},
                       {"max_msgs_per_subject", 1}});
  (void)store("p.1");
  const auto full = store("p.1");
  EXPECT_EQ(error_of(full), 10077);
  EXPECT_EQ(full["error"]["description"], "maximum messages per subject exceeded");
  EXPECT_EQ(store("p.2")["seq"], 2);
}

TEST_F(sim_stream, drops_the_oldest_message_although_told_to_discard_new_ones) {
  // 43 bytes are stored for each of these, yet only the 10 of the payload are counted beforehand.
  (void)create_stream(
    {{"name", "B"}, {"subjects", {"b.*"}}, {"discard", "new"}, {"max_bytes", 100}});
  const std::string ten(10, 'a');
  (void)store("b.1", ten);
  (void)store("b.1", ten);
  EXPECT_EQ(error_of(store("b.1", std::string(14, 'a'))), 10077);
  EXPECT_EQ(store("b.1", ten)["seq"], 3);
  EXPECT_EQ(state("B")["first_seq"], 2);
  EXPECT_EQ(state("B")["bytes"], 86);
}

TEST_F(sim_stream, refuses_a_message_that_is_too_large) {
  (void)create_stream({{"name", "Z"}, {"subjects", {"z"}}, {"max_msg_size", 5}});
  EXPECT_EQ(error_of(store("z", "123456")), 10054);
}

TEST_F(sim_stream, lets_messages_go_when_they_are_too_old) {
  (void)create_stream({{"name", "M"}, {"subjects", {"m"}}, {"max_age", 1'000'000'000}});
  (void)store("m");
  pass(999ms);
  EXPECT_EQ(messages("M"), 1U);
  pass(1ms);
  EXPECT_EQ(messages("M"), 0U);
  EXPECT_EQ(state("M")["first_seq"], 2);
  EXPECT_EQ(state("M")["last_seq"], 1);
}

TEST_F(sim_stream, purges_by_subject_sequence_and_number) {
  (void)create_stream({{"name", "A"}, {"subjects", {"a.*"}}});
  for (const auto* subject : {"a.1", "a.2", "a.1", "a.2", "a.1", "a.1"}) {
    (void)store(subject);
  }
  EXPECT_EQ(error_of(api("STREAM.PURGE.A", {{"seq", 2}, {"keep", 2}})), 10003);
  EXPECT_EQ(api("STREAM.PURGE.A", {{"filter", "a.2"}})["purged"], 2);
  EXPECT_EQ(api("STREAM.PURGE.A", {{"seq", 3}})["purged"], 1);
  EXPECT_EQ(api("STREAM.PURGE.A", {{"keep", 2}})["purged"], 1);
  EXPECT_EQ(state("A")["first_seq"], 5);
}

TEST_F(sim_stream, deletes_one_message_once) {
  (void)create_stream({{"name", "A"}, {"subjects", {"a"}}});
  (void)store("a");
  (void)store("a");
  EXPECT_EQ(api("STREAM.MSG.DELETE.A", {{"seq", 1}})["success"], true);
  EXPECT_EQ(error_of(api("STREAM.MSG.DELETE.A", {{"seq", 1}})), 10043);
  EXPECT_EQ(error_of(api("STREAM.MSG.DELETE.A", {{"seq", 9}})), 10057);
}

TEST_F(sim_stream, finds_the_newest_message_of_a_pattern) {
  (void)create_stream({{"name", "A"}, {"subjects", {"a.*"}}});
  (void)store("a.1", "first");
  (void)store("a.2", "second", {{"K", "v"}});
  const auto found = api("STREAM.MSG.GET.A", {{"last_by_subj", "a.*"}})["message"];
  EXPECT_EQ(found["seq"], 2);
  EXPECT_EQ(found["data"], "c2Vjb25k");
  EXPECT_EQ(found["hdrs"], "TkFUUy8xLjANCks6IHYNCg0K");
  EXPECT_EQ(error_of(api("STREAM.MSG.GET.A", {{"last_by_subj", "a.9"}})), 10037);
}

TEST_F(sim_stream, answers_direct_gets_only_when_it_allows_them) {
  (void)create_stream({{"name", "A"}, {"subjects", {"a.*"}}});
  (void)store("a.1");
  EXPECT_FALSE(request("$JS.API.DIRECT.GET.A.a.1"));
  (void)api("STREAM.UPDATE.A", {{"name", "A"}, {"subjects", {"a.*"}}, {"allow_direct", true}});
  const auto got = request("$JS.API.DIRECT.GET.A.a.1");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->payload, "x");
  EXPECT_EQ(jetstream::header(got->headers, "Nats-Sequence"), "1");
  const auto missing = request("$JS.API.DIRECT.GET.A.a.2");
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->status, 404);
}

TEST_F(sim_stream, drops_at_once_what_exceeds_lowered_limits) {
  (void)create_stream({{"name", "A"}, {"subjects", {"a"}}});
  (void)store("a");
  (void)store("a");
  (void)api("STREAM.UPDATE.A", {{"name", "A"}, {"subjects", {"a"}}, {"max_msgs", 1}});
  EXPECT_EQ(messages("A"), 1U);
}

TEST_F(sim_stream, remembers_after_a_restart_only_the_ids_of_messages_it_still_has) {
  (void)create_stream({{"name", "A"}, {"subjects", {"a"}}});
  (void)store("a", "x", {{id, "gone"}});
  (void)store("a", "x", {{id, "there"}});
  (void)api("STREAM.MSG.DELETE.A", {{"seq", 1}});
  nats.restart(now);
  nats.subscribe(me, inbox, "_INBOX.me.>", {}, now);
  EXPECT_EQ(store("a", "x", {{id, "there"}})["duplicate"], true);
  EXPECT_EQ(store("a", "x", {{id, "gone"}})["seq"], 3);
}

class sim_stream_of_another_version : public modelled_server {
protected:
  sim_stream_of_another_version()
    : modelled_server{{.order = check_order::expected_sequence_first}} {
    // nop
  }
};

TEST_F(sim_stream_of_another_version, looks_at_the_expected_sequence_before_the_id) {
  (void)create_stream({{"name", "E"}, {"subjects", {"e"}}});
  (void)store("e", "a", {{id, "one"}, {expected, "0"}});
  EXPECT_EQ(error_of(store("e", "a", {{id, "one"}, {expected, "0"}})), 10071);
}

} // namespace
} // namespace nats_mcp::simulation::stream_test
