// SPDX-License-Identifier: MIT
// Every conversation about work ends for good after each of its commands, or hears that nobody
// knows what became of one; then the others go on. Nothing is lost, nothing is done twice, and
// whoever does the same again gets what was wanted.
#include "protocol/work/streams.hpp"

#include "tests/unit/protocol/work/playing.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace nats_mcp::work::work_crash_test {
namespace {

/// One kind of conversation, in a situation.
struct scene {
  std::string name;
  /// Sets it up and begins.
  std::shared_ptr<work_script> (*begin)(stage&);
  /// What is wanted of it in the end.
  item_state wanted = item_state::completed;
};

std::shared_ptr<work_script> offers(stage& on) {
  return on.boss.offer(on.item, offering::novelty::to_be_seen);
}
std::shared_ptr<work_script> claims(stage& on) {
  on.item.notify_claim = true;
  on.offer();
  return on.ann.pull(on.where());
}
std::shared_ptr<work_script> claims_unrecorded(stage& on) {
  conversation{on.boss.offer(on.item)}.step(on.server);
  return on.ann.pull(on.where());
}
std::shared_ptr<work_script> takes_over(stage& on) {
  (void)on.held_by_ann();
  on.server.pass(silence);
  return on.bob.pull(on.where());
}
std::shared_ptr<work_script> buries(stage& on) {
  on.offer();
  on.server.pass(on.item.deadline - on.server.now() + 1s);
  return on.bob.pull(on.where(), delivery_handling::purpose::sweep);
}
std::shared_ptr<work_script> buries_unreadable(stage& on) {
  on.item.id =
    unreadable_item_id(on.server.put_into_queue(lane_subject(on.where()), "not what it should be"));
  return on.bob.pull(on.where());
}
std::shared_ptr<work_script> completes(stage& on) { return on.ann.complete(on.held_by_ann()); }
std::shared_ptr<work_script> fails(stage& on) { return on.ann.fail_it(on.held_by_ann()); }
std::shared_ptr<work_script> fails_for_good(stage& on) {
  return on.ann.fail_it(on.held_by_ann(), hopeless());
}
std::shared_ptr<work_script> gives_back(stage& on) { return on.ann.give_back(on.held_by_ann()); }
std::shared_ptr<work_script> reports(stage& on) {
  return on.ann.renew(on.held_by_ann(), {50.0, "Half of it."});
}
std::shared_ptr<work_script> cancels(stage& on) {
  on.offer();
  return on.boss.cancel(on.item);
}
std::shared_ptr<work_script> retries(stage& on) {
  on.kill();
  return on.boss.retry(on.item);
}
std::shared_ptr<work_script> discards(stage& on) {
  on.kill();
  return on.boss.discard(on.item);
}

void PrintTo(const scene& what, std::ostream* out) { *out << what.name; }

const std::array scenes{
  scene{"offers", offers},
  scene{"claims", claims},
  scene{"claims_unrecorded", claims_unrecorded},
  scene{"takes_over", takes_over},
  scene{"buries", buries, item_state::dead},
  scene{"buries_unreadable", buries_unreadable, item_state::dead},
  scene{"completes", completes},
  scene{"fails", fails},
  scene{"fails_for_good", fails_for_good, item_state::dead},
  scene{"gives_back", gives_back},
  scene{"reports", reports},
  scene{"cancels", cancels, item_state::cancelled},
  scene{"retries", retries},
  scene{"discards", discards, item_state::discarded},
};

/// Does again what the user would, if it did not come that far.
void do_it_again(const scene& what, stage& on) {
  if (what.begin == offers) {
    (void)on.boss.run(on.boss.offer(on.item, offering::novelty::to_be_seen));
  } else if (what.begin == cancels) {
    (void)on.boss.run(on.boss.cancel(on.item));
  } else if (what.begin == retries) {
    (void)on.boss.run(on.boss.retry(on.item));
  } else if (what.begin == discards) {
    (void)on.boss.run(on.boss.discard(on.item));
  }
}

class whoever : public ::testing::TestWithParam<scene> {
protected:
  /// The others go on. Then the same is done again, and the others go on.
  void end_well(stage& on, strictness in_the_end) {
    finish_everything(on);
    ASSERT_EQ(judge(on, strictness::somebody_fell), "");
    do_it_again(GetParam(), on);
    finish_everything(on);
    ASSERT_EQ(judge(on, in_the_end), "");
  }
};

TEST_P(whoever, ends_for_good_after_any_command_loses_nothing) {
  for (std::size_t when = 0;; ++when) {
    SCOPED_TRACE("after command " + std::to_string(when));
    const auto on = std::make_unique<stage>();
    conversation talk{GetParam().begin(*on)};
    for (std::size_t at = 0; at < when && !talk.over(); ++at) {
      talk.step(on->server);
    }
    const bool whole = talk.over();
    end_well(*on, strictness::nothing_open);
    if (whole) {
      EXPECT_EQ(on->record().state, GetParam().wanted);
      break;
    }
  }
}

TEST_P(whoever, is_repeated_at_once_after_its_end_gets_what_it_wanted) {
  for (std::size_t when = 0;; ++when) {
    SCOPED_TRACE("after command " + std::to_string(when));
    const auto on = std::make_unique<stage>();
    conversation talk{GetParam().begin(*on)};
    for (std::size_t at = 0; at < when && !talk.over(); ++at) {
      talk.step(on->server);
    }
    const bool whole = talk.over();
    do_it_again(GetParam(), *on);
    end_well(*on, strictness::nothing_open);
    if (whole) {
      break;
    }
  }
}

/// What becomes of one command.
struct fault {
  std::string name;
  ec code = ec::none;
  /// The server did carry it out.
  bool happened = false;
};

const std::array faults{fault{"never_sent", ec::timeout, false},
                        fault{"lost_on_the_way", ec::unknown_outcome, false},
                        fault{"answer_lost", ec::unknown_outcome, true}};

TEST_P(whoever, does_not_know_what_became_of_a_command_loses_nothing) {
  for (const auto& what : faults) {
    for (std::size_t when = 0;; ++when) {
      SCOPED_TRACE(what.name + ", command " + std::to_string(when));
      const auto on = std::make_unique<stage>();
      const auto script = GetParam().begin(*on);
      conversation talk{script};
      bool met = false;
      for (std::size_t at = 0; !talk.over(); ++at) {
        if (at != when) {
          talk.step(on->server);
          continue;
        }
        met = true;
        if (what.happened) {
          (void)on->server.carry_out(talk.next());
        }
        talk.answer(fail(what.code, what.name), on->server.clock());
      }
      end_well(*on, strictness::somebody_fell);
      if (!met) {
        break;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(who, whoever, ::testing::ValuesIn(scenes),
                         [](const auto& what) { return what.param.name; });

} // namespace
} // namespace nats_mcp::work::work_crash_test
