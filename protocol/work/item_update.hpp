// SPDX-License-Identifier: MIT
// Changing the record of an item, whoever does it: compare-and-set, again after a conflict as long
// as the change is still allowed, then what follows from the new state: a dead letter, a notice,
// the settlement of the delivery, the removal of a cancelled item's queue message.
#pragma once

#include "protocol/work/follow_up.hpp"
#include "protocol/work/work_script.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace nats_mcp::work {

class item_update final : public work_script {
public:
  /// One of item_change.hpp, with its arguments bound. Called again after each conflict.
  using change =
    std::function<result<item_record>(const item_record& before, wall_time server_now)>;
  struct request {
    std::string item_id;
    /// What is known of the record; absent: it is read first.
    std::optional<found_record> known;
    change apply;
    /// The delivery behind a held item.
    std::optional<open_delivery> handle;
    /// May whoever asks know that the item exists; else it is `not_found`. Empty: not asked.
    std::function<bool(const item_record&)> visible;
  };
  struct outcome {
    found_record found;
    /// The record held what was wanted already: a repetition that changed nothing.
    bool unchanged = false;
    /// Of a dead item: why its letter could not be stored. Its delivery comes again, and whoever
    /// gets it stores the letter.
    std::optional<error> letter_failure;
  };

  item_update(request what, script_world world);

  void on_answers(const work_round& round) override;

  /// Set when the write is acknowledged, of a dead item when its letter is stored or could not be;
  /// what follows from it goes on. A change that returns the record as it was writes nothing and is
  /// `unchanged`. Errors: `not_found`, those of the change, those of the commands
  /// (`unknown_outcome` among them).
  [[nodiscard]] const std::optional<result<outcome>>& end() const noexcept { return end_; }
  /// The delivery as it was left: absent when it was settled for good. An extended one counts from
  /// when the extension was sent.
  [[nodiscard]] const std::optional<open_delivery>& handle() const noexcept { return what_.handle; }

private:
  enum class step : std::uint8_t { looking, writing, following };

  void look();
  void looked(const result<work_answer>& answer);
  void change_it(const found_record& found);
  void wrote(const result<work_answer>& answer);
  void look_again();
  void follow();
  void go_on();
  void fail_with(error why);
  void fail_not_knowing();
  /// Whether what was written was stored, and overwritten before anybody heard of it: the history
  /// of the attempts then says what it said.
  [[nodiscard]] bool shows_what_was_written(const item_record& now) const;

  request what_;
  step step_ = step::looking;
  bool looked_ = false;
  unsigned conflicts_ = 0;
  /// A conflict left open whether a write of ours was there before.
  bool may_be_stored_ = false;
  /// What is being written, and since when it may be there.
  found_record written_;
  /// What it was made from.
  std::optional<item_record> before_;
  std::optional<follow_up> following_;
  std::optional<result<outcome>> end_;
};

} // namespace nats_mcp::work
