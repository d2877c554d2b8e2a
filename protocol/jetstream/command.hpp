// SPDX-License-Identifier: MIT
// What may be asked of NATS, as plain values: the vocabulary of the gateway interface
// (actors/interfaces.hpp). Neither the real gateway nor the simulated one knows any other way in.
//
// Every command carries one absolute deadline. It covers waiting for the connection, waiting for
// the window and the request itself; exactly one answer comes, at the latest one tick after it.
#pragma once

#include "protocol/error.hpp"
#include "protocol/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::jetstream {

/// NATS headers in the order they are written.
using headers = std::vector<std::pair<std::string, std::string>>;

// -- publish -----------------------------------------------------------------------------------

/// Stores one message in the stream that owns `subject`.
///
/// With a `message_id` it is repeated under the same id until it is acknowledged or the deadline
/// passes, so it is stored once. Without one it is written once.
/// Errors: `unknown_outcome` (written, never acknowledged), `nats_unreachable` or
/// `timeout` (never written), `conflict`
/// (`expected_last_subject_sequence` did not hold), `limit_exceeded` (stream or subject full).
struct publish {
  std::string subject;
  std::string payload;
  /// `Nats-Msg-Id`; empty = none.
  std::string message_id;
  /// `Nats-Expected-Last-Subject-Sequence`; 0 = the subject must be empty.
  std::optional<std::uint64_t> expected_last_subject_sequence;
  monotonic_time deadline;
};

struct publish_receipt {
  std::string stream;
  std::uint64_t sequence = 0;
  /// The server had this message id already: stored once, by an earlier attempt.
  bool duplicate = false;
};

// -- the JetStream API -------------------------------------------------------------------------

/// One request to `$JS.API.<verb>`, such as `STREAM.INFO.ORDERS`.
enum class repeatable : bool { no, yes };
struct api_request {
  /// What follows `$JS.API.`.
  std::string verb;
  /// JSON, or empty.
  std::string body;
  /// Whether asking again does no harm. A request that may not be repeated and was written without
  /// an answer ends in `unknown_outcome`.
  repeatable again = repeatable::no;
  monotonic_time deadline;
};

/// The server's answer. An answer with an `error` member arrives as `ec::jetstream_error` (or a
/// more telling code) with `jetstream_code` set, never as a reply.
struct api_reply {
  std::string body;
};

// -- direct get --------------------------------------------------------------------------------

/// The newest message of one exact subject, through `$JS.API.DIRECT.GET.<stream>.<subject>`.
/// Errors: `not_found`.
struct get_last {
  std::string stream;
  std::string subject;
  monotonic_time deadline;
};

struct stored_message {
  std::string subject;
  std::string payload;
  std::uint64_t sequence = 0;
  /// The server's time stamp of the message.
  wall_time stored_at{};
  jetstream::headers headers;
};

// -- pull and settle ---------------------------------------------------------------------------

/// Up to `batch` messages from a pull consumer. The answer comes when the batch is full or the
/// server says the request is over. Silence until the deadline is an ordinary outcome: what has
/// arrived until then is the answer, and it may be empty.
struct pull {
  std::string stream;
  std::string consumer;
  std::uint32_t batch = 1;
  /// How long the server may wait for messages; zero = answer at once with what is there
  /// (`no_wait`).
  std::chrono::milliseconds expires{0};
  /// At most this many bytes of messages, headers included; 0 = no bound but the batch.
  std::size_t bytes_max = 0;
  monotonic_time deadline;
  /// The server may take the pull for alive after a silent end, and deliver. What comes so long
  /// after it is handed back (`nak`), to be delivered again at once and not after the consumer's
  /// ack wait; zero = the server is told that nobody listens any more.
  std::chrono::milliseconds late_handed_back_for{0};
};

struct delivery {
  /// Where an acknowledgement of this delivery goes; names it for `settle`.
  std::string ack_subject;
  std::string subject;
  std::string payload;
  jetstream::headers headers;
  std::uint64_t stream_sequence = 0;
  std::uint64_t consumer_sequence = 0;
  std::uint64_t delivery_count = 0;
  /// Messages of the consumer's filter still to be delivered after this one.
  std::uint64_t pending = 0;
  wall_time stored_at{};
};

/// Why a pull came back with fewer messages than asked for.
enum class pull_end : std::uint8_t {
  batch_full,
  /// 404: nothing there (`no_wait`).
  no_messages,
  /// 408: `expires` is over.
  expired,
  /// 409: `bytes_max` was reached; more is there.
  bytes_full,
  /// 409: the consumer was deleted, or the server is shutting down.
  consumer_gone,
  /// 503: no such consumer.
  no_responders,
  /// Nothing was said until the deadline.
  silence,
  /// The connection was lost meanwhile.
  disconnected,
};

