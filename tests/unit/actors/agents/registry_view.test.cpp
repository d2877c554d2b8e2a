// SPDX-License-Identifier: MIT
// What the registry shows of other agents, and how it keeps up with them.
#include "protocol/agents/buckets.hpp"
#include "protocol/limits.hpp"

#include "tests/support/registry_story.hpp"

#include <caf/send.hpp>

#include <algorithm>

namespace nats_mcp {
namespace {

using namespace std::chrono_literals;
using agents::visibility;
using strings = std::vector<std::string>;

class the_view : public testing::registry_story {
protected:
  static tools::discover_agents_arguments with_offline() {
    tools::discover_agents_arguments out;
    out.include_offline = true;
    return out;
  }
  void beat(const agents::agent_record& of) {
    (void)nats_.store().put({std::string{agents::presence_bucket},
                             key_of(of),
                             agents::write_presence(of.session_id, "w"),
                             {},
                             "w",
                             {}});
  }
  /// Snapshots bring one sign of life less than was counted, and end so.
  void end_snapshots_with(jetstream::pull_end end) {
    nats_.script()->on_pull = [end](const jetstream::pull&) -> result<jetstream::pull_result> {
      return jetstream::pull_result{{}, end};
    };
  }
  /// How often signs of life were read.
  std::size_t snapshots() const {
    const auto& asked = nats_.script()->api_requests;
    return static_cast<std::size_t>(std::count_if(asked.begin(), asked.end(), [](const auto& one) {
      return one.verb.starts_with("CONSUMER.CREATE.KV_presence.")
             && one.verb.find("public") != std::string::npos;
    }));
  }
  result<recipient_found> find(const std::string& guid, const std::string& handle = {}) {
    return ask(registry_, finding(guid, handle));
  }
};

TEST_F(the_view, is_empty_where_nobody_ever_registered) {
  EXPECT_EQ(discovered(), strings{});
  EXPECT_TRUE(nats_.writes().empty());
}

TEST_F(the_view, shows_oneself_and_everybody_who_may_be_seen) {
  auto hidden = stranger(1);
  hidden.seen_by = visibility::private_;
  put(hidden);
  auto elsewhere = stranger(2);
  elsewhere.seen_by = visibility::project_only;
  elsewhere.project_id = "ffffffffffffffff";
  put(elsewhere);
  auto of_bob = stranger(3);
  of_bob.seen_by = visibility::user_only;
  put(of_bob);
  auto colleague = stranger(4);
  colleague.seen_by = visibility::project_only;
  put(colleague);
  put(stranger(5));
  advance(1s);
  must_register(registering("dev", visibility::private_));
  EXPECT_EQ(discovered(), (strings{"dev", "stranger-4", "stranger-5"}));
}

TEST_F(the_view, sees_what_was_written_before_the_call) {
  put(stranger(1));
  EXPECT_EQ(discovered(), strings{"stranger-1"});
  advance(1s);
  put(stranger(2));
  EXPECT_EQ(discovered(), (strings{"stranger-2", "stranger-1"}));
  advance(1s);
  must_register(registering("dev"));
  EXPECT_EQ(discovered(), (strings{"dev", "stranger-2", "stranger-1"}));
}

TEST_F(the_view, is_opened_on_first_use_and_closed_after_ten_idle_minutes) {
  put(stranger(1));
  must_register(registering());
  EXPECT_TRUE(nats_.watched().empty());
  (void)discovered();
  EXPECT_EQ(nats_.watched().size(), 4U);
  advance(9min);
  (void)discovered();
  advance(10min - 1ms);
  EXPECT_EQ(nats_.watched().size(), 4U);
  advance(1ms);
  EXPECT_TRUE(nats_.watched().empty());
  put(stranger(2));
  EXPECT_EQ(discovered(with_offline()).size(), 3U);
}

TEST_F(the_view, follows_who_looks) {
  put(stranger(1));
  (void)discovered();
  EXPECT_EQ(nats_.watched().size(), 3U);
  const auto guid = must_register(registering("dev", visibility::private_));
  EXPECT_EQ(discovered().size(), 2U);
  EXPECT_EQ(nats_.watched().size(), 4U);
  ASSERT_TRUE(ask(registry_, deregister{soon()}));
  EXPECT_EQ(discovered(with_offline()), strings{"stranger-1"}) << "its private entry is not seen";
  EXPECT_EQ(nats_.watched().size(), 3U);
}

TEST_F(the_view, forgets_what_a_watch_told_that_could_not_be_opened) {
  put(stranger(1));
  must_register(registering("dev", visibility::private_));
  nats_.on_watch = [this](const kv_watch& what) -> std::optional<error> {
    const auto& store = nats_.store();
    for (const auto& entry : store.entries(agents::agents_bucket)) {
      if (entry.key == what.filter) { // its private entry, which no pattern else is
        caf::anon_send(what.listener, jetstream::kv_change{what.id, entry});
        return error{ec::unavailable, "The gateway failed with it in its hands.", 0};
      }
    }
    return std::nullopt;
  };
  EXPECT_FALSE(ask(registry_, discovering()));
  nats_.on_watch = {};
  ASSERT_TRUE(ask(registry_, deregister{soon()}));
  EXPECT_EQ(discovered(with_offline()), strings{"stranger-1"}) << "it may not be seen any more";
}

TEST_F(the_view, answers_who_was_looking_when_the_viewer_became_another) {
  put(stranger(1));
  must_register(registering("dev", visibility::private_));
  auto left = post(registry_, deregister{soon()});
  auto first = post(registry_, discovering());
  auto second = post(registry_, discovering());
  run();
  ASSERT_TRUE(left.value());
  ASSERT_TRUE(first.value());
  ASSERT_TRUE(second.value());
}

TEST_F(the_view, judges_by_heartbeats_not_older_than_five_seconds) {
  const auto one = stranger(1);
  put(one);
  advance(1h);
  beat(one);
  EXPECT_EQ(discovered(), strings{"stranger-1"});
  EXPECT_EQ(snapshots(), 1U);
  advance(5s - 1ms);
  (void)discovered();
  EXPECT_EQ(snapshots(), 1U);
  advance(1ms);
  (void)discovered();
  EXPECT_EQ(snapshots(), 2U);
}

TEST_F(the_view, shows_a_living_agent_as_online_however_short_its_interval) {
  auto one = stranger(1);
  one.heartbeat_interval = limits::heartbeat_interval_min;
  put(one);
  for (int second = 0; second < 12; ++second, advance(limits::heartbeat_interval_min)) {
    beat(one);
    EXPECT_EQ(discovered(), strings{"stranger-1"}) << second;
  }
}

TEST_F(the_view, calls_a_killed_agent_stale_and_then_offline_without_anybodys_help) {
  put(stranger(1));
  EXPECT_EQ(discovered(), strings{"stranger-1"});
  advance(2 * interval);
  EXPECT_EQ(discovered(), strings{});
  auto stale = with_offline();
  stale.status = tools::effective_status::stale;
  EXPECT_EQ(discovered(stale), strings{"stranger-1"});
  advance(interval);
  EXPECT_EQ(discovered(stale), strings{});
  EXPECT_EQ(discovered(with_offline()), strings{"stranger-1"});
}

TEST_F(the_view, reads_heartbeats_once_for_all_who_look_at_the_same_time) {
  put(stranger(1));
  (void)discovered();
  advance(6s);
  const auto before = snapshots();
  auto first = post(registry_, discovering());
  auto second = post(registry_, discovering());
  run();
  EXPECT_TRUE(first.value());
  EXPECT_TRUE(second.value());
  EXPECT_EQ(snapshots(), before + 1);
}

TEST_F(the_view, is_made_anew_when_the_gateway_has_forgotten_it) {
  put(stranger(1));
  (void)discovered();
  nats_.forget_watches();
  advance(1s);
  put(stranger(2));
  EXPECT_EQ(discovered(), (strings{"stranger-2", "stranger-1"}));
}

TEST_F(the_view, shows_what_it_has_when_the_newest_does_not_come_in_time) {
  put(stranger(1));
  (void)discovered();
  std::optional<monotonic_time> waits_until;
  nats_.on_await = [&](const await_watch& what) {
    waits_until = what.deadline;
    return error{ec::timeout, "The watch did not catch up in time.", 0};
  };
  EXPECT_EQ(discovered(), strings{"stranger-1"});
  EXPECT_EQ(waits_until, now() + 250ms);
}

TEST_F(the_view, that_never_was_complete_is_no_answer) {
  put(stranger(1));
  nats_.connection_is(jetstream::connection_state::disconnected);
  run();
  nats_.on_await = [this](const await_watch& what) {
    EXPECT_EQ(what.deadline, soon());
    return error{ec::nats_unreachable, "NATS is away.", 0};
  };
  const auto failed = ask(registry_, discovering());
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "NATS is away.");
}

TEST_F(the_view, begins_again_with_a_watch_that_begins_again) {
  put(stranger(1));
  EXPECT_EQ(discovered(), strings{"stranger-1"});
  nats_.store().expire(agents::agents_bucket, key_of(stranger(1)));
  nats_.restart_watches();
  run();
  EXPECT_EQ(discovered(with_offline()), strings{});
}

// -- one agent ---------------------------------------------------------------------------------

TEST_F(the_view, finds_a_recipient_by_guid_or_by_handle_and_names_the_sender) {
  const auto own = must_register(registering("dev"));
  put(stranger(1));
  for (const auto& found : {find(stranger(1).guid), find({}, "stranger-1")}) {
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->recipient.guid, stranger(1).guid);
    EXPECT_EQ(found->recipient.status, tools::effective_status::online);
    EXPECT_EQ(found->sender.guid, own);
  }
}

