// SPDX-License-Identifier: MIT
#include "protocol/coordination/leadership.hpp"

#include "protocol/coordination/leader_entry.hpp"
#include "protocol/coordination/streams.hpp"
#include "protocol/limits/coordination.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::coordination {

namespace {

/// Nothing can have happened.
bool was_never_sent(const error& why) {
  return why.code == ec::timeout || why.code == ec::nats_unreachable || why.code == ec::busy
         || why.code == ec::cancelled;
}

} // namespace

leadership::leadership(identity self)
  : self_{std::move(self)} {
  // nop
}

// -- asking --------------------------------------------------------------------------------------

leadership::request leadership::wanted() const noexcept {
  if (must_look_) {
    return request::look;
  }
  if (leads_) {
    return resigning_ ? request::release : request::renewal;
  }
  return is_candidate_ ? request::campaign : request::look;
}

std::optional<leadership::command> leadership::next(monotonic_time now) {
  if (asked_ != request::none || resigned_ || now < due_) {
    return std::nullopt;
  }
  asked_ = wanted();
  if (asked_ == request::look) {
    return jetstream::kv_get{std::string{coordinator_bucket}, std::string{leader_key}, {}};
  }
  return begin_write(asked_, now);
}

monotonic_time leadership::due() const noexcept {
  return asked_ != request::none || resigned_ ? monotonic_time::max() : due_;
}

jetstream::kv_put leadership::begin_write(request what, monotonic_time now) {
  in_flight_ = {make_uuid(self_.random), now, greater_term_.has_value()};
  in_doubt_over_ = leads_ ? revision_ : seen_->revision;
  return {
    std::string{coordinator_bucket},
    std::string{leader_key},
    write_leader_entry({self_.guid, self_.host, what == request::release}, in_flight_.write_id),
    in_doubt_over_,
    in_flight_.write_id,
    {}};
}

// -- being told ----------------------------------------------------------------------------------

void leadership::on_lookup(const result<jetstream::kv_lookup>& answer, monotonic_time now) {
  if (asked_ != request::look) {
    return; // of a follower that has resigned meanwhile
  }
  asked_ = request::none;
  if (!answer && answer.error().code != ec::not_found) {
    due_ = now + limits::leader_retry_pause;
    if (resigning_) {
      hand_over_failed(now);
    }
    return;
  }
  must_look_ = false;
  const auto* newest = answer && answer->entry ? &*answer->entry : nullptr;
  const bool is_there = newest != nullptr && newest->operation == jetstream::kv_operation::put;
  const auto read = is_there ? read_leader_entry(newest->value) : read_leader{};
  const auto revision = newest == nullptr ? 0 : newest->revision;
  seen_leader_ = read.entry.released ? std::string{} : read.entry.guid;
  const bool is_own = is_there && read.entry.guid == self_.guid && !read.entry.released;
  if (is_own && now >= barred_until_) {
    on_own_entry(revision, read.write_id, now);
  } else {
    on_other_entry(revision, read.entry.released, now);
  }
}

void leadership::on_own_entry(std::uint64_t revision, std::string_view write_id,
                              monotonic_time now) {
  if (leads_ && revision == revision_) {
    due_ = now; // what is in doubt was not stored: again, over the same revision
    return;
  }
  const auto by = std::find_if(in_doubt_.begin(), in_doubt_.end(),
                               [&](const sent_write& one) { return one.write_id == write_id; });
  if (by == in_doubt_.end()) {
    return lead(revision, nullptr, now);
  }
  const auto known = *by;
  lead(revision, &known, now);
}

void leadership::on_other_entry(std::uint64_t revision, bool is_released, monotonic_time now) {
  follow();
  if (revision != in_doubt_over_) {
    in_doubt_.clear(); // none of them can be stored any more
  }
  if (resigning_) {
    handed_over(now);
  }
  if (resigned_) {
    return;
  }
  if (!seen_ || seen_->revision != revision) {
    seen_ = seen_revision{revision, now};
  }
  const monotonic_time free_at = is_released ? now : seen_->since + limits::leader_silence;
  const auto wanted_at = std::max(free_at, barred_until_);
  is_candidate_ = now >= wanted_at;
  due_ =
    is_candidate_ ? now : std::min<monotonic_time>(now + limits::leader_look_interval, wanted_at);
}

