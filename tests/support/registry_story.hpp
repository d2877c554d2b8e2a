// SPDX-License-Identifier: MIT
// The fixture of tests of the registry and the heartbeat: buckets in memory behind a stub gateway,
// on virtual time, and whoever else is told something. Other agents are written into the buckets as
// other processes would.
#pragma once

#include "protocol/agents/agent_record.hpp"
#include "protocol/agents/visibility.hpp"
#include "protocol/identifiers.hpp"

#include "actors/agents/heartbeat_actor.hpp"
#include "actors/agents/registry_actor.hpp"

#include "tests/support/deterministic.hpp"
#include "tests/support/key_value_script.hpp"
#include "tests/support/stub_session.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::testing {

using namespace std::chrono_literals;

class registry_story : public deterministic {
protected:
  static constexpr std::chrono::milliseconds interval{60'000};

  void SetUp() override;

  // -- parts -----------------------------------------------------------------------------------

  [[nodiscard]] registry_options options();
  [[nodiscard]] registry_actor start_registry(registry_options how, const checkpoint& last = {});
  /// Another process of the same user on the same computer in the same project.
  [[nodiscard]] registry_actor start_another();
  /// It begins with the next `run`.
  [[nodiscard]] heartbeat_actor start_heartbeat();
  void kill(const caf::actor& part);
  /// The registry dies, and its supervisor starts it again.
  void restart_registry();

  // -- requests, as the session makes them -----------------------------------------------------

  [[nodiscard]] register_as
  registering(std::string handle = "dev",
              agents::visibility seen_by = agents::visibility::project_only) const;
  [[nodiscard]] change_presence saying_tasks(std::int64_t count) const;
  [[nodiscard]] discover discovering(tools::discover_agents_arguments what = {}) const;
  [[nodiscard]] find_recipient finding(std::string guid, std::string handle = {}) const;
  [[nodiscard]] monotonic_time soon() const { return now() + 5s; }
  /// Registers, and expects to succeed. @returns the GUID.
  std::string must_register(register_as what);
  /// The handles that are discovered, in their order.
  [[nodiscard]] std::vector<std::string> discovered(tools::discover_agents_arguments what = {});

  // -- what stands in NATS ---------------------------------------------------------------------

  [[nodiscard]] agents::agent_record stranger(std::size_t number) const;
  /// Writes the record of another process.
  void put(const agents::agent_record& of);
  /// Writes any bytes in its place.
  void put_bytes(const agents::agent_record& of, const std::string& value);
  [[nodiscard]] std::string key_of(const agents::agent_record& of) const;
  /// Every record of an agent.
  [[nodiscard]] std::vector<agents::agent_record> records(const std::string& guid) const;
  /// The session that holds an agent's anchor.
  [[nodiscard]] std::string holder(const std::string& guid) const;
  /// Every writing command fails from now on with this; nothing: they work again.
  void fail_writes(std::optional<error> why);

  key_value_script nats_;
  std::shared_ptr<session_ear> session_heard_ = std::make_shared<session_ear>();
  std::shared_ptr<std::vector<identity_changed>> heartbeat_heard_ =
    std::make_shared<std::vector<identity_changed>>();
  std::shared_ptr<std::vector<identity_changed>> inbox_heard_ =
    std::make_shared<std::vector<identity_changed>>();
  std::shared_ptr<checkpoint> saved_ = std::make_shared<checkpoint>();
  /// Of the registry started next.
  message_probe probe_;
  /// Keys of entries of which it said that nobody of us wrote them.
  std::vector<std::string> unreadable_;
  gateway_actor gateway_;
  registry_actor registry_;

private:
  random_source random_;
  session_actor session_;
  heartbeat_actor stub_heartbeat_;
  inbox_actor inbox_;
  supervisor_actor supervisor_;
};

} // namespace nats_mcp::testing
