// SPDX-License-Identifier: MIT
// What the conversations about work have in common (protocol/jetstream/script.hpp): the commands
// they use, and what they know of the world. The order of their writes is the table "The order of
// writes" of docs/wire.md; between any two of them the process may end for good.
#pragma once

#include "protocol/agents/liveness.hpp"
#include "protocol/identifiers.hpp"
#include "protocol/jetstream/script.hpp"
#include "protocol/time.hpp"
#include "protocol/work/delivery_decision.hpp"
#include "protocol/work/item_record.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace nats_mcp::work {

using work_command = std::variant<jetstream::kv_get, jetstream::kv_put, jetstream::publish,
                                  jetstream::settle, jetstream::api_request, jetstream::get_last>;
using work_answer =
  std::variant<jetstream::kv_lookup, jetstream::kv_revision, jetstream::publish_receipt,
               jetstream::settled, jetstream::api_reply, jetstream::stored_message>;

/// The answers to one round of commands, in their order.
using work_round = jetstream::script_round<work_answer>;

/// What a script needs besides answers. Times of answers (`work_round::answered_at`) are on a clock
/// that runs while the computer sleeps.
struct script_world {
  random_source random;
  std::function<wall_time()> wall_clock;
  /// The server's present on that same clock; every time stamp a script sees is added.
  agents::server_clock server_time;
  /// Who acts: the sender of notices; an empty guid sends none.
  party self;
  /// The clock of `answered_at`, for what is decided between answers.
  std::function<monotonic_time()> clock;
  /// The clock of deadlines, which may stand still while the computer sleeps.
  std::function<monotonic_time()> deadline_clock;
};

/// A delivery that can be settled.
struct open_delivery {
  /// Empty: whoever took it is gone; nothing can be settled, and the ack wait passes by itself.
  std::string ack_subject;
  std::chrono::nanoseconds ack_wait{0};
  /// When it was delivered, or last extended, on the clock of `answered_at`. Only while less than
  /// `limits::work_settle_share` of the ack wait has passed since is anything but an
  /// acknowledgement sent: a late one would hit the next holder's delivery (docs/wire.md).
  monotonic_time since{};
};

/// The settlement of a delivery: nothing for one that nobody can settle, or for which it is too
/// late. A command that waits for its turn too long is not sent either.
[[nodiscard]] std::optional<jetstream::settle> settlement(const open_delivery& what,
                                                          jetstream::ack_kind kind,
                                                          std::chrono::milliseconds delay,
                                                          const script_world& world);

class work_script : public jetstream::script<work_command, work_answer> {
public:
  /// What the server's time stamps told; hand it on to the next script.
  [[nodiscard]] const agents::server_clock& server_time() const noexcept {
    return world_.server_time;
  }

  /// How many notices of this script were not stored; nobody waits for one.
  [[nodiscard]] unsigned notices_lost() const noexcept { return notices_lost_; }

protected:
  explicit work_script(script_world world)
    : world_{std::move(world)} {
    // nop
  }

  /// Takes note of the time stamps in a round. Before anything else is made of it.
  void observe(const work_round& round);
  /// The server's present, or earlier; the beginning of time while nothing is known of it.
  [[nodiscard]] wall_time server_now() const;

  void ask_record(std::string_view item_id);
  /// @param expected_revision of the entry it was made from; 0 if there was none.
  void ask_write(const item_record& record, std::uint64_t expected_revision);
  /// Whether the record found is what was written last: then the conflict was met by a second copy
  /// of a write that had succeeded.
  [[nodiscard]] bool is_last_write(const result<work_answer>& lookup) const;
  /// The entry by which the item is found among those of its task.
  void ask_write_task(const work_item& item);

  script_world world_;
  unsigned notices_lost_ = 0;

private:
  std::string last_written_;
};

/// The record in the answer to a lookup; nothing if there is none. Errors: those of the lookup, and
/// `malformed`.
[[nodiscard]] result<std::optional<found_record>> record_in(const result<work_answer>& answer);

/// The record in a message of the items' bucket; nothing for a deletion and what cannot be read.
[[nodiscard]] std::optional<found_record> record_of(const jetstream::delivery& message);

/// The message that puts an item into its lane, under an id of its generation.
[[nodiscard]] jetstream::publish queue_message(const work_item& item, std::uint64_t generation);

/// Others wrote the record again and again, faster than this process could.
[[nodiscard]] error too_many_conflicts(std::string_view item_id);
/// There is no such item, or none that may be seen from here.
[[nodiscard]] error no_such_item(std::string_view item_id);

} // namespace nats_mcp::work
