// SPDX-License-Identifier: MIT
// What NATS does with the mail of one agent, as small as it can be: a work queue keeps a message
// until it is acknowledged, and one durable consumer hands it out.
#pragma once

#include "protocol/jetstream/command.hpp"
#include "protocol/jetstream/durable_consumer.hpp"
#include "protocol/messaging/direct_message_codec.hpp"
#include "protocol/messaging/mail_source.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace nats_mcp::messaging::testing {

inline constexpr auto me = "11111111-1111-4111-8111-111111111111";

class inbox_server {
public:
  // -- what happens to it ----------------------------------------------------------------------

  void store(const std::string& from, std::size_t length) {
    if (has_stream_) {
      direct_message_payload mail;
      mail.id = std::to_string(++last_);
      mail.sender_guid = from;
      mail.recipient_guid = me;
      mail.content = std::string(length, 'x');
      stored_[last_] = {inbox_subject(me, from), write_direct_message(mail)};
      if (has_consumer_) {
        waiting_.insert(last_);
      }
    }
  }
  void delete_stream() {
    stored_.clear();
    delete_consumer();
    has_stream_ = false;
  }
  void delete_consumer() {
    has_consumer_ = false;
    out_.clear();
    due_.clear();
    waiting_.clear();
  }
  /// What is out was not acknowledged in time.
  void ack_wait_passes() { due_ = out_; }

  // -- what it is asked ------------------------------------------------------------------------

  void make_stream() { has_stream_ = true; }
  void make_consumer() {
    if (!std::exchange(has_consumer_, true)) {
      for (const auto& [sequence, message] : stored_) {
        waiting_.insert(sequence);
      }
    }
  }
  void acknowledge(std::uint64_t sequence) {
    if (out_.erase(sequence) > 0) { // else it is not this consumer's
      due_.erase(sequence);
      stored_.erase(sequence);
    }
  }
  [[nodiscard]] jetstream::pull_result pull(const mail_source::pull_terms& terms) {
    jetstream::pull_result result;
    std::size_t bytes = 0;
    result.end =
      terms.expires.count() > 0 ? jetstream::pull_end::expired : jetstream::pull_end::no_messages;
    while (!due_.empty() || !waiting_.empty()) {
      auto& line = due_.empty() ? waiting_ : due_;
      const auto sequence = *line.begin();
      const auto& [subject, payload] = stored_.at(sequence);
      bytes += payload.size();
      if (terms.bytes_max > 0 && bytes > terms.bytes_max) {
        result.end = jetstream::pull_end::bytes_full;
        break;
      }
      line.erase(sequence);
      out_.insert(sequence);
      jetstream::delivery next;
      next.ack_subject = "ack." + std::to_string(++deliveries_);
      next.subject = subject;
      next.payload = payload;
      next.stream_sequence = sequence;
      next.pending = waiting_.size();
      result.deliveries.push_back(std::move(next));
      if (result.deliveries.size() == terms.batch) {
        result.end = jetstream::pull_end::batch_full;
        break;
      }
    }
    return result;
  }

  // -- what is there ---------------------------------------------------------------------------

  [[nodiscard]] bool has_stream() const { return has_stream_; }
  [[nodiscard]] bool has_consumer() const { return has_consumer_; }
  [[nodiscard]] jetstream::consumer_state state() const {
    return {waiting_.size(), out_.size(), 0, std::chrono::minutes{5}};
  }
  [[nodiscard]] std::set<std::uint64_t> stored() const {
    std::set<std::uint64_t> all;
    for (const auto& [sequence, message] : stored_) {
      all.insert(sequence);
    }
    return all;
  }

private:
  struct content {
    std::string subject;
    std::string payload;
  };

  bool has_stream_ = false;
  bool has_consumer_ = false;
  std::map<std::uint64_t, content> stored_;
  /// Not handed out yet.
  std::set<std::uint64_t> waiting_;
  /// Handed out and not acknowledged, and which of these are handed out again.
  std::set<std::uint64_t> out_;
  std::set<std::uint64_t> due_;
  std::uint64_t last_ = 0;
  std::uint64_t deliveries_ = 0;
};

} // namespace nats_mcp::messaging::testing
