// SPDX-License-Identifier: MIT
#include "actors/io_worker.hpp"

#include "protocol/limits.hpp"

#include <caf/intrusive_ptr.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <cstddef>

namespace nats_mcp {

namespace {

thread_local io_worker* own_worker = nullptr;

} // namespace

io_worker::io_worker(caf::actor_system& system)
  : caf::execution_unit{&system} {
  // nop
}

io_worker::~io_worker() { stop(); }

io_worker* io_worker::of_this_thread() noexcept { return own_worker; }

void io_worker::run(std::size_t reports) {
  const std::lock_guard guard{running_};
  const bool over = stopped();
  own_worker = over ? nullptr : this;
  const auto jobs_max = over || reports > 1 ? 0 : limits::io_worker_jobs_max;
  for (std::size_t ran = 0; ran < jobs_max; ++ran) {
    auto* const job = next_job();
    if (job == nullptr) {
      return;
    }
    run_one(job);
  }
  hand_over();
}

void io_worker::stop() {
  const std::lock_guard guard{running_};
  {
    const std::lock_guard jobs_guard{jobs_mutex_};
    stopped_ = true;
  }
  hand_over();
}

void io_worker::exec_later(caf::resumable* job) {
  {
    const std::lock_guard guard{jobs_mutex_};
    if (!stopped_) {
      jobs_.push_back(job);
      return;
    }
  }
  system().scheduler().enqueue(job);
}

bool io_worker::stopped() const {
  const std::lock_guard guard{jobs_mutex_};
  return stopped_;
}

caf::resumable* io_worker::next_job() {
  const std::lock_guard guard{jobs_mutex_};
  if (jobs_.empty()) {
    return nullptr;
  }
  auto* const job = jobs_.front();
  jobs_.pop_front();
  return job;
}

void io_worker::hand_over() {
  while (auto* const job = next_job()) {
    system().scheduler().enqueue(job);
  }
}

void io_worker::run_one(caf::resumable* job) {
  switch (job->resume(this, limits::io_worker_messages_max)) {
    case caf::resumable::resume_later:
      exec_later(job);
      break;
    case caf::resumable::awaiting_message:
    case caf::resumable::done:
    case caf::resumable::shutdown_execution_unit:
      caf::intrusive_ptr_release(job);
      break;
  }
}

} // namespace nats_mcp
