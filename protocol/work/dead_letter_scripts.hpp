// SPDX-License-Identifier: MIT
// Taking an item out of the dead letters: back into its queue, or away for good. In each the record
// changes first; a crash leaves the letter where it was, and doing it again goes on from there
// (docs/wire.md, "The order of writes").
#pragma once

#include "protocol/work/item_change.hpp"
#include "protocol/work/work_script.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace nats_mcp::work {

/// Whether this process may know that the item exists.
using visibility_rule = std::function<bool(const item_record&)>;

/// What the two have in common. The letter of a dead item is there before its record changes: a
/// process that died before it stored it, or is slow to, leaves none behind afterwards.
class dead_letter_script : public work_script {
public:
  void on_answers(const work_round& round) final;

protected:
  dead_letter_script(std::string item_id, visibility_rule visible, script_world world);

  struct found_letter {
    std::uint64_t sequence = 0;
    std::uint64_t generation = 1;
    std::uint32_t attempts = 0;
  };

  /// What is to become of a dead record.
  [[nodiscard]] virtual result<item_record> change(const item_record& dead) = 0;
  /// The record was changed.
  virtual void on_change() = 0;
  /// It is not dead: somebody was faster, or this was begun before and not finished.
  virtual void on_not_dead() = 0;
  /// An answer to what `on_change` asked.
  virtual void on_answer(const result<work_answer>& answer) = 0;
  virtual void fail_with(error why) = 0;
  /// It was refused, unless a first copy of the change was stored and overwritten since: then
  /// nobody knows.
  void refuse(error why);

  /// The letter is none of the record's: what it tells of was undone, or is over in another way.
  [[nodiscard]] bool letter_is_left_over() const noexcept;
  void ask_own(work_command what);
  /// After a refusal, the last thing asked: one that stays is listed on until it is asked again.
  void remove_letter();
  /// @pre there is a letter
  [[nodiscard]] jetstream::api_request letter_removal() const;

  [[nodiscard]] const found_record& found() const noexcept { return found_; }
  [[nodiscard]] const std::optional<found_letter>& letter() const noexcept { return letter_; }
  [[nodiscard]] const std::string& item_id() const noexcept { return item_id_; }

private:
  enum class step : std::uint8_t {
    looking,
    finding_letter,
    storing_letter,
    changing,
    own,
    removing
  };

  void look();
  void looked(const result<work_answer>& answer);
  void found_letter_in(const result<work_answer>& answer);
  void stored_letter(const result<work_answer>& answer);
  void change_record();
  void changed(const result<work_answer>& answer);

  std::string item_id_;
  visibility_rule visible_;
  step step_ = step::looking;
  unsigned conflicts_ = 0;
  bool may_be_changed_ = false;
  found_record found_;
  std::optional<found_letter> letter_;
};

class dead_letter_retry final : public dead_letter_script {
public:
  struct outcome {
    work_item item;
    attempts_after_retry attempts = attempts_after_retry::kept;
    std::uint32_t attempts_begun = 0;
    std::uint32_t attempts_max = 0;
  };

  dead_letter_retry(std::string item_id, attempts_after_retry how, visibility_rule visible,
                    script_world world);

  /// Set when the queue message is stored and the letter is gone. Errors: `not_found`, `conflict`
  /// (it is not dead), those of the commands; one says that the item is back and may still have its
  /// letter.
  [[nodiscard]] const std::optional<result<outcome>>& end() const noexcept { return end_; }

private:
  [[nodiscard]] result<item_record> change(const item_record& dead) override;
  void on_change() override;
  void on_not_dead() override;
  void on_answer(const result<work_answer>& answer) override;
  void fail_with(error why) override { end_ = tl::make_unexpected(std::move(why)); }
  void queue();
  void queued(const result<work_answer>& answer);
  /// @pre there is a letter
  void remove();
  void removed(const result<work_answer>& answer);
  [[nodiscard]] outcome what_became() const;

  enum class stage : std::uint8_t { queueing, placing, removing };

  attempts_after_retry how_;
  stage stage_ = stage::queueing;
  std::optional<result<outcome>> end_;
};

class dead_letter_discard final : public dead_letter_script {
public:
  dead_letter_discard(std::string item_id, visibility_rule visible, script_world world);

  /// Set when the letter is gone as well. Errors as above, and why it is not gone.
  [[nodiscard]] const std::optional<result<work_item>>& end() const noexcept { return end_; }

private:
  [[nodiscard]] result<item_record> change(const item_record& dead) override;
  void on_change() override;
  void on_not_dead() override;
  void on_answer(const result<work_answer>& answer) override;
  void fail_with(error why) override { end_ = tl::make_unexpected(std::move(why)); }
  void remove();

  std::optional<result<work_item>> end_;
};

} // namespace nats_mcp::work
