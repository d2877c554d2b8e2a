// SPDX-License-Identifier: MIT
// The NATS side of a benchmark: a nats-server of its own, and the floor – what nats.c alone reaches
// on it with the same payload. The only place outside of transport/nats that includes nats.c: the
// floor must not share code with what is measured against it.
#pragma once

#include "tests/bench/child.hpp"

#include <nats/nats.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
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
  /// User and system time used so far.
  [[nodiscard]] std::chrono::milliseconds processor_time() const;

private:
  pid_t pid_ = -1;
  std::string url_;
};

/// nats.c's two ways to write: at once from the caller, or gathered by its flusher thread.
enum class write_mode { at_once, gathered };

/// One message to be stored.
struct raw_message {
  std::string subject;
  std::string payload;
};

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
  /// The same with another message each time, without message ids: fills a stream quickly.
  void fill(std::size_t count, const std::function<raw_message(std::size_t)>& message);
  struct extent {
    std::uint64_t messages = 0;
    std::uint64_t last_sequence = 0;
  };
  /// Of a stream, as it is now.
  [[nodiscard]] extent extent_of(const std::string& stream);
  /// Creates a consumer on the newest `count` messages and pulls them in one request; seconds.
  double fetch_newest(const std::string& stream, const std::string& subject, std::size_t count);
  /// How long each of `count` messages takes from `sender` to a reader that waits with a pull of
  /// one, acknowledgement included; seconds. Leaves the stream `name` behind.
  std::vector<double> hand_over(raw_nats& sender, const std::string& name,
                                const std::string& subject, std::size_t count);

  /// A work queue with one lane: a stream with one subject and a durable consumer of it, with
  /// explicit acknowledgement.
  void add_lane(const std::string& stream, const std::string& subject);
  /// Takes and acknowledges `count` messages of that lane, one at a time, each acknowledgement
  /// waited for.
  void work_off(const std::string& stream, std::size_t count);

private:
  void publish_each(std::size_t count, std::size_t window,
                    const std::function<raw_message(std::size_t)>& message, bool with_ids);

  natsConnection* connection_ = nullptr;
  jsCtx* jetstream_ = nullptr;
  std::uint64_t next_id_ = 0;
  std::string id_prefix_;
};

} // namespace nats_mcp::bench