TEST_F(the_view, finds_recipients_that_are_offline_too) {
  must_register(registering());
  put(stranger(1));
  advance(1h);
  const auto found = find(stranger(1).guid);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->recipient.status, tools::effective_status::offline);
}

TEST_F(the_view, says_of_who_may_not_be_seen_what_it_says_of_who_does_not_exist) {
  must_register(registering());
  auto hidden = stranger(1);
  hidden.seen_by = visibility::private_;
  put(hidden);
  auto elsewhere = stranger(2);
  elsewhere.seen_by = visibility::project_only;
  elsewhere.project_id = "ffffffffffffffff";
  put(elsewhere);
  const auto said_of = [](std::string message, const std::string& name) {
    message.replace(message.find(name), name.size(), "X");
    return message;
  };
  const auto unknown = find(stranger(9).guid);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ec::not_found);
  const auto wanted = said_of(unknown.error().message, stranger(9).guid);
  EXPECT_EQ(wanted, "No agent with the GUID X is known here. discover_agents with "
                    "includeOffline=true lists those there are.");
  for (const auto& guid : {hidden.guid, elsewhere.guid, std::string{"no guid"}}) {
    const auto refused = find(guid);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ec::not_found);
    EXPECT_EQ(said_of(refused.error().message, guid), wanted);
  }
  for (const auto& handle : {hidden.handle, elsewhere.handle, std::string{"nobody"}}) {
    const auto refused = find({}, handle);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ec::not_found);
    EXPECT_EQ(said_of(refused.error().message, handle),
              "No agent with the handle \"X\" is known here. discover_agents with "
              "includeOffline=true lists those there are.");
  }
}

