// SPDX-License-Identifier: MIT
#include "actors/coordination/channel_glance.hpp"

#include "protocol/jetstream/stream_config.hpp"
#include "protocol/limits.hpp"
#include "protocol/limits/coordination.hpp"
#include "protocol/messaging/channel_message.hpp"
#include "protocol/messaging/channel_names.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

channel_glance::channel_glance(surroundings around)
  : around_{std::move(around)} {
  for (const auto& one : around_.channels) {
    places_.push_back({messaging::channel_stream_name(around_.channel_namespace, one.name), 0});
    shown_.push_back({one.name, {}});
    if (places_.size() == limits::overview_channels_max) {
      break;
    }
  }
}

void channel_glance::look(monotonic_time deadline, std::function<void()> done) {
  done_ = std::move(done);
  problem_.clear();
  open_ = places_.size() + 1;
  for (std::size_t index = 0; index < places_.size(); ++index) {
    around_.api(jetstream::stream_info_request(places_[index].stream, deadline),
                [this, index, deadline](const result<jetstream::api_reply>& reply) {
                  looked(index, deadline, reply);
                });
  }
  one_done();
}

void channel_glance::looked(std::size_t index, monotonic_time deadline,
                            const result<jetstream::api_reply>& reply) {
  auto& mine = places_[index];
  if (!reply) {
    return failed(index, reply.error());
  }
  const auto info = jetstream::parse_stream_info(reply->body);
  if (!info) {
    return failed(index, info.error());
  }
  if (info->extent.last_sequence == mine.last_sequence) {
    return one_done();
  }
  mine.last_sequence = info->extent.last_sequence;
  const auto before = std::min<std::uint64_t>(mine.last_sequence, limits::overview_messages_max);
  page_reader::request what;
  what.stream = mine.stream;
  what.filters = {messaging::channel_subject(around_.channel_namespace, shown_[index].name)};
  what.start_sequence = mine.last_sequence - before + 1;
  what.bounds = {limits::overview_messages_max, limits::read_bytes_max};
  what.deadline = deadline;
  around_.pages->start(std::move(what),
                       [this, index](const result<work::stream_page>& page) { read(index, page); });
}

void channel_glance::read(std::size_t index, const result<work::stream_page>& page) {
  if (!page) {
    return failed(index, page.error());
  }
  auto& newest = shown_[index].newest;
  newest.clear();
  for (const auto& message : page->messages) {
    newest.push_back(messaging::read_channel_message(message));
  }
  one_done();
}

void channel_glance::failed(std::size_t index, const error& why) {
  places_[index].last_sequence = 0; // the next look reads again
  // Nobody has written anything yet, or it is gone; or it is not for this user.
  if (why.code == ec::not_found || why.code == ec::permission_denied) {
    shown_[index].newest.clear();
  } else if (problem_.empty()) {
    problem_ = why.message;
  }
  one_done();
}

void channel_glance::one_done() {
  if (--open_ == 0) {
    std::exchange(done_, {})();
  }
}

} // namespace nats_mcp
