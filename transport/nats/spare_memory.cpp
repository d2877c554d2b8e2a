// SPDX-License-Identifier: MIT
#include "transport/nats/spare_memory.hpp"

#include <algorithm>
#include <malloc.h>
#include <utility>

namespace nats_mcp::transport {

void release_spare_memory() noexcept { ::malloc_trim(0); }

spare_memory::spare_memory(std::function<void()> release)
  : release_{std::move(release)} {
  // nop
}

void spare_memory::note(std::size_t bytes, clock::time_point now) {
  if (bytes == 0) {
    return;
  }
  if (now >= span_end_) {
    span_end_ = now + burst_span;
    bytes_in_span_ = 0;
  }
  bytes_in_span_ += bytes;
  if (bytes_in_span_ >= burst_bytes_min) {
    plan(now);
  }
}

void spare_memory::connected(clock::time_point now) {
  if (due_ != clock::time_point::max()) {
    plan(now);
  }
}

void spare_memory::look(clock::time_point now) {
  if (now >= due_) {
    due_ = clock::time_point::max();
    next_release_ = now + release_interval_min;
    release_();
  }
}

void spare_memory::plan(clock::time_point now) { due_ = std::max(now + rest, next_release_); }

} // namespace nats_mcp::transport
