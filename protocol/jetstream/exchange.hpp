// SPDX-License-Identifier: MIT
// One command's conversation with the server: what is written, what the answers mean, what follows
// (a repeat, a read-back, another form of the same question), and what the caller is told. Pure: no
// clock of its own, no connection. `request_table` decides when it is written and when it ends.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/jetstream/last_message_query.hpp"
#include "protocol/jetstream/request_table.hpp"
#include "protocol/jetstream/server_identity.hpp"
#include "protocol/jetstream/wire_message.hpp"

#include <string>
#include <variant>

namespace nats_mcp::jetstream {

/// A message to ourselves through the server: when it comes back, everything written before it has
/// been read by the server, and every refusal of it has arrived.
struct fence {
  monotonic_time deadline;
};
struct fence_returned {};

/// Asks the server which version it is and what time it has; a server that does not tell answers
/// with nothing known.
struct identify {
  monotonic_time deadline;
};

using answer = std::variant<publish_receipt, api_reply, stored_message, pull_result, settled,
                            kv_lookup, kv_revision, fence_returned, server_identity>;

/// What follows a reply: nothing yet, the end, or another message after a delay.
struct keep_waiting {};
struct continue_after {
  std::chrono::milliseconds delay{0};
};
using next_step = std::variant<keep_waiting, continue_after, result<answer>>;

/// What a conversation may look at while it decides.
struct exchange_context {
  server_facts facts;
  /// Times the command was written so far.
  unsigned attempts = 0;
  monotonic_time now;
};

// -- one type per kind of conversation ---------------------------------------------------------

struct publish_exchange {
  publish command;
};

struct api_exchange {
  api_request command;
};

/// `get_last` and `kv_get`: the same question, another answer.
struct get_exchange {
  last_message_query query;
  /// Set for `kv_get`: the key asked for.
  std::string key;
  monotonic_time deadline;
};

struct pull_exchange {
  pull command;
  pull_result collected;
};

struct settle_exchange {
  settle command;
};

/// `kv_put` and `kv_delete`. After a conflict that may be our own doing the key is read back.
struct put_exchange {
  std::string bucket;
  std::string key;
  std::string value;
  kv_operation operation = kv_operation::put;
  std::optional<std::uint64_t> expected_revision;
  /// In the value of a put, in a header of a deletion.
  std::string write_id;
  monotonic_time deadline;
  last_message_query read_back;
  /// Set while reading back: the revision the server named in the conflict.
  std::optional<std::uint64_t> conflicting_revision;
};

struct fence_exchange {
  fence command;
};

struct identify_exchange {
  identify command;
};

class exchange {
public:
  explicit exchange(publish command);
  explicit exchange(api_request command);
  explicit exchange(get_last command);
  explicit exchange(pull command);
  explicit exchange(settle command);
  explicit exchange(kv_get command);
  explicit exchange(kv_put command);
  /// @param write_id random: tells this deletion from anybody else's.
  exchange(kv_delete command, std::string write_id);
  explicit exchange(fence command);
  explicit exchange(identify command);

  /// How the table is to treat it.
  [[nodiscard]] request_terms terms() const;
  /// The message to write now. @param reply where the answers go. @param context of this moment,
  /// this writing not counted.
  [[nodiscard]] outgoing message(const std::string& reply, const exchange_context& context) const;
  /// Whether writing it is all there is: nothing will be answered.
  [[nodiscard]] bool ends_when_written() const noexcept;
  /// A message came to the reply subject.
  [[nodiscard]] next_step on_reply(incoming&& reply, const exchange_context& context);
  /// The table ended it. @param why why there is no connection, in a sentence; may be empty.
  [[nodiscard]] result<answer> on_end(const end_request& end, std::string_view why);
  /// What the sentences call it, such as `message to #roadmap`.
  [[nodiscard]] std::string description() const;
  /// Whether a refusal to publish to `subject` concerns it.
  [[nodiscard]] bool writes_to(std::string_view subject, const exchange_context& context) const;
  /// How long after a silent end what still comes is to be handed back; zero = not at all.
  [[nodiscard]] std::chrono::milliseconds late_handed_back_for() const;

private:
  std::variant<publish_exchange, api_exchange, get_exchange, pull_exchange, settle_exchange,
               put_exchange, fence_exchange, identify_exchange>
    kind_;
};

} // namespace nats_mcp::jetstream
