// SPDX-License-Identifier: MIT
#include "transport/http/connection_threads.hpp"

#include <system_error>
#include <utility>

namespace nats_mcp::transport {

connection_threads::connection_threads(options choice)
  : options_{std::move(choice)} {
  threads_.reserve(options_.threads_max);
}

connection_threads::~connection_threads() {
  {
    const std::lock_guard lock{mutex_};
    is_over_ = true;
    waiting_.clear();
  }
  given_.notify_all();
  for (auto& one : threads_) {
    one.join();
  }
}

begun_connection connection_threads::give(begun_connection connection) {
  {
    const std::lock_guard lock{mutex_};
    if (is_over_ || waiting_.size() >= options_.waiting_max) {
      return connection;
    }
    if (idle_ <= waiting_.size() && threads_.size() < options_.threads_max) {
      try {
        threads_.emplace_back([this] { run(); });
      } catch (const std::system_error&) {
        if (threads_.empty()) {
          return connection;
        }
      }
    }
    waiting_.push_back(std::move(connection));
  }
  given_.notify_one();
  return {};
}

void connection_threads::run() {
  std::unique_lock lock{mutex_};
  for (;;) {
    ++idle_;
    given_.wait(lock, [this] { return is_over_ || !waiting_.empty(); });
    --idle_;
    if (is_over_) {
      return;
    }
    auto connection = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    options_.serve(std::move(connection));
    lock.lock();
  }
}

} // namespace nats_mcp::transport
