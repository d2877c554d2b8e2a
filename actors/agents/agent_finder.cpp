// SPDX-License-Identifier: MIT
#include "actors/agents/agent_finder.hpp"

#include "protocol/agents/agent_directory.hpp"
#include "protocol/agents/buckets.hpp"
#include "protocol/limits.hpp"
#include "protocol/text.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace nats_mcp {

namespace {

error no_such_agent(const std::string& guid, const std::string& handle) {
  const auto wanted =
    guid.empty() ? "the handle \"" + one_line(handle) + "\"" : "the GUID " + one_line(guid);
  return {ec::not_found,
          "No agent with " + wanted
            + " is known here. discover_agents with includeOffline=true lists those there are.",
          0};
}

error ambiguous(const std::string& handle, const std::vector<tools::agent_summary>& candidates) {
  std::string sentence = "The handle \"" + one_line(handle) + "\" is used by "
                         + counted(candidates.size(), "agent") + ". Use the GUID of one of them:";
  for (std::size_t i = 0; i < candidates.size() && i < limits::candidates_shown_max; ++i) {
    const auto& one = candidates[i];
    sentence += "\n- " + one.guid + " (" + one_line(one.agent_type) + " on "
                + one_line(one.hostname) + ", " + std::string{tools::to_text(one.status)} + ")";
  }
  return {ec::invalid_argument, std::move(sentence), 0};
}

} // namespace

/// One look at the keys of a GUID.
struct agent_finder::lookup {
  agents::agent_directory found;
  /// They count once the entry is there.
  std::vector<jetstream::kv_entry> presence;
  std::optional<error> failure;
  /// Some keys NATS may not let this process read: then there is nothing under them for it.
  std::optional<error> refused;
  std::size_t answered = 0;
  std::size_t open = 0;
};

agent_finder::agent_finder(surroundings around)
  : around_{std::move(around)} {
  // nop
}

void agent_finder::find(const std::string& guid, const std::string& handle, monotonic_time deadline,
                        finished<tools::agent_summary> done) {
  if (!guid.empty() && !agents::is_guid(guid)) {
    done(tl::make_unexpected(no_such_agent(guid, handle)));
  } else if (!guid.empty() && around_.server_time->known()) {
    look_at_keys(guid, deadline, std::move(done));
  } else {
    look_at_view(guid, handle, deadline, std::move(done));
  }
}

void agent_finder::look_at_keys(const std::string& guid, monotonic_time deadline,
                                finished<tools::agent_summary> done) {
  const auto looking = std::make_shared<lookup>();
  const auto keys = agents::visible_keys(around_.viewer(), guid);
  looking->open = 2 * keys.size();
  const auto finish = [this, looking, guid, done = std::move(done)] {
    if (!looking->failure && looking->answered == 0) {
      looking->failure = looking->refused;
    }
    if (looking->failure) {
      done(tl::make_unexpected(*looking->failure));
      return;
    }
    for (const auto& entry : looking->found.apply_presence(std::move(looking->presence))) {
      tell_unreadable(around_.world, agents::presence_bucket, entry);
    }
    auto agent = looking->found.find(guid, around_.view->server_now());
    done(agent ? result<tools::agent_summary>{std::move(*agent)}
               : tl::make_unexpected(no_such_agent(guid, {})));
  };
  for (const auto bucket : {agents::agents_bucket, agents::presence_bucket}) {
    for (const auto& key : keys) {
      around_.keys(jetstream::kv_get{std::string{bucket}, key, deadline},
                   [this, looking, bucket, finish](const result<agents::key_answer>& answer) {
                     const auto* failure = agents::lookup_failure(answer);
                     if (failure != nullptr && failure->code == ec::permission_denied) {
                       looking->refused = *failure;
                     } else if (failure != nullptr) {
                       looking->failure = *failure;
                     } else if (const auto* entry = agents::entry_in(answer);
                                entry != nullptr && bucket == agents::presence_bucket) {
                       looking->presence.push_back(*entry);
                     } else if (entry != nullptr && looking->found.apply(*entry).unreadable) {
                       tell_unreadable(around_.world, bucket, *entry);
                     }
                     looking->answered += failure == nullptr ? 1U : 0U;
                     if (--looking->open == 0) {
                       finish();
                     }
                   });
    }
  }
}

void agent_finder::look_at_view(const std::string& guid, const std::string& handle,
                                monotonic_time deadline, finished<tools::agent_summary> done) {
  around_.view_used();
  around_.view->refresh(around_.viewer(), deadline,
                        [this, guid, handle, done = std::move(done)](const result<void>& ready) {
                          done(ready ? shown(guid, handle) : tl::make_unexpected(ready.error()));
                        });
}

result<tools::agent_summary> agent_finder::shown(const std::string& guid,
                                                 const std::string& handle) const {
  const auto& directory = around_.view->directory();
  const auto now = around_.view->judged_at();
  std::vector<tools::agent_summary> found;
  if (guid.empty()) {
    found = directory.find_handle(handle, now);
  } else if (auto agent = directory.find(guid, now)) {
    found.push_back(std::move(*agent));
  }
  if (found.empty()) {
    return tl::make_unexpected(no_such_agent(guid, handle));
  }
  if (found.size() > 1) {
    return tl::make_unexpected(ambiguous(handle, found));
  }
  return std::move(found.front());
}

} // namespace nats_mcp
