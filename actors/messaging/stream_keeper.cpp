// SPDX-License-Identifier: MIT
#include "actors/messaging/stream_keeper.hpp"

#include "protocol/jetstream/spoken_names.hpp"
#include "protocol/jetstream/stream_comparison.hpp"

#include "actors/request.hpp"

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

stream_keeper::stream_keeper(channels_actor::pointer owner, gateway_actor gateway)
  : owner_{owner}
  , gateway_{std::move(gateway)} {
  // nop
}

void stream_keeper::ensure(const jetstream::stream_config& wanted, monotonic_time deadline,
                           ready done) {
  auto& known = streams_[wanted.name];
  if (known.usable) {
    done({});
    return;
  }
  known.waiting.push_back(std::move(done));
  if (known.waiting.size() == 1) {
    look(wanted, deadline);
  }
}

void stream_keeper::forget(const std::string& stream) {
  const auto position = streams_.find(stream);
  if (position != streams_.end()) {
    position->second.usable = false;
  }
}

void stream_keeper::look(const jetstream::stream_config& wanted, monotonic_time deadline) {
  ask<jetstream::api_reply>(
    owner_, gateway_, jetstream::stream_info_request(wanted.name, deadline), "gateway",
    [this, wanted, deadline](const jetstream::api_reply& reply) {
      const auto info = jetstream::parse_stream_info(reply.body);
      if (!info) {
        finish(wanted.name, tl::make_unexpected(info.error()));
      } else if (auto problem = unusable(info->config, wanted)) {
        finish(wanted.name, tl::make_unexpected(std::move(*problem)));
      } else if (auto compared = jetstream::compare(info->config, wanted);
                 !compared.raised.empty()) {
        raise(compared.after_start, deadline);
      } else {
        finish(wanted.name, {});
      }
    },
    [this, wanted, deadline](const error& why) {
      if (why.code == ec::not_found) {
        create(wanted, deadline);
      } else {
        finish(wanted.name, tl::make_unexpected(why));
      }
    });
}

void stream_keeper::create(const jetstream::stream_config& wanted, monotonic_time deadline) {
  ask<jetstream::api_reply>(
    owner_, gateway_, jetstream::create_stream_request(wanted, deadline), "gateway",
    [this, wanted](const jetstream::api_reply&) { finish(wanted.name, {}); },
    [this, wanted, deadline](const error& why) {
      if (why.jetstream_code == stream_name_in_use) {
        look(wanted, deadline); // another process was faster; see what it made
      } else {
        finish(wanted.name, tl::make_unexpected(why));
      }
    });
}

void stream_keeper::raise(const jetstream::stream_config& merged, monotonic_time deadline) {
  ask<jetstream::api_reply>(
    owner_, gateway_, jetstream::update_stream_request(merged, deadline), "gateway",
    [this, merged](const jetstream::api_reply&) { finish(merged.name, {}); },
    // Not allowed to change it, or it cannot be: the stream works as it is, `doctor` tells.
    [this, merged](const error& why) {
      const bool usable = why.code == ec::jetstream_error || why.code == ec::permission_denied;
      finish(merged.name, usable ? result<void>{} : result<void>{tl::make_unexpected(why)});
    });
}

void stream_keeper::finish(const std::string& stream, const result<void>& outcome) {
  auto& known = streams_[stream];
  known.usable = outcome.has_value();
  // A callback may call `ensure` again.
  for (const auto& done : std::exchange(known.waiting, {})) {
    done(outcome);
  }
}

} // namespace nats_mcp
