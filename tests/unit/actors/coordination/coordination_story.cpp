// SPDX-License-Identifier: MIT
#include "tests/unit/actors/coordination/coordination_story.hpp"

#include "protocol/agents/agent_record.hpp"
#include "protocol/agents/buckets.hpp"
#include "protocol/limits/coordination.hpp"

#include "actors/gateway/nats_gateway.hpp"

#include <caf/send.hpp>

#include <stdexcept>
#include <utility>

namespace nats_mcp::testing {

void coordination_story::SetUp() {
  work_story::SetUp();
  is_there(bob_.guid, "bob");
  is_there(ann_.guid, "ann");
}

void coordination_story::TearDown() {
  for (const auto& one : hosts_) {
    one->link->close();
  }
  work_story::TearDown();
}

// -- coordinators ------------------------------------------------------------------------------

coordination_story::host& coordination_story::start_coordinator() {
  auto& made = *hosts_.emplace_back(std::make_unique<host>());
  const auto number = std::to_string(hosts_.size());
  made.guid = "c0000000-0000-4000-8000-00000000000" + number;
  made.link = std::make_shared<simulation::simulated_link>(network_);

  auto loaded = std::make_shared<config::loaded_configuration>();
  loaded->value.work_queue.ack_timeout = ack_wait;
  loaded->value.channel_namespace = space;
  loaded->value.channels = {{channel, "Plans"}};
  coordinator_system_options options;
  options.configuration = loaded;
  options.guid = made.guid;
  options.host = "host-" + number;
  options.assign_timeout = limits::assign_timeout_default;
  options.world.wall_clock = [this] { return civil_now(); };
  options.world.random = [this] { return random(); };
  options.world.asleep = [&made] { return made.asleep; };
  options.world.probe = [&made](std::string_view part) {
    if (!made.crashes_next.empty() && part == made.crashes_next) {
      made.crashes_next.clear();
      throw std::runtime_error{"The test says so."};
    }
  };
  options.on_leadership = [&made](const logging::event& event) { made.log.push_back(event); };
  options.start_gateway = [this, &made](caf::local_actor* spawner, const checkpoint& last,
                                        const supervisor_actor& supervisor) {
    return caf::actor_cast<caf::strong_actor_ptr>(
      spawn_nats_gateway(spawner, {made.link, [this] { return random(); }}, last, supervisor, {}));
  };
  made.parts = start_coordinator_system(system(), std::move(options));
  adopt(made.parts.supervisor);
  run();
  return made;
}

coordination_story::host& coordination_story::start_leader() {
  auto& made = start_coordinator();
  EXPECT_TRUE(eventually([&] { return leads(made); }, takes_over_within));
  return made;
}

void coordination_story::kill(host& which) {
  caf::anon_send_exit(which.parts.supervisor, caf::exit_reason::kill);
  run();
  which.link->close();
  run();
}

void coordination_story::leave(host& which) {
  const auto gone = answer(which.parts.coordinator, hand_over{});
  EXPECT_TRUE(gone) << gone.error().message;
}

coordinator_status coordination_story::status(const host& which) {
  return ask(which.parts.coordinator, coordinator_status_query{}).value_or(coordinator_status{});
}

bool coordination_story::eventually(const std::function<bool()>& holds,
                                    std::chrono::milliseconds within) {
  const auto end = now() + within;
  while (!holds()) {
    if (now() >= end) {
      return false;
    }
    advance(10ms);
  }
  return true;
}

// -- agents ------------------------------------------------------------------------------------

void coordination_story::write_agent(const std::string& guid, const std::string& handle,
                                     strings capabilities, tools::agent_status status) {
  for (const auto& stream : {agents::agents_stream(1), agents::presence_stream(1)}) {
    (void)nats(jetstream::create_stream_request(stream, {})); // or it is there
  }
  agents::agent_record record;
  record.guid = guid;
  record.session_id = handle + "'s session";
  record.handle = handle;
  record.agent_type = "developer";
  record.hostname = "host";
  record.project_id = project;
  record.capabilities = std::move(capabilities);
  record.seen_by = agents::visibility::public_;
  record.status = status;
  record.heartbeat_interval = 15min;
  record.registered_at = civil_now();
  const auto key = agents::agent_key({guid, project, {}}, agents::visibility::public_);
  const auto write_id = "agent-" + std::to_string(random());
  const auto stored = nats(jetstream::kv_put{std::string{agents::agents_bucket},
                                             key.value_or(std::string{}),
                                             agents::write_agent_record(record, write_id),
                                             {},
                                             write_id,
                                             {}});
  ASSERT_TRUE(stored) << stored.error().message;
}

void coordination_story::is_there(const std::string& guid, const std::string& handle,
                                  strings capabilities) {
  write_agent(guid, handle, std::move(capabilities), tools::agent_status::online);
}

void coordination_story::is_offline(const std::string& guid, const std::string& handle) {
  write_agent(guid, handle, {"TypeScript", "Rust"}, tools::agent_status::offline);
}

// -- coordinated items -------------------------------------------------------------------------

std::string coordination_story::submit(std::string task, std::optional<std::string> preferred,
                                       process* by) {
  auto what = offering(std::move(task));
  what.coordinated = true;
  what.preferred_worker = std::move(preferred);
  const auto got = offers(by == nullptr ? bob_ : *by, std::move(what));
  EXPECT_TRUE(got) << got.error().message;
  return got ? got->work_item_id : std::string{};
}

std::optional<work::item_record> coordination_story::record_of(const std::string& id) {
  const auto found = nats(jetstream::kv_get{std::string{work::items_bucket}, id, monotonic_time{}});
  if (!found || !found->entry) {
    return std::nullopt;
  }
  const auto record = work::read_item_record(found->entry->value);
  return record ? std::optional{*record} : std::nullopt;
}

std::string coordination_story::worker_of(const std::string& id) {
  const auto record = record_of(id);
  if (!record) {
    return {};
  }
  return record->held ? record->held->worker.guid : record->item.assigned_to;
}

result<tools::complete_work_result> coordination_story::completes_item(process& whose,
                                                                       const std::string& id) {
  return answer(whose.queue, complete_held_work{{id, "Done.", json::value::object()}, now() + 5s});
}

result<tools::fail_work_result> coordination_story::fails_item(process& whose,
                                                               const std::string& id) {
  return answer(whose.queue, fail_held_work{{id, "It broke.", true, 0ms}, now() + 5s});
}

} // namespace nats_mcp::testing
