// SPDX-License-Identifier: MIT
#include "tests/unit/actors/work/work_story.hpp"

#include "tests/support/checkpoint_keeper.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace nats_mcp::testing {

void work_story::SetUp() {
  work_stage::SetUp();
  begin(bob_);
  begin(ann_);
}

void work_story::begin(process& whose) {
  whose.registry_actor_ = adopt(spawn_stub_registry(system(), whose.registry));
  whose.session_actor_ = adopt(spawn_stub_session(system(), whose.session));
  whose.supervisor_ = adopt(spawn_checkpoint_keeper(system(), whose.saved));
  whose.gateway_ = adopt(spawn_gateway_filter(system(), gateway_, whose.asked));
  start(whose, {});
  identity_is(whose, whose.guid);
}

void work_story::start(process& whose, const checkpoint& last) {
  work_queue_options options;
  options.child_id = "work-queue";
  options.gateway = whose.gateway_;
  options.registry = whose.registry_actor_;
  options.session = whose.session_actor_;
  options.supervisor = whose.supervisor_;
  options.project_id = project;
  options.retention = {168h, 1};
  options.lanes = {ack_wait, hold_};
  options.world.wall_clock = [this] { return civil_now(); };
  options.world.random = [this] { return random(); };
  whose.queue = adopt(spawn_shell<work_queue_actor, work_queue_state>(
    system(), "work-queue", message_probe{}, std::move(options), last));
  run();
}

void work_story::die(process& whose) {
  caf::anon_send_exit(whose.queue, caf::exit_reason::kill);
  run();
}

void work_story::restart(process& whose) {
  die(whose);
  start(whose, *whose.saved);
  identity_is(whose, whose.registry->identity.guid, whose.registry->identity.capabilities);
}

void work_story::identity_is(process& whose, std::string guid, strings capabilities,
                             const std::string& lost_because) {
  auto& identity = whose.registry->identity;
  identity = {};
  identity.session_id = guid.empty() ? "" : whose.handle + "'s session";
  identity.guid = std::move(guid);
  identity.handle = whose.handle;
  identity.capabilities = std::move(capabilities);
  identity.project_id = project;
  tell(whose.queue, identity_changed{identity, lost_because, monotonic_time::max()});
}

// -- what an agent asks ------------------------------------------------------------------------

claim_work work_story::claim(process& whose, std::chrono::milliseconds timeout,
                             std::optional<std::string> capability) const {
  whose.call = call_id{++calls_};
  return {whose.call, {std::move(capability), timeout}, now() + 5s};
}

result<work_story::claimed> work_story::take(process& whose,
                                             std::optional<std::string> capability) {
  auto got = answer(whose.queue, claim(whose, {}, std::move(capability)));
  shown(whose);
  return got;
}

std::string work_story::taken(process& whose, std::optional<std::string> capability) {
  return id_in(take(whose, std::move(capability)));
}

std::string work_story::id_in(const result<claimed>& got) {
  if (!got) {
    return "failed: " + got.error().message;
  }
  return got->work ? got->work->work_item_id : "nothing";
}

tools::broadcast_work_offer_arguments work_story::offering(std::string task,
                                                           std::string capability) {
  tools::broadcast_work_offer_arguments out;
  out.task_id = std::move(task);
  out.capability = std::move(capability);
  out.description = "Do it.";
  return out;
}

result<tools::broadcast_work_offer_result>
work_story::offers(process& whose, tools::broadcast_work_offer_arguments what) {
  return answer(whose.queue, offer_work{std::move(what), now() + 5s});
}

result<tools::report_progress_result> work_story::reports(process& whose, unsigned number,
                                                          std::optional<double> progress,
                                                          std::optional<std::string> note) {
  return answer(whose.queue,
                report_on_work{{id_of(number), progress, std::move(note)}, now() + 5s});
}

result<tools::complete_work_result> work_story::completes(process& whose, unsigned number,
                                                          std::string summary) {
  return answer(
    whose.queue,
    complete_held_work{{id_of(number), std::move(summary), json::value{{"lines", 7}}}, now() + 5s});
}

result<tools::fail_work_result> work_story::fails(process& whose, unsigned number, bool retryable) {
  return answer(whose.queue,
                fail_held_work{{id_of(number), "It broke.", retryable, {}}, now() + 5s});
}

result<tools::release_work_result> work_story::releases(process& whose, unsigned number) {
  return answer(whose.queue, release_held_work{{id_of(number)}, now() + 5s});
}

result<tools::cancel_work_result> work_story::cancels(process& whose, unsigned number) {
  return answer(whose.queue, cancel_offered_work{{id_of(number), "Not needed."}, now() + 5s});
}

strings work_story::held(process& whose) {
  const auto got = ask(whose.queue, held_work_query{});
  return got ? got->items : strings{"failed: " + got.error().message};
}

// -- what was seen -----------------------------------------------------------------------------

strings work_story::requests(process& whose) { return std::exchange(whose.asked->asked, {}); }

std::size_t work_story::count(const strings& lines, std::string_view prefix) {
  return static_cast<std::size_t>(std::count_if(
    lines.begin(), lines.end(), [&](const auto& line) { return line.starts_with(prefix); }));
}

} // namespace nats_mcp::testing
