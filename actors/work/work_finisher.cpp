// SPDX-License-Identifier: MIT
#include "actors/work/work_finisher.hpp"

#include "protocol/text.hpp"
#include "protocol/work/item_change.hpp"
#include "protocol/work/may_see.hpp"
#include "protocol/work/streams.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

namespace {

error not_the_offerer(const work::item_record& record) {
  return {ec::permission_denied,
          "Only whoever offered work item " + record.item.id + " ("
            + one_line(record.item.offered_by.handle)
            + ") can cancel it. If this agent holds it, use release_work or fail_work instead.",
          0};
}

} // namespace

work_finisher::work_finisher(surroundings around)
  : around_{std::move(around)} {
  // nop
}

// -- what a holder does ------------------------------------------------------------------------

template <class Result, class Make>
caf::result<Result> work_finisher::answer_later(order what, Make make) {
  auto promise = around_.owner->make_response_promise<Result>();
  const auto guarded = std::make_shared<guarded_promise<Result>>(promise, around_.part);
  what.done = [guarded, make, then = std::move(what.done)](const changed& how) {
    if (then) {
      then(how);
    }
    guarded->deliver(make(how.result));
  };
  what.failed = [guarded](const error& why) { guarded->fail(why); };
  carry_out(std::move(what));
  return promise;
}

caf::result<tools::report_progress_result> work_finisher::report(report_on_work request) {
  const auto asked_at = around_.scripts->clock();
  const auto lease = around_.held->find(request.arguments.work_item_id);
  const auto length = std::min(around_.hold, lease ? lease->full_lease : around_.adopted_lease);
  order what{request.arguments.work_item_id, request.deadline, {}, {}, {}};
  what.apply =
    [this, length,
     report = work::progress_report{request.arguments.progress, std::move(request.arguments.note)}](
      const work::item_record& before, std::string_view claim_id, wall_time) {
      return work::renewed(before, claim_id, length, report, around_.wall_clock());
    };
  what.done = [this, asked_at](const changed& how) { reported(how, asked_at); };
  return answer_later<tools::report_progress_result>(
    std::move(what), [hold = around_.hold](const outcome& how) {
      const auto& record = how.found.record;
      tools::report_progress_result out;
      out.work_item_id = record.item.id;
      out.progress = record.attempts.empty() ? std::nullopt : record.attempts.back().progress;
      out.lease = {to_rfc3339(work::lease_over_at(how.found)),
                   to_rfc3339(how.found.stored_at + hold)};
      return out;
    });
}

void work_finisher::reported(const changed& what, monotonic_time asked_at) {
  const auto hold_end = asked_at + around_.hold;
  if (what.lease) {
    around_.held->renewed(what.claim_id, what.result.found, asked_at, hold_end);
    return;
  }
  held_lease taken_up;
  taken_up.claim_id = what.claim_id;
  taken_up.found = what.result.found;
  taken_up.full_lease = around_.adopted_lease;
  taken_up.leased_at = asked_at;
  taken_up.hold_end = hold_end;
  around_.held->hold(std::move(taken_up));
}

caf::result<tools::complete_work_result> work_finisher::complete(complete_held_work request) {
  order what{request.arguments.work_item_id, request.deadline, {}, {}, {}};
  what.apply = [this, summary = request.arguments.summary.value_or(std::string{}),
                result = std::move(request.arguments.result)](
                 const work::item_record& before, std::string_view claim_id,
                 wall_time) -> nats_mcp::result<work::item_record> {
    if (work::is_completed_with(before, around_.who->guid, summary, result)) {
      return before;
    }
    return work::completed(before, claim_id, summary, result, around_.wall_clock());
  };
  what.done = [this](const changed& how) { around_.held->drop(how.claim_id); };
  return answer_later<tools::complete_work_result>(std::move(what), [](const outcome& how) {
    return tools::complete_work_result{how.found.record.item.id, how.found.record.item.task_id,
                                       how.unchanged};
  });
}

caf::result<tools::fail_work_result> work_finisher::fail(fail_held_work request) {
  order what{request.arguments.work_item_id, request.deadline, {}, {}, {}};
  what.apply = [this, failure =
                        work::failure{std::move(request.arguments.error),
                                      request.arguments.retryable, request.arguments.retry_after}](
                 const work::item_record& before, std::string_view claim_id, wall_time server_now) {
    return work::failed(before, claim_id, failure, server_now, around_.wall_clock());
  };
  what.done = [this](const changed& how) { around_.held->drop(how.claim_id); };
  return answer_later<tools::fail_work_result>(std::move(what), [](const outcome& how) {
    const auto& record = how.found.record;
    tools::fail_work_result out;
    out.work_item_id = record.item.id;
    out.retried = record.state == work::item_state::pending;
    out.attempts_max = record.attempts_max;
    out.attempt = record.attempts_begun + (out.retried ? 1 : 0);
    out.not_before =
      out.retried && record.not_before ? to_rfc3339(*record.not_before) : std::string{};
    out.reason = record.reason;
    out.not_listed = how.letter_failure ? how.letter_failure->message : std::string{};
    return out;
  });
}

caf::result<tools::release_work_result> work_finisher::release(const release_held_work& request) {
  order what{request.arguments.work_item_id, request.deadline, {}, {}, {}};
  what.apply = [this](const work::item_record& before, std::string_view claim_id, wall_time) {
    return work::released(before, claim_id, around_.wall_clock());
  };
  what.done = [this](const changed& how) { around_.held->drop(how.claim_id); };
  return answer_later<tools::release_work_result>(std::move(what), [](const outcome& how) {
    return tools::release_work_result{how.found.record.item.id, how.found.record.item.capability};
  });
}

