// SPDX-License-Identifier: MIT
#include "tests/support/registry_story.hpp"

#include "protocol/agents/buckets.hpp"
#include "protocol/hash.hpp"

#include "tests/support/checkpoint_keeper.hpp"

#include <utility>
#include <variant>

namespace nats_mcp::testing {

namespace {

using heard = std::shared_ptr<std::vector<identity_changed>>;

class listening_heartbeat {
public:
  listening_heartbeat(heartbeat_actor::pointer, heard into)
    : into_{std::move(into)} {
    // nop
  }
  heartbeat_actor::behavior_type make_behavior() {
    return {
      [this](const identity_changed& news) { into_->push_back(news); },
      [](const heartbeat_due&) {
        // It has no timer.
      },
    };
  }

private:
  heard into_;
};

class listening_inbox {
public:
  listening_inbox(inbox_actor::pointer, heard into)
    : into_{std::move(into)} {
    // nop
  }
  inbox_actor::behavior_type make_behavior() {
    return {
      [](const send_direct&) { return tools::send_direct_message_result{}; },
      [](const read_inbox&) { return tools::read_direct_messages_result{}; },
      [](const direct_messages_shown&) {},
      [](const direct_messages_not_shown&) {},
      [](const inbox_readers_gone&) {},
      [](const wait_for_mail&) { return mail_news{}; },
      [](const cancel_mail_wait&) {},
      [this](const identity_changed& news) { into_->push_back(news); },
      [](const inbox_timer&) {},
      [](const jetstream::core_message&) {},
      [](const jetstream::kv_change&) {},
      [](const jetstream::kv_watch_event&) {},
      [](const jetstream::connection_event&) {},
    };
  }

private:
  heard into_;
};

/// Numbers that never repeat.
random_source counting_random() {
  return [state = std::uint64_t{1}]() mutable {
    state += 0x9e3779b97f4a7c15ULL;
    const auto mixed = (state ^ (state >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    return mixed ^ (mixed >> 31U);
  };
}

} // namespace

void registry_story::SetUp() {
  random_ = [numbers = std::make_shared<random_source>(counting_random())] { return (*numbers)(); };
  nats_.store().follow([this] { return elapsed(); });
  gateway_ = adopt(spawn_stub_gateway(system(), nats_.script()));
  supervisor_ = adopt(spawn_checkpoint_keeper(system(), saved_));
  session_ = adopt(spawn_stub_session(system(), session_heard_));
  stub_heartbeat_ = adopt(spawn_shell<heartbeat_actor, listening_heartbeat>(
    system(), "heartbeat", message_probe{}, heartbeat_heard_));
  inbox_ = adopt(
    spawn_shell<inbox_actor, listening_inbox>(system(), "inbox", message_probe{}, inbox_heard_));
  registry_ = start_registry(options());
  nats_.connection_is(jetstream::connection_state::connected);
  run();
}

// -- parts -------------------------------------------------------------------------------------

registry_options registry_story::options() {
  registry_options out;
  out.child_id = "registry";
  out.process = {"session-1", "build-1", "ann", "0123456789abcdef"};
  out.heartbeat_interval = interval;
  out.gateway = gateway_;
  out.session = session_;
  out.heartbeat = stub_heartbeat_;
  out.inbox = inbox_;
  out.supervisor = supervisor_;
  out.world = {[this] { return nats_.store().now(); }, random_, probe_};
  out.world.unreadable = [this](std::string_view, const jetstream::kv_entry& entry) {
    unreadable_.push_back(entry.key);
  };
  return out;
}

registry_actor registry_story::start_registry(registry_options how, const checkpoint& last) {
  const auto name = how.child_id;
  const auto probe = how.world.probe;
  auto started =
    adopt(spawn_shell<registry_actor, registry_state>(system(), name, probe, std::move(how), last));
  run();
  return started;
}

registry_actor registry_story::start_another() {
  registry_options how;
  how.child_id = "another";
  how.process = {"session-2", "build-1", "ann", "0123456789abcdef"};
  how.heartbeat_interval = interval;
  how.gateway = gateway_;
  how.world = options().world;
  how.world.probe = {};
  return start_registry(std::move(how));
}

heartbeat_actor registry_story::start_heartbeat() {
  return adopt(spawn_shell<heartbeat_actor, heartbeat_state>(
    system(), "heartbeat", message_probe{},
    heartbeat_options{"heartbeat", gateway_, registry_, options().world}));
}

void registry_story::kill(const caf::actor& part) {
  caf::anon_send<caf::message_priority::high>(
    part, caf::exit_msg{caf::actor_addr{}, caf::exit_reason::kill});
  run();
}

void registry_story::restart_registry() {
  kill(caf::actor_cast<caf::actor>(registry_));
  nats_.script()->connection_observers.clear();
  registry_ = start_registry(options(), *saved_);
  nats_.connection_is(jetstream::connection_state::connected);
  run();
}

// -- requests ----------------------------------------------------------------------------------

register_as registry_story::registering(std::string handle, agents::visibility seen_by) const {
  register_as out;
  out.arguments.agent_type = "developer";
  out.arguments.capabilities = {"review"};
  out.arguments.visibility = seen_by;
  out.handle = std::move(handle);
  out.deadline = soon();
  return out;
}

change_presence registry_story::saying_tasks(std::int64_t count) const {
  change_presence out;
  out.arguments.current_task_count = count;
  out.deadline = soon();
  return out;
}

discover registry_story::discovering(tools::discover_agents_arguments what) const {
  return {std::move(what), soon()};
}

find_recipient registry_story::finding(std::string guid, std::string handle) const {
  return {std::move(guid), std::move(handle), soon()};
}

std::string registry_story::must_register(register_as what) {
  const auto outcome = ask(registry_, std::move(what));
  EXPECT_TRUE(outcome) << outcome.error().message;
  return outcome ? outcome->guid : std::string{};
}

std::vector<std::string> registry_story::discovered(tools::discover_agents_arguments what) {
  const auto found = ask(registry_, discovering(std::move(what)));
  EXPECT_TRUE(found) << found.error().message;
  std::vector<std::string> out;
  for (const auto& one : found.value_or(tools::discover_agents_result{}).agents) {
    out.push_back(one.handle);
  }
  return out;
}

// -- what stands in NATS -----------------------------------------------------------------------

agents::agent_record registry_story::stranger(std::size_t number) const {
  const auto digits = std::to_string(number);
  agents::agent_record out;
  out.guid = "00000000-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits;
  out.session_id = "stranger-" + digits;
  out.agent_type = "tester";
  out.handle = "stranger-" + digits;
  out.hostname = "laptop";
  out.project_id = "0123456789abcdef";
  out.seen_by = agents::visibility::public_;
  out.heartbeat_interval = interval;
  return out;
}

std::string registry_story::key_of(const agents::agent_record& of) const {
  return agents::agent_key({of.guid, of.project_id, short_hash("bob").value_or("")}, of.seen_by)
    .value_or("");
}

void registry_story::put(const agents::agent_record& of) {
  put_bytes(of, agents::write_agent_record(of, "w"));
}

void registry_story::put_bytes(const agents::agent_record& of, const std::string& value) {
  for (const auto& stream :
       {agents::agents_stream(1), agents::presence_stream(1), agents::sessions_stream(1)}) {
    nats_.make_bucket(stream);
  }
  (void)nats_.store().put({std::string{agents::agents_bucket}, key_of(of), value, {}, "w", {}});
}

std::vector<agents::agent_record> registry_story::records(const std::string& guid) const {
  std::vector<agents::agent_record> out;
  for (const auto& entry : nats_.store().entries(agents::agents_bucket)) {
    auto record = agents::read_agent_record(entry.key, entry.value);
    if (record && record->guid == guid) {
      out.push_back(std::move(*record));
    }
  }
  return out;
}

std::string registry_story::holder(const std::string& guid) const {
  const auto entry = nats_.store().entry(agents::sessions_bucket, guid);
  return entry ? agents::read_anchor(entry->value).value_or(agents::anchor{}).session_id
               : std::string{};
}

void registry_story::fail_writes(std::optional<error> why) {
  if (!why) {
    nats_.on_command = {};
    return;
  }
  nats_.on_command = [why](const agents::key_command& what) {
    return std::holds_alternative<jetstream::kv_get>(what) ? std::nullopt : why;
  };
}

} // namespace nats_mcp::testing
