// SPDX-License-Identifier: MIT
// The checkers of the registry against histories made by hand: a good one, and the same one bad in
// one way at a time.
#include "tests/simulation/checkers/registry_checkers.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::simulation::registry_checkers_test {
namespace {

using namespace std::chrono_literals;
using agents::visibility;

constexpr auto anna = "aaaaaaaa-0000-4000-8000-000000000000";
constexpr auto ben = "bbbbbbbb-0000-4000-8000-000000000000";
constexpr auto cara = "cccccccc-0000-4000-8000-000000000000";

class registry_checkers : public ::testing::Test {
protected:
  // The good history: Anna (process 0) and Ben (process 1) of one project, each registered as seen
  // by the project, an interval of a second, and each sees both.
  registry_checkers() {
    add_process("anna's session");
    add_process("ben's session");
    register_as(0, anna, "anna");
    register_as(1, ben, "ben");
    history_.ends = {{0, anna, "online"}, {1, ben, "busy"}};
    look(0, {shown(anna, "anna", "online"), shown(ben, "ben", "busy")});
    look(1, {shown(anna, "anna", "online"), shown(ben, "ben", "busy")});
  }

  void add_process(const std::string& session) {
    process_record record{history_.processes.size(), false, false, session};
    history_.processes.push_back({record, {{}, "p", "u"}});
  }

  stored_when next() {
    now_ += 1ms;
    return {++order_, now_};
  }

  void hold(const std::string& guid, const std::string& session) {
    history_.journal.anchors.push_back({next(), guid, session});
  }

  /// Writes the record of an agent where the project sees it.
  entry_stored& record(const std::string& guid, const std::string& handle,
                       const std::string& session) {
    agents::agent_record one;
    one.guid = guid;
    one.session_id = session;
    one.handle = handle;
    one.project_id = "p";
    one.seen_by = visibility::project_only;
    one.heartbeat_interval = 1s;
    history_.journal.entries.push_back({next(), "project.p." + guid, guid, one});
    return history_.journal.entries.back();
  }

  void remove(const std::string& guid) {
    history_.journal.entries.push_back({next(), "project.p." + guid, guid, std::nullopt});
  }

  void way_back(const std::string& guid) {
    history_.journal.ways_back.push_back({next(), "key of " + guid, guid});
  }

  registration_facts& register_as(std::size_t process, const std::string& guid,
                                  const std::string& handle) {
    call_facts call{process, process, ++order_, {}, true};
    const auto& session = history_.processes.at(process).record.session_id;
    way_back(guid);
    hold(guid, session);
    record(guid, handle, session);
    call.answered = ++order_;
    history_.registrations.push_back({call, "key of " + guid, guid, false, true});
    return history_.registrations.back();
  }

  static shown_agent shown(const std::string& guid, const std::string& handle,
                           const std::string& status) {
    return {guid, handle, status, visibility::project_only, "p", 0};
  }

  registry_look& look(std::size_t process, std::vector<shown_agent> agents) {
    const auto asked = next();
    const auto answered = next();
    history_.looks.push_back({{process, process, asked.order, answered.order, true},
                              0ms,
                              asked.time,
                              std::move(agents),
                              true});
    return history_.looks.back();
  }

  template <class Checker>
  [[nodiscard]] std::size_t found() const {
    return Checker{history_}.violations().size();
  }

