// SPDX-License-Identifier: MIT
#include "actors/streams/stream_keeper.hpp"

#include "protocol/jetstream/spoken_names.hpp"
#include "protocol/jetstream/stream_comparison.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

namespace {

/// JetStream's `err_code` for creating a stream whose name is in use with another configuration.
constexpr int stream_name_in_use = 10058;

/// Why a stream that exists under the right name cannot be used; nothing when it can.
std::optional<error> unusable(const jetstream::stream_config& existing,
                              const jetstream::stream_config& wanted) {
  for (const auto& subject : wanted.subjects) {
    const bool stored =
      std::any_of(existing.subjects.begin(), existing.subjects.end(),
                  [&](const std::string& pattern) { return jetstream::covers(pattern, subject); });
    if (!stored) {
      return error{ec::conflict,
                   "Where NATS should keep " + jetstream::spoken_stream(wanted.name)
                     + " is something else: the stream " + wanted.name
                     + " does not store the subject " + subject
                     + ". Choose another namespace in .mcp-config.json, or delete that stream.",
                   0};
    }
  }
  return std::nullopt;
}

} // namespace

stream_keeper::stream_keeper(api_caller api)
  : api_{std::move(api)} {
  // nop
}

void stream_keeper::ensure(const jetstream::stream_config& wanted, monotonic_time deadline,
                           ready done) {
  auto& known = streams_[wanted.name];
  if (known.usable) {
    done({});
    return;
  }
  known.waiting.push_back({std::move(done), deadline});
  const auto& running = known.under_way;
  if (std::none_of(running.begin(), running.end(),
                   [deadline](monotonic_time end) { return end <= deadline; })) {
    begin(wanted, deadline);
  }
}

void stream_keeper::forget(const std::string& stream) {
  const auto position = streams_.find(stream);
  if (position != streams_.end()) {
    position->second.usable = false;
  }
}

void stream_keeper::begin(const jetstream::stream_config& wanted, monotonic_time deadline) {
  streams_[wanted.name].under_way.push_back(deadline);
  look({wanted, deadline});
}

void stream_keeper::look(const attempt& trying) {
  api_(jetstream::stream_info_request(trying.wanted.name, trying.deadline),
       [this, trying](const result<jetstream::api_reply>& reply) {
         if (!reply) {
           if (reply.error().code == ec::not_found) {
             create(trying);
           } else {
             finish(trying, tl::make_unexpected(reply.error()));
           }
           return;
         }
         const auto info = jetstream::parse_stream_info(reply->body);
         if (!info) {
           finish(trying, tl::make_unexpected(info.error()));
         } else if (auto problem = unusable(info->config, trying.wanted)) {
           finish(trying, tl::make_unexpected(std::move(*problem)));
         } else if (auto compared = jetstream::compare(info->config, trying.wanted);
                    !compared.raised.empty()) {
           raise(trying, compared.after_start);
         } else {
           finish(trying, {});
         }
       });
}

void stream_keeper::create(const attempt& trying) {
  api_(jetstream::create_stream_request(trying.wanted, trying.deadline),
       [this, trying](const result<jetstream::api_reply>& reply) {
         if (reply) {
           finish(trying, {});
         } else if (reply.error().jetstream_code == stream_name_in_use) {
           look(trying); // another process was faster; see what it made
         } else {
           finish(trying, tl::make_unexpected(reply.error()));
         }
       });
}

void stream_keeper::raise(const attempt& trying, const jetstream::stream_config& merged) {
  api_(jetstream::update_stream_request(merged, trying.deadline),
       [this, trying](const result<jetstream::api_reply>& reply) {
         // Not allowed to change it, or it cannot be: the stream works as it is, `doctor` tells.
         const bool usable = reply || reply.error().code == ec::jetstream_error
                             || reply.error().code == ec::permission_denied;
         finish(trying, usable ? result<void>{} : result<void>{tl::make_unexpected(reply.error())});
       });
}

void stream_keeper::finish(const attempt& trying, const result<void>& outcome) {
  auto& known = streams_[trying.wanted.name];
  const auto position = std::find(known.under_way.begin(), known.under_way.end(), trying.deadline);
  known.under_way.erase(position);
  known.usable = known.usable || outcome.has_value();
  const bool out_of_time = !outcome && ran_out_of_time(outcome.error());
  std::vector<caller> over;
  for (auto& each : std::exchange(known.waiting, {})) {
    const bool waits_on = out_of_time && each.deadline > trying.deadline;
    (waits_on ? known.waiting : over).push_back(std::move(each));
  }
  if (!known.waiting.empty() && known.under_way.empty()) {
    const auto next = std::min_element(
      known.waiting.begin(), known.waiting.end(),
      [](const caller& left, const caller& right) { return left.deadline < right.deadline; });
    begin(trying.wanted, next->deadline);
  }
  // A callback may call `ensure` again.
  for (const auto& each : over) {
    each.done(outcome);
  }
}

} // namespace nats_mcp
