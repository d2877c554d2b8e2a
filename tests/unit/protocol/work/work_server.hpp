// SPDX-License-Identifier: MIT
// What nats-server keeps of work, in memory: the queue with its ack waits and redeliveries, the
// dead letters, the buckets, the inboxes of offerers. It carries out one command at a time and
// watches what may never happen, whoever does what in which order; `complaint` says what did.
//
// As on the server, a settlement is for whoever holds the message now, not for who sends it: a late
// one hits another's delivery.
#pragma once

#include "protocol/jetstream/command.hpp"
#include "protocol/work/lanes.hpp"
#include "protocol/work/work_script.hpp"

#include "tests/support/key_store.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::work {

using namespace std::chrono_literals;

/// Of every lane's consumer.
inline constexpr std::chrono::milliseconds ack_wait = 30s;

class work_server {
public:
  work_server();
  work_server(const work_server&) = delete;
  work_server& operator=(const work_server&) = delete;
  virtual ~work_server() = default;

  virtual result<work_answer> carry_out(const work_command& what);
  /// The next message of a lane that is free, as a pull gets it.
  std::optional<jetstream::delivery> deliver(const lane& from);

  void pass(std::chrono::milliseconds time) { store_.pass(time); }
  [[nodiscard]] wall_time now() const { return store_.now(); }
  /// Local time, of a computer that never sleeps.
  [[nodiscard]] monotonic_time clock() const;
  /// That of deadlines: it has stood still for a while.
  [[nodiscard]] monotonic_time deadline_clock() const { return clock() - 1h; }

  /// The record as it stands, with what the server knows of it.
  [[nodiscard]] std::optional<found_record> record(const std::string& item_id) const;
  [[nodiscard]] std::vector<item_record> records() const;
  /// What waits or is in progress, the oldest first.
  [[nodiscard]] std::vector<std::uint64_t> queued() const;
  [[nodiscard]] std::size_t letters() const noexcept { return letters_.size(); }
  [[nodiscard]] const jetstream::stored_message* letter(const work_item& item) const;
  /// The ids of the notices that were stored.
  [[nodiscard]] const std::map<std::string, std::string>& notices() const noexcept {
    return notices_;
  }
  [[nodiscard]] bool knows_task(const work_item& item) const;
  /// Every settlement that was sent, such as `nak 1000` or `ack`.
  [[nodiscard]] const std::vector<std::string>& settlements() const noexcept {
    return settlements_;
  }

  /// Something stored that none of our scripts wrote.
  std::uint64_t put_into_queue(std::string subject, std::string payload);
  void write_record(const std::string& item_id, std::string value);
  /// The server has forgotten which ids were published.
  void forget_ids();
  void drop_letter(const work_item& item);
  /// The server has lost what was in the queue.
  void lose_queue();

  /// What was done that may never be done; empty if nothing was.
  [[nodiscard]] const std::string& complaint() const noexcept { return complaint_; }
  void complain(std::string what);

  /// All that decides how it goes on.
  [[nodiscard]] virtual std::string digest() const;

private:
  struct queue_message {
    std::string subject;
    std::string payload;
    wall_time stored_at{};
    std::uint64_t deliveries = 0;
    /// Not delivered before.
    wall_time free_at{};
  };

  result<work_answer> publish(const jetstream::publish& what);
  result<work_answer> settle(const jetstream::settle& what);
  result<work_answer> answer_api(const jetstream::api_request& what);
  [[nodiscard]] work_answer describe_queue() const;
  /// @param name as `lane_consumer` gives it.
  [[nodiscard]] work_answer describe_consumer(std::string_view name) const;
  result<work_answer> get_last(const jetstream::get_last& what) const;
  void remove_from_queue(std::uint64_t sequence);
  void remove_letter(std::map<std::string, jetstream::stored_message>::iterator at);
  /// Checks what a record may become.
  void on_record(const jetstream::kv_entry& entry);

  testing::key_store store_;
  std::map<std::uint64_t, queue_message> queue_;
  std::uint64_t last_queued_ = 0;
  std::map<std::string, jetstream::stored_message> letters_;
  std::uint64_t last_letter_ = 0;
  /// By the stream's first token and the message id.
  std::map<std::string, std::uint64_t> published_;
  std::map<std::string, std::string> notices_;
  std::vector<std::string> settlements_;
  /// The newest value of each record that was checked.
  std::map<std::string, found_record> checked_;
  std::string complaint_;
};

} // namespace nats_mcp::work