void leadership::on_write(const result<jetstream::kv_revision>& answer, monotonic_time now) {
  const auto what = std::exchange(asked_, request::none);
  if (answer) {
    if (what == request::release) {
      follow();
      handed_over(now);
      return;
    }
    const auto by = in_flight_;
    return lead(answer->revision, &by, now);
  }
  is_candidate_ = false;
  due_ = now;
  if (was_never_sent(answer.error())) {
    due_ += limits::leader_retry_pause;
  } else {
    must_look_ = true;
    if (answer.error().code != ec::conflict) {
      in_doubt_.push_back(in_flight_);
      if (in_doubt_.size() > limits::leader_writes_remembered_max) {
        in_doubt_.erase(in_doubt_.begin());
      }
    }
  }
  if (what == request::release) {
    hand_over_failed(now);
  } else if (resigning_ && !leads_ && in_doubt_.empty()) {
    handed_over(now);
  }
}

// -- leading and following -----------------------------------------------------------------------

void leadership::lead(std::uint64_t revision, const sent_write* by, monotonic_time now) {
  if (!leads_) {
    leads_ = true;
    term_ = revision;
  }
  revision_ = revision;
  seen_leader_ = self_.guid;
  is_candidate_ = false;
  seen_.reset();
  in_doubt_.clear();
  due_ = now;
  if (by == nullptr) {
    return; // nobody knows since when: no time to act, but the next renewal gives some
  }
  renewed_at_ = by->sent_at;
  if (greater_term_ && by->is_proof) {
    term_ = std::max(term_, *std::exchange(greater_term_, std::nullopt) + 1);
  }
  if (!resigning_ && !greater_term_) {
    due_ = std::max<monotonic_time>(now, by->sent_at + limits::leader_renewal_interval);
  }
}

void leadership::follow() noexcept {
  leads_ = false;
  term_ = 0;
  revision_ = 0;
  renewed_at_.reset();
  greater_term_.reset();
}

bool leadership::may_act(monotonic_time now) const noexcept {
  return leads_ && !resigning_ && !greater_term_ && renewed_at_
         && now < *renewed_at_ + limits::leader_acts_for;
}

void leadership::outranked(std::uint64_t by_term, monotonic_time now) {
  if (!leads_ || by_term <= term_) {
    return; // of a script that began before
  }
  greater_term_ = std::max(greater_term_.value_or(0), by_term);
  due_ = now;
}

// -- leaving -------------------------------------------------------------------------------------

void leadership::stand_down(monotonic_time now) {
  if (leads_ && !resigning_) {
    resigning_ = true;
    stands_down_ = true;
    due_ = now;
  }
}

void leadership::resign(monotonic_time now) {
  resigning_ = true;
  stands_down_ = false;
  due_ = now;
  if (!leads_ && in_doubt_.empty() && asked_ != request::campaign) {
    asked_ = request::none;
    resigned_ = true;
  }
}

void leadership::hand_over_failed(monotonic_time now) noexcept {
  if (++hand_overs_ >= limits::leader_hand_overs_max) {
    handed_over(now);
  }
}

void leadership::handed_over(monotonic_time now) noexcept {
  hand_overs_ = 0;
  if (!std::exchange(stands_down_, false)) {
    resigned_ = true;
    return;
  }
  // What was not handed over falls silent: nobody renews it, whatever it says.
  follow();
  resigning_ = false;
  is_candidate_ = false;
  barred_until_ = now + limits::leader_unable_pause;
  due_ = now + limits::leader_retry_pause;
}

} // namespace nats_mcp::coordination
