// SPDX-License-Identifier: MIT
// Whoever shares work first on a server decides with its WORKQUEUE_* variables; what exists is used
// as it is, shown by `doctor` and changed by `apply`.
#include "protocol/json/member.hpp"

#include "tests/integration/agent.hpp"
#include "tests/integration/commands.hpp"
#include "tests/integration/raw_nats.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

std::int64_t nanoseconds(std::chrono::nanoseconds span) { return span.count(); }

class work_settings : public commands {
protected:
  work_settings() { configure(""); }

  /// What the server answers; throws what it refuses.
  json::value ask(const std::string& verb, const json::value& body = json::value::object()) {
    auto answer = json::parse(raw_.request("$JS.API." + verb, json::write(body))).value();
    if (json::find(answer, "error") != nullptr) {
      throw std::runtime_error(verb + ": " + json::write(answer));
    }
    return answer;
  }

  void make_queue() {
    ask("STREAM.CREATE.WORK", {{"name", "WORK"},
                               {"subjects", {"work.*.*.*"}},
                               {"retention", "workqueue"},
                               {"discard", "new"},
                               {"max_consumers", 100'000},
                               {"max_bytes", std::int64_t{4} << 30},
                               {"duplicate_window", nanoseconds(1h)},
                               {"allow_direct", true}});
  }

  void make_consumer(const std::string& name, const std::string& filter,
                     std::chrono::nanoseconds ack_wait) {
    ask("CONSUMER.DURABLE.CREATE.WORK." + name, {{"stream_name", "WORK"},
                                                 {"config",
                                                  {{"name", name},
                                                   {"durable_name", name},
                                                   {"ack_policy", "explicit"},
                                                   {"deliver_policy", "all"},
                                                   {"filter_subject", filter},
                                                   {"ack_wait", nanoseconds(ack_wait)},
                                                   {"max_deliver", -1},
                                                   {"max_ack_pending", -1},
                                                   {"inactive_threshold", nanoseconds(3h)}}}});
  }

  std::chrono::nanoseconds ack_wait_of(const std::string& consumer) {
    const auto info = ask("CONSUMER.INFO.WORK." + consumer);
    return std::chrono::nanoseconds{
      json::signed_member(*json::find(info, "config"), "ack_wait").value_or(0)};
  }

  std::chrono::nanoseconds age_of(const std::string& stream) {
    const auto info = ask("STREAM.INFO." + stream);
    return std::chrono::nanoseconds{
      json::signed_member(*json::find(info, "config"), "max_age").value_or(0)};
  }

  raw_nats raw_{nats_.port(), ""};
};

TEST_F(work_settings, are_not_spoken_of_before_there_is_work) {
  const auto examined = run({"doctor"});
  EXPECT_TRUE(says(examined, "No work was offered here yet; the first offer makes what is needed."))
    << examined.said;
  ASSERT_EQ(run({"apply", "--yes"}).exit_code, 0);
  EXPECT_TRUE(says(run({"doctor"}), "No work was offered here yet")) << "apply makes none";
}

TEST_F(work_settings, show_lanes_that_wait_for_another_time) {
  make_queue();
  make_consumer("public-typescript-5", "work.public.typescript.5", 2s);
  make_consumer("public-c=2B=2B-10", "work.public.c=2B=2B.10", 5min);
  const auto examined = run({"doctor"});
  EXPECT_EQ(examined.exit_code, 0) << examined.said;
  EXPECT_TRUE(says(examined, "the lane of typescript, priority 5: ackTimeout is 2s, configured is"
                             " 5m; `nats-mcp-server apply` changes it."))
    << examined.said;
  EXPECT_FALSE(says(examined, "c++")) << "it is as configured";
  variables_ = {{"WORKQUEUE_ACK_TIMEOUT", "2000"}};
  EXPECT_TRUE(says(run({"doctor"}), "the lane of c++, priority 10: ackTimeout is 5m, configured is"
                                    " 2s;"));
}

TEST_F(work_settings, change_lanes_without_taking_work_from_whoever_has_it) {
  make_queue();
  make_consumer("public-typescript-5", "work.public.typescript.5", 1h);
  raw_.request("work.public.typescript.5", "held");
  raw_.request("work.public.typescript.5", "waiting");
  ASSERT_EQ(raw_.request("$JS.API.CONSUMER.MSG.NEXT.WORK.public-typescript-5", ""), "held");
  const auto planned = run({"apply"});
  EXPECT_EQ(planned.exit_code, 3) << planned.said;
  EXPECT_TRUE(says(planned, "the lane of typescript, priority 5 (consumer public-typescript-5)\n"
                            "    ackTimeout: 1h -> 5m\n"))
    << planned.said;
  EXPECT_EQ(ack_wait_of("public-typescript-5"), 1h) << "nobody said yes";
  const auto applied = run({"apply", "--yes"});
  EXPECT_EQ(applied.exit_code, 0) << applied.said;
  EXPECT_TRUE(says(applied, "1 lane changed.")) << applied.said;
  const auto after = ask("CONSUMER.INFO.WORK.public-typescript-5");
  EXPECT_EQ(ack_wait_of("public-typescript-5"), 5min);
  EXPECT_EQ(json::unsigned_member(after, "num_ack_pending"), 1U) << "it is still out";
  EXPECT_EQ(json::unsigned_member(after, "num_pending"), 1U);
  EXPECT_TRUE(says(run({"apply"}), "Everything is as configured."));
}

TEST_F(work_settings, name_a_consumer_that_takes_work_and_is_no_agents) {
  make_queue();
  make_consumer("thief", "work.public.*.*", 30s);
  const auto examined = run({"doctor"});
  EXPECT_TRUE(
    says(examined, "the consumer \"thief\" takes \"work.public.*.*\" from the work queue"))
    << examined.said;
}

TEST_F(work_settings, keep_dead_letters_and_records_as_long_as_their_maker_said) {
  for (const auto* stream : {"DEAD_LETTER", "KV_work_items", "KV_work_tasks"}) {
    ask("STREAM.CREATE." + std::string{stream},
        {{"name", stream},
         {"subjects",
          {stream == std::string{"DEAD_LETTER"} ? std::string{"dead.*.*.*"}
                                                : "$KV." + std::string{stream}.substr(3) + ".>"}},
         {"max_msgs_per_subject", 1},
         {"max_consumers", 100'000},
         {"max_age", nanoseconds(1h)},
         {"allow_direct", true}});
  }
  const auto examined = run({"doctor"});
  EXPECT_TRUE(says(examined, "the dead letters: maxAge is 1h, configured is 7d;"
                             " `nats-mcp-server apply` changes it."))
    << examined.said;
  EXPECT_TRUE(says(examined, "the records of work items: maxAge is 1h, configured is 30d;"))
    << examined.said;
  ASSERT_EQ(run({"apply", "--yes"}).exit_code, 0);
  EXPECT_EQ(age_of("DEAD_LETTER"), 168h);
  EXPECT_EQ(age_of("KV_work_items"), 720h);
  EXPECT_EQ(age_of("KV_work_tasks"), 720h);
  variables_ = {{"WORKQUEUE_DLQ_TTL", "2592000000"}};
  EXPECT_TRUE(says(run({"doctor"}), "the records of work items: maxAge is 30d, configured is 37d;"))
    << "records outlive dead letters";
}

} // namespace
} // namespace nats_mcp::testing
