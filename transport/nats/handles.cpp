// SPDX-License-Identifier: MIT
#include "transport/nats/handles.hpp"

#include <openssl/ssl.h>

#include <cstdint>
#include <mutex>

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
