// SPDX-License-Identifier: MIT
#include "protocol/jetstream/request_table.hpp"

#include "protocol/jetstream/sentences.hpp"

#include <algorithm>

namespace nats_mcp::jetstream {

request_table::request_table(options choice)
  : options_{choice}
  , next_{choice.first} {
  // nop
}

// -- requests ----------------------------------------------------------------------------------

result<request_id> request_table::submit(const request_terms& terms, monotonic_time now) {
  last_now_ = now;
  if (queued() >= options_.queue
      || (queued() > 0 && waiting_bytes_ + terms.bytes > options_.queue_bytes)) {
    return fail(ec::busy, busy_sentence("request"));
  }
  const auto number = static_cast<std::uint64_t>(next_);
  next_ = request_id{number + 1};
  auto& request = requests_[number];
  request.terms = terms;
  request.submitted = now;
  request.due = terms.deadline;
  due_.emplace(request.due, number);
  if (now >= terms.deadline) {
    wait(number, request);
    end(number, end_reason::out_of_time, ec::timeout);
    return request_id{number};
  }
  if (!connected_ && terms.scope == connection_scope::present) {
    wait(number, request);
    end(number, end_reason::connection_lost, ec::timeout);
    return request_id{number};
  }
  // The common case, without a detour through the waiting set: connected, room, nobody before it.
  if (connected_ && has_room(terms.window) && waiting_of(request).empty()) {
    write(number, request, now);
  } else {
    wait(number, request);
  }
  return request_id{number};
}

bool request_table::answered(request_id id) {
  auto* request = find(id);
  if (request == nullptr) {
    return false;
  }
  const auto number = static_cast<std::uint64_t>(id);
  leave_state(number, *request);
  due_.erase({request->due, number});
  requests_.erase(number);
  pump(last_now_);
  return true;
}

void request_table::write_again(request_id id, std::chrono::milliseconds delay,
                                monotonic_time now) {
  last_now_ = now;
  auto* request = find(id);
  if (request == nullptr) {
    return;
  }
  const auto number = static_cast<std::uint64_t>(id);
  leave_state(number, *request);
  if (delay.count() > 0) {
    request->now = state::resting;
    set_due(number, *request, std::min(now + delay, request->terms.deadline));
  } else {
    wait(number, *request);
  }
  pump(now);
}

void request_table::not_written(request_id id) {
  auto* request = find(id);
  if (request == nullptr || request->now != state::written) {
    return;
  }
  const auto number = static_cast<std::uint64_t>(id);
  leave_state(number, *request);
  --request->attempts;
  wait(number, *request);
  if (request->terms.scope == connection_scope::present) {
    end(number, end_reason::connection_lost, silence(*request));
  }
  // Whatever comes next would be refused as well: wait for the transport to say that it is
  // connected.
  connected_ = false;
}

unsigned request_table::attempts(request_id id) const {
  const auto found = requests_.find(static_cast<std::uint64_t>(id));
  return found == requests_.end() ? 0 : found->second.attempts;
}

// -- the outside -------------------------------------------------------------------------------

void request_table::connected(monotonic_time now) {
  connected_ = true;
  pump(now);
}

void request_table::disconnected(monotonic_time now) {
  connected_ = false;
  last_now_ = now;
  std::vector<std::uint64_t> affected;
  for (const auto& [number, request] : requests_) {
    if (request.now == state::written || request.terms.scope == connection_scope::present) {
      affected.push_back(number);
    }
  }
  // In order of arrival, whatever the hash says: the same events always have the same effects.
  std::sort(affected.begin(), affected.end());
  for (const auto number : affected) {
    auto& request = requests_.at(number);
    const bool goes_on =
      request.terms.again == repetition::allowed && request.terms.scope == connection_scope::any;
    if (goes_on) {
      leave_state(number, request);
      wait(number, request);
    } else {
      end(number, end_reason::connection_lost, silence(request));
    }
  }
}

void request_table::attempt_failed(monotonic_time began, ec code, bool give_up) {
  if (!give_up) {
    return;
  }
  std::vector<std::uint64_t> affected;
  for (const auto* waiting : {&waiting_, &waiting_free_}) {
    for (const auto number : *waiting) {
      const auto& request = requests_.at(number);
      if (request.attempts == 0 && request.submitted <= began) {
        affected.push_back(number);
      }
    }
  }
  for (const auto number : affected) {
    end(number, end_reason::no_connection, code);
  }
}

void request_table::tick(monotonic_time now) {
  last_now_ = now;
  while (!due_.empty() && due_.begin()->first <= now) {
    const auto number = due_.begin()->second;
    auto& request = requests_.at(number);
    if (now >= request.terms.deadline) {
      const bool crowded_out =
        connected_ && request.now == state::waiting && request.terms.window == window_use::free;
      end(number, end_reason::out_of_time, crowded_out ? ec::busy : silence(request));
    } else {
      // Silence after writing, or the end of a rest.
      leave_state(number, request);
      wait(number, request);
    }
  }
  pump(now);
}

std::optional<monotonic_time> request_table::next_due() const {
  return due_.empty() ? std::nullopt : std::optional{due_.begin()->first};
}

// -- inside ------------------------------------------------------------------------------------

request_table::entry* request_table::find(request_id id) {
  const auto found = requests_.find(static_cast<std::uint64_t>(id));
  return found == requests_.end() ? nullptr : &found->second;
}

std::set<std::uint64_t>& request_table::waiting_of(const entry& request) {
  return request.terms.window == window_use::free ? waiting_free_ : waiting_;
}

bool request_table::has_room(window_use kind) const noexcept {
  return kind == window_use::free ? polls_used_ < options_.polls : window_used_ < options_.window;
}

std::size_t& request_table::used_by(const entry& request) noexcept {
  return request.terms.window == window_use::free ? polls_used_ : window_used_;
}

void request_table::leave_state(std::uint64_t id, entry& request) {
  switch (request.now) {
    case state::waiting:
      waiting_of(request).erase(id);
      waiting_bytes_ -= request.terms.bytes;
      break;
    case state::written:
      --written_;
      --used_by(request);
      break;
    case state::resting:
      break;
  }
}

void request_table::wait(std::uint64_t id, entry& request) {
  request.now = state::waiting;
  waiting_of(request).insert(id);
  waiting_bytes_ += request.terms.bytes;
  set_due(id, request, request.terms.deadline);
}

void request_table::write(std::uint64_t id, entry& request, monotonic_time now) {
  request.now = state::written;
  ++request.attempts;
  ++written_;
  ++used_by(request);
  if (request.terms.again == repetition::allowed) {
    set_due(id, request, std::min(now + request.terms.repeat_after, request.terms.deadline));
  }
  effects_.emplace_back(write_request{request_id{id}});
}

void request_table::set_due(std::uint64_t id, entry& request, monotonic_time due) {
  if (due == request.due) {
    return;
  }
  auto node = due_.extract({request.due, id});
  node.value() = {due, id};
  due_.insert(std::move(node));
  request.due = due;
}

void request_table::end(std::uint64_t id, end_reason reason, ec code) {
  auto& request = requests_.at(id);
  leave_state(id, request);
  due_.erase({request.due, id});
  requests_.erase(id);
  effects_.emplace_back(end_request{request_id{id}, reason, code});
}

ec request_table::silence(const entry& request) {
  return request.attempts > 0 && request.terms.effect == consequence::possible ? ec::unknown_outcome
                                                                               : ec::timeout;
}

void request_table::pump(monotonic_time now) {
  last_now_ = now;
  const auto write_first = [&](std::set<std::uint64_t>& waiting) {
    const auto number = *waiting.begin();
    waiting.erase(waiting.begin());
    auto& request = requests_.at(number);
    waiting_bytes_ -= request.terms.bytes;
    write(number, request, now);
  };
  while (connected_ && !waiting_free_.empty() && has_room(window_use::free)) {
    write_first(waiting_free_);
  }
  while (connected_ && !waiting_.empty() && has_room(window_use::counted)) {
    write_first(waiting_);
  }
}

} // namespace nats_mcp::jetstream
