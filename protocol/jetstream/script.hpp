// SPDX-License-Identifier: MIT
// A conversation with NATS as a value: it says what is to be asked next, and is told the answers.
// Whatever takes several writes that have to be right in every interleaving and after every crash
// between them is such a script, so that tests can try them all; whoever runs one carries the
// commands out (actors/streams/script_runner.hpp).
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/jetstream/reply_codec.hpp"
#include "protocol/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace nats_mcp::jetstream {

/// The answers to one round of commands, in their order.
template <class Answer>
struct script_round {
  std::vector<result<Answer>> answers;
  /// When the last of them came.
  monotonic_time answered_at;
};

/// @tparam Command a variant of commands. Deadlines are set by whoever runs the script, unless the
/// script sets an earlier one. @tparam Answer a variant of what they are answered with.
template <class Command, class Answer>
class script {
public:
  using command_type = Command;
  using answer_type = Answer;

  script() = default;
  script(const script&) = delete;
  script& operator=(const script&) = delete;
  virtual ~script() = default;

  /// What to ask now, all at once; empty when the script is over.
  [[nodiscard]] std::vector<Command> take_commands() { return std::exchange(commands_, {}); }
  /// All answers to what `take_commands` gave.
  virtual void on_answers(const script_round<Answer>& round) = 0;

protected:
  void ask(Command what) { commands_.push_back(std::move(what)); }

private:
  std::vector<Command> commands_;
};

/// Looks up one key.
[[nodiscard]] inline kv_get look_up(std::string_view bucket, std::string key) {
  return {std::string{bucket}, std::move(key), {}};
}

/// The entry of a lookup that is there; null for an absent or deleted one. A bucket that does not
/// exist has no entries.
template <class Answer>
[[nodiscard]] const kv_entry* entry_in(const result<Answer>& answer) noexcept {
  const auto* found = answer ? std::get_if<kv_lookup>(&*answer) : nullptr;
  const bool there =
    found != nullptr && found->entry && found->entry->operation == kv_operation::put;
  return there ? &*found->entry : nullptr;
}

/// What a write of this key has to expect: the newest revision, of a deletion too; 0 without any.
template <class Answer>
[[nodiscard]] std::uint64_t revision_in(const result<Answer>& answer) noexcept {
  if (!answer) {
    return 0;
  }
  if (const auto* found = std::get_if<kv_lookup>(&*answer)) {
    return found->entry ? found->entry->revision : 0;
  }
  const auto* written = std::get_if<kv_revision>(&*answer);
  return written == nullptr ? 0 : written->revision;
}

/// Why a lookup failed; null when it did not. A bucket that does not exist is no failure.
template <class Answer>
[[nodiscard]] const error* lookup_failure(const result<Answer>& answer) noexcept {
  return answer || answer.error().code == ec::not_found ? nullptr : &answer.error();
}

/// The first failure of a round of lookups, or null.
template <class Answer>
[[nodiscard]] const error*
first_lookup_failure(const std::vector<result<Answer>>& answers) noexcept {
  for (const auto& answer : answers) {
    if (const auto* failure = lookup_failure(answer)) {
      return failure;
    }
  }
  return nullptr;
}

/// Why a write failed; null when it did not. Without its bucket nothing was written.
template <class Answer>
[[nodiscard]] const error* write_failure(const result<Answer>& answer) noexcept {
  return answer ? nullptr : &answer.error();
}

/// Whether a write met a newer entry than it expected.
template <class Answer>
[[nodiscard]] bool is_conflict(const result<Answer>& answer) noexcept {
  return !answer && answer.error().code == ec::conflict;
}

/// Whether it met it on a repetition: the first copy may have been stored, and overwritten since.
template <class Answer>
[[nodiscard]] bool is_ambiguous_conflict(const result<Answer>& answer) noexcept {
  return is_conflict(answer) && answer.error().jetstream_code != error_number::wrong_last_sequence;
}

} // namespace nats_mcp::jetstream
