// SPDX-License-Identifier: MIT
// The NATS side of a benchmark: a nats-server of its own, and the floor – what nats.c alone reaches
// on it with the same payload. The only place outside of transport/nats that includes nats.c: the
// floor must not share code with what is measured against it.
#pragma once

#include "tests/bench/child.hpp"

#include <nats/nats.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace nats_mcp::bench {

/// A directory below the system's temporary one, removed with its content.
class scratch_directory {
public:
  scratch_directory();
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;
  ~scratch_directory();
  [[nodiscard]] const std::string& path() const { return path_; }

private:
  std::string path_;
};

/// A nats-server with JetStream on a free port of 127.0.0.1, ended with the object.
class nats_server {
public:
  /// `directory` takes its store and log. Throws when it does not answer within ten seconds.
  explicit nats_server(const std::string& directory);
  nats_server(const nats_server&) = delete;
  nats_server& operator=(const nats_server&) = delete;
  ~nats_server();
  [[nodiscard]] const std::string& url() const { return url_; }

private:
  pid_t pid_ = -1;
  std::string url_;
};

/// nats.c's two ways to write: at once from the caller, or gathered by its flusher thread.
enum class write_mode { at_once, gathered };

/// A connection of nats.c with JetStream. Throws std::runtime_error with nats.c's text on any
/// error.
class raw_nats {
public:
  raw_nats(const std::string& url, write_mode mode);
  raw_nats(const raw_nats&) = delete;
  raw_nats& operator=(const raw_nats&) = delete;
  ~raw_nats();

  /// File storage, limits retention, a duplicate window: a channel's stream.
  void add_stream(const std::string& name, const std::string& subject);
  /// Waits for the acknowledgement.
  void publish(const std::string& subject, const std::string& payload);
  /// Publishes `count` messages with at most `window` unacknowledged; messages per second.
  double publish_pipelined(const std::string& subject, const std::string& payload,
                           std::size_t count, std::size_t window);
  /// Creates a consumer on the newest `count` messages and pulls them in one request; seconds.
  double fetch_newest(const std::string& stream, const std::string& subject, std::size_t count);

private:
  natsConnection* connection_ = nullptr;
  jsCtx* jetstream_ = nullptr;
  std::uint64_t next_id_ = 0;
  std::string id_prefix_;
};

} // namespace nats_mcp::bench
