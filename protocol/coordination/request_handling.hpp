// SPDX-License-Identifier: MIT
// What a leader does about one item it sees to, each time its request is delivered or something has
// happened to it: reads the record, decides (assignment_decision.hpp), gives it to a worker, takes
// it back, buries it, or leaves it for a while. The request stays in its stream until the item is
// over, so whoever leads next goes on with it. The order of the writes is the table "Assignments"
// of docs/wire.md; between any two of them the process may end for good.
#pragma once

#include "protocol/coordination/assignment_change.hpp"
#include "protocol/coordination/assignment_decision.hpp"
#include "protocol/coordination/assignment_request.hpp"
#include "protocol/coordination/closing.hpp"
#include "protocol/coordination/next_worker.hpp"
#include "protocol/coordination/unplaced_items.hpp"
#include "protocol/limits/coordination.hpp"
#include "protocol/work/work_script.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace nats_mcp::coordination {

class request_handling final : public work::work_script {
public:
  struct request {
    /// What is looked at: a delivery of the request, or, without one, the item of this id.
    std::optional<jetstream::delivery> delivery;
    std::string item_id;
    std::string preferred_worker; // without a delivery, as far as known
    work::open_delivery handle;
    /// Of the leader.
    std::uint64_t term = 0;
    std::chrono::milliseconds assign_timeout{0};
    /// After how long a request comes again for which there is no worker.
    std::chrono::milliseconds retry_after{limits::assignment_retry};
    worker_rule choose;
    departure_rule is_gone;
  };

  /// It is the worker's to claim.
  struct assigned {
    work::item_record record;
    /// It was given to the worker just now.
    bool is_new = false;
  };
  /// Nothing is to be done now: somebody holds it, or it rests.
  struct resting {};
  /// There is nobody to give it to yet, or nobody else: then it stays where it is.
  struct unplaced {};
  /// It is over; the request is gone.
  struct finished {
    work::item_state state = work::item_state::completed;
  };
  /// It was out of attempts or past its deadline, and lies with the dead letters now.
  struct buried {
    std::string reason;
  };
  /// No coordinator's: the request is gone, or there is nothing to look at.
  struct left_alone {};
  /// See `leadership::outranked`; nothing was changed.
  struct outranked {
    std::uint64_t by_term = 0;
  };
  /// Nobody can read the request; it is gone.
  struct unreadable {
    error why;
  };
  using outcome =
    std::variant<assigned, resting, unplaced, finished, buried, left_alone, outranked, unreadable>;

  request_handling(request what, work::script_world world);

  void on_answers(const work::work_round& round) override;

  /// Set when it is decided, which may be before the script is over: messages and settlements
  /// follow. Errors: those of the commands; the request comes again by itself then.
  [[nodiscard]] const std::optional<result<outcome>>& end() const noexcept { return end_; }
  [[nodiscard]] const std::string& item_id() const noexcept { return what_.item_id; }
  /// @pre it is `unplaced`
  [[nodiscard]] item_kind kind() const;

private:
  enum class step : std::uint8_t {
    looking,
    giving,
    queueing,
    clearing,
    placing,
    telling,
    burying,
    closing,
    settling,
  };
  using answer = result<work::work_answer>;

  void begin();
  void look();
  void looked(const answer& found);
  void decided(const assignment_meaning& meaning);
  void give();
  void gave(const answer& written);
  void queue();
  void queued(const answer& stored);
  void place();
  void placed_it(const answer& written);
  void tell(std::chrono::milliseconds rest);
  void bury(std::string_view reason);
  void buried_it(const answer& written);
  /// What cannot be recorded as it is is buried with what can be told of it.
  void too_large_or_failed(const error& why);
  /// The record is over.
  void close(closing::news told);
  void go_on();

  void write(work::item_record next, step what);
  /// The write took place.
  void written(std::uint64_t revision);
  void look_again();
  void rest(outcome what, std::chrono::milliseconds how_long);
  void settle(jetstream::ack_kind kind, std::chrono::milliseconds delay);
  void fail_with(error why) { end_ = tl::make_unexpected(std::move(why)); }

  request what_;
  /// As it was requested; without a delivery what the record says.
  std::optional<assignment_request> wanted_;
  step step_ = step::looking;
  unsigned conflicts_ = 0;
  /// Perhaps with a first copy of the same write.
  bool met_conflict_ = false;
  /// As it was found.
  std::optional<work::found_record> found_;
  /// What the next write has to expect.
  std::uint64_t revision_ = 0;
  /// What is being written, or was.
  work::item_record record_;
  /// Why it cannot be recorded as it is.
  std::optional<std::string> too_large_;
  /// What is finished was begun by somebody else: look again what it means now.
  bool is_others_ = false;
  std::uint64_t queue_sequence_ = 0;
  std::chrono::milliseconds rest_{0};
  std::optional<closing> closing_;
  std::optional<result<outcome>> end_;
};

} // namespace nats_mcp::coordination
