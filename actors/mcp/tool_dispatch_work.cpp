// SPDX-License-Identifier: MIT
// Claims, and what becomes of their answers: what a client was never told of it does not hold.
#include "protocol/limits.hpp"
#include "protocol/tools/work_tools.hpp"

#include "actors/mcp/tool_dispatch.hpp"
#include "actors/mcp/tool_dispatch_calls.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

void tool_dispatch::claim_work(call_id call, const json::value& arguments) {
  auto wanted = decode<tools::claim_work_arguments>(call, arguments);
  if (!wanted) {
    return;
  }
  claims_.insert(call);
  if (wanted->timeout.count() > 0) {
    waits_[call] = {owner_->clock().now(), wanted->timeout, "work"};
  }
  ask_part<tools::claim_work_result>(call, options_.work_queue,
                                     nats_mcp::claim_work{call, std::move(*wanted), deadline()},
                                     "work queue");
}

void tool_dispatch::claim_delivered(call_id call) {
  if (claims_.erase(call) == 0) {
    return;
  }
  claims_shown_.push_back(call);
  if (claims_shown_.size() > limits::claims_shown_remembered_max) {
    claims_shown_.pop_front();
  }
  owner_->send(options_.work_queue, work_shown{call});
}

void tool_dispatch::claim_lost(call_id call) {
  if (claims_.erase(call) > 0) {
    owner_->send(options_.work_queue, work_not_shown{call});
  }
}

void tool_dispatch::cancel_claim(call_id call) {
  if (claims_.erase(call) > 0) {
    waits_.erase(call);
    owner_->send(options_.work_queue, nats_mcp::cancel_claim{call});
  }
}

void tool_dispatch::claims_in_doubt(const std::vector<call_id>& calls) {
  for (const auto call : calls) {
    if (claims_.contains(call)) {
      continue; // still on its way: it is told as soon as that is over
    }
    const bool shown =
      std::find(claims_shown_.begin(), claims_shown_.end(), call) != claims_shown_.end();
    if (shown) {
      owner_->send(options_.work_queue, work_shown{call});
    } else {
      owner_->send(options_.work_queue, work_not_shown{call});
    }
  }
}

} // namespace nats_mcp
