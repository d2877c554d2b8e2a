// SPDX-License-Identifier: MIT
#include "actors/gateway/watch_waits.hpp"

#include "protocol/jetstream/durable_consumer.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

namespace {

/// What the consumer has delivered and what it still will.
result<std::uint64_t> sequence_to_come(const result<jetstream::api_reply>& reply) {
  if (!reply) {
    return tl::make_unexpected(reply.error());
  }
  return jetstream::parse_consumer_state(reply->body).map([](const auto& state) {
    return state.delivered_consumer_sequence + state.pending;
  });
}

} // namespace

std::uint64_t watch_waits::add(const await_watch& asked,
                               guarded_promise<watch_is_current> promise) {
  waits_.push_back({++steps_, asked.id, std::move(promise), asked.deadline, {}, {}});
  return steps_;
}

std::vector<watch_waits::question> watch_waits::to_ask(const progress& at) {
  std::vector<question> out;
  for (auto& one : waits_) {
    if (one.id == at.id && !at.consumer.empty() && one.consumer != at.consumer) {
      one.step = ++steps_;
      one.consumer = at.consumer;
      one.target.reset();
      out.push_back({one.step, one.deadline});
    }
  }
  return out;
}

void watch_waits::on_answer(std::uint64_t step, const result<jetstream::api_reply>& reply,
                            const progress& at) {
  const auto found = std::find_if(waits_.begin(), waits_.end(),
                                  [step](const wait& one) { return one.step == step; });
  if (found == waits_.end()) {
    return; // asked again since, of another consumer
  }
  const auto target = sequence_to_come(reply);
  if (!target && target.error().code == ec::not_found) {
    // Gone, as after a lost connection, or not there yet: asked again when the watch follows one.
    found->consumer.clear();
    return;
  }
  if (!target) {
    found->promise.fail(target.error());
    waits_.erase(found);
    return;
  }
  found->target = *target;
  on_progress(at);
}

void watch_waits::on_progress(const progress& at) {
  std::erase_if(waits_, [&at](wait& one) {
    const bool there = one.id == at.id && one.consumer == at.consumer && one.target
                       && *one.target <= at.consumer_sequence;
    if (there) {
      one.promise.deliver({});
    }
    return there;
  });
}

void watch_waits::watch_closed(jetstream::subscription_id id) {
  std::erase_if(waits_, [id](wait& one) {
    if (one.id == id) {
      one.promise.fail({ec::cancelled, "The watch was closed.", 0});
    }
    return one.id == id;
  });
}

void watch_waits::tick(monotonic_time now) {
  std::erase_if(waits_, [now](wait& one) {
    if (one.deadline > now) {
      return false;
    }
    one.promise.fail({ec::timeout, "The watch did not catch up in time.", 0});
    return true;
  });
}

std::optional<monotonic_time> watch_waits::next_due() const {
  std::optional<monotonic_time> due;
  for (const auto& one : waits_) {
    due = due ? std::min(*due, one.deadline) : one.deadline;
  }
  return due;
}

} // namespace nats_mcp
