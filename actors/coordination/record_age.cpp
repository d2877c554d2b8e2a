// SPDX-License-Identifier: MIT
#include "actors/coordination/record_age.hpp"

#include "protocol/jetstream/stream_config.hpp"
#include "protocol/limits.hpp"
#include "protocol/limits/coordination.hpp"
#include "protocol/work/streams.hpp"

namespace nats_mcp {

void record_age::look(monotonic_time now, coordination::work_view& seen, wall_time server_now) {
  if (!asked_at_ || now - *asked_at_ >= limits::record_age_look_interval) {
    ask(now);
  }
  if (kept_for_ > kept_for_.zero()) {
    seen.forget_before(server_now - kept_for_);
  }
}

void record_age::ask(monotonic_time now) {
  asked_at_ = now;
  api_(jetstream::stream_info_request(work::items_stream({}).name, now + limits::work_request_max),
       [this](const result<jetstream::api_reply>& reply) {
         const auto info = reply ? jetstream::parse_stream_info(reply->body)
                                 : result<jetstream::stream_info>{fail(ec::unavailable, {})};
         if (info) {
           kept_for_ = std::chrono::ceil<std::chrono::milliseconds>(info->config.max_age);
         } else if (reply || reply.error().code != ec::permission_denied) {
           asked_at_.reset(); // the next look tries again
         }
       });
}

} // namespace nats_mcp
