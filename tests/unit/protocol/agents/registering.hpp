// SPDX-License-Identifier: MIT
// What the tests of registration and of later writes share: processes of one agent that talk to
// buckets in memory, one command at a time, in whatever order the test says.
#pragma once

#include "protocol/agents/buckets.hpp"
#include "protocol/agents/entry_update.hpp"
#include "protocol/agents/registration.hpp"

#include "tests/support/conversation.hpp"
#include "tests/support/counting_random.hpp"
#include "tests/support/key_store.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::agents {

using namespace std::chrono_literals;

inline constexpr auto interval = 60s;

using testing::counting_from;

/// A script under way, one command at a time.
using conversation = testing::conversation<key_script>;

/// One process of user ann's agent "dev" in one project.
class process {
public:
  explicit process(std::uint64_t number, visibility seen_by = visibility::project_only)
    : random_{counting_from(number << 32U)}
    , seen_by_{seen_by}
    , session_{make_uuid(random_)}
    , new_guid_{make_uuid(random_)} {
    // nop
  }

  [[nodiscard]] static principal self() { return {{}, "0123456789abcdef", "fedcba9876543210"}; }
  [[nodiscard]] static std::string returning() { return "key.of-this-agent"; }

  [[nodiscard]] registration::request request() const {
    registration::request out;
    out.record.session_id = session_;
    out.record.agent_type = "developer";
    out.record.handle = "dev";
    out.record.hostname = "build-1";
    out.record.project_id = self().project_id;
    out.record.username = "ann";
    out.record.seen_by = seen_by_;
    out.record.heartbeat_interval = interval;
    out.self = self();
    out.returning_key = returning();
    out.new_guid = new_guid_;
    return out;
  }

  [[nodiscard]] std::shared_ptr<registration> start() const { return start(request()); }
  [[nodiscard]] std::shared_ptr<registration> start(registration::request what) const {
    return std::make_shared<registration>(std::move(what), random_);
  }
  [[nodiscard]] std::shared_ptr<entry_update> update(holding held,
                                                     entry_update::extent what) const {
    return std::make_shared<entry_update>(std::move(held), what, random_);
  }

  /// Registers with nobody in between.
  [[nodiscard]] result<registration::outcome> register_in(testing::key_store& store) const {
    return register_in(store, request());
  }
  [[nodiscard]] result<registration::outcome> register_in(testing::key_store& store,
                                                          registration::request what) const {
    const auto script = start(std::move(what));
    conversation{script}.finish(store);
    return *script->end();
  }
  [[nodiscard]] result<holding> update_in(testing::key_store& store, holding held,
                                          entry_update::extent what) const {
    const auto script = update(std::move(held), what);
    conversation{script}.finish(store);
    return *script->end();
  }
  [[nodiscard]] result<holding> say_goodbye_in(testing::key_store& store, holding held) const {
    held.record.status = tools::agent_status::offline;
    held.record.ended = true;
    return update_in(store, std::move(held), entry_update::extent::record);
  }
  void beat_in(testing::key_store& store, const holding& held) const {
    (void)store.put(
      {std::string{presence_bucket}, held.agent_key, write_presence(session_, "w"), {}, "w", {}});
  }

  [[nodiscard]] const std::string& session() const noexcept { return session_; }
  [[nodiscard]] const std::string& new_guid() const noexcept { return new_guid_; }

private:
  random_source random_;
  visibility seen_by_;
  std::string session_;
  std::string new_guid_;
};

/// The session that holds the anchor of `guid`; empty = nobody.
inline std::string holder(const testing::key_store& store, const std::string& guid) {
  const auto entry = store.entry(sessions_bucket, guid);
  return entry ? read_anchor(entry->value).value_or(anchor{}).session_id : std::string{};
}

/// The records of `guid` as they stand, of every visibility.
inline std::vector<agent_record> records(const testing::key_store& store, const std::string& guid) {
  std::vector<agent_record> out;
  for (const auto& entry : store.entries(agents_bucket)) {
    if (auto record = read_agent_record(entry.key, entry.value); record && record->guid == guid) {
      out.push_back(std::move(*record));
    }
  }
  return out;
}

/// Where the name leads.
inline way_back way_in(const testing::key_store& store) {
  const auto entry = store.entry(sessions_bucket, process::returning());
  return entry ? read_way_back(entry->value) : way_back{};
}

/// Agents one could write to, and nobody would find them by their name; empty: none.
inline std::string unlisted_in(const testing::key_store& store) {
  const auto way = way_in(store);
  for (const auto& entry : store.entries(agents_bucket)) {
    const std::string guid{parse_agent_key(entry.key)->guid};
    if (!leads_to(way, guid)) {
      return guid;
    }
  }
  return {};
}

inline testing::key_store empty_store() {
  return testing::key_store{agents_bucket, presence_bucket, sessions_bucket};
}

} // namespace nats_mcp::agents
