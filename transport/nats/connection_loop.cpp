// SPDX-License-Identifier: MIT
// What the connection's thread does: wait until it is wanted, connect, serve, report the end,
// again.
#include "transport/nats/connection_loop.hpp"

#include "transport/nats/connect_failure.hpp"
#include "transport/nats/connect_options.hpp"
#include "transport/nats/status.hpp"

#include <algorithm>
#include <array>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace nats_mcp::transport {

namespace {

using clock = std::chrono::steady_clock;

/// How many of the server's nonces are signed for one attempt. One in 256 signatures cannot be sent
/// (transport/nats/identity.hpp), so all of them once in some thousand million attempts.
constexpr int signatures_max = 4;

std::chrono::milliseconds until(clock::time_point when) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(when - clock::now());
  return std::max(left, std::chrono::milliseconds{0});
}

} // namespace

void connection::loop::run(const std::stop_token& stop) {
  while (wait_until_wanted(stop)) {
    if (auto made = attempt(stop)) {
      announce(std::move(*made));
      serve(stop);
    } else if (!stop.stop_requested()) {
      {
        const std::lock_guard guard{state_mutex_};
        const bool waited_for = clock::now() < asked_until_ && !is_final(made.error().code);
        wanted_ = epoch_ > 0 || attempt_now_ || waited_for;
      }
      pause(stop, delays_.next(options_.random()));
    }
  }
  nats_ReleaseThreadMemory();
}

bool connection::loop::wait_until_wanted(const std::stop_token& stop) {
  announce_wait(1);
  std::unique_lock guard{state_mutex_};
  return changed_.wait(guard, stop, [this] { return wanted_; }) && !stop.stop_requested();
}

void connection::loop::pause(const std::stop_token& stop, std::chrono::milliseconds delay) {
  announce_wait(1);
  std::unique_lock guard{state_mutex_};
  if (clock::now() < asked_until_) {
    delay = std::min<std::chrono::milliseconds>(delay, limits::reconnect_delay_wanted_max);
  }
  // Whoever asks ends the wait, but never so often that a dead server is hammered.
  changed_.wait_for(guard, stop, std::min(delay, options_.delays.first), [] { return false; });
  changed_.wait_for(guard, stop, delay - std::min(delay, options_.delays.first),
                    [this] { return attempt_now_; });
}

result<std::unique_ptr<live_connection>> connection::loop::open(const std::stop_token& stop) {
  auto where = options_.source(stop);
  if (!where) {
    return tl::make_unexpected(where.error());
  }
  where_ = std::move(*where);
  for (int signature = 1;; ++signature) {
    auto choice =
      make_options(where_, learnt_.addresses(), {options_.connect_timeout, options_.ping_interval});
    if (!choice) {
      return tl::make_unexpected(choice.error());
    }
    auto made = live_connection::open(where_, *choice, signals_);
    const bool unlucky = !made && choice->signs && choice->signs->unsendable;
    if (!unlucky || signature == signatures_max) {
      return made;
    }
  }
}

result<std::unique_ptr<live_connection>> connection::loop::attempt(const std::stop_token& stop) {
  {
    const std::lock_guard guard{state_mutex_};
    attempt_now_ = false;
  }
  const auto began = clock::now();
  auto made = open(stop);
  if (made && stop.stop_requested()) {
    return fail(ec::cancelled, "The connection to NATS is not wanted any more.");
  }
  if (!made) {
    queue.push(connection_failed{began, made.error()});
  }
  return made;
}

void connection::loop::announce(std::unique_ptr<live_connection> made) {
  delays_.reset();
  auto discovered = made->discovered();
  connection_made report{0, made->server(), made->max_payload(), !discovered.empty(),
                         where_.server_version};
  learnt_.connected(std::move(discovered));
  {
    const std::lock_guard guard{state_mutex_};
    for (const auto& [key, wanted] : subscriptions_) {
      // One that is refused is reported like any other refusal.
      (void)made->subscribe(key, wanted.subject, wanted.queue_group);
    }
    made->flush();
    live_ = std::move(made);
    report.epoch = ++epoch_;
    made_ = report;
  }
  queue.push(std::move(report));
}

void connection::loop::serve(const std::stop_token& stop) {
  std::vector<event> batch;
  std::size_t reports = 1; // that it is connected
  auto silence_ends = clock::now() + options_.silence_max;
  auto* const live = live_.get();
  spare_.connected(clock::now());
  while (!stop.stop_requested() && !live->closed() && clock::now() < silence_ends) {
    announce_wait(reports);
    const bool held_back = queue.full();
    const bool readable = wait_for_socket(std::min(silence_ends, spare_.due()));
    if (readable) {
      live->read();
    }
    if (readable || held_back) {
      silence_ends = clock::now() + options_.silence_max;
    }
    live->collect(batch);
    reports = batch.size();
    spare_.note(queue.push(batch), clock::now());
    if (live->wants_to_write()) {
      live->flush();
    }
    spare_.look(clock::now());
  }
  auto reason = live->closed() ? live->reason(where_)
                               : lost_error(NATS_STALE_CONNECTION, where_,
                                            natsStatus_GetText(NATS_STALE_CONNECTION), civil_now());
  connection_lost report{0, std::move(reason)};
  {
    const std::lock_guard guard{state_mutex_};
    report.epoch = epoch_;
    live_.reset();
  }
  if (!stop.stop_requested()) {
    queue.push(std::move(report));
  }
}

void connection::loop::announce_wait(std::size_t reports) const {
  if (options_.before_waiting) {
    options_.before_waiting(reports);
  }
}

bool connection::loop::wait_for_socket(clock::time_point at_most) const {
  const short wanted =
    static_cast<short>((queue.full() ? 0 : POLLIN) | (live_->wants_to_write() ? POLLOUT : 0));
  std::array<pollfd, 2> watched{
    pollfd{live_->socket(), wanted, 0},
    pollfd{wake_event_.number(), POLLIN, 0},
  };
  ::poll(watched.data(), watched.size(), static_cast<int>(until(at_most).count()));
  if (watched[1].revents != 0) {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto read = ::read(wake_event_.number(), &count, sizeof count);
  }
  return (watched[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0;
}

} // namespace nats_mcp::transport
