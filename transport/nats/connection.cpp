// SPDX-License-Identifier: MIT
#include "transport/nats/connection.hpp"

#include "transport/nats/connect_options.hpp"
#include "transport/nats/event_queue.hpp"
#include "transport/nats/live_connection.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <poll.h>
#include <stop_token>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace nats_mcp::transport {

namespace {

using clock = std::chrono::steady_clock;

std::chrono::milliseconds until(clock::time_point when) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(when - clock::now());
  return std::max(left, std::chrono::milliseconds{0});
}

} // namespace

/// The thread and what it shares. `state_mutex_` guards everything but the queue.
class connection::loop {
public:
  explicit loop(options choice);
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;
  ~loop();

  void want();
  result<void> write(std::uint64_t epoch, const jetstream::outgoing& message);
  void flush();
  result<void> subscribe(subscription_key key, const std::string& subject,
                         const std::string& queue_group);
  void unsubscribe(subscription_key key);
  void unsubscribe_range(subscription_key first, subscription_key last);
  void close();
  void wake() const;
  std::optional<connection_made> current() const;

  event_queue queue;
  const std::string inbox;

private:
  struct wanted_subscription {
    std::string subject;
    std::string queue_group;
  };

  void run(const std::stop_token& stop);
  bool wait_until_wanted(const std::stop_token& stop);
  void pause(const std::stop_token& stop, std::chrono::milliseconds delay);
  std::unique_ptr<live_connection> attempt(const std::stop_token& stop);
  result<std::unique_ptr<live_connection>> open(const std::stop_token& stop);
  void announce(std::unique_ptr<live_connection> made);
  void serve(const std::stop_token& stop);
  /// @returns whether the socket has something to read.
  bool wait_for_socket(clock::time_point silence_ends) const;

  options options_;
  std::shared_ptr<const void> library_ = open_library();
  file_descriptor wake_event_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  loop_signals signals_;
  endpoint where_;
  std::vector<std::string> learnt_;
  backoff delays_;

  mutable std::mutex state_mutex_;
  std::condition_variable_any changed_;
  bool wanted_ = false;
  bool attempt_now_ = false;
  std::uint64_t epoch_ = 0;
  connection_made made_;
  std::map<subscription_key, wanted_subscription> subscriptions_;
  std::unique_ptr<live_connection> live_;

  std::jthread thread_;
};

