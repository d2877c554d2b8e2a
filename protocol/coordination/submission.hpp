// SPDX-License-Identifier: MIT
// Handing an item to the coordinators: the request first, its acknowledgement, then the record, by
// which the item can be seen and cancelled while it waits, and the entry of its task. It is stored
// whether a coordinator runs or not. With an idempotency key the id is the same each time, and the
// record comes first, as in protocol/work/offering.hpp: of two that offer under one key at one
// moment, whose record is there first has it, coordinated or not.
#pragma once

#include "protocol/coordination/assignment_request.hpp"
#include "protocol/work/offering.hpp"
#include "protocol/work/work_script.hpp"

#include <cstdint>
#include <optional>

namespace nats_mcp::coordination {

class submission final : public work::work_script {
public:
  using outcome = work::offering::outcome;
  using novelty = work::offering::novelty;

  submission(assignment_request what, novelty is_new, work::script_world world);

  void on_answers(const work::work_round& round) override;

  /// Set as soon as the request is stored; a record may follow. Errors: those of the commands, in
  /// the offerer's words; `limit_exceeded` when there is no room for more requests.
  [[nodiscard]] const std::optional<result<outcome>>& end() const noexcept { return end_; }

private:
  enum class step : std::uint8_t { looking, reserving, submitting, recording };

  void look();
  void looked(const result<work::work_answer>& answer);
  void reserve();
  void reserved(const result<work::work_answer>& answer);
  void submit();
  void submitted(const result<work::work_answer>& answer);
  void fail_with(error why) { end_ = tl::make_unexpected(std::move(why)); }

  assignment_request what_;
  novelty is_new_;
  step step_ = step::looking;
  unsigned conflicts_ = 0;
  bool offered_before_ = false;
  /// What the record's first write has to expect.
  std::uint64_t revision_ = 0;
  std::optional<result<outcome>> end_;
};

} // namespace nats_mcp::coordination
