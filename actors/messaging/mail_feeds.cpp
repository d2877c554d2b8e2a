// SPDX-License-Identifier: MIT
#include "actors/messaging/mail_feeds.hpp"

#include "protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

mail_feeds::mail_feeds(mail_feed::surroundings around)
  : around_{std::move(around)} {
  feeds_.push_back(std::make_unique<mail_feed>(around_));
}

void mail_feeds::serve(const std::string& guid) {
  done_ = {};
  former_.clear();
  closed_.clear();
  assign();
  own().serve(guid);
}

bool mail_feeds::serve_former(std::vector<std::string> guids) {
  guids.resize(std::min(guids.size(), limits::former_inboxes_open_max));
  if (guids == former_) {
    return false;
  }
  former_ = std::move(guids);
  std::erase_if(closed_, [this](const auto& guid) {
    return std::find(former_.begin(), former_.end(), guid) == former_.end();
  });
  if (!busy()) {
    assign();
  }
  return true;
}

void mail_feeds::assign() {
  for (auto feed = feeds_.begin() + 1; feed != feeds_.end(); ++feed) {
    const auto& inbox = (*feed)->inbox();
    if (!inbox.empty() && std::find(former_.begin(), former_.end(), inbox) == former_.end()) {
      (*feed)->serve({});
    }
  }
  const auto serves = [](const std::string& guid) {
    return [&guid](const auto& feed) { return feed->inbox() == guid; };
  };
  for (const auto& guid : former_) {
    if (std::any_of(feeds_.begin() + 1, feeds_.end(), serves(guid))) {
      continue;
    }
    auto idle = std::find_if(feeds_.begin() + 1, feeds_.end(), serves({}));
    if (idle == feeds_.end()) {
      idle = feeds_.insert(idle, std::make_unique<mail_feed>(around_));
    }
    (*idle)->serve(guid);
  }
}

void mail_feeds::begin(messaging::mail_source::round what, monotonic_time deadline,
                       mail_feed::ended done) {
  round_ = what;
  deadline_ = deadline;
  // An inbox that nobody may look into, or that is silent, leaves time for one's own.
  const auto now = around_.owner->clock().now();
  former_deadline_ = now + (deadline - now) / 2;
  done_ = std::move(done);
  outcome_ = {};
  over_ = 0;
  assign();
  go_on();
}

void mail_feeds::go_on() {
  // Only one's own mail is announced.
  const bool skips_former = round_.why == messaging::mail_source::purpose::announced;
  while (over_ + 1 < feeds_.size() && (skips_former || feeds_[over_ + 1]->inbox().empty())) {
    ++over_;
  }
  const bool last = over_ + 1 >= feeds_.size();
  auto& feed = last ? own() : *feeds_[over_ + 1];
  feed.begin(round_, last ? deadline_ : former_deadline_,
             [this, last](const result<void>& outcome) {
               note(outcome, last);
               if (!last) {
                 ++over_;
                 go_on();
                 return;
               }
               const auto done = std::exchange(done_, {});
               done(outcome_);
             });
}

void mail_feeds::note(const result<void>& outcome, bool of_own) {
  if (!of_own) {
    const auto& inbox = feeds_[over_ + 1]->inbox();
    if (!outcome && outcome.error().code == ec::permission_denied) {
      closed_.insert(inbox);
      return;
    }
    closed_.erase(inbox);
  }
  if (!outcome && outcome_) {
    outcome_ = outcome;
  }
}

void mail_feeds::distrust() noexcept {
  for (const auto& feed : feeds_) {
    feed->distrust();
  }
}

std::uint64_t mail_feeds::pending() const noexcept {
  std::uint64_t all = 0;
  for (const auto& feed : feeds_) {
    all += feed->pending();
  }
  return all;
}

bool mail_feeds::trusted() const noexcept {
  return own().trusted() && std::all_of(feeds_.begin() + 1, feeds_.end(), [this](const auto& feed) {
           return feed->trusted() || feed->inbox().empty() || closed_.contains(feed->inbox());
         });
}

bool mail_feeds::trusted(std::string_view inbox) const noexcept {
  return std::any_of(feeds_.begin(), feeds_.end(), [inbox](const auto& feed) {
    return feed->inbox() == inbox && feed->trusted();
  });
}

std::chrono::nanoseconds mail_feeds::ack_wait() const noexcept {
  auto least = own().ack_wait();
  for (const auto& feed : feeds_) {
    if (!feed->inbox().empty()) {
      least = std::min(least, feed->ack_wait());
    }
  }
  return least;
}

} // namespace nats_mcp