struct pull_result {
  std::vector<delivery> deliveries;
  pull_end end = pull_end::batch_full;
};

/// The acknowledgement vocabulary of JetStream (ADR-13 there).
enum class ack_kind : std::uint8_t { ack, nak, in_progress, term };

/// Settles one delivery. Waits for the server's own
/// acknowledgement when `confirmed`. A confirmed answer proves receipt, never that the delivery was
/// still ours.
enum class confirmation : bool { none, wait };
struct settle {
  std::string ack_subject;
  ack_kind kind = ack_kind::ack;
  /// With `nak`: how long the message stays away.
  std::chrono::milliseconds delay{0};
  confirmation confirmed = confirmation::wait;
  monotonic_time deadline;
  /// Over the connection there is or not at all: a settlement names the message by its number
  /// alone, and behind the next connection a server may count anew.
  bool present_connection_only = false;
};

struct settled {};

// -- key-value ---------------------------------------------------------------------------------

struct kv_get {
  std::string bucket;
  std::string key;
  monotonic_time deadline;
};

enum class kv_operation : std::uint8_t { put, deleted, purged };

struct kv_entry {
  std::string key;
  std::string value;
  std::uint64_t revision = 0;
  kv_operation operation = kv_operation::put;
  wall_time stored_at{};
};

/// Absence is ordinary: no entry, or one whose newest operation is a deletion (then with revision).
struct kv_lookup {
  std::optional<kv_entry> entry;
};

/// Stores `value` if the key's newest revision is `expected_revision` (0: no entry at all); without
/// one, whatever is there. `write_id` stands inside `value` and is random for each decision: when
/// an answer is lost the write is repeated, and on a conflict the key is read back; the same
/// `write_id` there means this write succeeded. Errors: `conflict`, `unknown_outcome`, `timeout`.
struct kv_put {
  std::string bucket;
  std::string key;
  std::string value;
  std::optional<std::uint64_t> expected_revision;
  std::string write_id;
  monotonic_time deadline;
};

/// Writes a deletion marker, optionally only over `expected_revision`.
struct kv_delete {
  std::string bucket;
  std::string key;
  std::optional<std::uint64_t> expected_revision;
  monotonic_time deadline;
};

struct kv_revision {
  std::uint64_t revision = 0;
};

// -- subscriptions -----------------------------------------------------------------------------

/// Names one subscription or watch of the gateway; chosen by the subscriber, unique per process.
enum class subscription_id : std::uint64_t {};

/// A message of a core subscription: at most once, never a substitute for the stream.
struct core_message {
  subscription_id id{};
  std::string subject;
  std::string payload;
};

/// What a watch sees: first the newest entry of every matching key, then `initial_values_done`,
/// then each change. After a lost connection it goes on from the last entry seen; when that cannot
/// be
/// (`restarted`) it begins again with the newest entries, and the reader drops what it held.
struct kv_change {
  subscription_id id{};
  kv_entry entry;
};

enum class kv_watch_state : std::uint8_t { initial_values_done, restarted, failed };
struct kv_watch_event {
  subscription_id id{};
  kv_watch_state state = kv_watch_state::initial_values_done;
  /// With `failed`: why; the watch is tried again by the gateway.
  error reason;
};

// -- the connection ----------------------------------------------------------------------------

enum class connection_state : std::uint8_t { idle, connecting, connected, disconnected };

struct connection_event {
  connection_state state = connection_state::idle;
  /// How many connections this process has had; grows with every reconnect.
  std::uint64_t epoch = 0;
  /// While not connected: why, in the user's words.
  error reason;
  /// The server in use, or the last one, without credentials; empty while never connected.
  std::string server{};
};

struct gateway_status {
  connection_state state = connection_state::idle;
  /// The server in use, without credentials, such as `nats://127.0.0.1:4222`.
  std::string server;
  /// Empty while not known; servers before 2.10 do not tell.
  std::string server_version;
  /// The server's clock, in the answer to the first `ping_server` of a connection: compare it at
  /// once.
  std::optional<wall_time> server_time;
  std::uint64_t reconnects = 0;
  std::optional<std::chrono::microseconds> round_trip;
  std::size_t in_flight = 0;
  std::size_t queued = 0;
  /// Largest message the server takes, in bytes; 0 while never connected.
  std::size_t max_payload_bytes = 0;
  error reason;
};

} // namespace nats_mcp::jetstream
