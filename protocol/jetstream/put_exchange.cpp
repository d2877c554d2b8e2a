// SPDX-License-Identifier: MIT
#include "protocol/jetstream/put_exchange.hpp"

#include "protocol/jetstream/reply_codec.hpp"
#include "protocol/jetstream/sentences.hpp"
#include "protocol/jetstream/spoken_names.hpp"
#include "protocol/jetstream/stored_message_codec.hpp"

#include <utility>

namespace nats_mcp::jetstream {

namespace {

/// A replica may answer a read before it has the message the leader told us of.
constexpr std::chrono::milliseconds stale_read_delay{50};

next_step finish(result<kv_revision>&& outcome) {
  if (!outcome) {
    return result<answer>{tl::make_unexpected(std::move(outcome.error()))};
  }
  return result<answer>{answer{*outcome}};
}

/// Met by what was written once: nothing was stored.
error conflict(const std::string& what) {
  return {ec::conflict, "The " + what + " met a newer value: somebody else wrote it first.",
          error_number::wrong_last_sequence};
}

/// Met by a repetition. The first copy may have been stored, and overwritten before it was looked
/// for.
error ambiguous_conflict(const std::string& what) {
  return {ec::conflict, ambiguous_conflict_sentence(what), 0};
}

bool is_ours(const put_exchange& putting, const stored_message& stored) {
  return header(stored.headers, header_name::write_id) == putting.write_id
         || (operation_of(stored.headers) == kv_operation::put
             && stored.payload.find(putting.write_id) != std::string::npos);
}

next_step read_back_replied(put_exchange& putting, incoming&& reply,
                            const exchange_context& context, const std::string& what) {
  const auto stored = putting.read_back.on_reply(std::move(reply), what, context.facts);
  if (!stored) {
    return continue_after{};
  }
  if (!*stored) {
    const auto& failure = stored->error();
    if (is_transient(failure)) {
      return continue_after{transient_delay}; // of the look: it tells nothing of the write
    }
    // Gone again: whatever we conflicted with, the key is not ours now.
    return finish(
      tl::make_unexpected(failure.code == ec::not_found ? ambiguous_conflict(what) : failure));
  }
  if ((*stored)->sequence < *putting.conflicting_revision) {
    return continue_after{stale_read_delay};
  }
  if (is_ours(putting, **stored)) {
    return finish(kv_revision{(*stored)->sequence});
  }
  return finish(tl::make_unexpected(ambiguous_conflict(what)));
}

} // namespace

put_exchange begin_put(kv_put command) {
  put_exchange putting;
  putting.read_back = {stream_of_bucket(command.bucket),
                       subject_of_key(command.bucket, command.key)};
  putting.bucket = std::move(command.bucket);
  putting.key = std::move(command.key);
  putting.value = std::move(command.value);
  putting.expected_revision = command.expected_revision;
  putting.write_id = std::move(command.write_id);
  putting.deadline = command.deadline;
  return putting;
}

put_exchange begin_delete(kv_delete command, std::string write_id) {
  auto putting = begin_put({std::move(command.bucket),
                            std::move(command.key),
                            {},
                            command.expected_revision,
                            std::move(write_id),
                            command.deadline});
  putting.operation = kv_operation::deleted;
  return putting;
}

outgoing put_message(const put_exchange& putting, const std::string& reply, unsigned attempts) {
  if (putting.conflicting_revision) {
    return putting.read_back.message(reply, attempts);
  }
  outgoing out{putting.read_back.subject(), reply, {}, putting.value};
  if (putting.operation == kv_operation::deleted) {
    out.headers.emplace_back(header_name::operation, "DEL");
    out.headers.emplace_back(header_name::write_id, putting.write_id);
  }
  if (putting.expected_revision) {
    out.headers.emplace_back(header_name::expected_subject_sequence,
                             std::to_string(*putting.expected_revision));
  } else if (!putting.write_id.empty()) {
    out.headers.emplace_back(header_name::message_id, putting.write_id);
  }
  return out;
}

next_step put_replied(put_exchange& putting, incoming&& reply, const exchange_context& context,
                      const std::string& what) {
  if (putting.conflicting_revision) {
    return read_back_replied(putting, std::move(reply), context, what);
  }
  const auto receipt = decode_publish_receipt(reply, what, context.facts);
  if (receipt) {
    if (receipt->duplicate && putting.expected_revision) {
      putting.conflicting_revision = receipt->sequence;
      return continue_after{};
    }
    return finish(kv_revision{receipt->sequence});
  }
  const auto& failure = receipt.error();
  if (is_transient(failure) && !putting.write_id.empty()) {
    return continue_after{transient_delay};
  }
  if (failure.code != ec::conflict) {
    return finish(tl::make_unexpected(failure));
  }
  if (context.attempts > 1) {
    putting.conflicting_revision = sequence_of_conflict(failure.message).value_or(0);
    return continue_after{};
  }
  return finish(tl::make_unexpected(conflict(what)));
}

std::string put_description(const put_exchange& putting) {
  return (putting.operation == kv_operation::put ? "writing of " : "deletion of ")
         + spoken_subject(putting.read_back.subject());
}

} // namespace nats_mcp::jetstream
