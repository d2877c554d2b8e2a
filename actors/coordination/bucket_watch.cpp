// SPDX-License-Identifier: MIT
#include "actors/coordination/bucket_watch.hpp"

#include <utility>

namespace nats_mcp {

bucket_watch::bucket_watch(surroundings around)
  : around_{std::move(around)} {
  // nop
}

void bucket_watch::begin(monotonic_time deadline) {
  if (id_) {
    return;
  }
  const auto id = jetstream::subscription_id{around_.random()};
  id_ = id;
  around_.open({id, around_.bucket, around_.filter, around_.listener, deadline},
               [this, id](const result<void>& outcome) { opened(id, outcome); });
}

void bucket_watch::opened(jetstream::subscription_id id, const result<void>& outcome) {
  if (id_ != id) {
    return;
  }
  problem_ = outcome ? std::string{} : outcome.error().message;
  if (!outcome) {
    end(); // what it told already nobody keeps up to date
  }
}

void bucket_watch::end() {
  if (const auto id = std::exchange(id_, std::nullopt)) {
    around_.close(*id);
  }
  clear();
}

void bucket_watch::clear() {
  complete_ = false;
  around_.cleared();
}

bool bucket_watch::on_change(const jetstream::kv_change& change) {
  if (id_ != change.id) {
    return false;
  }
  around_.changed(change.entry, complete_ ? origin::change : origin::found);
  return true;
}

void bucket_watch::on_event(const jetstream::kv_watch_event& event) {
  if (id_ != event.id) {
    return;
  }
  if (event.state == jetstream::kv_watch_state::restarted) {
    clear();
  } else if (event.state == jetstream::kv_watch_state::initial_values_done) {
    complete_ = true;
    around_.completed();
  }
}

} // namespace nats_mcp
