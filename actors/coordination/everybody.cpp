// SPDX-License-Identifier: MIT
#include "actors/coordination/everybody.hpp"

#include "protocol/agents/buckets.hpp"
#include "protocol/hash.hpp"
#include "protocol/limits.hpp"

#include <utility>

namespace nats_mcp {

agents::principal principal_of(const tools::agent_summary& agent) {
  agents::principal out;
  out.guid = agent.guid;
  out.project_id = agent.project_id;
  if (!agent.username.empty()) {
    out.user_hash = short_hash(agent.username).value_or(std::string{});
  }
  return out;
}

everybody::everybody(surroundings around)
  : around_{std::move(around)}
  , presence_{around_.presence}
  , watch_{watching(around_.watch)} {
  // nop
}

bucket_watch::surroundings everybody::watching(bucket_watch::surroundings how) {
  how.bucket = agents::agents_bucket;
  how.filter = ">";
  how.changed = [this](const jetstream::kv_entry& entry, bucket_watch::origin) {
    const auto done = directory_.apply(entry);
    if (done.unreadable) {
      around_.unreadable(agents::agents_bucket, entry);
    }
    if (done.changed && is_known()) {
      around_.changed();
    }
  };
  how.cleared = [this] {
    directory_.clear();
    judged_at_.reset();
    read_at_.reset();
    reading_ = false;
    ++number_;
  };
  how.completed = [this] {
    // Signs of life of whoever was not known yet were lost.
    read(around_.presence.now() + limits::work_request_max);
  };
  return how;
}

bool everybody::is_known_since(std::chrono::milliseconds age) const {
  return is_known() && read_at_ && around_.presence.now() - *read_at_ < age;
}

void everybody::look(monotonic_time deadline) {
  watch_.begin(deadline);
  if (watch_.is_complete() && !is_fresh()) {
    read(deadline);
  }
}

void everybody::end() { watch_.end(); }

void everybody::read(monotonic_time deadline) {
  if (std::exchange(reading_, true)) {
    return;
  }
  presence_.start(
    {">"}, deadline, [this, number = number_](const result<presence_reader::snapshot>& found) {
      if (number != number_) {
        return;
      }
      reading_ = false;
      problem_ = found ? std::string{} : found.error().message;
      if (!found) {
        return; // the next look
      }
      read_at_ = found->asked_at;
      if (found->server_time.known()) {
        judged_at_ = found->server_time.now(found->asked_at);
      } else {
        judged_at_ = directory_.newest_stamp(); // there is no bucket: nobody ever gave a sign
      }
      for (const auto& entry : directory_.apply_presence(found->entries)) {
        around_.unreadable(agents::presence_bucket, entry);
      }
      directory_.forget_expired(*judged_at_);
      around_.changed();
    });
}

bool everybody::is_gone(const std::string& guid) const {
  const auto known = directory_.find(guid, judged_at());
  return !known || known->status == tools::effective_status::offline;
}

std::vector<tools::agent_summary> everybody::all(std::size_t most) const {
  tools::discover_agents_arguments what;
  what.include_offline = true;
  what.limit = static_cast<std::int64_t>(most);
  return directory_.select(what, judged_at()).first;
}

std::vector<tools::agent_summary> everybody::present() const {
  tools::discover_agents_arguments what;
  what.limit = static_cast<std::int64_t>(limits::agents_in_view_max);
  return directory_.select(what, judged_at()).first;
}

std::optional<agents::principal> everybody::principal_of(const std::string& guid) const {
  const auto known = directory_.find(guid, judged_at());
  return known ? std::optional{nats_mcp::principal_of(*known)} : std::nullopt;
}

} // namespace nats_mcp