connection::loop::loop(options choice)
  : inbox{"_INBOX." + make_uuid(choice.random)}
  , options_{std::move(choice)}
  , delays_{options_.delays} {
  signals_.wake = [this] { wake(); };
  subscriptions_[subscription_key::inbox] = {inbox + ".*", {}};
  thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

connection::loop::~loop() {
  close();
  thread_.join();
  // Ends the library's threads before what they may still call.
  library_.reset();
}

// -- any thread --------------------------------------------------------------------------------

void connection::loop::wake() const {
  const std::uint64_t one = 1;
  // Full means that the loop is being woken already.
  [[maybe_unused]] const auto written = ::write(wake_event_.number(), &one, sizeof one);
}

void connection::loop::want() {
  const std::lock_guard guard{state_mutex_};
  if (!live_) {
    wanted_ = true;
    attempt_now_ = true;
    changed_.notify_all();
  }
}

result<void> connection::loop::write(std::uint64_t epoch, const jetstream::outgoing& message) {
  const std::lock_guard guard{state_mutex_};
  if (!live_ || epoch != epoch_) {
    return tl::make_unexpected(write_error(NATS_CONNECTION_CLOSED, message.subject));
  }
  return live_->write(message);
}

void connection::loop::flush() {
  // Under the lock, so that the connection ends on its own thread and nowhere else.
  const std::lock_guard guard{state_mutex_};
  if (live_) {
    live_->flush();
  }
}

result<void> connection::loop::subscribe(subscription_key key, const std::string& subject,
                                         const std::string& queue_group) {
  const std::lock_guard guard{state_mutex_};
  if (const auto found = subscriptions_.find(key); found != subscriptions_.end()) {
    if (found->second.subject == subject && found->second.queue_group == queue_group) {
      return {};
    }
    if (live_) {
      live_->unsubscribe(key);
    }
  }
  if (live_) {
    if (auto done = live_->subscribe(key, subject, queue_group);
        !done && done.error().code != ec::nats_unreachable) {
      return done;
    }
  }
  subscriptions_[key] = {subject, queue_group};
  return {};
}

void connection::loop::unsubscribe(subscription_key key) {
  const std::lock_guard guard{state_mutex_};
  if (subscriptions_.erase(key) > 0 && live_) {
    live_->unsubscribe(key);
  }
}

void connection::loop::unsubscribe_range(subscription_key first, subscription_key last) {
  const std::lock_guard guard{state_mutex_};
  const auto begin = subscriptions_.lower_bound(first);
  const auto end = subscriptions_.lower_bound(last);
  for (auto at = begin; at != end; ++at) {
    if (live_) {
      live_->unsubscribe(at->first);
    }
  }
  subscriptions_.erase(begin, end);
}

std::optional<connection_made> connection::loop::current() const {
  const std::lock_guard guard{state_mutex_};
  return live_ ? std::optional{made_} : std::nullopt;
}

void connection::loop::close() {
  thread_.request_stop();
  wake();
}

// -- the connection's thread -------------------------------------------------------------------

void connection::loop::run(const std::stop_token& stop) {
  while (wait_until_wanted(stop)) {
    if (auto made = attempt(stop)) {
      announce(std::move(made));
      serve(stop);
    } else if (!stop.stop_requested()) {
      {
        const std::lock_guard guard{state_mutex_};
        wanted_ = epoch_ > 0 || attempt_now_;
      }
      pause(stop, delays_.next(options_.random()));
    }
  }
  nats_ReleaseThreadMemory();
}

bool connection::loop::wait_until_wanted(const std::stop_token& stop) {
  std::unique_lock guard{state_mutex_};
  return changed_.wait(guard, stop, [this] { return wanted_; }) && !stop.stop_requested();
}

void connection::loop::pause(const std::stop_token& stop, std::chrono::milliseconds delay) {
  std::unique_lock guard{state_mutex_};
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
  auto choice = make_options(where_, learnt_, {options_.connect_timeout, options_.ping_interval});
  if (!choice) {
    return tl::make_unexpected(choice.error());
  }
  return live_connection::open(where_, std::move(*choice), signals_);
}

std::unique_ptr<live_connection> connection::loop::attempt(const std::stop_token& stop) {
  {
    const std::lock_guard guard{state_mutex_};
    attempt_now_ = false;
  }
  const auto began = clock::now();
  auto made = open(stop);
  if (made && !stop.stop_requested()) {
    return std::move(*made);
  }
  if (!made) {
    queue.push(connection_failed{began, made.error()});
  }
  return nullptr;
}

void connection::loop::announce(std::unique_ptr<live_connection> made) {
  delays_.reset();
  const auto discovered = made->discovered();
  for (const auto& address : discovered) {
    if (std::find(learnt_.begin(), learnt_.end(), address) == learnt_.end()
        && learnt_.size() < limits::nats_servers_learnt_max) {
      learnt_.push_back(address);
    }
  }
  connection_made report{0, made->server(), made->max_payload(), !discovered.empty()};
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
  auto silence_ends = clock::now() + options_.silence_max;
  auto* const live = live_.get();
  while (!stop.stop_requested() && !live->closed() && clock::now() < silence_ends) {
    const bool held_back = queue.full();
    const bool readable = wait_for_socket(silence_ends);
    if (readable) {
      live->read();
    }
    if (readable || held_back) {
      silence_ends = clock::now() + options_.silence_max;
    }
    live->collect(batch);
    queue.push(batch);
    if (live->wants_to_write()) {
      live->flush();
    }
  }
  auto reason = live->closed() ? live->reason(where_.urls)
                               : lost_error(NATS_STALE_CONNECTION, where_.urls,
                                            natsStatus_GetText(NATS_STALE_CONNECTION));
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

bool connection::loop::wait_for_socket(clock::time_point silence_ends) const {
  const short wanted =
    static_cast<short>((queue.full() ? 0 : POLLIN) | (live_->wants_to_write() ? POLLOUT : 0));
  std::array<pollfd, 2> watched{
    pollfd{live_->socket(), wanted, 0},
    pollfd{wake_event_.number(), POLLIN, 0},
  };
  ::poll(watched.data(), watched.size(), static_cast<int>(until(silence_ends).count()));
  if (watched[1].revents != 0) {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto read = ::read(wake_event_.number(), &count, sizeof count);
  }
  return (watched[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0;
}

// -- the public face ---------------------------------------------------------------------------

connection::connection(options choice)
  : loop_{std::make_unique<loop>(std::move(choice))} {}
connection::~connection() = default;

std::uint64_t connection::attach(std::function<void()> wake) {
  return loop_->queue.attach(std::move(wake));
}

void connection::detach(std::uint64_t receiver) { loop_->queue.detach(receiver); }

std::vector<event> connection::take_events() {
  bool was_full = false;
  auto events = loop_->queue.take(was_full);
  if (was_full) {
    loop_->wake();
  }
  return events;
}

void connection::connect() { loop_->want(); }

result<void> connection::write(std::uint64_t epoch, const jetstream::outgoing& message) {
  return loop_->write(epoch, message);
}

void connection::flush() { loop_->flush(); }

result<void> connection::subscribe(subscription_key key, const std::string& subject,
                                   const std::string& queue_group) {
  return loop_->subscribe(key, subject, queue_group);
}

void connection::unsubscribe(subscription_key key) { loop_->unsubscribe(key); }
void connection::unsubscribe_range(subscription_key first, subscription_key last) {
  loop_->unsubscribe_range(first, last);
}

void connection::close() { loop_->close(); }
const std::string& connection::inbox() const noexcept { return loop_->inbox; }
std::optional<connection_made> connection::current() const { return loop_->current(); }

} // namespace nats_mcp::transport
