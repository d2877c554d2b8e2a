// SPDX-License-Identifier: MIT
#include "transport/nats/handles.hpp"

#include "protocol/limits.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <utility>

namespace nats_mcp::transport {

namespace {

constexpr std::int64_t close_wait_ms = 1000;

struct library {
  library() { nats_Open(-1); }
  library(const library&) = delete;
  library& operator=(const library&) = delete;
  ~library() {
    nats_CloseAndWait(close_wait_ms);
    // nats.c 3.4.1 frees OpenSSL's table of compression methods, and OpenSSL frees it again at
    // exit.
    SSL_COMP_set0_compression_methods(nullptr);
  }
};

} // namespace

void spent_messages::add(message_handle message) {
  bytes_ += static_cast<std::size_t>(std::max(natsMsg_GetDataLength(message.get()), 0));
  messages_.push_back(std::move(message));
  if (messages_.size() >= limits::nats_spent_messages_max
      || bytes_ >= limits::nats_spent_bytes_max) {
    messages_.clear();
    bytes_ = 0;
  }
}

std::shared_ptr<const void> open_library() {
  static std::mutex mutex;
  static std::weak_ptr<const library> current;
  const std::lock_guard guard{mutex};
  auto open = current.lock();
  if (!open) {
    open = std::make_shared<const library>();
    current = open;
  }
  return open;
}

} // namespace nats_mcp::transport