// -- carrying it out ---------------------------------------------------------------------------

void work_finisher::carry_out(order what) {
  if (!work::is_item_id(what.item_id)) {
    what.failed(work::no_such_item(what.item_id));
  } else if (const auto lease = around_.held->find(what.item_id)) {
    change_held(what, lease);
  } else {
    const auto deadline = what.deadline;
    const auto failed = what.failed;
    prepare(
      deadline, [this, what = std::move(what)] { change_taken_up(what); }, failed);
  }
}

void work_finisher::change_held(const order& what, const std::shared_ptr<const held_lease>& lease) {
  work::item_update::request update;
  update.item_id = what.item_id;
  update.known = lease->found;
  update.handle = lease->handle;
  update.apply = [apply = what.apply, claim_id = lease->claim_id](const work::item_record& before,
                                                                  wall_time server_now) {
    return apply(before, claim_id, server_now);
  };
  const auto script =
    std::make_shared<work::item_update>(std::move(update), around_.scripts->world(self()));
  around_.scripts->run<work::item_update>(
    script, what.deadline,
    [this, done = what.done, failed = what.failed, lease](const work::item_update& run) {
      const auto& end = *run.end();
      if (end) {
        done({*end, lease->claim_id, lease});
        return;
      }
      if (end.error().code == ec::conflict || end.error().code == ec::not_found) {
        around_.held->drop(lease->claim_id);
      }
      failed(end.error());
    },
    [this, lease](const work::item_update& run) {
      if (*run.end()) {
        around_.held->settled(lease->claim_id, run.handle());
      }
    });
}

void work_finisher::change_taken_up(const order& what) {
  work::item_update::request update;
  update.item_id = what.item_id;
  const auto guid = around_.who->guid;
  const auto claim_id = std::make_shared<std::string>();
  update.apply = [apply = what.apply, guid, claim_id](const work::item_record& before,
                                                      wall_time server_now) {
    const bool ours = before.held && before.held->worker.guid == guid;
    *claim_id = ours ? before.held->id : std::string{};
    return apply(before, *claim_id, server_now);
  };
  update.visible = [guid, project = around_.who->project_id](const work::item_record& record) {
    return work::may_see(record, guid, project);
  };
  const auto script =
    std::make_shared<work::item_update>(std::move(update), around_.scripts->world(self()));
  around_.scripts->run<work::item_update>(
    script, what.deadline,
    [done = what.done, failed = what.failed, claim_id](const work::item_update& run) {
      if (const auto& end = *run.end()) {
        done({*end, *claim_id, nullptr});
      } else {
        failed(end.error());
      }
    });
}

void work_finisher::prepare(monotonic_time deadline, std::function<void()> then,
                            std::function<void(const error&)> failed) {
  ask<agent_identity>(
    around_.owner, around_.registry, confirm_identity{deadline}, "registry",
    [this, deadline, then = std::move(then)](const agent_identity& who) {
      around_.identified(who);
      around_.time->know(deadline, [then](const result<agents::server_clock>&) {
        // Not known: it is rather earlier than later for what is decided by it.
        then();
      });
    },
    std::move(failed));
}

// -- what an offerer does ----------------------------------------------------------------------

caf::result<tools::cancel_work_result> work_finisher::cancel(const cancel_offered_work& request) {
  auto promise = around_.owner->make_response_promise<tools::cancel_work_result>();
  const auto guarded =
    std::make_shared<guarded_promise<tools::cancel_work_result>>(promise, around_.part);
  const auto failed = [guarded](const error& why) { guarded->fail(why); };
  if (!work::is_item_id(request.arguments.work_item_id)) {
    failed(work::no_such_item(request.arguments.work_item_id));
    return promise;
  }
  prepare(
    request.deadline, [this, guarded, request] { cancel_as_offerer(request, guarded); }, failed);
  return promise;
}

void work_finisher::cancel_as_offerer(const cancel_offered_work& request,
                                      const cancel_promise& promise) {
  const auto guid = around_.who->guid;
  const auto taken_from = std::make_shared<std::string>();
  const auto lease = around_.held->find(request.arguments.work_item_id);
  work::item_update::request update;
  update.item_id = request.arguments.work_item_id;
  if (lease) {
    update.handle = lease->handle;
  }
  update.visible = [guid, project = around_.who->project_id](const work::item_record& record) {
    return work::may_see(record, guid, project);
  };
  update.apply = [this, guid, taken_from, reason = request.arguments.reason.value_or("")](
                   const work::item_record& before, wall_time) -> result<work::item_record> {
    if (before.item.offered_by.guid != guid) {
      return tl::make_unexpected(not_the_offerer(before));
    }
    if (before.state == work::item_state::cancelled) {
      return before;
    }
    *taken_from = before.held ? before.held->worker.handle : std::string{};
    return work::cancelled(before, reason, around_.wall_clock());
  };
  const auto script =
    std::make_shared<work::item_update>(std::move(update), around_.scripts->world(self()));
  around_.scripts->run<work::item_update>(
    script, request.deadline, [this, promise, taken_from, lease](const work::item_update& run) {
      const auto& end = *run.end();
      if (!end) {
        promise->fail(end.error());
        return;
      }
      if (lease) {
        around_.held->drop(lease->claim_id);
      }
      promise->deliver({end->found.record.item.id, *taken_from, end->unchanged});
    });
}

work::party work_finisher::self() const { return {around_.who->guid, around_.who->handle}; }

} // namespace nats_mcp