TEST_F(the_view, lists_the_candidates_of_a_handle_that_is_not_unique) {
  must_register(registering());
  auto one = stranger(1);
  one.handle = "twin";
  put(one);
  advance(1s);
  auto two = stranger(2);
  two.handle = "twin";
  two.agent_type = "developer";
  put(two);
  const auto refused = find({}, "twin");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::invalid_argument);
  EXPECT_EQ(refused.error().message, "The handle \"twin\" is used by 2 agents. Use the GUID of one "
                                     "of them:\n- "
                                       + two.guid + " (developer on laptop, online)\n- " + one.guid
                                       + " (tester on laptop, online)");
}

TEST_F(the_view, finds_nobody_for_a_sender_that_is_not_registered) {
  put(stranger(1));
  const auto refused = find(stranger(1).guid);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, tools::not_registered().message);
}

TEST_F(the_view, tells_everything_of_one_agent_without_registration) {
  put(stranger(1));
  const auto found = ask(registry_, look_up_agent{{{}, "stranger-1"}, soon()});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->agent.guid, stranger(1).guid);
  EXPECT_EQ(found->agent.hostname, "laptop");
}

TEST_F(the_view, is_not_needed_for_a_guid_once_the_servers_time_is_known) {
  must_register(registering());
  put(stranger(1));
  beat(stranger(1));
  ASSERT_TRUE(find(stranger(1).guid));
  EXPECT_TRUE(nats_.watched().empty());
}

TEST_F(the_view, is_whole_however_the_server_says_that_there_are_no_more_signs_of_life) {
  put(stranger(1));
  beat(stranger(1));
  for (const auto end : {jetstream::pull_end::no_messages, jetstream::pull_end::expired}) {
    end_snapshots_with(end);
    advance(limits::presence_age_max);
    EXPECT_EQ(discovered(), strings{"stranger-1"});
  }
}

TEST_F(the_view, is_refused_when_signs_of_life_may_be_missing) {
  put(stranger(1));
  beat(stranger(1));
  for (const auto end : {jetstream::pull_end::silence, jetstream::pull_end::disconnected,
                         jetstream::pull_end::consumer_gone, jetstream::pull_end::no_responders}) {
    end_snapshots_with(end);
    EXPECT_EQ(ask(registry_, discovering()).error().code, ec::timeout);
  }
}

TEST_F(the_view, pages_through_agents_that_move) {
  for (std::size_t i = 1; i <= 3; ++i) {
    put(stranger(i));
    advance(1s);
  }
  tools::discover_agents_arguments what;
  what.limit = 1;
  strings seen;
  do {
    const auto page = ask(registry_, discovering(what));
    ASSERT_TRUE(page) << page.error().message;
    for (const auto& one : page->agents) {
      seen.push_back(one.handle);
    }
    what.cursor = page->next_cursor;
    advance(10s);
    beat(stranger(1));
  } while (!what.cursor->empty());
  EXPECT_EQ(seen, (strings{"stranger-3", "stranger-2", "stranger-1"}));
}

TEST_F(the_view, shows_who_is_there_after_the_clock_of_the_server_was_set_back) {
  const auto one = stranger(1);
  put(one);
  beat(one);
  EXPECT_EQ(discovered(), strings{"stranger-1"});
  nats_.store().pass(-1h);
  advance(5min);
  beat(one);
  EXPECT_EQ(discovered(), strings{"stranger-1"});
}

TEST_F(the_view, of_an_incarnation_that_is_gone_is_ended_when_it_is_heard_of) {
  constexpr jetstream::subscription_id left_behind{77};
  tell(registry_, jetstream::kv_change{left_behind, {}});
  EXPECT_EQ(nats_.script()->unsubscribed, std::vector{left_behind});
}

} // namespace
} // namespace nats_mcp