  registry_history history_;
  order_number order_ = 0;
  monotonic_time now_{1h};
};

TEST_F(registry_checkers, find_nothing_wrong_with_a_good_history) {
  EXPECT_EQ(found<visibility_is_kept>(), 0U);
  EXPECT_EQ(found<presence_converges>(), 0U);
  EXPECT_EQ(found<guids_are_taken_from_the_silent>(), 0U);
  EXPECT_EQ(found<only_the_holder_speaks>(), 0U);
  EXPECT_EQ(found<agents_return_as_themselves>(), 0U);
}

// -- visibility --------------------------------------------------------------------------------

TEST_F(registry_checkers, catch_an_agent_shown_to_another_project) {
  history_.processes[0].self.project_id = "q";
  EXPECT_EQ(found<visibility_is_kept>(), 2U) << "neither of them stands where Anna may look";
}

TEST_F(registry_checkers, catch_an_agent_shown_as_it_never_was) {
  history_.looks[0].shown[1].tasks = 7;
  EXPECT_EQ(found<visibility_is_kept>(), 1U);
}

TEST_F(registry_checkers, catch_an_agent_that_is_shown_although_it_withdrew_before) {
  remove(ben);
  auto& late = look(0, {shown(ben, "ben", "busy")});
  EXPECT_EQ(found<visibility_is_kept>(), 1U);
  late.lag = 10s;
  EXPECT_EQ(found<visibility_is_kept>(), 0U) << "what a watch shows may be older";
}

TEST_F(registry_checkers, accept_an_agent_that_withdraws_while_somebody_looks) {
  auto& long_look = look(0, {shown(ben, "ben", "busy")});
  remove(ben);
  long_look.call.answered = ++order_;
  EXPECT_EQ(found<visibility_is_kept>(), 0U);
}

TEST_F(registry_checkers, catch_an_agent_that_is_shown_before_it_registered) {
  history_.looks[0].call.answered = 1;
  history_.looks[0].call.asked = 0;
  EXPECT_EQ(found<visibility_is_kept>(), 2U);
}

TEST_F(registry_checkers, catch_a_private_agent_shown_to_others) {
  auto& hidden = history_.journal.entries[1];
  hidden.key = std::string{"private."} + ben;
  hidden.record->seen_by = visibility::private_;
  for (auto& one : history_.looks) {
    one.shown[1].seen_by = visibility::private_;
  }
  EXPECT_EQ(found<visibility_is_kept>(), 1U) << "Anna's look";
}

// -- presence ----------------------------------------------------------------------------------

TEST_F(registry_checkers, catch_a_registered_agent_that_is_not_shown) {
  history_.looks[0].shown.pop_back();
  EXPECT_EQ(found<presence_converges>(), 1U);
}

TEST_F(registry_checkers, catch_a_living_agent_shown_as_dead_and_a_dead_one_as_living) {
  history_.looks[0].shown[1].status = "offline";
  EXPECT_EQ(found<presence_converges>(), 1U);
  history_.looks[0].shown[1].status = "busy";
  history_.ends.pop_back();
  EXPECT_EQ(found<presence_converges>(), 2U) << "both look";
}

TEST_F(registry_checkers, catch_an_agent_that_is_shown_twice_or_is_not_there) {
  history_.looks[0].shown.push_back(shown(ben, "ben", "busy"));
  EXPECT_EQ(found<presence_converges>(), 1U);
}

TEST_F(registry_checkers, expect_nobody_who_may_not_be_seen) {
  history_.processes[0].self.project_id = "q";
  EXPECT_EQ(found<presence_converges>(), 2U) << "neither of them stands where Anna may look";
}

// -- whose guid --------------------------------------------------------------------------------

TEST_F(registry_checkers, catch_a_guid_taken_from_the_living) {
  add_process("another session");
  now_ += 2s;
  register_as(2, anna, "anna");
  EXPECT_EQ(found<guids_are_taken_from_the_silent>(), 1U);
}

TEST_F(registry_checkers, accept_a_guid_taken_from_the_silent) {
  add_process("another session");
  now_ += 3s;
  register_as(2, anna, "anna");
  EXPECT_EQ(found<guids_are_taken_from_the_silent>(), 0U);
}

TEST_F(registry_checkers, accept_a_guid_taken_from_one_that_died_before_it_wrote_its_record) {
  add_process("killed");
  add_process("another session");
  hold(cara, "killed");
  history_.journal.anchors.back().heartbeat_interval = 1s;
  now_ += 3s;
  register_as(3, cara, "cara");
  EXPECT_EQ(found<guids_are_taken_from_the_silent>(), 0U);
}

TEST_F(registry_checkers, count_every_sign_of_life) {
  add_process("another session");
  now_ += 2s;
  history_.journal.signs.push_back({next(), anna, "anna's session"});
  now_ += 2s;
  register_as(2, anna, "anna");
  EXPECT_EQ(found<guids_are_taken_from_the_silent>(), 1U);
}

TEST_F(registry_checkers, count_no_sign_of_life_that_was_taken_away) {
  add_process("another session");
  now_ += 2s;
  history_.journal.signs.push_back({next(), anna, "anna's session", "old key"});
  history_.journal.signs.push_back({next(), anna, "", "old key"});
  now_ += 2s;
  register_as(2, anna, "anna");
  EXPECT_EQ(found<guids_are_taken_from_the_silent>(), 0U);
}

TEST_F(registry_checkers, accept_a_guid_taken_after_a_goodbye) {
  add_process("another session");
  record(anna, "anna", "anna's session").record->ended = true;
  register_as(2, anna, "anna");
  EXPECT_EQ(found<guids_are_taken_from_the_silent>(), 0U);
}

TEST_F(registry_checkers, accept_a_guid_taken_after_a_goodbye_that_a_crash_interrupted) {
  add_process("another session");
  record(anna, "anna", "anna's session").record->ended = true;
  way_back(anna);
  record(anna, "anna", "anna's session");
  hold(anna, "another session");
  EXPECT_EQ(found<guids_are_taken_from_the_silent>(), 0U);
}

TEST_F(registry_checkers, catch_mail_of_one_who_was_replaced) {
  add_process("another session");
  history_.senders["a"] = 0;
  history_.journal.mail.push_back({next(), 1, ben, anna, "id", "anna", "a"});
  EXPECT_EQ(found<only_the_holder_speaks>(), 0U);
  now_ += 3s;
  register_as(2, anna, "anna");
  history_.journal.mail.push_back({next(), 2, ben, anna, "id", "anna", "a"});
  EXPECT_EQ(found<only_the_holder_speaks>(), 1U);
}

TEST_F(registry_checkers, catch_a_record_of_one_who_was_replaced) {
  add_process("another session");
  now_ += 3s;
  register_as(2, anna, "anna");
  record(anna, "anna", "anna's session");
  EXPECT_EQ(found<only_the_holder_speaks>(), 1U);
}

TEST_F(registry_checkers, catch_a_registration_that_took_nothing) {
  history_.registrations[0].guid = ben;
  EXPECT_EQ(found<only_the_holder_speaks>(), 1U);
}

TEST_F(registry_checkers, catch_an_agent_that_returns_as_somebody_new) {
  add_process("another session");
  record(anna, "anna", "anna's session").record->ended = true;
  register_as(2, "cccccccc-0000-4000-8000-000000000000", "anna").returning_key =
    std::string{"key of "} + anna;
  EXPECT_EQ(found<agents_return_as_themselves>(), 1U);
}

TEST_F(registry_checkers, accept_somebody_new_while_the_predecessor_lives) {
  add_process("another session");
  register_as(2, "cccccccc-0000-4000-8000-000000000000", "anna").returning_key =
    std::string{"key of "} + anna;
  EXPECT_EQ(found<agents_return_as_themselves>(), 0U);
}

TEST_F(registry_checkers, catch_an_agent_that_returns_and_does_not_say_so) {
  add_process("another session");
  now_ += 3s;
  auto& again = register_as(2, anna, "anna");
  EXPECT_EQ(found<agents_return_as_themselves>(), 1U);
  again.returned = true;
  EXPECT_EQ(found<agents_return_as_themselves>(), 0U);
}

} // namespace
} // namespace nats_mcp::simulation::registry_checkers_test
