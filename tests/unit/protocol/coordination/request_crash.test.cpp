// SPDX-License-Identifier: MIT
// A leader ends for good after each of its commands, or hears that nobody knows what became of one;
// then another one leads. No request and no item is lost, and nothing is done twice.
#include "tests/unit/protocol/coordination/coordinating.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <ostream>
#include <string>

namespace nats_mcp::coordination::request_crash_test {
namespace {

using work::conversation;
using work::item_state;

struct scene {
  std::string name;
  /// Sets it up and begins.
  std::shared_ptr<work::work_script> (*begin)(scenery&);
  item_state wanted = item_state::completed;
};

std::shared_ptr<work::work_script> submits(scenery& on) {
  return on.submitting(submission::novelty::to_be_seen);
}
std::shared_ptr<work::work_script> gives(scenery& on) {
  on.submit();
  return on.anna.pull();
}
std::shared_ptr<work::work_script> gives_unrecorded(scenery& on) {
  conversation{on.submitting()}.step(on.server);
  return on.anna.pull();
}
std::shared_ptr<work::work_script> takes_back(scenery& on) {
  on.give_to_ann();
  on.server.pass(assignment_over);
  return on.anna.pull();
}
std::shared_ptr<work::work_script> takes_back_from_the_silent(scenery& on) {
  (void)on.held_by_ann();
  on.server.pass(work::silence);
  return on.anna.pull();
}
std::shared_ptr<work::work_script> finishes_what_was_begun(scenery& on) {
  on.submit();
  conversation talk{on.anna.pull()};
  talk.step(on.server);
  talk.step(on.server);
  on.server.pass(request_wait);
  on.anna.gone.insert(on.ann.self().guid);
  return on.anna.pull();
}
std::shared_ptr<work::work_script> buries(scenery& on) {
  on.request.item.attempts_max = 1;
  (void)on.held_by_ann();
  on.server.pass(work::silence);
  return on.anna.pull();
}
std::shared_ptr<work::work_script> buries_unrecorded(scenery& on) {
  conversation{on.submitting()}.step(on.server);
  on.server.pass(std::chrono::days{8});
  return on.anna.pull();
}
std::shared_ptr<work::work_script> closes(scenery& on) {
  conversation talk{on.ann.complete(on.held_by_ann())};
  talk.step(on.server); // and fell
  on.server.pass(31s);
  on.anna.gone.insert(on.ann.self().guid);
  return on.anna.pull();
}
std::shared_ptr<work::work_script> closes_a_dead_one(scenery& on) {
  conversation talk{on.ann.fail_it(on.held_by_ann(), work::hopeless())};
  talk.step(on.server); // and fell
  on.server.pass(31s);
  return on.anna.pull();
}

void PrintTo(const scene& what, std::ostream* out) { *out << what.name; }

const std::array scenes{
  scene{"submits", submits},
  scene{"gives", gives},
  scene{"gives_unrecorded", gives_unrecorded},
  scene{"takes_back", takes_back},
  scene{"takes_back_from_the_silent", takes_back_from_the_silent},
  scene{"finishes_what_was_begun", finishes_what_was_begun},
  scene{"buries", buries, item_state::dead},
  scene{"buries_unrecorded", buries_unrecorded, item_state::dead},
  scene{"closes", closes},
  scene{"closes_a_dead_one", closes_a_dead_one, item_state::dead},
};

class whoever : public ::testing::TestWithParam<scene> {
protected:
  static void end_well(scenery& on, strictness how) {
    if (GetParam().begin == submits) {
      (void)on.boss.run(on.submitting(submission::novelty::to_be_seen)); // by the user, again
    }
    finish_everything(on);
    ASSERT_EQ(judge(on, how), "");
    ASSERT_EQ(on.record().state, GetParam().wanted);
  }
};

TEST_P(whoever, ends_for_good_after_any_command_loses_nothing) {
  for (std::size_t when = 0;; ++when) {
    SCOPED_TRACE("after command " + std::to_string(when));
    const auto on = std::make_unique<scenery>();
    conversation talk{GetParam().begin(*on)};
    for (std::size_t at = 0; at < when && !talk.over(); ++at) {
      talk.step(on->server);
    }
    const bool is_whole = talk.over();
    end_well(*on, strictness::nothing_open);
    if (is_whole) {
      break;
    }
  }
}

TEST_P(whoever, ends_for_good_is_replaced_also_after_ids_are_forgotten) {
  for (std::size_t when = 0;; ++when) {
    SCOPED_TRACE("after command " + std::to_string(when));
    const auto on = std::make_unique<scenery>();
    conversation talk{GetParam().begin(*on)};
    for (std::size_t at = 0; at < when && !talk.over(); ++at) {
      talk.step(on->server);
    }
    const bool is_whole = talk.over();
    on->server.pass(2h);
    on->server.forget_ids();
    on->bert.gone = on->anna.gone;
    end_well(*on, strictness::nothing_open);
    if (is_whole) {
      break;
    }
  }
}

/// What becomes of one command.
struct fault {
  std::string name;
  ec code = ec::none;
  /// The server did carry it out.
  bool has_happened = false;
};

const std::array faults{fault{"never_sent", ec::timeout, false},
                        fault{"lost_on_the_way", ec::unknown_outcome, false},
                        fault{"answer_lost", ec::unknown_outcome, true}};

TEST_P(whoever, does_not_know_what_became_of_a_command_loses_nothing) {
  for (const auto& what : faults) {
    for (std::size_t when = 0;; ++when) {
      SCOPED_TRACE(what.name + ", command " + std::to_string(when));
      const auto on = std::make_unique<scenery>();
      conversation talk{GetParam().begin(*on)};
      bool is_met = false;
      for (std::size_t at = 0; !talk.over(); ++at) {
        if (at != when) {
          talk.step(on->server);
          continue;
        }
        is_met = true;
        if (what.has_happened) {
          (void)on->server.carry_out(talk.next());
        }
        talk.answer(fail(what.code, what.name), on->server.clock());
      }
      end_well(*on, strictness::somebody_fell);
      if (!is_met) {
        break;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(who, whoever, ::testing::ValuesIn(scenes),
                         [](const auto& what) { return what.param.name; });

} // namespace
} // namespace nats_mcp::coordination::request_crash_test
