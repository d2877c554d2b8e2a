// SPDX-License-Identifier: MIT
// The messages a stream holds, by sequence and by subject. It decides nothing: what is admitted and
// what has to go is the stream's business.
#pragma once

#include "protocol/jetstream/wire_message.hpp"

#include "tests/simulation/jetstream/instant.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::simulation {

struct log_entry {
  std::uint64_t sequence = 0;
  std::string subject;
  jetstream::headers headers;
  std::string payload;
  instant stored_at{};
};

/// The bytes of `headers` on the wire; none without headers.
[[nodiscard]] std::size_t wire_size(const jetstream::headers& headers);

enum class storage_kind : std::uint8_t { file, memory };

/// What one message costs against `max_bytes`.
[[nodiscard]] std::size_t stored_size(const log_entry& entry, storage_kind storage);

class message_log {
public:
  explicit message_log(storage_kind storage)
    : storage_{storage} {
    // nop
  }

  // -- change ----------------------------------------------------------------------------------

  /// Stores at the end. @returns the sequence.
  std::uint64_t append(log_entry entry);
  /// Takes one message out; false if it is not there.
  bool remove(std::uint64_t sequence);
  /// Puts a message back that a crash brought to light again.
  void restore(log_entry entry);

  // -- look ------------------------------------------------------------------------------------

  [[nodiscard]] const log_entry* find(std::uint64_t sequence) const;
  [[nodiscard]] const log_entry* oldest() const;
  /// The newest message of a subject or pattern.
  [[nodiscard]] const log_entry* last_of(std::string_view pattern) const;
  /// The oldest message of a subject or pattern at or after a sequence.
  [[nodiscard]] const log_entry* next_of(std::string_view pattern, std::uint64_t from) const;
  /// How many there are of a subject or pattern at or after a sequence.
  [[nodiscard]] std::uint64_t count(std::string_view pattern, std::uint64_t from) const;
  /// Messages for each subject of the pattern.
  [[nodiscard]] std::map<std::string, std::uint64_t> counts(std::string_view pattern) const;
  /// The newest sequence of each subject of the pattern, ascending.
  [[nodiscard]] std::vector<std::uint64_t> newest_of_each(std::string_view pattern) const;
  /// All sequences of the pattern, ascending.
  [[nodiscard]] std::vector<std::uint64_t> sequences(std::string_view pattern) const;

  [[nodiscard]] std::uint64_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::uint64_t last_sequence() const noexcept { return last_sequence_; }
  [[nodiscard]] instant last_stored_at() const noexcept { return last_stored_at_; }
  /// Of the oldest message; one after the last when there is none; 0 before there ever was one.
  [[nodiscard]] std::uint64_t first_sequence() const noexcept;
  [[nodiscard]] std::size_t subject_count() const noexcept { return by_subject_.size(); }
  [[nodiscard]] std::size_t size_of(std::uint64_t sequence) const;
  [[nodiscard]] storage_kind storage() const noexcept { return storage_; }
  [[nodiscard]] const std::map<std::uint64_t, log_entry>& entries() const noexcept {
    return entries_;
  }

private:
  using subjects = std::map<std::string, std::vector<std::uint64_t>, std::less<>>;

  /// Calls `visit(subject, sequences)` for each subject of the pattern.
  template <class Visit>
  void each(std::string_view pattern, Visit visit) const;

  storage_kind storage_;
  std::map<std::uint64_t, log_entry> entries_;
  /// Sequences of every subject, ascending; no subject without one.
  subjects by_subject_;
  std::uint64_t bytes_ = 0;
  std::uint64_t last_sequence_ = 0;
  instant last_stored_at_{};
};

} // namespace nats_mcp::simulation
