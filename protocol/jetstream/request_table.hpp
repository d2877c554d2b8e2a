// SPDX-License-Identifier: MIT
// Which requests wait, which are written, which are to be written again and which are out of time:
// the gateway's promise that every request ends exactly once, as a plain class. It knows nothing of
// what the requests say; time is an argument, what is to be done comes out as effects.
//
// A request waits (in order of arrival) until there is a connection and room in the window, is
// written, and is then answered, written again, or ended.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/request_terms.hpp"
#include "protocol/limits.hpp"
#include "protocol/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace nats_mcp::jetstream {

/// One request of the gateway; ascending in order of arrival, never used twice.
enum class request_id : std::uint64_t {};

/// Write the request now and report with `not_written` if that fails.
struct write_request {
  request_id id{};
};

enum class end_reason : std::uint8_t { out_of_time, connection_lost, no_connection };
/// The request is over without an answer, and forgotten. `code` is `timeout` (no consequence),
/// `unknown_outcome` (written, with a possible one), `busy` (a long poll that waited for others to
/// end), or why there is no connection.
struct end_request {
  request_id id{};
  end_reason reason = end_reason::out_of_time;
  ec code = ec::timeout;
};

using request_effect = std::variant<write_request, end_request>;

class request_table {
public:
  struct options {
    std::size_t window = limits::nats_window_max;
    std::size_t polls = limits::nats_pulls_max;
    std::size_t queue = limits::nats_queue_max;
    std::size_t queue_bytes = limits::nats_queue_bytes_max;
    /// The first id: another one for every incarnation that shares a reply inbox.
    request_id first{1};
  };

  explicit request_table(options choice);

  // -- requests --------------------------------------------------------------------------------

  /// Takes a request. @returns `ec::busy` when too many (or too many bytes) wait already.
  [[nodiscard]] result<request_id> submit(const request_terms& terms, monotonic_time now);
  /// The final answer came: forgets the request. @returns false if it is not (or no longer) known.
  bool answered(request_id id);
  /// Its conversation goes on, or has to be tried once more: write it again after `delay`.
  void write_again(request_id id, std::chrono::milliseconds delay, monotonic_time now);
  /// The connection would not take it: it counts as never written, and waits for the next one
  /// unless it means nothing there.
  void not_written(request_id id);

  // -- the outside -----------------------------------------------------------------------------

  /// Requests may be written from now on.
  void connected(monotonic_time now);
  /// What was written has no answer to expect: repeatable requests wait, others end; and so do all
  /// of this connection alone.
  void disconnected(monotonic_time now);
  /// An attempt to connect that began at `began` failed with `code`. Ends what was never written
  /// and waited already when it began, if `give_up`.
  void attempt_failed(monotonic_time began, ec code, bool give_up);
  /// Deadlines and repetitions that are due.
  void tick(monotonic_time now);
  /// When `tick` has something to do next.
  [[nodiscard]] std::optional<monotonic_time> next_due() const;

  /// What is to be done since the last call, in order.
  [[nodiscard]] std::vector<request_effect> take_effects() { return std::exchange(effects_, {}); }

  /// Times the request was written.
  [[nodiscard]] unsigned attempts(request_id id) const;
  [[nodiscard]] std::size_t in_flight() const noexcept { return written_; }
  [[nodiscard]] std::size_t queued() const noexcept {
    return waiting_.size() + waiting_free_.size();
  }
  [[nodiscard]] bool empty() const noexcept { return requests_.empty(); }

private:
  enum class state : std::uint8_t { waiting, written, resting };
  struct entry {
    request_terms terms;
    state now = state::waiting;
    unsigned attempts = 0;
    monotonic_time submitted;
    /// When `tick` looks at it: the deadline, the next repetition or the end of a rest.
    monotonic_time due;
  };
  entry* find(request_id id);
  std::set<std::uint64_t>& waiting_of(const entry& request);
  void leave_state(std::uint64_t id, entry& request);
  void wait(std::uint64_t id, entry& request);
  void write(std::uint64_t id, entry& request, monotonic_time now);
  void set_due(std::uint64_t id, entry& request, monotonic_time due);
  void end(std::uint64_t id, end_reason reason, ec code);
  [[nodiscard]] static ec silence(const entry& request);
  /// Whether one more of its kind may be written.
  [[nodiscard]] bool has_room(window_use kind) const noexcept;
  std::size_t& used_by(const entry& request) noexcept;
  void pump(monotonic_time now);

  options options_;
  request_id next_;
  bool connected_ = false;
  monotonic_time last_now_{};
  std::size_t written_ = 0;
  std::size_t window_used_ = 0;
  std::size_t polls_used_ = 0;
  std::size_t waiting_bytes_ = 0;
  std::unordered_map<std::uint64_t, entry> requests_;
  std::set<std::uint64_t> waiting_;
  std::set<std::uint64_t> waiting_free_;
  std::set<std::pair<monotonic_time, std::uint64_t>> due_;
  std::vector<request_effect> effects_;
};

} // namespace nats_mcp::jetstream
